// Results as series: one test in one specimen, by time. What can't be compared is never mixed.
import { type Completeness, type Evidence, endOf, formatTime, formatValue, startOf } from '../../../evidence/index.ts';
import type { ToolResult } from '../../../tools/index.ts';
import type { Compare, Thing } from '../needs.ts';
import { phraseOf } from '../tokens.ts';
import { unitName } from '../units.ts';
import { small } from './outcome.ts';

export type Series = {
  name: string;
  /** Oldest first; without those pending. */
  points: Evidence[];
  trend: Evidence | null;
  completeness: Completeness[];
  /** Of several specimens or methods of one test the one with the newest result: the direct answer. The others are said in words. */
  isMain: boolean;
  /** The same by the oldest result, for the first. */
  isOldest: boolean;
  analyte: string;
};

export const timeMs = (e: Evidence) => startOf(e.time?.start ?? e.time?.end ?? '', 'Z');
const isPoint = (e: Evidence) => e.kind === 'observation' && e.status !== 'pending';

/** Whether the evidence is of the thing that was asked for: by the key of knowledge, else by every word of its name. */
function isOf(e: Evidence, thing: Thing, specimen: string | null): boolean {
  const key = e.qualifiers?.['analyte'];
  if (thing.keys.includes('*') || thing.keys.includes('*vitals')) return true;
  if (thing.keys.length > 0 && key !== undefined && thing.keys.includes(key)) return true;
  // Urine creatinine is a test of its own: `urine-creatinine`.
  if (specimen !== null && key !== undefined && thing.keys.some((k) => key.endsWith(`-${k}`))) return true;
  if (thing.keys.length > 0 && key !== undefined) return false;
  const name = ` ${phraseOf(e.concept.name)} `;
  return phraseOf(thing.kind === 'open' ? thing.ask : thing.name)
    .split(' ')
    .every((word) => name.includes(` ${word} `));
}

const specimenOf = (e: Evidence) => e.qualifiers?.['specimen'] ?? null;

/** Whether the evidence lies in the window of the call: a tool may return more than what answers it. */
export function inWindow(e: Evidence, { from, to }: { from?: unknown; to?: unknown }): boolean {
  const at = e.time?.start ?? e.time?.end;
  if (typeof from !== 'string' && typeof to !== 'string') return true;
  if (at == null) return false;
  return (typeof from !== 'string' || timeMs(e) >= startOf(from)) && (typeof to !== 'string' || timeMs(e) < endOf(to));
}

export function seriesOf(
  result: Pick<ToolResult, 'evidence'>,
  thing: Thing,
  completeness: Completeness[],
  specimen: string | null,
): Series[] {
  const groups = new Map<string, Evidence[]>();
  const fits = (e: Evidence) => specimen === null || phraseOf(`${specimenOf(e) ?? ''} ${e.concept.name}`).includes(specimen.split(' ')[0]!);
  for (const e of result.evidence) {
    if (!isPoint(e) || !isOf(e, thing, specimen) || !fits(e)) continue;
    const key = [e.concept.name, specimenOf(e), e.qualifiers?.['analyte']].join('|');
    groups.set(key, [...(groups.get(key) ?? []), e]);
  }
  const trends = result.evidence.filter((e) => e.kind === 'calculation' && e.source.type === 'calculation' && e.source.method === 'trend');
  const names = [...groups.values()].map((points) => points[0]!.concept.name);
  const kinds = withoutMean([...groups.values()], thing);
  return kinds.map((points) => {
    const ids = new Set(points.map((p) => p.id));
    const name = points[0]!.concept.name;
    const sameName = names.filter((n) => n === name).length > 1;
    const of = specimenOf(points[0]!);
    return {
      name: small(sameName && of !== null ? `${name} (${of})` : name),
      points: [...points].sort((a, b) => timeMs(a) - timeMs(b) || (a.id < b.id ? -1 : 1)),
      trend: trends.find((t) => t.source.type === 'calculation' && t.source.inputs.some((id) => ids.has(id))) ?? null,
      completeness: bearing(completeness, points[0]!, thing),
      analyte: analyteOf(points[0]!),
      isMain:
        points ===
        endOfAll(
          kinds.filter((other) => analyteOf(other[0]!) === analyteOf(points[0]!)),
          1,
        ),
      isOldest:
        points ===
        endOfAll(
          kinds.filter((other) => analyteOf(other[0]!) === analyteOf(points[0]!)),
          -1,
        ),
    };
  });
}

const analyteOf = (e: Evidence) => e.qualifiers?.['analyte'] ?? e.concept.name;
const NEARLY = 6 * 3_600_000;

/** The series that ends newest (1) or begins oldest (-1); the usual specimen where it comes within hours of that. */
function endOfAll(groups: readonly Evidence[][], sign: 1 | -1): Evidence[] {
  const end = (points: readonly Evidence[]) => points.map((p) => sign * timeMs(p)).reduce((a, b) => Math.max(a, b));
  const best = groups.reduce((a, b) => (end(b) > end(a) ? b : a));
  const usual = groups.find((g) => !g[0]!.concept.name.includes('(') && specimenOf(g[0]!) !== null);
  return usual !== undefined && end(best) - end(usual) <= NEARLY ? usual : best;
}

