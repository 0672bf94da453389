// One analyte's answer: its results as evidence, newest first, its trends, its completeness, and what must be said of it unasked.
import type { Observation } from 'fhir/r4.js';
import {
  type Completeness,
  type Evidence,
  type Flag,
  formatValue,
  makeFlag,
  offsetOf,
  readableTime,
  startOf,
} from '../../../evidence/index.ts';
import { type Knowledge, tableEvidence } from '../../knowledge/index.ts';
import type { ToolContext, ToolResult } from '../../tool.ts';
import type { PatientStatus } from '../patient-status.ts';
import { completenessOf, lockOf, type Read } from '../read.ts';
import { belongsTo, type HospitalStays, type Stay } from '../stays.ts';
import { type Asked, inSentence } from './asked.ts';
import { type Baseline, baselineOf } from './baseline.ts';
import { type Item, itemEvidence, nameOf, specimenOf } from './item.ts';
import { genericRange, ownRange } from './ranges.ts';
import { type Series, type Shown, seriesOf } from './series.ts';
import { type Point, trendEvidence } from './trend.ts';
import { convert, roundLike } from './units.ts';

/** Results returned an analyte; the rest are counted and are inputs of the trend. */
const MOST_SHOWN = 200;
const HOUR = 3_600_000;

export type Window = { from: string | null; to: string | null; stay: Stay | null; isOpen: boolean; holds: (item: Item) => boolean };

export type About = {
  context: ToolContext;
  kind: 'lab' | 'vital';
  read: Read<Observation>;
  window: Window;
  status: PatientStatus;
  birthDate: string | null;
  /** Null when the encounters could not be read completely. */
  stays: HospitalStays | null;
  knowledge: Knowledge;
  /** UCUM of the unit asked for, and as asked. */
  unit: { ucum: string; text: string } | null;
};

/** What of a read belongs to one analyte. */
export type Mine = {
  items: Item[];
  enteredInError: Observation[];
  unreadable: Observation[];
  later: number;
  /** Results of the window that were computed, not recorded (totals of the coma scale). */
  computed: number;
};

export type Report = ToolResult & { stale: Stale | null };

