// What the charted doses of a drug come to: the last dose given, and how many. What was not given counts as no dose.
import { type Component, type Evidence, makeEvidence } from '../../../evidence/index.ts';
import { drugKey } from './about.ts';
import { isDose } from './administration-events.ts';
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
  const last = doses.find((e) => e.time !== undefined);
  const inputs = sorted.map((e) => e.id).sort();
  const patient = group[0]?.patient ?? null;
  const counts: Component[] = COUNTED.map((event) => ({ event, of: group.filter((e) => eventOf(e) === event) }))
    .filter(({ of }) => of.length > 0)
    .map(({ event, of }) => ({
      name: event,
      value: { type: 'quantity', value: of.length, unit: of.length === 1 ? 'entry' : 'entries' },
      inputs: of.map((e) => e.id).sort(),
    }));
  const count = makeEvidence({
    kind: 'calculation',
    patient,
    concept: { name: `${name}: number of doses given`, codings: [] },
    value: { type: 'quantity', value: doses.length, unit: doses.length === 1 ? 'dose' : 'doses' },
    components: counts,
    time: { start: window[0], end: window[1], kind: 'computed' },
    qualifiers: { drug: name, ...twice(group) },
    source: { type: 'calculation', method: 'number of doses given', inputs },
  });
  if (last === undefined) return [count];
  const lastComponents: Component[] = [
    {
      name: 'dose',
      value: last.value ?? { type: 'absent', reason: 'amount not recorded as a dose of this drug' },
      time: last.time!,
      inputs: [last.id],
    },
    ...newerThan(sorted, last).map((e) => ({
      name: `later entry: ${eventOf(e)}`,
      value: { type: 'text' as const, text: e.qualifiers?.['method'] ?? 'not recorded' },
      ...(e.time === undefined ? {} : { time: e.time }),
      inputs: [e.id],
    })),
  ];
  return [
    makeEvidence({
      kind: 'calculation',
      patient,
      concept: { name: `${name}: last dose given`, codings: last.concept.codings },
      value: { type: 'time', time: last.time!.start ?? last.time!.end! },
      components: lastComponents,
      time: { ...last.time!, kind: 'given' },
      qualifiers: {
        drug: last.concept.name,
        event: eventOf(last)!,
        ...(last.qualifiers?.['running'] ? { running: last.qualifiers['running'] } : {}),
      },
      source: { type: 'calculation', method: 'last dose given', inputs },
    }),
    count,
  ];
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
