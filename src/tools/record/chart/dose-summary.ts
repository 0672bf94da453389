// What the charted doses of a drug come to: the last dose given, and how many. What was not given counts as no dose.
import { type Component, type Evidence, makeEvidence } from '../../../evidence/index.ts';
import { drugKey } from './about.ts';
import { isDose } from './administration-events.ts';
import { qualifiersOf } from './quantity.ts';
import { newestFirst, reasons } from './section.ts';
import { amountOf, type Dose, isIcuCharting, isInfusion, timeOfDose, wholeDoses } from './whole-doses.ts';

const eventOf = (e: Evidence) => e.qualifiers?.['event'];
const NOT_STATED = 'charted, event not stated';
const COUNTED = ['given', 'delayed', 'partial', 'not given', 'held', 'refused', 'stopped', NOT_STATED] as const;

/**
 * For each drug a `last dose given` (value: its time), a `number of doses given` (of what was only infused: its intervals) and, while it
 * runs, a `running now` (value: since when); for several drugs asked together (a class) also these over all of them. `administrations` are evidence of kind `medication` with an administration's event.
 * @param about what was asked, or null; @param window the same for all, shown in the count;
 * @param note what is uncertain about all of them, told as a caution.
 */
export function doseSummaries(
  administrations: readonly Evidence[],
  about: string | null,
  window: [string | null, string | null],
  note: string | null = null,
): Evidence[] {
  const groups = new Map<string, Evidence[]>();
  for (const e of administrations) {
    const key = drugKey(e.concept.name);
    groups.set(key, [...(groups.get(key) ?? []), e]);
  }
  const summaries = [...groups.values()].flatMap((group) => summariesOf(nameOf(group), group, window, note));
  if (groups.size > 1 && about !== null) summaries.unshift(...summariesOf(about, administrations, window, note));
  return summaries;
}