export function report(asked: Asked, mine: Mine, about: About): Report {
  const server = about.read.search.server;
  const patient = lockOf(about.context).id;
  const tables: Evidence[] = [];
  const unconverted = new Set<string>();
  const show = (item: Item): Shown => {
    const own = ownRange(item.component === null ? item.resource : item.resource.component![item.component]!);
    const generic = own === undefined && !item.pending ? genericRange(item, about.status, about.birthDate, about.knowledge) : undefined;
    if (generic !== undefined) tables.push(generic.evidence);
    const referenceRange = own ?? generic?.range;
    const converted = about.unit === null ? null : convertItem(item, about.unit);
    if (about.unit !== null && converted === null && item.read.number !== null) unconverted.add(nameOf(item));
    return {
      item,
      evidence: itemEvidence(item, server, patient, {
        ...(referenceRange === undefined ? {} : { referenceRange }),
        ...(converted === null || converted.unit === undefined ? {} : { converted: { ...converted, unit: converted.unit } }),
      }),
    };
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
    .sort((a, b) => b.points.length - a.points.length);
  const trends = series.map((s) => trend(s, everything, about));
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

const newestFirst = (a: Shown, b: Shown) => {
  const [x, y] = [
    Number.isNaN(a.item.ms) ? Number.NEGATIVE_INFINITY : a.item.ms,
    Number.isNaN(b.item.ms) ? Number.NEGATIVE_INFINITY : b.item.ms,
  ];
  return y - x || (a.evidence.id < b.evidence.id ? -1 : 1);
};

/** The value in the unit asked for; `unit` undefined when it is recorded in that unit already; null when nothing connects the two. */
function convertItem(item: Item, unit: { ucum: string; text: string }): { value: number; unit?: string; method: string } | null {
  const { number, ucum } = item.read;
  if (number === null || ucum === null || item.pending) return null;
  const converted = convert(number, ucum, unit.ucum, item.identified?.analyte);
  if (converted === null) return null;
  if (converted.method === 'same unit') return { value: number, method: converted.method };
  return { value: roundLike(converted.value, number), unit: unit.text, method: converted.method };
}

function trend(series: Series, everything: readonly Shown[], about: About): Evidence[] {
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
  const method = series.shown.at(-1)!.evidence.qualifiers?.['method'];
  if (method !== undefined) qualifiers['method'] = method;
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
  const end = window.to !== null && startOf(window.to) < startOf(context.asOf) ? window.to : context.asOf;
  return completenessOf({ ...context, asOf: end }, own, `${about.kind === 'lab' ? 'labs' : 'vitals'}: ${asked.what}`, {
    found: inWindow.length + mine.computed,
    later: mine.later,
    from: window.from,
  });
}

const say = ({ item, evidence }: Shown) =>
  `${item.pending || evidence.value === undefined ? 'no value' : formatValue(evidence.value)}${item.time === null ? '' : ` at ${readableTime(item.time)}`}`;

function flagsOf(asked: Asked, mine: Mine, inWindow: readonly Shown[], completeness: Completeness): Flag[] {
  const flags: Flag[] = [];
  const name = asked.analyte?.name ?? asked.text;
  const add = (kind: Flag['kind'], text: string, citations: string[]) => flags.push(makeFlag({ kind, text, citations }));
  const several = (n: number) => (n > 1 ? ` (and ${n - 1} more)` : '');
  const withStatus = (...statuses: string[]) => inWindow.filter((s) => statuses.includes(s.item.resource.status) && !s.item.pending);
  const preliminary = withStatus('preliminary', 'registered');
  if (preliminary.length > 0)
    add(
      'preliminary',
      `${name} ${say(preliminary[0]!)} is preliminary${several(preliminary.length)}.`,
      preliminary.map((s) => s.evidence.id),
    );
  const corrected = withStatus('corrected', 'amended');
  if (corrected.length > 0)
    add(
      'corrected',
      `${name} ${say(corrected[0]!)} is a corrected result${several(corrected.length)}.`,
      corrected.map((s) => s.evidence.id),
    );
  const conflicts = seriesOf(inWindow)
    .flatMap((s) => s.conflicts)
    .sort((a, b) => b[0]!.item.ms - a[0]!.item.ms);
  if (conflicts.length > 0)
    add(
      'conflicting',
      `${name} has conflicting values at one time: ${conflicts[0]!.map((s) => formatValue(s.evidence.value!)).join(' and ')} at ${readableTime(conflicts[0]![0]!.item.time!)}${several(conflicts.length)}.`,
      conflicts.flat().map((s) => s.evidence.id),
    );
  const contradictory = inWindow.filter((s) => !s.item.pending && /contradict|plausible/.test(s.item.read.problem ?? ''));
  if (contradictory.length > 0)
    add(
      'conflicting',
      `${name} ${say(contradictory[0]!)}: value and unit do not fit together, so it is shown as recorded and not used${several(contradictory.length)}.`,
      contradictory.map((s) => s.evidence.id),
    );
  if (mine.enteredInError.length > 0) {
    const n = mine.enteredInError.length;
    add('entered_in_error', `${n} ${name} result${n === 1 ? ' was' : 's were'} entered in error and ${n === 1 ? 'is' : 'are'} left out.`, [
      completeness.id,
    ]);
  }
  return flags;
}

export type Stale = { name: string; time: string; hours: number; limit: string; id: string };

/** Old: before the current stay, or more than 72 hours ago in hospital; more than 90 days ago otherwise. Only where the newest was asked for. */
function staleOf(asked: Asked, inWindow: readonly Shown[], about: About): Stale | null {
  const newest = inWindow.find((s) => !Number.isNaN(s.item.ms) && !s.item.pending);
  if (newest === undefined || !about.window.isOpen) return null;
  const { asOf } = about.context;
  const hours = (startOf(asOf) - newest.item.ms) / HOUR;
  const current = about.stays?.current ?? null;
  const admitted = current?.start == null ? null : startOf(current.start, offsetOf(asOf) ?? 'Z');
  const isBeforeStay = admitted !== null && newest.item.ms < admitted && !belongsTo(newest.item.resource, current!, asOf);
  if (!(isBeforeStay || hours > (current === null ? 90 * 24 : 72))) return null;
  const limit = isBeforeStay
    ? 'before the current stay'
    : current === null
      ? 'more than 90 days ago'
      : 'more than 72 hours ago, in hospital';
  return { name: inSentence(asked.analyte?.name ?? asked.text), time: newest.item.time!, hours, limit, id: newest.evidence.id };
}

const age = (hours: number) => {
  const days = Math.floor(hours / 24);
  return days < 2 ? `${Math.floor(hours)} hours` : days < 730 ? `${days} days` : `${Math.floor(days / 365.25)} years`;
};

/** One flag for all that is old: a panel is not said eleven times. */
export function staleFlag(stale: readonly Stale[]): Flag[] {
  const [first] = stale;
  if (first === undefined) return [];
  const text =
    stale.length === 1
      ? `The newest ${first.name} is ${age(first.hours)} old (${readableTime(first.time)}), ${first.limit}.`
      : `The newest results are old: ${stale.map((s) => `${s.name} ${age(s.hours)} (${readableTime(s.time)})`).join(', ')}.`;
  return [makeFlag({ kind: 'stale', text, citations: stale.map((s) => s.id) })];
}
