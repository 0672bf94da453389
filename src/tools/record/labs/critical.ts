// Critical results that must be said unasked: the result's own flag first (HH, LL, AA), else the table of critical limits.
// Only the newest of its analyte and specimen, and only of the current stay or the last 72 hours.
import type { Observation } from 'fhir/r4.js';
import {
  type Evidence,
  type Flag,
  formatNumber,
  formatValue,
  makeFlag,
  offsetOf,
  readableTime,
  startOf,
  toOffset,
} from '../../../evidence/index.ts';
import { ANALYTES, type CriticalLimit, OUR_KNOWLEDGE, type Table, tableEvidence } from '../../knowledge/index.ts';
import { type ToolContext, ToolError, type ToolResult } from '../../tool.ts';
import { type PatientStatus, patientStatus } from '../patient-status.ts';
import { completenessOf, lockOf, type Read, readRecord } from '../read.ts';
import { hospitalStays, type Stay } from '../stays.ts';
import { birthDateOf } from './about.ts';
import { type Item, isHaemolysed, isOfKind, itemsOf, LOINC, nameOf, specimenOf } from './item.ts';
import { convertLimit } from './ranges.ts';
import { combine } from './search.ts';
import { showItem } from './show.ts';
import { convert } from './units.ts';

const HOUR = 3_600_000;
const RECENT_HOURS = 72;
const OWN_CODES = new Set(['HH', 'LL', 'AA']);

/** Flags with their evidence, and how far was looked. Throws as reading the record does (`not_allowed`, abort); never for an unreachable server. */
export async function criticalOf(context: ToolContext): Promise<ToolResult> {
  const knowledge = context.sources.knowledge ?? OUR_KNOWLEDGE;
  const table = knowledge.criticalValues;
  const [status, stay] = await Promise.all([patientStatus(context), currentStay(context)]);
  const offset = offsetOf(context.asOf) ?? 'Z';
  const recent = startOf(context.asOf) - RECENT_HOURS * HOUR;
  const begin = stay?.start == null ? recent : Math.min(recent, startOf(stay.start, offset));
  const read = await readCritical(context, table, toOffset(begin, offset), toOffset(recent, offset));
  const items = read.resources.filter((o) => isOfKind(o, 'lab')).flatMap((o) => itemsOf(o, 'lab', offset));
  const lock = lockOf(context);
  const patient = lock.id;
  const found = newestOfEach(items.filter((i) => i.ms >= begin)).flatMap((item): { flag: Flag; evidence: Evidence[] }[] => {
    const judged = judge(item, table);
    if (judged === null) return [];
    const { evidence } = showItem(item, read.search.server, patient, {
      status,
      birthDate: birthDateOf(status, lock),
      knowledge,
      unit: null,
    });
    const row = judged.limit === null ? null : limitEvidence(table, judged.limit, item);
    const text = sentence(item, evidence, judged, table, status);
    const cited = row === null ? [evidence] : [evidence, row];
    return [{ flag: makeFlag({ kind: 'critical', text, citations: cited.map((e) => e.id) }), evidence: cited }];
  });
  return {
    evidence: found.flatMap((f) => f.evidence),
    completeness: [completenessOf(context, read, 'critical laboratory results', { found: found.length, from: toOffset(begin, offset) })],
    flags: found.map((f) => f.flag),
  };
}

/** Without readable encounters the last 72 hours are looked at. */
async function currentStay(context: ToolContext): Promise<Stay | null> {
  try {
    return (await hospitalStays(context)).current;
  } catch (error) {
    if (!(error instanceof ToolError) || error.code === 'not_allowed') throw error;
    return null;
  }
}

