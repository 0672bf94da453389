// Critical results that must be said unasked: the result's own flag first (HH, LL, AA), else the table of critical limits.
// Only the newest of what is measured, in whichever assay or kind of blood, and only of the current stay or the last 72 hours.
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
/** Analytes that tell the same thing: a newer result of one stands for the other too. Nearly all of total CO2 is bicarbonate. */
const SAME: readonly (readonly string[])[] = [['bicarbonate', 'total-co2']];
/** Artery and vein differ in these, so a result of the one says nothing of the other. */
const BY_VESSEL = new Set(['ph', 'pco2', 'po2']);

/** Flags with their evidence, and how far was looked. Throws as reading the record does (`not_allowed`, abort); never for an unreachable server. */
export async function criticalOf(context: ToolContext): Promise<ToolResult> {
  const knowledge = context.sources.knowledge ?? OUR_KNOWLEDGE;
  const table = knowledge.criticalValues;
  const [status, stay] = await Promise.all([patientStatus(context), currentStay(context)]);
  const offset = offsetOf(context.asOf) ?? 'Z';
  const recent = startOf(context.asOf) - RECENT_HOURS * HOUR;
  const begin = stay?.start == null ? recent : Math.min(recent, startOf(stay.start, offset));
  const criticalIn = ({ resources }: Read<Observation>) =>
    newestOfEach(
      resources
        .filter((o) => isOfKind(o, 'lab'))
        .flatMap((o) => itemsOf(o, 'lab', offset))
        .filter((i) => i.ms >= begin),
    ).filter((i) => judge(i, table) !== null);
  let read = await readCritical(context, table, toOffset(begin, offset), toOffset(recent, offset));
  const oldest = Math.min(...criticalIn(read).map((i) => i.ms));
  // "Not repeated since" needs the repeats that bear no LOINC code too.
  if (oldest < recent) read = combine([read, await readSince(context, toOffset(oldest, offset))]);
  // A result entered in error is rightly left out: the reading is whole without it.
  const own = { ...read, enteredInError: [], unreadable: read.unreadable.filter((o) => isOfKind(o, 'lab')) };
  const lock = lockOf(context);
  const patient = lock.id;
  const found = criticalIn(read).map((item): { flag: Flag; evidence: Evidence[] } => {
    const judged = judge(item, table)!;
    const { evidence } = showItem(item, read.search.server, patient, {
      status,
      birthDate: birthDateOf(status, lock),
      knowledge,
      unit: null,
    });
    const row = judged.limit === null ? null : limitEvidence(table, judged.limit, item);
    const text = sentence(item, evidence, judged, table, status, startOf(context.asOf));
    const cited = row === null ? [evidence] : [evidence, row];
    return { flag: makeFlag({ kind: 'critical', text, citations: cited.map((e) => e.id) }), evidence: cited };
  });
  return {
    evidence: found.flatMap((f) => f.evidence),
    completeness: [completenessOf(context, own, 'critical results', { found: found.length, from: toOffset(begin, offset) })],
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
  const keys = new Set(table.entries.flatMap((e) => sameAs(e.analyte)));
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

async function readSince(context: ToolContext, time: string): Promise<Read<Observation>> {
  const parameters = [
    ['date', `ge${time}`],
    ['date', `le${context.asOf}`],
  ] as const;
  try {
    return await readRecord<Observation>(context, { type: 'Observation', parameters: [['category', 'laboratory'], ...parameters] });
  } catch (error) {
    if (!(error instanceof ToolError) || error.code !== 'unsupported') throw error;
    return readRecord<Observation>(context, { type: 'Observation', parameters });
  }
}

const sameAs = (key: string): readonly string[] => SAME.find((group) => group.includes(key)) ?? [key];

/** What is measured: serum, whole blood and a drop from the finger tell one potassium, one glucose, one haemoglobin. */
function measured(item: Item): string {
  const specimen = specimenOf(item) ?? '';
  const key = item.identified?.analyte.key;
  if (key === undefined) return `${nameOf(item)} ${specimen}`;
  return BY_VESSEL.has(key) || !/serum|plasma|blood/i.test(specimen) ? `${key} ${specimen}` : sameAs(key)[0]!;
}

/** The newest with a result of each thing measured; several where they share the time. Words in place of a number end no number. */
function newestOfEach(items: readonly Item[]): Item[] {
  const told = items.filter((i) => i.read.value.type !== 'absent' && i.resource.status !== 'cancelled' && !Number.isNaN(i.ms));
  const isNumber = (i: Item) => i.read.value.type === 'quantity';
  return [...Map.groupBy(told, measured).values()].flatMap((group) => {
    const comparable = group.some(isNumber) ? group.filter((i) => isNumber(i) || ownCode(i) !== undefined) : group;
    const newest = Math.max(...comparable.map((i) => i.ms));
    return comparable.filter((i) => i.ms === newest);
  });
}

function ownCode(item: Item): string | undefined {
  const source = item.component === null ? item.resource : item.resource.component![item.component]!;
  return (source.interpretation ?? []).flatMap((c) => c.coding ?? []).find((c) => OWN_CODES.has(c.code ?? ''))?.code;
}

type Judged = { own: string; limit: null } | { own: null; limit: CriticalLimit; side: 'low' | 'high' };

function judge(item: Item, table: Table<CriticalLimit>): Judged | null {
  const own = ownCode(item);
  if (own !== undefined) return { own, limit: null };
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

/** Of a result that was not repeated for longer than a critical one should be. */
function ageOf(item: Item, asOf: number): string {
  const hours = (asOf - item.ms) / HOUR;
  return hours > RECENT_HOURS ? `, ${Math.floor(hours / 24)} days ago and not repeated since` : '';
}

function sentence(
  item: Item,
  evidence: Evidence,
  judged: Judged,
  table: Table<CriticalLimit>,
  status: PatientStatus,
  asOf: number,
): string {
  const value = formatValue(evidence.value!);
  const what = `${nameOf(item)} ${value}${item.time === null ? '' : ` at ${readableTime(item.time)}`}${ageOf(item, asOf)}`;
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
