// What the medications section returned, sorted: orders, doses, reports, and the tool's sums over doses.
import { type Completeness, type Evidence, endOf, formatValue, startOf } from '../../../evidence/index.ts';
import type { ToolResult } from '../../../tools/index.ts';
import type { DrugForm, MedicationNeed, Thing } from '../needs.ts';
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
  /** The drug is recorded, but not in the form, strength or salt that was asked for. */
  hasOtherForm: boolean;
  /** A name that an index knows, or that the record bears. */
  known: boolean;
  orders: Evidence[];
  active: Evidence[];
  doses: Evidence[];
  reported: Evidence[];
  /** The tool's calculations; none where only one form of the drug is asked for. */
  last: Evidence[];
  counts: Evidence[];
  /** What runs at the as-of time. */
  running: Evidence[];
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

const INFUSED = /\b(?:drip|gtt|infus\w*|continuous\w*)\b/i;
const AS_NEEDED = /\b(?:prn|as needed|when required)\b/i;

/** By the order's own words or, for an infusion, by an entry that lasts; a sliding scale is not told by orders. */
export function isOfForm(e: Evidence, form: DrugForm | undefined): boolean {
  const q = e.qualifiers ?? {};
  const said = [e.concept.name, q['route'], q['frequency'], q['dosageText'], q['category']].join(' ');
  if (form === 'as needed') return e.kind !== 'order' || q['asNeeded'] !== undefined || AS_NEEDED.test(said);
  if (form !== 'infusion') return true;
  if (e.kind === 'order') return INFUSED.test(said) || (e.components ?? []).some((c) => c.name === 'rate');
  return !isGiven(e) || e.time?.end != null || q['running'] !== undefined;
}

export function partsOf({ evidence, completeness }: ToolResult, need: MedicationNeed, thing: Thing | null): Parts {
  const isItem = (e: Evidence) => e.kind === 'order' || e.kind === 'medication';
  const fits = (e: Evidence) =>
    bears(e, thing?.extra ?? []) &&
    isOfForm(e, need.form) &&
    (need.route === null || need.route.some((r) => phraseOf(r) === phraseOf(e.qualifiers?.['route'] ?? '')));
  const items = evidence.filter((e) => isItem(e) && fits(e));
  const narrow = thing?.extra !== undefined || need.route !== null || need.form === 'as needed';
  const sums = (method: string) => (narrow ? [] : evidence.filter((e) => e.source.type === 'calculation' && e.source.method === method));
  const orders = items.filter((e) => e.kind === 'order');
  const others = evidence.filter((e) => isItem(e) && !fits(e));
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
    running: sums('running now'),
    classes: evidence.filter((e) => e.kind === 'knowledge'),
    others,
    hasOtherForm: thing?.extra !== undefined && others.length > 0,
    completeness: completeness.filter((c) => /medication|outpatient orders/.test(c.what)),
    of: (...words) => completeness.filter((c) => words.some((w) => c.what.includes(w))),
  };
}

/** It runs, or was given within a day of the end of what was read: of this nobody says that the patient is not on it. */
export function isRecent(last: Evidence | undefined, read: readonly Completeness[]): boolean {
  if (last === undefined) return false;
  const [, to] = read[0]?.window ?? [null, null];
  const until = last.time?.end ?? last.time?.start;
  return last.qualifiers?.['running'] !== undefined || (to !== null && until != null && endOf(to) - startOf(until) <= 86_400_000);
}

export const isKept = (c: Completeness) => c.status !== 'absent_from_source';
export const nameOf = ({ about }: Parts) => about ?? 'medication';

/** Closes the part of a need: whole, cut, or read only in part. */
export function finish(draft: DraftBuilder, read: readonly Completeness[], cut = false) {
  if (cut) return draft.part('partial');
  return draft.part(isComplete(read) ? 'answered' : 'partial', isComplete(read) ? null : 'unreachable');
}

/** What the source does not have at all. */
export function sayNotKept(draft: DraftBuilder, c: Completeness) {
  const what = c.what.replace(/:.*$/, '');
  draft.say(
    'limit',
    /^(?:current )?reported/.test(what) ? 'No home medication list is kept in this source.' : `This source keeps no ${what}.`,
    c,
  );
}

/**
 * Said only on complete reading; the answer for programs only where the name is known to be a drug.
 * @param what as in "No dose of X is charted as given"
 */
export function sayNoMedication(
  draft: DraftBuilder,
  parts: Parts,
  what: string,
  all: readonly Completeness[],
  answer?: { label: string; value: boolean | number },
) {
  const read = all.filter(isKept);
  for (const c of all.filter((c) => !isKept(c))) sayNotKept(draft, c);
  if (!parts.known) {
    draft.say(
      'limit',
      `“${parts.about}” is not known here as the name of a medicine, and nothing read bears it; check its spelling.`,
      read,
    );
    return draft.part('abstained', 'none_recorded');
  }
  if (read.length === 0) return draft.part('abstained', 'not_looked_for');
  if (!isComplete(read)) return draft.part('abstained', 'unreachable');
  draft.finding(
    `No ${what}${windowWords(read, read[0]!.window[0] !== null)}.`,
    read,
    [...parts.others, ...parts.orders, ...parts.doses].slice(0, 10),
  );
  // Recorded without the salt, form or strength that was asked for: whether it is the same is not told.
  if (parts.hasOtherForm) return draft.part('partial', 'none_recorded');
  if (answer === undefined) return draft.part('abstained', 'none_recorded');
  draft.value({ ...answer, evidence: (read.find((c) => c.found === 0) ?? read[0]!).id });
  return draft.part('answered');
}
