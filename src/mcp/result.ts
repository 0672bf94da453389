// A tool's result as MCP gives it: structuredContent with the three arrays, and a short text with the same facts and ids.
// What the unasked flags rest on is among the three arrays, since they cite it; `unasked` names the ids that the tool was not asked for.
import type { CallToolResult } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { asCopilotError, ToolError } from '../errors.ts';
import { describeCompleteness, describeEvidence, type PatientLock } from '../evidence/index.ts';
import { type CalledTool, mergeResults } from '../tools/index.ts';
import { EMPTY } from '../tools/run.ts';

/** A text longer than this is no help to a model; the rest stands in structuredContent. */
const TEXT_LINES = 80;

const item = z.looseObject({ id: z.string() });
/** Shallow, so that tools/list stays small; the full schema is the resource schema://evidence. */
export const outputSchema = z.looseObject({
  evidence: z.array(item),
  completeness: z.array(item),
  flags: z.array(item),
  unasked: z.array(z.string()),
});

/** `Patient: …` as every result begins; the lock's linked records are named. */
function patientLine(lock: PatientLock | null, asOf: string): string {
  if (lock === null) return `No patient; as of ${asOf}.`;
  const facts = [
    lock.name ?? 'name not recorded',
    `born ${lock.birthDate ?? 'not recorded'}`,
    `sex ${lock.sex ?? 'not recorded'}`,
    `number ${lock.identifier ?? lock.id}`,
  ];
  const linked = lock.ids.length > 1 ? `, linked records ${lock.ids.join(' ')}` : '';
  return `Patient: ${facts.join(', ')}${linked}; as of ${asOf}.`;
}

const patientOf = (lock: PatientLock | null) =>
  lock === null ? null : { id: lock.id, identifier: lock.identifier, name: lock.name, birthDate: lock.birthDate, sex: lock.sex };

export function successResult(
  { safety, ...own }: CalledTool,
  lock: PatientLock | null,
  asOf: string,
  extra: Record<string, unknown> = {},
): CallToolResult {
  const result = mergeResults([own, safety]);
  const asked = new Set([...own.evidence, ...own.completeness].map((item) => item.id));
  const unasked = [...safety.evidence, ...safety.completeness].filter((item) => !asked.has(item.id)).map((item) => item.id);
  const lines = [
    ...result.flags.map((flag) => `FLAG ${flag.kind}: ${flag.text} [${flag.citations.join(' ')}]`),
    ...result.completeness.filter((c) => c.status !== 'complete').map((c) => `${c.id} INCOMPLETE ${describeCompleteness(c)}`),
    ...own.evidence.map((e) => `${e.id} ${describeEvidence(e)}`),
    ...own.completeness.filter((c) => c.status === 'complete').map((c) => `${c.id} ${describeCompleteness(c)}`),
    ...safety.evidence.filter((e) => !asked.has(e.id)).map((e) => `${e.id} not asked for, cited by a flag: ${describeEvidence(e)}`),
  ];
  const shown = lines.slice(0, TEXT_LINES);
  if (lines.length > shown.length) shown.push(`… ${lines.length - shown.length} more lines stand in structuredContent.`);
  return {
    content: [{ type: 'text', text: [patientLine(lock, asOf), ...shown].join('\n') }],
    structuredContent: { ...result, unasked, patient: patientOf(lock), asOf, ...extra },
  };
}

/** An error that an official client can read: isError, the three arrays, and `error { code, message }`. */
export function errorResult(thrown: unknown, lock: PatientLock | null, asOf: string): CallToolResult {
  const error = asCopilotError(thrown);
  const candidates = error instanceof ToolError && error.candidates.length > 0 ? error.candidates : undefined;
  const list = candidates?.map((c) => `${c.value}: ${c.label}`) ?? [];
  return {
    isError: true,
    content: [{ type: 'text', text: [patientLine(lock, asOf), `${error.code}: ${error.message}`, ...list, error.recovery].join('\n') }],
    structuredContent: {
      ...EMPTY,
      unasked: [],
      patient: patientOf(lock),
      asOf,
      error: { code: error.code, message: error.message, ...(candidates ? { candidates } : {}) },
    },
  };
}
