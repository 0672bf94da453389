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
  const unit = last?.type === 'quantity' ? last.unit : newest?.type === 'quantity' ? newest.unit : null;
  const points: Point[] = [];
  const left: Evidence[] = [];
  for (const evidence of inputs) {
    const point = pointOf(evidence, unit);
    if (point === null) left.push(evidence);
    else points.push(point);
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
const STEPS = [1, 2, 3, 6, 12]
  .map((hours) => hours * HOUR)
  .concat([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000, 500_000, 5_000_000].map((days) => days * DAY));

/** At most `most` full hours or midnights in the record's own clock: `03-01 06:00`, `03-01`, or with the year past ten months. */
export function timeTicks(points: readonly Point[], most: number): { ms: number; label: string }[] {
  const [first, last] = [points[0]!, points.at(-1)!];
  const offset = offsetOf(first.evidence.time?.start ?? '') ?? 'Z';
  const shift = startOf('1970-01-01T00:00:00', offset);
  const span = last.ms - first.ms;
  const ticksOf = (step: number) => {
    const from = Math.ceil((first.ms - shift) / step);
    const count = Math.floor((last.ms - shift) / step) - from + 1;
    return { step, count, at: (i: number) => (from + i) * step + shift };
  };
  const { step, count, at } = STEPS.map(ticksOf).find((ticks) => ticks.count <= Math.max(2, most))!;
  const ticks = Array.from({ length: Math.max(0, count) }, (_, i) => at(i));
  if (ticks.length < 2)
    return [...new Set([first.ms, last.ms])].map((ms) => ({ ms, label: toOffset(ms, offset).slice(5, 16).replace('T', ' ') }));
  return ticks.map((ms) => {
    const local = toOffset(ms, offset);
    return { ms, label: step < DAY ? local.slice(5, 16).replace('T', ' ') : span < 300 * DAY ? local.slice(5, 10) : local.slice(0, 10) };
  });
}
