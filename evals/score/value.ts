// Whether the values of an answer are the expected ones (contract.md, "Eval cases").

import type { AnswerValue } from '../../src/evidence/index.ts';
import { offsetOf, precisionOf, startOf, toOffset } from '../../src/evidence/index.ts';

export type Plain = number | string | boolean;
export type Comparison = { decimals?: number | undefined; tolerance?: number | undefined };

const text = (value: string) => value.trim().replace(/\s+/g, ' ').toLowerCase();

/** Rounds half away from zero, on the shortest decimal that stands for the number: 1.005 to two decimals is 1.01, as a person rounds. */
function rounded(value: number, decimals: number): number {
  const [digits, exponent = '0'] = String(Math.abs(value)).split('e');
  const shifted = Math.round(Number(`${digits}e${Number(exponent) + decimals}`));
  return Math.sign(value) * Number(`${shifted}e${-decimals}`);
}

function sameNumber(expected: number, got: number, { decimals, tolerance }: Comparison): boolean {
  if (Object.is(expected, got) || expected === got) return true;
  if (decimals !== undefined && rounded(expected, decimals) === rounded(got, decimals)) return true;
  return tolerance !== undefined && Math.abs(expected - got) <= tolerance * Math.abs(expected);
}

const LENGTH = { year: 4, month: 7, day: 10, minute: 16, second: 19 } as const;

/** A FHIR time with a blank for its T is taken too, as tables write it. */
const asTime = (value: string) => {
  const time = value.trim().replace(/^(\d{4}-\d{2}-\d{2}) (?=\d)/, '$1T');
  return precisionOf(time) === null || /^\d{4}$/.test(time) ? null : time;
};

/** To the precision of the expected time; an expected time without an offset is the record's local time, that is, as the answer writes it. */
function sameTime(expected: string, got: string): boolean {
  const precision = LENGTH[precisionOf(expected)!];
  if (LENGTH[precisionOf(got)!] < precision) return false;
  const offset = offsetOf(expected);
  const local = offset !== null && offsetOf(got) !== null ? toOffset(startOf(got), offset) : got;
  return local.slice(0, precision) === expected.slice(0, precision);
}

/** One value against one: numbers as numbers, times as times, everything else as text without case. */
export function sameValue(expected: Plain, got: Plain, comparison: Comparison = {}): boolean {
  if (typeof expected !== typeof got) return false;
  if (typeof expected === 'number') return sameNumber(expected, got as number, comparison);
  if (typeof expected === 'boolean') return expected === got;
  const [time, gotTime] = [asTime(expected), asTime(got as string)];
  return time !== null && gotTime !== null ? sameTime(time, gotTime) : text(expected) === text(got as string);
}

/** What is wrong with an answer's values, in words; empty when they are right. */
export function valueErrors(
  expected: readonly Plain[],
  got: readonly AnswerValue[],
  options: Comparison & { order?: boolean; unit?: string | undefined } = {},
): string[] {
  const errors: string[] = [];
  const values = got.map((value) => value.value);
  const same = (a: Plain, b: Plain) => sameValue(a, b, options);
  if (options.order) {
    const right = values.length === expected.length && expected.every((value, index) => same(value, values[index]!));
    if (!right) errors.push(`values are ${JSON.stringify(values)}, expected in this order ${JSON.stringify(expected)}`);
  } else {
    const missing = expected.filter((value) => !values.some((other) => same(value, other)));
    const surplus = values.filter((value) => !expected.some((other) => same(other, value)));
    if (missing.length > 0) errors.push(`values lack ${missing.map((v) => JSON.stringify(v)).join(', ')}`);
    if (surplus.length > 0) errors.push(`values hold ${surplus.map((v) => JSON.stringify(v)).join(', ')}, which is not expected`);
  }
  if (options.unit !== undefined) {
    const units = [...new Set(got.filter((value) => typeof value.value === 'number').map((value) => value.unit ?? 'none'))];
    for (const unit of units) if (unit.trim() !== options.unit.trim()) errors.push(`unit is ${unit}, expected ${options.unit}`);
  }
  return errors;
}
