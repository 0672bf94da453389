// One analyte's answer: its results as evidence, newest first, its trends, its completeness, and what must be said of it unasked.
import type { Observation } from 'fhir/r4.js';
import { type Completeness, type Evidence, offsetOf, readableTime, startOf } from '../../../evidence/index.ts';
import { tableEvidence } from '../../knowledge/index.ts';
import type { ToolResult } from '../../tool.ts';
import { completenessOf, lockOf, type Read } from '../read.ts';
import { belongsTo } from '../stays.ts';
import type { About, Mine } from './about.ts';
import type { Asked } from './asked.ts';
import { type Baseline, baselineOf } from './baseline.ts';
import { flagsOf, type Stale, staleOf } from './flags.ts';
import { type Item, isOtherSpecimen, nameOf, sourceCode, specimenOf } from './item.ts';
import { type Series, type Shown, seriesOf } from './series.ts';
import { showItem } from './show.ts';
import { type Point, trendEvidence } from './trend.ts';
import { convert, roundLike } from './units.ts';

/** Results returned an analyte; the rest are counted and are inputs of the trend. */
const MOST_SHOWN = 200;

export type Report = ToolResult & { stale: Stale | null };

export function report(asked: Asked, mine: Mine, about: About): Report {
  const server = about.read.search.server;
  const patient = lockOf(about.context).id;
  const tables: Evidence[] = [];
  const unconverted = new Set<string>();
  const show = (item: Item): Shown => {
    const { evidence, table, isConverted } = showItem(item, server, patient, about);
    if (table !== null) tables.push(table);
    if (about.unit !== null && !isConverted && item.read.number !== null) unconverted.add(nameOf(item));
    return { item, evidence };
  };
  // Only creatinine looks back beyond the window (baseline, KDIGO).
  const looksBack = asked.analyte?.key === 'creatinine';
  const everything = mine.items
    .filter((item) => looksBack || about.window.holds(item))
    .map(show)
    .sort(newestFirst);
  const inWindow = looksBack ? everything.filter(({ item }) => about.window.holds(item)) : everything;
  const series = seriesOf(inWindow)
    .filter((s) => s.points.length >= 2)
    .sort((a, b) => Number(isOther(a)) - Number(isOther(b)) || b.points.length - a.points.length);
  const names = series.map((s) => nameOf(s.shown[0]!.item));
  const trends = series.map((s, i) => trend(s, everything, about, names.indexOf(names[i]!) !== names.lastIndexOf(names[i]!)));
  const completeness = complete(asked, mine, inWindow, unconverted, about);
  return {
    evidence: [
      ...shownOf(
        inWindow,
        trends.map(([calculation]) => calculation!),
      ),
      ...trends.flat(),
      ...tables,
    ],
    completeness: [completeness],
    flags: flagsOf(asked, mine, inWindow, completeness),
    stale: staleOf(asked, inWindow, about),
  };
}

/** The newest, and of a longer list also those that a trend names: its first and its extremes. */
function shownOf(inWindow: readonly Shown[], trends: readonly Evidence[]): Evidence[] {
  const newest = inWindow.slice(0, MOST_SHOWN);
  const named = new Set(trends.flatMap((t) => (t.components ?? []).filter((c) => c.time !== undefined).flatMap((c) => c.inputs ?? [])));
  return [...newest, ...inWindow.slice(MOST_SHOWN).filter((s) => named.has(s.evidence.id))].map((s) => s.evidence);
}

const isOther = (series: Series) => isOtherSpecimen(series.shown[0]!.item);

/** Of one time, the usual specimen first. */
const newestFirst = (a: Shown, b: Shown) => {
  const [x, y] = [
    Number.isNaN(a.item.ms) ? Number.NEGATIVE_INFINITY : a.item.ms,
    Number.isNaN(b.item.ms) ? Number.NEGATIVE_INFINITY : b.item.ms,
  ];
  return y - x || Number(isOtherSpecimen(a.item)) - Number(isOtherSpecimen(b.item)) || (a.evidence.id < b.evidence.id ? -1 : 1);
};

