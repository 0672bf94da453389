// What fetch_labs and fetch_vitals share: from names and a window to evidence, trends, completeness and flags.
import type { Observation } from 'fhir/r4.js';
import * as z from 'zod';
import { type Evidence, endOf, offsetOf, precisionOf, startOf } from '../../../evidence/index.ts';
import { OUR_KNOWLEDGE } from '../../knowledge/index.ts';
import { type ToolContext, ToolError, type ToolResult } from '../../tool.ts';
import { patientStatus } from '../patient-status.ts';
import { lockOf, type Read } from '../read.ts';
import { belongsTo, type HospitalStays, hospitalStays } from '../stays.ts';
import { type About, birthDateOf, type Mine, type Window } from './about.ts';
import { type Asked, answers, askedOf, besides, resolveAll } from './asked.ts';
import { staleFlag } from './flags.ts';
import { gcsTotals } from './gcs.ts';
import { type Item, isOfKind, itemsOf } from './item.ts';
import { report } from './report.ts';
import { readObservations } from './search.ts';
import { showItem } from './show.ts';
import { ucumOf } from './units.ts';

const isoTime = z
  .string()
  .refine((text) => precisionOf(text) !== null, 'an ISO 8601 time, such as 2024-03-01 or 2024-03-01T06:00:00-05:00')
  .optional();

export const windowFields = {
  from: isoTime.describe('Only results at or after this ISO time.'),
  to: isoTime.describe('Only results at or before this ISO time; a date includes that whole day.'),
  stay: z.enum(['current', 'last']).optional().describe('Only results of the current hospital stay, or of the last one that has ended.'),
  unit: z.string().min(1).max(40).optional().describe('Also give values in this unit (UCUM, such as umol/L), where it can be converted.'),
};

export type FetchInput = { names: readonly string[]; from?: string; to?: string; stay?: 'current' | 'last'; unit?: string };

/**
 * Results are in the order of the tests asked, each test's newest first (of one time the usual specimen first), its trends after them,
 * that of the usual specimen first. A result or trend of another specimen than the test's bare name means bears
 * `qualifiers['usual specimen'] = 'no'`; the others do not bear it. `qualifiers.specimen` and `.method` tell which it is.
 */
export async function fetchResults(kind: 'lab' | 'vital', input: FetchInput, context: ToolContext): Promise<ToolResult> {
  const tests = resolveAll(input.names, kind);
  const asked = askedOf(tests);
  const also = besides(asked);
  const wider = [
    ...tests,
    ...also.map((a) => ({ asked: a.name, analytes: [a], specimen: null, method: null, loinc: null, panel: null, near: null })),
  ];
  const unit = unitAsked(input.unit, asked);
  const [read, stays, status] = await Promise.all([
    readObservations(context, wider, kind),
    staysOrNull(context, input.stay !== undefined),
    patientStatus(context),
  ]);
  context.signal.throwIfAborted();
  const about: About = {
    context,
    kind,
    read,
    window: windowOf(input, stays, context),
    status,
    birthDate: birthDateOf(status, lockOf(context)),
    stays,
    knowledge: context.sources.knowledge ?? OUR_KNOWLEDGE,
    unit,
  };
  const sorted = sort(read, kind, offsetOf(context.asOf) ?? 'Z');
  const totals = asked.some((a) => a.analyte?.key === 'gcs-total') ? comaTotals(sorted, about) : [];
  const results = asked.map((a) => report(a, mineOf(a, sorted, totals), about));
  const instead = askedOf(wider.slice(tests.length)).filter((a) => isInstead(a, asked, results));
  const all = [...results, ...instead.map((a) => report(a, mineOf(a, sorted, []), about))];
  const stale = staleFlag(all.map((r) => r.stale).filter((s) => s !== null));
  return together([...all, { evidence: totals, completeness: [], flags: stale }]);
}

/** The same row of a table decides for many results; it is returned once. */
function together(results: readonly ToolResult[]): ToolResult {
  const unique = <T extends { id: string }>(items: T[]) => [...new Map(items.map((item) => [item.id, item])).values()];
  return {
    evidence: unique(results.flatMap((r) => r.evidence)),
    completeness: unique(results.flatMap((r) => r.completeness)),
    flags: unique(results.flatMap((r) => r.flags)),
  };
}

/** An assay that was not asked for answers only where the asked one has no result. */
function isInstead(other: Asked, asked: readonly Asked[], results: readonly ToolResult[]): boolean {
  return asked.some((a, i) => a.analyte?.instead?.includes(other.analyte!.key) && results[i]!.completeness.every((c) => c.found === 0));
}

