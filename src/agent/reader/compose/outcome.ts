// What a tool call came to: its result, or the error that it ended with.
import type { Completeness } from '../../../evidence/index.ts';
import { readableTime } from '../../../evidence/index.ts';
import type { ToolResult } from '../../../tools/index.ts';
import type { DraftBuilder } from './draft.ts';

export type CallOutcome =
  | { ok: true; result: ToolResult }
  | { ok: false; code: string; message: string; candidates: { value: string; label: string }[] };

/** Says why a call failed; the part of the answer that it was for is closed. */
export function sayFailure(draft: DraftBuilder, failure: Extract<CallOutcome, { ok: false }>) {
  const { code, message, candidates } = failure;
  if (code === 'ambiguous') {
    draft.say('question', message.endsWith('?') ? message : `${message.replace(/[.]$/, '')}: which one is meant?`);
    for (const { label, value } of candidates) draft.value({ label, value });
    draft.part('clarify', 'ambiguous');
    return;
  }
  draft.say('limit', message);
  switch (code) {
    case 'unavailable':
      return draft.part('abstained', 'unreachable');
    case 'not_allowed':
      return draft.part('refused', 'not_allowed');
    case 'not_applicable':
      return draft.part('abstained', 'not_applicable');
    case 'not_found':
    case 'bad_input':
    case 'unsupported':
      return draft.part('abstained', 'unsupported');
    default:
      return draft.part('failed', 'error');
  }
}

/** The newest of many came back: of what lies before nothing is known here. */
export const isCutOff = (all: readonly Completeness[]) => all.some((c) => /newest \d+ (?:of|are)/.test(c.reason ?? ''));

export const isComplete = (all: readonly Completeness[]) => all.length > 0 && all.every((c) => c.status === 'complete');

/** ` between A and B`, ` since A`, or nothing: the window as the completeness has it, so that the sentence is borne by what it cites. */
export function windowWords(all: readonly Completeness[], asked: boolean): string {
  const c = all[0];
  if (!asked || c === undefined) return '';
  const [from, to] = c.window;
  if (from !== null && to !== null) return ` between ${readableTime(from)} and ${readableTime(to)}`;
  if (from !== null) return ` since ${readableTime(from)}`;
  return to === null ? '' : ` up to ${readableTime(to)}`;
}

/**
 * Nothing fits: says "none recorded" only where all was read, else why it cannot be told. True when the reading was complete.
 * @param what as in "No creatinine is recorded"
 */
export function sayNone(draft: DraftBuilder, what: string, all: readonly Completeness[], asked: boolean): boolean {
  const incomplete = all.filter((c) => c.status !== 'complete');
  if (all.length === 0 || incomplete.length > 0) {
    sayIncomplete(draft, incomplete);
    draft.part(
      'abstained',
      incomplete.some((c) => c.status === 'unavailable' || c.status === 'partial') ? 'unreachable' : 'not_looked_for',
    );
    return false;
  }
  const many = /(?:signs|results|tests|studies|cells|platelets|panel|function|count|gas|electrolytes|lipids|markers|phils|cytes)$/i.test(
    what,
  );
  draft.finding(`No ${many ? `result of ${what}` : what} is recorded${windowWords(all, asked)}.`, all);
  return true;
}

/** What was not, or not wholly, read; each source once. */
export function sayIncomplete(draft: DraftBuilder, incomplete: readonly Completeness[]) {
  for (const c of incomplete) {
    const why = c.reason === null ? '' : ` (${c.reason})`;
    if (c.status === 'absent_from_source') draft.say('limit', `This source keeps no ${c.what.replace(/:.*$/, '')}${why}.`, c);
    else if (c.status === 'unavailable') draft.say('limit', `${capital(c.what)} could not be read${why}.`, c);
    else if (c.status === 'partial') draft.say('limit', `${capital(c.what)}: read only in part${why}, so more may be recorded.`, c);
  }
}

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
/** Within a sentence: "Creatinine" is small, "INR" and "pH" stay. */
export const small = (text: string) => (/^\p{Lu}\p{Ll}+(?:[\s,(-]|$)/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text);
