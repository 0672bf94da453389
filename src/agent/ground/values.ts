// The direct answer for programs: taken from what the shown sentences cite, and checked as they are.
import {
  type AnswerValue,
  type Completeness,
  type Evidence,
  formatNumber,
  type Sentence,
  startOf,
  type Value,
} from '../../evidence/index.ts';
import { factsOf } from './facts.ts';
import type { Grounded, Known } from './index.ts';
import { normalText } from './normal.ts';
import { readNumbers } from './numbers.ts';
import { readTimes } from './times.ts';
import { sameUnit } from './units.ts';

const no = (kind: 'citation' | 'value' | 'time' | 'unit', reason: string): Grounded => ({ ok: false, reason, kind });

/** @param doubted ids that only withheld sentences cite. */
export function groundValue(value: AnswerValue, known: Known, doubted: ReadonlySet<string>): Grounded {
  if (value.evidence === undefined) return no('citation', 'The value names no evidence.');
  const evidence = known.evidence.get(value.evidence);
  const completeness = known.completeness.get(value.evidence);
  if (evidence === undefined && completeness === undefined)
    return no('citation', `The value names ${value.evidence}, which no tool returned.`);
  if (doubted.has(value.evidence)) return no('citation', 'Only withheld sentences cite what the value rests on.');
  const facts = factsOf(evidence ? [evidence] : [], completeness ? [completeness] : []);
  const { value: said, unit } = value;
  if (typeof said === 'number') {
    const equal = facts.numbers.filter((n) => n.value === said || Math.abs(n.value - said) <= 1e-9 * Math.abs(said));
    if (equal.length === 0) return no('value', 'The value is not in what it cites.');
    if (unit !== undefined && unit !== '' && !equal.some((n) => n.units.length === 0 || n.units.some((u) => sameUnit(u, unit))))
      return no('unit', 'The value is recorded with another unit.');
  } else if (typeof said === 'string') {
    const isTime = !Number.isNaN(startOf(said));
    const borne = isTime
      ? [...facts.times, ...facts.bounds].some((t) => t === said || startOf(t) === startOf(said))
      : facts.words.includes(normalText(said).toLowerCase());
    if (!borne) return no(isTime ? 'time' : 'value', 'The value is not in what it cites.');
  }
  return { ok: true };
}

/** The values that the sentences say, in the order in which they cite them. Only for a model that gives none itself. */
export function valuesIn(findings: readonly Sentence[], known: Known): AnswerValue[] {
  const values = new Map<string, AnswerValue>();
  for (const { text, citations } of findings) {
    const normal = normalText(text);
    const numbers = new Set(readNumbers(readTimes(normal).rest).claims.map((c) => c.value));
    for (const id of citations) {
      const evidence = known.evidence.get(id);
      const found = evidence ? ofEvidence(evidence, normal.toLowerCase(), numbers) : ofCompleteness(known.completeness.get(id), numbers);
      for (const value of found) values.set(`${id} ${value.label}`, value);
    }
  }
  return [...values.values()];
}

function ofEvidence(e: Evidence, text: string, numbers: ReadonlySet<number>): AnswerValue[] {
  const parts: { label: string; value: Value | undefined; time: string | null | undefined }[] = [
    { label: e.concept.name, value: e.value, time: e.time?.start },
    ...(e.components ?? []).map((c) => ({ label: `${e.concept.name} ${c.name}`, value: c.value, time: c.time?.start ?? e.time?.start })),
  ];
  return parts.flatMap(({ label, value, time }) => {
    const said = value === undefined ? null : saidValue(value, text, numbers);
    return said === null ? [] : [{ label, ...said, ...(typeof time === 'string' ? { time } : {}), evidence: e.id }];
  });
}

function saidValue(value: Value, text: string, numbers: ReadonlySet<number>): Pick<AnswerValue, 'value' | 'unit'> | null {
  if (value.type === 'quantity') {
    const shown = Number(formatNumber(value.value));
    if (numbers.has(value.value) || numbers.has(shown)) return { value: shown, ...(value.unit ? { unit: value.unit } : {}) };
    const { converted } = value;
    return converted && numbers.has(converted.value) ? { value: converted.value, unit: converted.unit } : null;
  }
  const words = value.type === 'text' ? value.text : value.type === 'code' ? value.concept.name : null;
  return words !== null && words !== '' && text.includes(normalText(words).toLowerCase()) ? { value: words } : null;
}

function ofCompleteness(c: Completeness | undefined, numbers: ReadonlySet<number>): AnswerValue[] {
  return c !== undefined && numbers.has(c.found) ? [{ label: c.what, value: c.found, evidence: c.id }] : [];
}
