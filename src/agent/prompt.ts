// The system prompt of a language model: prompts/copilot.md, and what is fixed for this question. The reader needs no words,
// only the facts.
import { readFileSync } from 'node:fs';
import { ageYears, type PatientLock, sha256 } from '../evidence/index.ts';

export type Prompt = { name: string; version: string; text: string; hash: string };

/** Markdown with front matter (name, version). The hash is over the whole file: it stands in every answer. */
export function readPrompt(file = new URL('../../prompts/copilot.md', import.meta.url)): Prompt {
  const whole = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  const match = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(whole);
  const field = (name: string) => new RegExp(`^${name}:\\s*(.+)$`, 'm').exec(match?.[1] ?? '')?.[1]?.trim();
  const [name, version] = [field('name'), field('version')];
  if (match === null || name === undefined || version === undefined) throw new Error('A prompt needs front matter with name and version.');
  return { name, version, text: match[2]!.trim(), hash: sha256(whole).slice(0, 16) };
}

/** What a language model is told of the patient: age and sex, no name, number or birth date. */
export function situationInWords(asOf: string, patient: PatientLock | null): string {
  const age = patient === null ? null : ageYears(patient.birthDate, asOf);
  const who =
    patient === null
      ? 'No patient is chosen.'
      : `The patient: ${patient.sex ?? 'sex not recorded'}, ${age === null ? 'age not recorded' : `${age} years old`}.`;
  return `As of ${asOf}. ${who}`;
}
