// What the charted doses of a drug come to: the last dose given, and how many. What was not given counts as no dose.
import { type Component, type Evidence, makeEvidence, type Value } from '../../../evidence/index.ts';
import { drugKey } from './about.ts';
import { isDose } from './administration-events.ts';
import { STILL_RUNNING } from './medication-evidence.ts';
import { newestFirst } from './section.ts';

const eventOf = (e: Evidence) => e.qualifiers?.['event'];
const COUNTED = ['given', 'delayed', 'partial', 'not given', 'held', 'refused', 'stopped', 'charted, event not stated'] as const;

/**
 * For each drug a `last dose given` (value: the dose or, without one, the time) and a `number of doses given`; for several drugs asked
 * together (a class) also both over all of them. `administrations` are evidence of kind `medication` with an administration's event.
 * @param about what was asked, or null; @param window the same for all, shown in the count.
 */
export function doseSummaries(
  administrations: readonly Evidence[],
  about: string | null,
  window: [string | null, string | null],
): Evidence[] {
  const groups = new Map<string, Evidence[]>();
  for (const e of administrations) {
    const key = drugKey(e.concept.name);
    groups.set(key, [...(groups.get(key) ?? []), e]);
  }
  const summaries = [...groups.values()].flatMap((group) => summariesOf(nameOf(group), group, window));
  if (groups.size > 1 && about !== null) summaries.unshift(...summariesOf(about, administrations, window));
  return summaries;
}

/** The name that most of the doses bear. */
function nameOf(group: readonly Evidence[]): string {
  const counts = new Map<string, number>();
  for (const e of group) counts.set(e.concept.name, (counts.get(e.concept.name) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]![0];
}

function summariesOf(name: string, group: readonly Evidence[], window: [string | null, string | null]): Evidence[] {
  const sorted = [...group].sort(newestFirst);
  const doses = sorted.filter((e) => isDose(eventOf(e)));
  const given = wholeDoses(doses);
  const infusions = given.filter(([e]) => e!.time?.end != null || e!.qualifiers?.['running'] === STILL_RUNNING);
  const points = given.length - infusions.length;
  const last = given.find((dose) => dose[0]!.time !== undefined);
  const inputs = sorted.map((e) => e.id).sort();
  const patient = group[0]?.patient ?? null;
  const counts: Component[] = COUNTED.map((event) => ({ event, of: group.filter((e) => eventOf(e) === event) }))
    .filter(({ of }) => of.length > 0)
    .map(({ event, of }) => ({
      name: event,
      value: { type: 'quantity', value: of.length, unit: of.length === 1 ? 'entry' : 'entries' },
      inputs: of.map((e) => e.id).sort(),
    }));
  if (infusions.length > 0)
    counts.push({
      name: 'infusion intervals, not counted as doses',
      value: { type: 'quantity', value: infusions.length, unit: infusions.length === 1 ? 'interval' : 'intervals' },
      inputs: infusions.flatMap((dose) => dose.map((e) => e.id)).sort(),
    });
  const count = makeEvidence({
    kind: 'calculation',
    patient,
    concept: { name: `${name}: number of doses given`, codings: [] },
    value: { type: 'quantity', value: points, unit: points === 1 ? 'dose' : 'doses' },
    components: counts,
    time: { start: window[0], end: window[1], kind: 'computed' },
    qualifiers: {
      drug: name,
      ...(given.length < doses.length ? { counted: 'entries of one drug at one time are parts of one dose' } : {}),
      ...twice(group),
    },
    source: { type: 'calculation', method: 'number of doses given', inputs },
  });
  return last === undefined ? [count] : [lastDose(name, last, sorted, inputs), count];
}

/** Entries of one drug at one time are one dose: the eMAR has an entry for each tablet or vial that was scanned. Newest first. */
function wholeDoses(doses: readonly Evidence[]): Evidence[][] {
  const byDose = new Map<string, Evidence[]>();
  for (const e of doses) {
    const key = JSON.stringify(e.time === undefined ? e.id : [e.concept.name, e.concept.codings[0]?.system, e.time.start, e.time.end]);
    byDose.set(key, [...(byDose.get(key) ?? []), e]);
  }
  return [...byDose.values()];
}

/** The amount of a dose: its entries' sum where all tell it in one unit. */
function amountOf(dose: readonly Evidence[]): Value {
  const amounts = dose.flatMap((e) => (e.value?.type === 'quantity' ? [e.value] : []));
  const first = amounts[0];
  if (first === undefined || amounts.length < dose.length || amounts.some((a) => a.unit !== first.unit))
    return { type: 'absent', reason: 'amount not recorded as a dose of this drug' };
  return amounts.length === 1 ? first : { ...first, value: Number(amounts.reduce((sum, a) => sum + a.value, 0).toPrecision(10)) };
}

function lastDose(name: string, dose: readonly Evidence[], sorted: readonly Evidence[], inputs: string[]): Evidence {
  const entry = dose[0]!;
  const running = dose.find((e) => e.qualifiers?.['running'] !== undefined)?.qualifiers?.['running'];
  const components: Component[] = [
    { name: 'dose', value: amountOf(dose), time: entry.time!, inputs: dose.map((e) => e.id) },
    ...newerThan(sorted, entry).map((e) => ({
      name: `later entry: ${eventOf(e)}`,
      value: { type: 'text' as const, text: e.qualifiers?.['method'] ?? 'not recorded' },
      ...(e.time === undefined ? {} : { time: e.time }),
      inputs: [e.id],
    })),
  ];
  return makeEvidence({
    kind: 'calculation',
    patient: entry.patient,
    concept: { name: `${name}: last dose given`, codings: entry.concept.codings },
    value: { type: 'time', time: entry.time!.start ?? entry.time!.end! },
    components,
    time: { ...entry.time!, kind: 'given' },
    qualifiers: {
      drug: entry.concept.name,
      event: dose.some((e) => eventOf(e) === 'partial') ? 'partial' : eventOf(entry)!,
      ...(dose.length > 1 ? { entries: `${dose.length}, parts of one dose` } : {}),
      ...(running === undefined ? {} : { running }),
    },
    source: { type: 'calculation', method: 'last dose given', inputs },
  });
}

/** An ICU's own charting stands beside the ward's eMAR (MIMIC): one dose may be in both, and nothing in the record joins them. */
function twice(group: readonly Evidence[]): { caution?: string } {
  const isIcu = (e: Evidence) => e.concept.codings.some((c) => /icu/i.test(c.system ?? ''));
  const icu = group.filter(isIcu).length;
  return icu > 0 && icu < group.length ? { caution: 'entries of ICU and ward charting are counted; a dose may stand in both' } : {};
}

/** Entries after the last dose that were no dose: held or refused since then must be seen beside it. At most five. */
function newerThan(sorted: readonly Evidence[], last: Evidence): Evidence[] {
  return sorted
    .slice(0, sorted.indexOf(last))
    .filter((e) => !isDose(eventOf(e)))
    .slice(0, 5);
}