function unitAsked(text: string | undefined, asked: readonly Asked[]): About['unit'] {
  if (text === undefined) return null;
  const analyte = asked.find((a) => a.analyte !== null)?.analyte;
  const ucum = ucumOf(text, analyte ?? undefined);
  if (ucum === null) throw new ToolError('bad_input', `unit: “${text}” is no unit that is known; give it in UCUM, such as mmol/L.`);
  return { ucum, text };
}

/** Without a stay asked for, encounters that cannot be read cost only what rests on them. */
async function staysOrNull(context: ToolContext, isNeeded: boolean): Promise<HospitalStays | null> {
  try {
    const found = await hospitalStays(context);
    if (found.read.search.status === 'complete' || found.read.search.status === 'absent_from_source') return found;
    if (isNeeded)
      throw new ToolError(
        'unavailable',
        `The encounters could not be read completely (${found.read.search.reason ?? found.read.search.status}), so the stay is not known.`,
      );
    return null;
  } catch (error) {
    if (isNeeded || !(error instanceof ToolError) || error.code === 'not_allowed') throw error;
    return null;
  }
}

function windowOf(input: FetchInput, stays: HospitalStays | null, context: ToolContext): Window {
  const offset = offsetOf(context.asOf) ?? 'Z';
  const stay = input.stay === undefined ? null : input.stay === 'current' ? stays!.current : stays!.last;
  if (input.stay !== undefined && stay === null) {
    const what = input.stay === 'current' ? 'no hospital stay is current' : 'no hospital stay has ended';
    throw new ToolError('not_applicable', `stay: ${what} at ${context.asOf} by the record.`);
  }
  const from = input.from ?? null;
  const to = input.to ?? null;
  const [start, end] = [
    from === null ? Number.NEGATIVE_INFINITY : startOf(from, offset),
    to === null ? Number.POSITIVE_INFINITY : endOf(to, offset),
  ];
  if (start >= end) throw new ToolError('bad_input', 'from: lies after to.');
  return {
    from: from ?? stay?.start ?? null,
    to: to ?? stay?.end ?? null,
    stay,
    isOpen: to === null && input.stay !== 'last',
    holds: (item) => {
      const isInTime = from === null && to === null ? true : item.ms >= start && item.ms < end;
      return isInTime && (stay === null || belongsTo(item.resource, stay, context.asOf));
    },
  };
}

type Sorted = {
  items: Item[];
  pending: Item[];
  enteredInError: [Observation, Item[]][];
  unreadable: [Observation, Item[]][];
  later: [Observation, Item[]][];
};

function sort(read: Read<Observation>, kind: 'lab' | 'vital', offset: string): Sorted {
  const fits = (list: readonly Observation[]) => list.filter((o) => isOfKind(o, kind));
  const withItems = (list: readonly Observation[]) => fits(list).map((o): [Observation, Item[]] => [o, itemsOf(o, kind, offset)]);
  const known = new Set<unknown>([...read.resources, ...read.pending, ...read.enteredInError, ...read.unreadable]);
  return {
    items: fits(read.resources).flatMap((o) => itemsOf(o, kind, offset)),
    pending: fits(read.pending).flatMap((o) => itemsOf(o, kind, offset, true)),
    enteredInError: withItems(read.enteredInError),
    unreadable: withItems(read.unreadable),
    later: withItems((read.search.resources as Observation[]).filter((o) => !known.has(o))),
  };
}

function mineOf(asked: Asked, sorted: Sorted, totals: readonly Evidence[]): Mine {
  const of = (list: [Observation, Item[]][]) => list.filter(([, items]) => items.some((i) => answers(i, asked))).map(([o]) => o);
  return {
    items: [...sorted.items, ...sorted.pending].filter((i) => answers(i, asked)),
    enteredInError: of(sorted.enteredInError),
    unreadable: of(sorted.unreadable),
    later: of(sorted.later).length,
    computed: asked.analyte?.key === 'gcs-total' ? totals.filter((e) => e.value !== undefined && e.kind === 'calculation').length : 0,
  };
}

function comaTotals(sorted: Sorted, about: About): Evidence[] {
  const [server, patient] = [about.read.search.server, lockOf(about.context).id];
  const keyOf = (i: Item) => i.identified?.analyte.key;
  const inWindow = sorted.items.filter((i) => about.window.holds(i));
  const parts = inWindow
    .filter((i) => /^gcs-(eye|verbal|motor)$/.test(keyOf(i) ?? ''))
    .map((item) => ({ item, evidence: showItem(item, server, patient, about).evidence }));
  const recorded = inWindow.filter((i) => keyOf(i) === 'gcs-total');
  const totals = gcsTotals(parts, recorded, patient);
  const used = new Set(totals.flatMap((t) => (t.source.type === 'calculation' ? t.source.inputs : [])));
  return [...totals, ...parts.filter((p) => used.has(p.evidence.id)).map((p) => p.evidence)];
}