/** The name that most of the doses bear. */
function nameOf(group: readonly Evidence[]): string {
  const counts = new Map<string, number>();
  for (const e of group) counts.set(e.concept.name, (counts.get(e.concept.name) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]![0];
}

function summariesOf(name: string, group: readonly Evidence[], window: [string | null, string | null], note: string | null): Evidence[] {
  const sorted = [...group].sort(newestFirst);
  const doses = sorted.filter((e) => isDose(eventOf(e)));
  const given = wholeDoses(doses).sort((a, b) => timeOfDose(b) - timeOfDose(a));
  const last = given.find((dose) => dose.entries[0]!.time !== undefined);
  const inputs = sorted.map((e) => e.id).sort();
  const unstated = unstatedWords(group);
  const summaries = [countOf(name, group, given, window, inputs, unstated, note), ...runningNow(name, doses, inputs)];
  return last === undefined ? summaries : [lastDose(name, last, sorted, inputs, unstated, note), ...summaries];
}

/** Null where every entry says what happened. */
export function unstatedWords(group: readonly Evidence[]): string | null {
  const n = group.filter((e) => eventOf(e) === NOT_STATED).length;
  return n === 0 ? null : n === 1 ? '1 entry does not say whether a dose was given' : `${n} entries do not say whether a dose was given`;
}

/** Doses; of a drug that was only infused, the intervals, since an infusion has no number of doses. */
function countOf(
  name: string,
  group: readonly Evidence[],
  given: readonly Dose[],
  window: [string | null, string | null],
  inputs: string[],
  unstated: string | null,
  note: string | null,
): Evidence {
  const infusions = given.filter(({ entries }) => isInfusion(entries[0]!));
  const points = given.length - infusions.length;
  const onlyInfused = points === 0 && infusions.length > 0;
  const twice = given.filter((d) => d.isTwice).length;
  const hasParts = given.some((d) => (d.isTwice ? d.entries.length > 2 : d.entries.length > 1));
  const counts: Component[] = COUNTED.map((event) => ({ event, of: group.filter((e) => eventOf(e) === event) }))
    .filter(({ of }) => of.length > 0)
    .map(({ event, of }) => ({
      name: event,
      value: { type: 'quantity', value: of.length, unit: of.length === 1 ? 'entry' : 'entries' },
      inputs: of.map((e) => e.id).sort(),
    }));
  if (infusions.length > 0 && !onlyInfused)
    counts.push({
      name: 'infusion intervals, not counted as doses',
      value: { type: 'quantity', value: infusions.length, unit: infusions.length === 1 ? 'interval' : 'intervals' },
      inputs: infusions.flatMap((dose) => dose.entries.map((e) => e.id)).sort(),
    });
  const counted = [
    onlyInfused ? 'intervals of an infusion, which has no number of doses' : null,
    hasParts ? 'entries of one drug at one time are parts of one dose' : null,
    twice > 0 ? `${twice} charted by the ICU and by the ward within 45 minutes, each counted once` : null,
  ].filter((c) => c !== null);
  return makeEvidence({
    kind: 'calculation',
    patient: group[0]?.patient ?? null,
    concept: { name: `${name}: number of ${onlyInfused ? 'infusion intervals' : 'doses given'}`, codings: [] },
    value: onlyInfused
      ? { type: 'quantity', value: infusions.length, unit: infusions.length === 1 ? 'infusion interval' : 'infusion intervals' }
      : { type: 'quantity', value: points, unit: points === 1 ? 'dose' : 'doses' },
    components: counts,
    time: { start: window[0], end: window[1], kind: 'computed' },
    qualifiers: qualifiersOf({ drug: name, counted: counted.join('; '), caution: reasons(cautionOf(group, twice), note), unstated }),
    source: { type: 'calculation', method: 'number of doses given', inputs },
  });
}

/** What runs at the as-of time: since when, and at which rate. One for each drug. */
function runningNow(name: string, doses: readonly Evidence[], inputs: string[]): Evidence[] {
  const running = doses.filter((e) => e.qualifiers?.['running'] !== undefined && e.time?.start != null);
  const [newest] = running;
  if (newest === undefined) return [];
  return [
    makeEvidence({
      kind: 'calculation',
      patient: newest.patient,
      concept: { name: `${name}: running now`, codings: newest.concept.codings },
      value: { type: 'time', time: newest.time!.start! },
      components: running.flatMap((e) => [
        { name: 'running since', value: { type: 'time' as const, time: e.time!.start! }, inputs: [e.id] },
        ...(e.components ?? []).filter((c) => c.name === 'rate').map((c) => ({ ...c, inputs: [e.id] })),
      ]),
      time: { start: newest.time!.start, end: null, kind: 'given' },
      qualifiers: { drug: newest.concept.name, running: newest.qualifiers!['running']! },
      source: { type: 'calculation', method: 'running now', inputs },
    }),
  ];
}

function lastDose(
  name: string,
  dose: Dose,
  sorted: readonly Evidence[],
  inputs: string[],
  unstated: string | null,
  note: string | null,
): Evidence {
  const { entries, isTwice } = dose;
  const entry = entries[0]!;
  const running = entries.find((e) => e.qualifiers?.['running'] !== undefined)?.qualifiers?.['running'];
  const components: Component[] = [
    { name: 'dose', value: amountOf(dose), time: entry.time!, inputs: entries.map((e) => e.id) },
    ...newerThan(sorted, entry).map((e) => ({
      name: `later entry: ${eventOf(e)}`,
      value: { type: 'text' as const, text: ownWord(e) },
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
    qualifiers: qualifiersOf({
      drug: entry.concept.name,
      event: entries.some((e) => eventOf(e) === 'partial') ? 'partial' : eventOf(entry)!,
      entries: isTwice
        ? `${entries.length}, one dose charted by the ICU and by the ward`
        : entries.length > 1
          ? `${entries.length}, parts of one dose`
          : null,
      running,
      caution: note,
      unstated,
    }),
    source: { type: 'calculation', method: 'last dose given', inputs },
  });
}

/** The source's own word for what happened: its method, else its reason, else the status. */
const ownWord = (e: Evidence) => e.qualifiers?.['method'] ?? e.qualifiers?.['statusReason'] ?? `status ${e.status ?? 'not recorded'}`;

/** What neither time nor amount tells: whether an infusion charted by the ICU is the ward's entry too. */
function cautionOf(group: readonly Evidence[], twice: number): string | null {
  const icu = group.filter(isIcuCharting).length;
  if (icu === 0 || icu === group.length) return null;
  return twice > 0
    ? 'the record does not say which entries of ICU and ward charting are one dose; they are joined by time and amount'
    : 'entries of ICU and ward charting are counted; a dose may stand in both';
}

/** Entries after the last dose that were no dose: held or refused since then must be seen beside it. At most five. */
function newerThan(sorted: readonly Evidence[], last: Evidence): Evidence[] {
  return sorted
    .slice(0, sorted.indexOf(last))
    .filter((e) => !isDose(eventOf(e)))
    .slice(0, 5);
}