/** A blood pressure is systolic over diastolic; the mean is shown where it is asked for or stands alone. */
function withoutMean(groups: Evidence[][], thing: Thing): Evidence[][] {
  if (!thing.keys.includes('systolic-bp') || !thing.keys.includes('mean-bp')) return groups;
  const others = groups.filter((points) => analyteOf(points[0]!) !== 'mean-bp');
  return others.length === 0 ? groups : others;
}

/** The completeness of this test, where there is one of its own; else all of the call. */
function bearing(all: Completeness[], point: Evidence, thing: Thing): Completeness[] {
  const words = [point.concept.name, thing.name, thing.ask, point.qualifiers?.['analyte'] ?? ''].map(phraseOf);
  const own = all.filter((c) => words.includes(phraseOf(c.what.replace(/^[a-z ]+: /i, ''))));
  return own.length > 0 ? own : all;
}

/** Shown as recorded, but neither compared nor ranked: the tool says that value and unit do not fit together. */
const isDoubted = (e: Evidence) => /plausible|contradict/.test(e.qualifiers?.['unit'] ?? '');

export function numberOf(e: Evidence): { value: number; unit: string | null; comparator?: string } | null {
  if (e.value?.type !== 'quantity' || isDoubted(e)) return null;
  const { value, unit } = e.value.converted ?? e.value;
  return { value, unit, ...(e.value.comparator === undefined ? {} : { comparator: e.value.comparator }) };
}

/** The results that are numbers in the unit of the newest one, by name or by UCUM: only these are ranked. */
export function inOneUnit(points: readonly Evidence[]): Evidence[] {
  const numbers = points.filter((p) => numberOf(p) !== null);
  const main = numbers.at(-1);
  return main === undefined ? [] : numbers.filter((p) => hasUnitOf(p, main));
}

function hasUnitOf(e: Evidence, other: Evidence): boolean {
  const [a, b] = [numberOf(e)!.unit, numberOf(other)!.unit];
  if (a === b || (a !== null && b !== null && sameUnit(a, b))) return true;
  const ucum = (x: Evidence) => (x.value?.type === 'quantity' && x.value.converted === undefined ? (x.value.ucum ?? null) : null);
  return ucum(e) !== null && ucum(e) === ucum(other);
}

/** Cells are counted in the plural. */
export const was = (name: string) =>
  /(?:cells|platelets|phils|cytes|bands|casts|ketones|triglycerides|blasts|polys)$/i.test(name) ? 'were' : 'was';

/** `0.5 mg/dL at 2166-08-26 05:00`. */
export const valueAt = (e: Evidence) => `${valueWords(e)}${e.time ? ` at ${formatTime(e.time)}` : ', time not recorded'}`;

export function valueWords(e: Evidence): string {
  if (e.value) return formatValue(e.value);
  if (e.components?.length) return e.components.map((c) => `${small(c.name)} ${formatValue(c.value)}`).join(', ');
  return 'without a value';
}

const sameUnit = (a: string, b: string) => {
  const plain = (u: string) =>
    unitName(u)
      .toLowerCase()
      .replaceAll(/[[\]\s*]/g, '')
      .replace(/^x?10\^?3?\/ul$/, 'k/ul');
  return plain(a) === plain(b) || (/^meq\/l$|^mmol\/l$/.test(plain(a)) && /^meq\/l$|^mmol\/l$/.test(plain(b)) && plain(a) === plain(b));
};

/** Whether the value fits; null where it cannot be told (no number, a bound that does not decide, another unit). */
export function fits(e: Evidence, compare: Compare): boolean | null {
  const candidates =
    e.value?.type === 'quantity' && !isDoubted(e)
      ? [{ value: e.value.value, unit: e.value.unit }, ...(e.value.converted ? [e.value.converted] : [])]
      : [];
  const inUnit = compare.unit === null ? candidates.at(-1) : candidates.find((c) => c.unit !== null && sameUnit(c.unit, compare.unit!));
  if (inUnit === undefined || e.value?.type !== 'quantity') return null;
  const { value } = inUnit;
  const bound = e.value.comparator;
  const over = value > compare.value;
  const under = value < compare.value;
  switch (compare.op) {
    case 'above':
    case 'at least':
      if (bound?.startsWith('<')) return value <= compare.value ? false : null;
      if (bound?.startsWith('>')) return value >= compare.value ? true : null;
      return over || (compare.op === 'at least' && value === compare.value);
    case 'below':
    case 'at most':
      if (bound?.startsWith('>')) return value >= compare.value ? false : null;
      if (bound?.startsWith('<')) return value <= compare.value ? true : null;
      return under || (compare.op === 'at most' && value === compare.value);
    case 'equal':
      return bound === undefined ? value === compare.value : null;
    case 'between':
      return bound === undefined ? value >= compare.value && value <= compare.value2! : null;
  }
}
