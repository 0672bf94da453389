// FHIR quantities, timings and notes as evidence writes them.
import type { Annotation, Dosage, Quantity as FhirQuantity, Period, Range, Ratio, Timing } from 'fhir/r4.js';
import { type EvidenceTime, formatNumber, type Quantity, type Value } from '../../../evidence/index.ts';
import { wordsOf } from '../names.ts';
import { unitSymbol } from '../unit-symbols.ts';

const UCUM = 'http://unitsofmeasure.org';

/** The source's own text; where it has the code alone, its symbol. */
const unitOf = (q: Pick<FhirQuantity, 'unit' | 'code' | 'system'> | undefined): string | null =>
  q?.unit ?? (q?.code === undefined ? null : q.system === UCUM ? unitSymbol(q.code) : q.code);

/** Null where there is no number: a unit alone is no quantity. */
export function quantityOf(q: FhirQuantity | undefined): Quantity | null {
  if (q?.value === undefined) return null;
  return {
    type: 'quantity',
    value: q.value,
    unit: unitOf(q),
    ...(q.system === UCUM && q.code !== undefined ? { ucum: q.code } : {}),
    ...(q.comparator === undefined ? {} : { comparator: q.comparator }),
  };
}

export function rangeOf(range: Range | undefined): Value | null {
  if (range?.low?.value === undefined && range?.high?.value === undefined) return null;
  return {
    type: 'range',
    low: range.low?.value ?? null,
    high: range.high?.value ?? null,
    unit: unitOf(range.high) ?? unitOf(range.low),
  };
}

/** `2 mg per 24 h`; null where a number is missing. */
export function ratioText(ratio: Ratio | undefined): string | null {
  const [top, bottom] = [quantityOf(ratio?.numerator), quantityOf(ratio?.denominator)];
  if (top === null || bottom === null) return null;
  return `${formatNumber(top.value)}${top.unit ? ` ${top.unit}` : ''} per ${formatNumber(bottom.value)}${bottom.unit ? ` ${bottom.unit}` : ''}`;
}

export const periodTime = (period: Period | undefined, kind: EvidenceTime['kind'] = 'period'): EvidenceTime | null =>
  period?.start === undefined && period?.end === undefined ? null : { start: period.start ?? null, end: period.end ?? null, kind };

const UNITS: Record<string, string> = { s: 'second', min: 'minute', h: 'hour', d: 'day', wk: 'week', mo: 'month', a: 'year' };

/** `BID`, `2 times per day`, `every 8 hours`; null when not recorded. */
export function frequencyOf(timing: Timing | undefined): string | null {
  const words = wordsOf(timing?.code);
  if (words !== null) return words;
  const { frequency, frequencyMax, period, periodMax, periodUnit, when } = timing?.repeat ?? {};
  const at = when === undefined || when.length === 0 ? '' : ` (${when.join(', ')})`;
  if (period === undefined || periodUnit === undefined) return at === '' ? null : at.trim();
  const unit = UNITS[periodUnit] ?? periodUnit;
  const span = periodMax === undefined ? (period === 1 ? unit : `${period} ${unit}s`) : `${period}–${periodMax} ${unit}s`;
  const times = frequency ?? 1;
  if (times === 1 && frequencyMax === undefined) return `every ${span}${at}`;
  return `${times}${frequencyMax === undefined ? '' : `–${frequencyMax}`} times per ${span}${at}`;
}

export function asNeededOf(dosage: Dosage): string | null {
  if (dosage.asNeededCodeableConcept !== undefined)
    return `as needed for ${wordsOf(dosage.asNeededCodeableConcept) ?? 'a reason not recorded'}`;
  return dosage.asNeededBoolean === true ? 'as needed' : null;
}

export const notesOf = (notes: readonly Annotation[] | undefined): string[] =>
  (notes ?? []).map((n) => n.text).filter((t) => t !== undefined);

/** Leaves out what is null, so that a qualifier is there or is not. */
export function qualifiersOf(all: Record<string, string | null | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== ''),
  );
}
