// What the medications section returned, sorted: orders, doses, reports, and the tool's sums over doses.
import { type Completeness, type Evidence, formatValue } from '../../../evidence/index.ts';
import type { ToolResult } from '../../../tools/index.ts';
import type { MedicationNeed, Thing } from '../needs.ts';
import { phraseOf } from '../tokens.ts';
import type { DraftBuilder } from './draft.ts';
import { isComplete, windowWords } from './outcome.ts';

export const MOST_NAMES = 60;
export const isGiven = (e: Evidence) => /^(?:given|delayed|partial)$/.test(eventOf(e));
export const isNotGiven = (e: Evidence) => /^(?:not given|held|refused|stopped)$/.test(eventOf(e));
const eventOf = (e: Evidence) => e.qualifiers?.['event'] ?? '';

export type Parts = {
  /** What was asked for in the answer's words; null for all medicines. */
  about: string | null;
  /** As the answer says that there is none: without figures, which no evidence bears. */
  absent: string;
  /** A name that an index knows, or that the record bears. */
  known: boolean;
  orders: Evidence[];
  active: Evidence[];
  doses: Evidence[];
  reported: Evidence[];
  /** The tool's calculations; none where only one form of the drug is asked for. */
  last: Evidence[];
  counts: Evidence[];
  classes: Evidence[];
  /** What was returned and is not of the form or route asked for. */
  others: Evidence[];
  completeness: Completeness[];
  of: (...words: string[]) => Completeness[];
};

const plain = (text: string) => ` ${phraseOf(text)} `;

/** Every further word of the name is in the record's own: the salt, the form, the strength or the dose. */
function bears(e: Evidence, extra: readonly string[]): boolean {
  const said = plain(
    [e.concept.name, e.value ? formatValue(e.value) : '', ...(e.components ?? []).map((c) => formatValue(c.value))].join(' '),
  );
  return extra.every((word) => said.includes(plain(word)));
}

export function partsOf({ evidence, completeness }: ToolResult, need: MedicationNeed, thing: Thing | null): Parts {
  const isItem = (e: Evidence) => e.kind === 'order' || e.kind === 'medication';
  const fits = (e: Evidence) =>
    bears(e, thing?.extra ?? []) &&
    (need.route === null || need.route.some((r) => phraseOf(r) === phraseOf(e.qualifiers?.['route'] ?? '')));
  const items = evidence.filter((e) => isItem(e) && fits(e));
  const narrow = thing?.extra !== undefined || need.route !== null;
  const sums = (method: string) => (narrow ? [] : evidence.filter((e) => e.source.type === 'calculation' && e.source.method === method));
  const orders = items.filter((e) => e.kind === 'order');
  return {
    about: thing?.name ?? null,
    absent: thing === null ? 'medication' : thing.extra === undefined ? thing.name : `${thing.ask} in the form or strength asked for`,
    known: thing === null || thing.known || items.length > 0,
    orders,
    active: orders.filter((e) => e.qualifiers?.['state'] === 'active'),
    doses: items.filter((e) => e.kind === 'medication' && !/^(?:reported|dispensed)$/.test(eventOf(e))),
    reported: items.filter((e) => e.kind === 'medication' && eventOf(e) === 'reported'),
    last: sums('last dose given'),
    counts: sums('number of doses given'),
    classes: evidence.filter((e) => e.kind === 'knowledge'),
    others: evidence.filter((e) => isItem(e) && !fits(e)),
    completeness: completeness.filter((c) => /medication|outpatient orders/.test(c.what)),
    of: (...words) => completeness.filter((c) => words.some((w) => c.what.includes(w))),
  };
}

export const isKept = (c: Completeness) => c.status !== 'absent_from_source';
export const nameOf = ({ about }: Parts) => about ?? 'medication';

/** Closes the part of a need: whole, cut, or read only in part. */
export function finish(draft: DraftBuilder, read: readonly Completeness[], cut = false) {
  if (cut) return draft.part('partial');
  return draft.part(isComplete(read) ? 'answered' : 'partial', isComplete(read) ? null : 'unreachable');
}

/** "No X is recorded": only on complete reading; an answer for programs only where the name is known to be a drug. */
export function sayNoMedication(
  draft: DraftBuilder,
  parts: Parts,
  what: string,
  all: readonly Completeness[],
  answer?: { label: string; value: boolean | number },
) {
  const read = all.filter(isKept);
  for (const c of all.filter((c) => !isKept(c))) draft.say('limit', `This source keeps no ${c.what.replace(/:.*$/, '')}.`, c);
  if (read.length === 0) return draft.part('abstained', 'not_looked_for');
  if (!isComplete(read)) return draft.part('abstained', 'unreachable');
  draft.finding(
    `No ${what} is recorded${windowWords(read, read[0]!.window[0] !== null)}.`,
    read,
    [...parts.others, ...parts.orders, ...parts.doses].slice(0, 10),
  );
  if (!parts.known) draft.say('limit', 'The name is not one that is known here; check its spelling.');
  if (answer === undefined || !parts.known) return draft.part('abstained', 'none_recorded');
  draft.value({ ...answer, evidence: (read.find((c) => c.found === 0) ?? read[0]!).id });
  return draft.part('answered');
}