/** @param isOneOfSeveral another series bears the same name: the source's own code for the test tells them apart */
function trend(series: Series, everything: readonly Shown[], about: About, isOneOfSeveral: boolean): Evidence[] {
  const { analyte } = series;
  const { item } = series.shown.at(-1)!;
  const key = analyte?.key ?? '';
  const variation = about.knowledge.biologicalVariation.entries.find((e) => e.analyte === key);
  const isOrdinaryBlood = about.kind === 'lab' && /serum|plasma|blood/.test(specimenOf(item) ?? '');
  const cvi = variation !== undefined && isOrdinaryBlood ? variation : null;
  const row =
    cvi === null
      ? null
      : tableEvidence(about.knowledge.biologicalVariation, cvi.analyte, `${analyte!.name}: within-subject biological variation`, {
          type: 'quantity',
          value: cvi.cvi,
          unit: '%',
          ucum: '%',
        });
  // The same series beyond the window: what baseline and KDIGO look back to.
  const whole = seriesOf(everything).find((s) => s.points.some((p) => p.id === series.points[0]!.id));
  const upToLast = (whole?.points ?? []).filter((p) => p.ms <= series.points.at(-1)!.ms);
  const qualifiers: Record<string, string> = { numbers: String(series.points.length) };
  if (analyte !== null) qualifiers['analyte'] = analyte.key;
  const specimen = specimenOf(item);
  if (specimen !== null) qualifiers['specimen'] = specimen;
  if (isOther(series)) qualifiers['usual specimen'] = 'no';
  const method = series.shown.at(-1)!.evidence.qualifiers?.['method'];
  if (method !== undefined) qualifiers['method'] = method;
  const code = isOneOfSeveral ? sourceCode(item) : null;
  if (code !== null) qualifiers['source code'] = code;
  const left = [
    series.unused > 0 ? `${series.unused} without a comparable number` : null,
    series.conflicts.length > 0 ? `conflicting values at ${series.conflicts.map((c) => readableTime(c[0]!.item.time!)).join(', ')}` : null,
  ].filter((t) => t !== null);
  if (left.length > 0) qualifiers['left out'] = left.join('; ');
  const unit = about.unit;
  const calculation = trendEvidence(series.points, {
    name: nameOf(item),
    patient: lockOf(about.context).id,
    analyte,
    unit: series.unit,
    ucum: series.ucum,
    qualifiers,
    cvi: cvi?.cvi ?? null,
    knowledge: row === null ? [] : [row.id],
    baseline: key === 'creatinine' && whole !== undefined ? baseline(whole, upToLast, about) : null,
    kdigoPoints: key === 'creatinine' && series.ucum !== null ? inMgDl(upToLast, series) : null,
    convert:
      unit === null || series.ucum === null
        ? null
        : (value) => {
            const converted = convert(value, series.ucum!, unit.ucum, analyte ?? undefined);
            return converted === null || converted.method === 'same unit'
              ? null
              : { value: roundLike(converted.value, value), unit: unit.text, method: converted.method };
          },
  });
  return row === null ? [calculation] : [calculation, row];
}

function baseline(whole: Series, points: readonly Point[], about: About): Baseline | null {
  if (about.stays === null) return null;
  const { stays } = about.stays;
  const asOf = about.context.asOf;
  const isOutpatient = new Map(whole.shown.map((s) => [s.evidence.id, !stays.some((stay) => belongsTo(s.item.resource, stay, asOf))]));
  const last = points.at(-1);
  const lastItem = whole.shown.find((s) => s.evidence.id === last?.id);
  const stay = about.window.stay ?? stays.findLast((s) => lastItem !== undefined && belongsTo(lastItem.item.resource, s, asOf)) ?? null;
  const admission = stay?.start == null ? null : startOf(stay.start, offsetOf(asOf) ?? 'Z');
  return baselineOf(
    points.map((p) => ({ ...p, outpatient: isOutpatient.get(p.id) ?? false })),
    admission,
    stay,
  );
}

function inMgDl(points: readonly Point[], series: Series): Point[] | null {
  const converted = points.map((p) => ({
    ...p,
    value: convert(p.value, series.ucum!, 'mg/dL', series.analyte ?? undefined)?.value ?? Number.NaN,
  }));
  return converted.some((p) => Number.isNaN(p.value)) ? null : converted;
}

function complete(asked: Asked, mine: Mine, inWindow: readonly Shown[], unconverted: ReadonlySet<string>, about: About): Completeness {
  const { context, read, window } = about;
  const pending = inWindow.filter((s) => s.item.pending).length;
  const undated = mine.items.filter((i) => Number.isNaN(i.ms)).length;
  const reasons = [
    read.search.reason,
    mine.computed > 0 ? `${mine.computed} computed from their parts` : null,
    pending > 0 ? `${pending} drawn and not yet issued` : null,
    undated > 0 && (window.from !== null || window.to !== null) ? `${undated} without a time left out of the window` : null,
    inWindow.length > MOST_SHOWN ? `the newest ${MOST_SHOWN}, the first and the extremes are shown` : null,
    unconverted.size > 0 && about.unit !== null ? `not converted to ${about.unit.text}: ${[...unconverted].join(', ')}` : null,
    asked.near !== null && mine.items.length === 0 ? `no test of this name is known; the nearest known name is ${asked.near}` : null,
  ].filter((r) => r !== null);
  const resources = [...new Set(mine.items.map((i) => i.resource))];
  const own: Read<Observation> = {
    ...read,
    enteredInError: mine.enteredInError,
    unreadable: mine.unreadable,
    search: {
      ...read.search,
      resources: [...resources, ...mine.enteredInError, ...mine.unreadable],
      reason: reasons.length === 0 ? null : reasons.join('; '),
    },
  };
  const end = window.to !== null && startOf(window.to, offsetOf(context.asOf) ?? 'Z') < startOf(context.asOf) ? window.to : context.asOf;
  return completenessOf({ ...context, asOf: end }, own, `${about.kind === 'lab' ? 'labs' : 'vitals'}: ${asked.what}`, {
    found: inWindow.length + mine.computed,
    later: mine.later,
    from: window.from,
  });
}
