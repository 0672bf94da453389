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
  /**
   * `value`: what was measured or computed, `text` within a value in words; `limit`: of a range; `count`: of what was looked for;
   * `name`: within a name, a qualifier or a reason ("stage 3", "40 mg tablet").
   */
  role: 'value' | 'text' | 'limit' | 'count' | 'name';
};

export type Facts = {
  numbers: NumberFact[];
  /** Times of the facts, as recorded. */
  times: string[];
  /** Bounds of what was looked for: they date no finding. */
  bounds: string[];
  /** All recorded words, normal and lower-case: names, codes, texts, qualifiers. Comments are not among them. */
  words: string;
  /** Codes, lower-case: they are no numbers. */
  codes: string[];
  /** Recorded free text, for quotations. */
  quotable: string[];
};

const role = (value: number, units: (string | null | undefined)[], of: NumberFact['role'], comparator?: string): NumberFact => ({
  value,
  units: units.filter((u): u is string => typeof u === 'string' && u !== ''),
  comparator: comparator === undefined ? null : comparator.startsWith('<') ? '<' : '>',
  role: of,
});

const nothing = (): Facts => ({ numbers: [], times: [], bounds: [], words: '', codes: [], quotable: [] });
const kept = new WeakMap<Evidence | Completeness, Facts>();
const once = <T extends Evidence | Completeness>(item: T, read: (item: T) => Facts): Facts => {
  let facts = kept.get(item);
  if (facts === undefined) {
    facts = read(item);
    kept.set(item, facts);
  }
  return facts;
};

/** Evidence is immutable and cited by many sentences: each piece is read once. */
export function factsOf(evidence: readonly Evidence[], completeness: readonly Completeness[]): Facts {
  const parts = [...evidence.map((e) => once(e, factsOfEvidence)), ...completeness.map((c) => once(c, factsOfCompleteness))];
  if (parts.length === 1) return parts[0]!;
  const facts: Facts = {
    numbers: parts.flatMap((p) => p.numbers),
    times: parts.flatMap((p) => p.times),
    bounds: parts.flatMap((p) => p.bounds),
    words: parts.map((p) => p.words).join(' ; '),
    codes: parts.flatMap((p) => p.codes),
    quotable: parts.flatMap((p) => p.quotable),
  };
  // "Three conditions are recorded": a count of what is cited, no more and no less.
  if (evidence.length > 1) facts.numbers.push(role(evidence.length, [], 'count'));
  return facts;
}

/** Collects facts into `facts`; words are joined at the end. */
function collector(facts: Facts) {
  const words: string[] = [];
  const text = (said: string | undefined, of: 'text' | 'name' = 'name') => {
    if (said === undefined || said === '') return;
    words.push(said);
    const normal = normalText(said);
    for (const time of said.matchAll(/\d{4}-\d{2}(?:-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?)?/g))
      if (precisionOf(time[0])) facts.times.push(time[0]);
    const { rest } = readTimes(normal);
    for (const n of readNumbers(rest).claims) facts.numbers.push(role(n.value, [n.unit], of, n.comparator ?? undefined));
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
      text(v.text, 'text');
      facts.quotable.push(v.text);
    } else if (v.type === 'code') concept(v.concept);
    else if (v.type === 'time') facts.times.push(v.time);
    else if (v.type === 'absent') text(v.reason);
  };
  const concept = (c: Evidence['concept'] | undefined) => {
    for (const said of [c?.name, ...(c?.codings ?? []).map((k) => k.display)]) text(said);
    for (const { code } of c?.codings ?? []) {
      words.push(code);
      facts.codes.push(code.toLowerCase());
    }
  };
  const component = (c: Component) => {
    text(c.name);
    concept(c.concept);
    value(c.value);
    time(c.time);
  };
  const close = () => {
    facts.words = normalText(words.join(' ; ')).toLowerCase();
    return facts;
  };
  return { words, text, time, value, concept, component, close };
}

function factsOfEvidence(e: Evidence): Facts {
  const facts = nothing();
  const { words, text, time, value, concept, component, close } = collector(facts);
  concept(e.concept);
  value(e.value);
  e.components?.forEach(component);
  time(e.time);
  if (e.referenceRange) {
    const { low, high, unit, text: words } = e.referenceRange;
    for (const n of [low, high]) if (n !== null) facts.numbers.push(role(n, [unit], 'limit'));
    text(words, 'text');
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
  words.push(...facts.times.filter((t) => !Number.isNaN(startOf(t))));
  return close();
}

function factsOfCompleteness(c: Completeness): Facts {
  const facts = nothing();
  const { text, close } = collector(facts);
  text(c.what);
  text(c.reason ?? undefined);
  for (const n of [c.found, c.read, c.later]) facts.numbers.push(role(n, [], 'count'));
  for (const bound of c.window) if (bound !== null) facts.bounds.push(bound);
  return close();
}
