// A trend's inputs as points of one unit, and the round numbers of its axes. No drawing here.
import { offsetOf, startOf, toOffset } from '../../evidence/time.ts';
import type { Evidence } from '../../evidence/types.ts';

export type Point = {
  id: string;
  ms: number;
  value: number;
  /** `<` and the like: the true value lies beyond the drawn one. */
  censored: boolean;
  outside: 'low' | 'high' | null;
  evidence: Evidence;
};

export type Series = {
  unit: string | null;
  /** Oldest first. */
  points: Point[];
  /** Inputs that cannot stand on this axis: no number, no time, or another unit. */
  left: Evidence[];
  /** The range that all points share; null where they differ or have none. */
  range: { low: number | null; high: number | null; generic: boolean } | null;
};

/** The unit is the trend's own (its `last`), else that of the newest input. */
export function seriesOf(trend: Evidence, inputs: readonly Evidence[]): Series {
  const last = trend.components?.find((part) => part.name === 'last')?.value;
  const newest = inputs.findLast((each) => each.value?.type === 'quantity')?.value;
  // What lies before the first value went into the baseline alone and is no part of the course.
  const from = trend.components?.find((part) => part.name === 'first')?.time?.start;
  const begin = from ? startOf(from) : Number.NEGATIVE_INFINITY;
  const unit = last?.type === 'quantity' ? last.unit : newest?.type === 'quantity' ? newest.unit : null;
  const points: Point[] = [];
  const left: Evidence[] = [];
  for (const evidence of inputs) {
    // A trend rests on knowledge too (its reference change value), which is no value of the patient.
    if (evidence.kind === 'knowledge') continue;
    const point = pointOf(evidence, unit);
    if (point === null) left.push(evidence);
    else if (point.ms >= begin) points.push(point);
  }
  points.sort((a, b) => a.ms - b.ms);
  return { unit, points, left, range: sharedRange(points, unit) };
}

function pointOf(evidence: Evidence, unit: string | null): Point | null {
  const { value, time, referenceRange: range } = evidence;
  const ms = time?.start ? startOf(time.start) : Number.NaN;
  if (value?.type !== 'quantity' || Number.isNaN(ms)) return null;
  const number = value.unit === unit ? value.value : value.converted?.unit === unit ? value.converted.value : null;
  if (number === null) return null;
  const comparable = range && (range.unit === null || range.unit === unit);
  const outside =
    comparable && range.low !== null && number < range.low
      ? 'low'
      : comparable && range.high !== null && number > range.high
        ? 'high'
        : null;
  return { id: evidence.id, ms, value: number, censored: value.comparator !== undefined, outside, evidence };
}

function sharedRange(points: readonly Point[], unit: string | null): Series['range'] {
  const ranges = points.map((point) => point.evidence.referenceRange);
  const [first] = ranges;
  if (!first || (first.low === null && first.high === null) || (first.unit !== null && first.unit !== unit)) return null;
  const same = ranges.every((range) => range?.low === first.low && range.high === first.high && range.generic === first.generic);
  return same ? { low: first.low, high: first.high, generic: first.generic } : null;
}

/** Round numbers (1, 2, 5 times a power of ten) that span low to high: `[0.5, 1, 1.5, 2]`. */
export function niceTicks(low: number, high: number, about = 4): number[] {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999)!;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  // One multiplication each and a cut at the step's digits: no 0.30000000000000004 on an axis.
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  return Array.from({ length: Math.max(1, last - first) + 1 }, (_, i) => Number(((first + i) * step).toFixed(digits)));
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Local = { first: number; last: number };
type Steps = (span: Local) => number[];

/** Multiples of a step, counted from 1970 in the record's own clock. */
const every =
  (step: number): Steps =>
  ({ first, last }) => {
    const from = Math.ceil(first / step);
    return Array.from({ length: Math.max(0, Math.floor(last / step) - from + 1) }, (_, i) => (from + i) * step);
  };

/** First days of every nth month. */
const months =
  (n: number): Steps =>
  ({ first, last }) => {
    const found: number[] = [];
    const begin = new Date(first);
    const from = Math.floor((begin.getUTCFullYear() * 12 + begin.getUTCMonth()) / n) * n;
    for (let month = from, at = 0; at <= last; month += n) {
      at = Date.UTC(Math.floor(month / 12), month % 12, 1);
      if (at >= first && at <= last) found.push(at);
    }
    return found;
  };

/** From fine to coarse: a step, about how long it is, and which part of `2031-03-01T06:00` its marks show. */
const SCALES: [steps: Steps, ms: number, from: number, to: number][] = [
  ...[1, 2, 3, 6, 12].map((n): [Steps, number, number, number] => [every(n * HOUR), n * HOUR, 5, 16]),
  ...[1, 2, 5, 10].map((n): [Steps, number, number, number] => [every(n * DAY), n * DAY, 5, 10]),
  ...[1, 2, 3, 6].map((n): [Steps, number, number, number] => [months(n), n * 30 * DAY, 0, 7]),
  ...[1, 2, 5, 10, 20, 50, 100, 500, 10_000].map((n): [Steps, number, number, number] => [months(12 * n), n * 365 * DAY, 0, 4]),
];

/** At most `most` full hours, midnights or firsts of months in the record's own clock: `03-01 06:00`, `03-01`, `2031-03`, `2031`. */
export function timeTicks(points: readonly Point[], most: number): { ms: number; label: string }[] {
  const [first, last] = [points[0]!, points.at(-1)!];
  const room = Math.max(2, most);
  const offset = offsetOf(first.evidence.time?.start ?? '') ?? 'Z';
  const shift = startOf('1970-01-01T00:00:00', offset);
  const span = { first: first.ms - shift, last: last.ms - shift };
  const label = (ms: number, from: number, to: number) => toOffset(ms, offset).slice(from, to).replace('T', ' ');
  for (const [steps, ms, from, to] of SCALES) {
    if ((span.last - span.first) / ms > room + 1) continue;
    const ticks = steps(span);
    if (ticks.length > room) continue;
    if (ticks.length < 2) break;
    return ticks.map((local) => ({ ms: local + shift, label: label(local + shift, from, to) }));
  }
  const isOneDay = span.last - span.first < DAY;
  return [...new Set([first.ms, last.ms])].map((ms) => ({ ms, label: isOneDay ? label(ms, 5, 16) : label(ms, 0, 10) }));
}
