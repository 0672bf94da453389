// The baseline of a laboratory value: the median outpatient value 7 to 365 days before admission
// (ADQI 16, Nat Rev Nephrol 2017;13:241; KDIGO 2012 allows it); else what stands in for it, named as what it is.
import type { Stay } from '../stays.ts';
import type { Point } from './trend.ts';

export type BaselinePoint = Point & { outpatient: boolean };
export type Baseline = { value: number; method: string; inputs: readonly string[] };

const DAY = 86_400_000;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const value = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return Number(value.toPrecision(12));
}

/**
 * @param points of one comparable series in one unit, oldest first, not later than what is asked about
 * @param admission start of the stay asked about (ms); null when there is none
 * @param stay the stay itself, for what stands in
 */
export function baselineOf(points: readonly BaselinePoint[], admission: number | null, stay: Stay | null): Baseline | null {
  const reference = admission ?? points.at(-1)?.ms;
  if (reference === undefined) return null;
  const eligible = points.filter(
    (p) => (admission === null || p.outpatient) && reference - p.ms >= 7 * DAY && reference - p.ms <= 365 * DAY,
  );
  if (eligible.length > 0) {
    const which = admission === null ? 'value' : 'outpatient value';
    const days = [eligible[0]!, eligible.at(-1)!].map((p) => p.time.slice(0, 10));
    return {
      value: median(eligible.map((p) => p.value)),
      method:
        eligible.length === 1 ? `one ${which}, ${days[0]}` : `median of ${eligible.length} ${which}s, ${[...new Set(days)].join(' to ')}`,
      inputs: eligible.map((p) => p.id),
    };
  }
  if (admission === null || stay === null) return null;
  const first = points.find((p) => p.ms >= admission);
  return first === undefined
    ? null
    : {
        value: first.value,
        method: `first value of the stay, ${first.time.slice(0, 10)}; no outpatient value 7–365 days before admission`,
        inputs: [first.id],
      };
}
