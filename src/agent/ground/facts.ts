// What the cited evidence and completeness bear: numbers with their units, times, words.
import {
  type Completeness,
  type Component,
  type Evidence,
  formatNumber,
  formatValue,
  precisionOf,
  startOf,
  type Value,
} from '../../evidence/index.ts';
import { normalText } from './normal.ts';
import { readNumbers } from './numbers.ts';
import { readTimes } from './times.ts';

export type NumberFact = {
  value: number;
  /** As recorded; null where the source gives none. */
  units: string[];
  comparator: '<' | '>' | null;
  /** `value`: what was measured or computed; `limit`: of a range; `count`: of what was looked for; `text`: within recorded words. */
  role: 'value' | 'limit' | 'count' | 'text';
};

export type Facts = {
  numbers: NumberFact[];
  /** Times of the facts, as recorded. */
  times: string[];
  /** Bounds of what was looked for: they date no finding. */
  bounds: string[];
  /** All recorded words, normal and lower-case: names, codes, texts, qualifiers. Comments are not among them. */
  words: string;
  /** Recorded free text, for quotations. */
  quotable: string[];
};

const role = (value: number, units: (string | null | undefined)[], of: NumberFact['role'], comparator?: string): NumberFact => ({
  value,
  units: units.filter((u): u is string => typeof u === 'string' && u !== ''),
  comparator: comparator === undefined ? null : comparator.startsWith('<') ? '<' : '>',
  role: of,
});

export function factsOf(evidence: readonly Evidence[], completeness: readonly Completeness[]): Facts {
  const facts: Facts = { numbers: [], times: [], bounds: [], words: '', quotable: [] };
  const words: string[] = [];
  const text = (said: string | undefined) => {
    if (said === undefined || said === '') return;
    words.push(said);
    const normal = normalText(said);
    for (const time of said.matchAll(/\d{4}-\d{2}(?:-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?)?/g))
      if (precisionOf(time[0])) facts.times.push(time[0]);
    const { rest } = readTimes(normal);
    for (const n of readNumbers(rest).claims) facts.numbers.push(role(n.value, [n.unit], 'text', n.comparator ?? undefined));
  };
  const time = (t: { start: string | null; end: string | null } | undefined) => {
    for (const bound of [t?.start, t?.end]) if (typeof bound === 'string') facts.times.push(bound);
  };
  const value = (v: Value | undefined) => {
    if (v === undefined) return;
    words.push(formatValue(v));
    if (v.type === 'quantity') {
      const shown = Number(formatNumber(v.value));
      for (const n of new Set([v.value, shown])) facts.numbers.push(role(n, [v.unit, v.ucum], 'value', v.comparator));
      if (v.converted)
        for (const n of new Set([v.converted.value, Number(formatNumber(v.converted.value))]))
          facts.numbers.push(role(n, [v.converted.unit], 'value', v.comparator));
    } else if (v.type === 'range') {
      for (const n of [v.low, v.high]) if (n !== null) facts.numbers.push(role(n, [v.unit], 'value'));
    } else if (v.type === 'text') {
      text(v.text);
      facts.quotable.push(v.text);
    } else if (v.type === 'code') concept(v.concept);
    else if (v.type === 'time') facts.times.push(v.time);
    else if (v.type === 'absent') text(v.reason);
  };
  const concept = (c: Evidence['concept'] | undefined) => {
    for (const said of [c?.name, ...(c?.codings ?? []).flatMap((k) => [k.display, k.code])]) text(said);
  };
  const component = (c: Component) => {
    text(c.name);
    concept(c.concept);
    value(c.value);
    time(c.time);
  };
  for (const e of evidence) {
    concept(e.concept);
    value(e.value);
    e.components?.forEach(component);
    time(e.time);
    if (e.referenceRange) {
      const { low, high, unit, text: words } = e.referenceRange;
      for (const n of [low, high]) if (n !== null) facts.numbers.push(role(n, [unit], 'limit'));
      text(words);
    }
    for (const [name, said] of Object.entries(e.qualifiers ?? {})) {
      words.push(name);
      text(said);
    }
    words.push(e.status ?? '', ...(e.interpretation ?? []));
    facts.quotable.push(...(e.comments ?? []));
    if (e.source.type === 'calculation') {
      text(e.source.method);
      text(e.source.reference);
      facts.numbers.push(role(e.source.inputs.length, [], 'count'));
    } else if (e.source.type === 'knowledge')
      for (const said of [e.source.table, e.source.entry, e.source.publisher, e.source.version, e.source.date]) text(said);
  }
  for (const c of completeness) {
    text(c.what);
    text(c.reason ?? undefined);
    for (const n of [c.found, c.read, c.later]) facts.numbers.push(role(n, [], 'count'));
    for (const bound of c.window) if (bound !== null) facts.bounds.push(bound);
  }
  // "Three conditions are recorded": a count of what is cited, no more and no less.
  if (evidence.length > 1) facts.numbers.push(role(evidence.length, [], 'count'));
  for (const t of facts.times) if (!Number.isNaN(startOf(t))) words.push(t);
  facts.words = normalText(words.join(' ; ')).toLowerCase();
  return facts;
}
