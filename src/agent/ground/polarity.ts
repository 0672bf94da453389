// Given or not, rising or falling, refuted: where the evidence says the contrary of the sentence. Only what can be told from single words.
import type { Evidence } from '../../evidence/index.ts';

export type PolarityProblem = { reason: string; kind: 'polarity' | 'direction' };

const NOT_GIVEN = new Set(['not given', 'held', 'refused', 'stopped']);
const SAYS_NOT_GIVEN =
  /\b(?:not|never|wasn't|weren't|n't) (?:been )?(?:given|received|administered|taken)\b|\b(?:refused|held|withheld|omitted)\b/;
const SAYS_NOT = /\b(?:not|no|never|held|hold|refused|withheld|omitted|missed|stopped|none|without|wasn't|didn't|nothing)\b/;
const UP = /\b(?:rose|risen|rising|rises|increas(?:ed|es|ing)|climb(?:ed|ing)|went up|gone up|going up|up from|upward)\b/;
const DOWN =
  /\b(?:fell|fallen|falling|falls|decreas(?:ed|es|ing)|dropp(?:ed|ing)|declin(?:ed|es|ing)|went down|gone down|going down|down from|downward)\b/;
const STEADY = /\b(?:stable|unchanged|steady|constant|no change)\b/;

export function checkPolarity(text: string, evidence: readonly Evidence[]): PolarityProblem | null {
  const said = text.toLowerCase();
  const events = evidence
    .map((e) => (e.kind === 'medication' ? e.qualifiers?.['event'] : undefined))
    .filter((event) => event !== undefined);
  if (events.length > 0) {
    const none = events.every((event) => NOT_GIVEN.has(event));
    const all = events.every((event) => event === 'given');
    if (none && !SAYS_NOT.test(said)) return { reason: 'The dose that is cited was not given.', kind: 'polarity' };
    if (all && SAYS_NOT_GIVEN.test(said)) return { reason: 'The dose that is cited was given.', kind: 'polarity' };
  }
  const refuted = evidence.filter((e) => e.status === 'refuted' || e.qualifiers?.['verification'] === 'refuted');
  if (refuted.length > 0 && refuted.length === evidence.length && !/\b(?:refuted|ruled out|not|no)\b/.test(said))
    return { reason: 'What is cited was refuted.', kind: 'polarity' };
  return checkDirection(said, evidence);
}

function checkDirection(said: string, evidence: readonly Evidence[]): PolarityProblem | null {
  const changes = evidence.flatMap((e) =>
    (e.kind === 'calculation' ? (e.components ?? []) : []).filter((c) => c.name === 'change' && c.value.type === 'quantity'),
  );
  const [change] = changes;
  if (changes.length !== 1 || change?.value.type !== 'quantity') return null;
  const amount = change.value.value;
  const [up, down, steady] = [UP.test(said), DOWN.test(said), STEADY.test(said)];
  if (up && !down && amount <= 0) return { reason: 'The change that is cited is no rise.', kind: 'direction' };
  if (down && !up && amount >= 0) return { reason: 'The change that is cited is no fall.', kind: 'direction' };
  const direction = evidence.flatMap((e) => e.components ?? []).find((c) => c.name === 'direction')?.value;
  if (steady && !up && !down && direction?.type === 'text' && /^(rising|falling)$/.test(direction.text))
    return { reason: `The direction that is cited is ${direction.text}.`, kind: 'direction' };
  return null;
}