/** What the table names, by LOINC, over the stay; and every laboratory result of the last 72 hours, for own flags and results without LOINC. */
async function readCritical(context: ToolContext, table: Table<CriticalLimit>, begin: string, recent: string): Promise<Read<Observation>> {
  const keys = new Set(table.entries.map((e) => e.analyte));
  const codes = ANALYTES.filter((a) => keys.has(a.key)).flatMap((a) => a.loinc.map((l) => `${LOINC}|${l.code}`));
  // What is drawn later is of no concern here, so it is not read to be counted.
  const until = ['date', `le${context.asOf}`] as const;
  const search = (parameters: readonly (readonly [string, string])[]) =>
    readRecord<Observation>(context, { type: 'Observation', parameters });
  try {
    return combine(
      await Promise.all([
        search([['code', codes.join(',')], ['date', `ge${begin}`], until]),
        search([['category', 'laboratory'], ['date', `ge${recent}`], until]),
      ]),
    );
  } catch (error) {
    if (!(error instanceof ToolError) || error.code !== 'unsupported') throw error;
    return search([['date', `ge${begin}`], until]);
  }
}

/** The newest with a result of each analyte (or label) and specimen; several where they share the time. */
function newestOfEach(items: readonly Item[]): Item[] {
  const told = items.filter((i) => i.read.value.type !== 'absent' && i.resource.status !== 'cancelled');
  const groups = Map.groupBy(told, (i) => `${i.identified?.analyte.key ?? nameOf(i)} ${specimenOf(i)}`);
  return [...groups.values()].flatMap((group) => {
    const newest = Math.max(...group.map((i) => i.ms));
    return group.filter((i) => i.ms === newest);
  });
}

type Judged = { own: string; limit: null } | { own: null; limit: CriticalLimit; side: 'low' | 'high' };

function judge(item: Item, table: Table<CriticalLimit>): Judged | null {
  const source = item.component === null ? item.resource : item.resource.component![item.component]!;
  const own = (source.interpretation ?? []).flatMap((c) => c.coding ?? []).find((c) => OWN_CODES.has(c.code ?? ''));
  if (own?.code !== undefined) return { own: own.code, limit: null };
  const { value, ucum, problem } = item.read;
  if (value.type !== 'quantity' || ucum === null || problem !== null) return null;
  const analyte = item.identified?.analyte;
  const limit = table.entries.find((e) => e.analyte === analyte?.key && (e.specimen === null || e.specimen === specimenOf(item)));
  if (limit === undefined) return null;
  const number = convert(value.value, ucum, limit.unit, analyte)?.value;
  if (number === undefined) return null;
  // `<5` is surely at or below any limit from 5 up; `<200` tells nothing of a high limit.
  const [isBelow, isAbove] = [!value.comparator?.startsWith('>'), !value.comparator?.startsWith('<')];
  if (limit.low !== null && isBelow && number <= limit.low) return { own: null, limit, side: 'low' };
  if (limit.high !== null && isAbove && number >= limit.high) return { own: null, limit, side: 'high' };
  return null;
}

function limitEvidence(table: Table<CriticalLimit>, limit: CriticalLimit, item: Item): Evidence {
  const name = `${item.identified!.analyte.name}: critical limits (adults)`;
  return tableEvidence(table, limit.analyte, name, { type: 'range', low: limit.low, high: limit.high, unit: limit.unit });
}

function sentence(item: Item, evidence: Evidence, judged: Judged, table: Table<CriticalLimit>, status: PatientStatus): string {
  const value = formatValue(evidence.value!);
  const what = `${nameOf(item)} ${value}${item.time === null ? '' : ` at ${readableTime(item.time)}`}`;
  const haemolysed = isHaemolysed(item) ? ' The comment notes haemolysis.' : '';
  if (judged.own !== null) return `Critical: ${what} (flagged ${judged.own} by the laboratory).${haemolysed}`;
  const { limit, side } = judged;
  const recorded = evidence.value?.type === 'quantity' ? evidence.value.unit : null;
  const inRecorded = convertLimit(limit[side]!, limit.unit, item);
  const unit = inRecorded === undefined ? limit.unit : (recorded ?? '');
  const bound = `${formatNumber(inRecorded ?? limit[side]!)} ${unit === '[pH]' ? '' : unit}`.trim();
  const list = table.own
    ? `${table.title}, ${table.publisher}`
    : `${table.publisher}, ${table.date.slice(0, 4)}; not your laboratory's list`;
  const isOther = !status.adult || status.pregnant === true;
  const adult = isOther ? '; adult limits, no limits for this age on file' : '';
  return `Critical: ${what}, at or ${side === 'low' ? 'below' : 'above'} ${bound} (${list}${adult}).${haemolysed}`;
}
