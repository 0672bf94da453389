// A series of comparable numbers as one calculation: first, last, extremes, change, and whether the change is more than variation.
// Reference change value: RCV = √2 × 1.96 × √(CVa² + CVi²) (Harris and Yasaka, Clin Chem 1983;29:25-30; Fraser and Harris 1989),
// with CVa at the desirable half of CVi, since records do not tell a laboratory's own imprecision.
import { type Component, type Evidence, makeEvidence, type Qualifiers, readableTime } from '../../../evidence/index.ts';
import type { Analyte } from '../../knowledge/index.ts';
import { convertExact, roundLike } from './units.ts';

/** A number of a series, all in one unit. `id` names the evidence that it stands in. */
export type Point = { id: string; value: number; time: string; ms: number };

type Direction = 'rising' | 'falling' | 'no reliable change' | 'undecided';

/**
 * Percent by which a second result must lie above or below the first to differ by more than variation alone (two-sided, 95%).
 * Log-normal, so that a fall can be told where variation is large (Fokkema, Clin Chem 2006;52:1602): the symmetric
 * √2 × 1.96 × CV lies above 100% for C-reactive protein, and no result falls by more than that.
 */
export function referenceChangeValue(cvi: number): { rise: number; fall: number } {
  const total = Math.hypot(cvi, cvi / 2) / 100;
  const spread = 1.96 * Math.SQRT2 * Math.sqrt(Math.log(total * total + 1));
  return { rise: (Math.exp(spread) - 1) * 100, fall: (Math.exp(-spread) - 1) * 100 };
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export type Kdigo = { point: Point; before: Point; text: string };

/**
 * KDIGO 2012 creatinine criteria (Kidney Int Suppl 2012;2:8): a rise of 0.3 mg/dL or more within 48 hours, or to 1.5 times or more
 * within 7 days. `points` in mg/dL, oldest first; returns the last point that meets one, with the point that it is measured from.
 */
export function kdigoRise(points: readonly Point[]): Kdigo | null {
  for (let j = points.length - 1; j > 0; j -= 1) {
    const point = points[j]!;
    const within = (span: number) => points.slice(0, j).filter((p) => point.ms - p.ms <= span && point.ms > p.ms);
    const lowest = (list: Point[]) => list.reduce<Point | null>((low, p) => (low === null || p.value < low.value ? p : low), null);
    const two = lowest(within(48 * HOUR));
    if (two !== null && point.value - two.value >= 0.3 - 1e-9)
      return { point, before: two, text: `rise of ${round(point.value - two.value, 2)} mg/dL within 48 hours` };
    const seven = lowest(within(7 * DAY));
    if (seven !== null && seven.value > 0 && point.value / seven.value >= 1.5 - 1e-9)
      return { point, before: seven, text: `rise to ${round(point.value / seven.value, 2)} times within 7 days` };
  }
  return null;
}

const round = (value: number, decimals: number) => Number(value.toFixed(decimals));
const decimalsOf = (value: number) => /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;

/** Scales on which a percentage means nothing: no true zero, or a logarithm. */
const NO_PERCENT = new Set([
  'temperature',
  'ph',
  'urine-ph',
  'base-excess',
  'fluid-ph',
  'gcs-total',
  'gcs-eye',
  'gcs-verbal',
  'gcs-motor',
  'pain',
]);

export type TrendContext = {
  name: string;
  patient: string;
  analyte: Analyte | null;
  /** As a reader reads it, and as UCUM. */
  unit: string | null;
  ucum: string | null;
  qualifiers: Qualifiers;
  /** Within-subject biological variation in percent; null where none is published. */
  cvi: number | null;
  /** Ids of knowledge that decides (biological variation). */
  knowledge: readonly string[];
  baseline: { value: number; method: string; inputs: readonly string[] } | null;
  /** Creatinine only: all points of the series in mg/dL up to the last, oldest first. */
  kdigoPoints: readonly Point[] | null;
  /** To show beside each value; null: not asked. */
  convert: ((value: number) => { value: number; unit: string; method: string } | null) | null;
};

/** @param points at least two, oldest first, one a time. */
export function trendEvidence(points: readonly Point[], about: TrendContext): Evidence {
  const [first, last] = [points[0]!, points.at(-1)!];
  const minimum = points.reduce((low, p) => (p.value < low.value ? p : low));
  const maximum = points.reduce((high, p) => (p.value > high.value ? p : high));
  const decimals = Math.max(decimalsOf(first.value), decimalsOf(last.value));
  const change = round(last.value - first.value, Math.min(decimals, 6));
  const isRatio = !NO_PERCENT.has(about.analyte?.key ?? '') && first.value > 0;
  const percent = isRatio ? ((last.value - first.value) / first.value) * 100 : null;
  const kdigo = about.kdigoPoints === null ? null : kdigoRise(about.kdigoPoints);
  const isLast = kdigo !== null && kdigo.point.id === last.id;
  const rcv = about.cvi === null ? null : referenceChangeValue(about.cvi);
  const direction = isLast ? 'rising' : directionOf(percent, rcv, change);
  const quantity = (value: number) => {
    const converted = about.convert?.(value) ?? null;
    return { type: 'quantity' as const, value, unit: about.unit, ucum: about.ucum, ...(converted === null ? {} : { converted }) };
  };
  const at = (name: string, p: Point): Component => ({
    name,
    value: quantity(p.value),
    time: { start: p.time, end: null, kind: 'effective' },
    inputs: [p.id],
  });
  const inputs = [first.id, last.id];
  const components: Component[] = [
    at('first', first),
    at('last', last),
    at('minimum', minimum),
    at('maximum', maximum),
    { name: 'change', value: changeOf(change, first, last, about), inputs },
    ...(percent === null
      ? []
      : [{ name: 'percent', value: { type: 'quantity' as const, value: round(percent, 1), unit: '%', ucum: '%' }, inputs }]),
    { name: 'direction', value: { type: 'text', text: direction }, inputs },
    ...(about.baseline === null ? [] : [{ name: 'baseline', value: quantity(about.baseline.value), inputs: [...about.baseline.inputs] }]),
    ...(kdigo === null
      ? []
      : [
          {
            name: 'KDIGO creatinine criterion',
            value: {
              type: 'text' as const,
              text: `${kdigo.text}, at ${readableTime(kdigo.point.time)}${isLast ? '' : ', not at the last value'}`,
            },
            inputs: [kdigo.before.id, kdigo.point.id],
          },
        ]),
  ];
  const qualifiers: Qualifiers = { ...about.qualifiers };
  if (about.baseline !== null) qualifiers['baseline'] = about.baseline.method;
  if (isLast) qualifiers['direction decided by'] = 'KDIGO 2012';
  else if (rcv !== null && percent !== null)
    qualifiers['reference change value'] =
      `+${round(rcv.rise, 1)}% or ${round(rcv.fall, 1)}% (two-sided 95%, log-normal, CVi ${about.cvi}%, CVa half of it)`;
  else qualifiers['reference change value'] = 'none published here';
  const rests = [...points.map((p) => p.id), ...components.flatMap((c) => c.inputs ?? []), ...about.knowledge];
  return makeEvidence({
    kind: 'calculation',
    patient: about.patient,
    concept: { name: `${about.name} trend`, codings: [] },
    components,
    time: { start: first.time, end: last.time, kind: 'computed' },
    qualifiers,
    source: {
      type: 'calculation',
      method: 'trend',
      ...(isLast || rcv !== null
        ? { reference: isLast ? 'KDIGO 2012' : 'RCV = exp(±√2 × 1.96 × √ln(CVa² + CVi² + 1)) − 1 (Fokkema 2006)' }
        : {}),
      inputs: [...new Set(rests)],
    },
  });
}

function changeOf(change: number, first: Point, last: Point, about: TrendContext): Component['value'] {
  const [a, b] = [about.convert?.(first.value) ?? null, about.convert?.(last.value) ?? null];
  const decimals = Math.max(decimalsOf(a?.value ?? 0), decimalsOf(b?.value ?? 0));
  const converted =
    a === null || b === null ? {} : { converted: { value: round(b.value - a.value, decimals), unit: b.unit, method: b.method } };
  return { type: 'quantity', value: change, unit: about.unit, ucum: about.ucum, ...converted };
}

function directionOf(percent: number | null, rcv: { rise: number; fall: number } | null, change: number): Direction {
  if (rcv === null || percent === null) return change === 0 ? 'no reliable change' : 'undecided';
  if (percent <= rcv.rise && percent >= rcv.fall) return 'no reliable change';
  return percent > 0 ? 'rising' : 'falling';
}

/** Whether two units are the same but for an exact factor, so that one series holds both. */
export const comparable = (from: string, to: string, analyte: Analyte | null): boolean =>
  convertExact(1, from, to, analyte ?? undefined) !== null;

/** A value brought into the series' unit, without the digits that the factor adds. */
export function inUnit(value: number, from: string, to: string, analyte: Analyte | null): number | null {
  const converted = convertExact(value, from, to, analyte ?? undefined);
  if (converted === null) return null;
  return converted.method === 'same unit' || converted.value === value ? value : roundLike(converted.value, value);
}
