// Needs → tool calls. Planned again after each turn: what a need still misses is called next, until nothing is missing.
import { type Evidence, startOf } from '../../evidence/index.ts';
import type { ToolResult } from '../../tools/index.ts';
import { type Call, callKey, type Outcomes } from './calls.ts';
import type { CallOutcome } from './compose/outcome.ts';
import type { EncounterNeed, Need, ResultNeed, StayRef, Thing, When } from './needs.ts';
import { callsInOneUnit } from './one-unit.ts';
import { needsAll, pagesOf } from './pages.ts';
import { isRecentTrend, type TrendCalls, trendCalls } from './trend-window.ts';

/** The panels that stand for "the labs": what is ordered for nearly everybody. */
const USUAL_PANELS = ['chem-10', 'lft', 'cbc', 'coagulation', 'blood-gas', 'cardiac-markers'];

/** What a need rests on, as far as it can be told by now. */
export type Planned = {
  calls: Call[];
  /** The stay asked for is not in the record. */
  noStay?: boolean;
  /** No stay is current: the last one was read in its place. */
  fellBack?: boolean;
  /** A trend for which no time was asked: the calls that it is told from. */
  trend?: TrendCalls;
  /** For things whose results came in several units: the call for all of them in one. */
  inOneUnit?: ReadonlyMap<Thing, Call>;
};

const KIND_WORDS = { hospital: 'hospital stay', icu: 'ICU', emergency: 'emergency department', outpatient: 'outpatient' } as const;

const encountersCall = (kind: EncounterNeed['kind']): Call => ({
  name: 'read_chart',
  args: { section: 'encounters', ...(kind === 'any' ? {} : { about: KIND_WORDS[kind] }) },
});

type Window = { from?: string; to?: string; stay?: 'current' | 'last' };

/** The stays of a call, oldest first. */
export function staysIn(outcome: CallOutcome | undefined): Evidence[] {
  if (outcome?.ok !== true) return [];
  return outcome.result.evidence
    .filter((e) => e.kind === 'encounter' && !/^(?:planned|cancelled)$/.test(e.status ?? '') && !isPart(e, outcome.result))
    .sort((a, b) => startOf(a.time?.start ?? '') - startOf(b.time?.start ?? ''));
}

/** Among encounters of every kind, the wards and departments within a stay are not visits of their own. */
const isPart = (e: Evidence, { completeness }: ToolResult) =>
  completeness.some((c) => c.what === 'encounters') &&
  (e.qualifiers?.['partOf'] !== undefined || /ICU stay|part of a stay/.test(e.qualifiers?.['encounterKind'] ?? ''));

export const isCurrent = (e: Evidence) => e.qualifiers?.['current'] !== undefined;

/** The stay that is meant: the nth of its year, the current one, or the last that is over. */
export function chooseStay(stays: readonly Evidence[], ref: StayRef): Evidence | null {
  const fits = ref.year === undefined ? stays : stays.filter((e) => e.time?.start?.startsWith(String(ref.year)));
  if (ref.which === 'current') return fits.findLast(isCurrent) ?? null;
  if (ref.which === 'last') return fits.findLast((e) => !isCurrent(e)) ?? null;
  return fits.at(ref.which > 0 ? ref.which - 1 : ref.which) ?? null;
}

/** Resolves a time to a window; null while the encounters are still to be read. */
function windowFor(when: When | null, outcomes: Outcomes): { window: Window; calls: Call[]; noStay?: boolean } | null {
  if (when === null) return { window: {}, calls: [] };
  if (when.type === 'window')
    return { window: { ...(when.from ? { from: when.from } : {}), ...(when.to ? { to: when.to } : {}) }, calls: [] };
  if (when.type === 'around') return { window: { from: when.from, to: when.to }, calls: [] };
  if (when.type !== 'stay') return { window: {}, calls: [] };
  const { stay } = when;
  if (stay.kind === 'hospital' && stay.year === undefined && (stay.which === 'current' || stay.which === 'last'))
    return { window: { stay: stay.which }, calls: [] };
  const call = encountersCall(stay.kind);
  const outcome = outcomes.get(callKey(call));
  if (outcome === undefined) return null;
  const found = chooseStay(staysIn(outcome), stay);
  if (found?.time?.start == null) return { window: {}, calls: [call], noStay: true };
  return { window: { from: found.time.start, ...(found.time.end ? { to: found.time.end } : {}) }, calls: [call] };
}

/** Chart sections take from and to only: a stay is looked up first. */
function chartWindow(when: When | null, outcomes: Outcomes) {
  if (when?.type !== 'stay') return windowFor(when, outcomes);
  const call = encountersCall(when.stay.kind);
  const outcome = outcomes.get(callKey(call));
  if (outcome === undefined) return null;
  const found = chooseStay(staysIn(outcome), when.stay);
  if (found?.time?.start == null) return { window: {}, calls: [call], noStay: true };
  return { window: { from: found.time.start, ...(found.time.end ? { to: found.time.end } : {}) }, calls: [call] };
}

export function plan(need: Need, outcomes: Outcomes): Planned {
  switch (need.family) {
    case 'results':
      return planResults(need, outcomes);
    case 'medications': {
      const at = chartWindow(need.when, outcomes);
      const first = need.when?.type === 'stay' ? [encountersCall(need.when.stay.kind)] : [];
      if (at === null) return { calls: first };
      const abouts = need.things.length === 0 ? [undefined] : need.things.map((t) => t.ask);
      const { stay: _stay, ...window } = at.window;
      const calls = abouts.map((about) => ({
        name: 'read_chart',
        args: { section: 'medications', ...(about === undefined ? {} : { about }), ...window, status: need.status },
      }));
      return { calls: at.noStay ? first : [...at.calls, ...calls], ...(at.noStay ? { noStay: true } : {}) };
    }
    case 'conditions': {
      const at = chartWindow(need.when, outcomes);
      const first = need.when?.type === 'stay' ? [encountersCall(need.when.stay.kind)] : [];
      if (at === null) return { calls: first };
      const { stay: _stay, ...window } = at.window;
      const abouts = need.things.length === 0 ? [undefined] : need.things.map((t) => t.ask);
      const calls = abouts.map((about) => ({
        name: 'read_chart',
        args: {
          section: 'conditions',
          ...(about === undefined ? {} : { about }),
          ...window,
          ...(need.status === 'active' ? { status: 'active' } : {}),
        },
      }));
      return { calls: at.noStay ? first : [...at.calls, ...calls], ...(at.noStay ? { noStay: true } : {}) };
    }
    case 'allergies': {
      const abouts = need.things.length === 0 ? [undefined] : need.things.map((t) => t.ask);
      return {
        calls: abouts.map((about) => ({ name: 'read_chart', args: { section: 'allergies', ...(about === undefined ? {} : { about }) } })),
      };
    }
    case 'encounters': {
      if (need.unit !== undefined) return { calls: [{ name: 'read_chart', args: { section: 'encounters', about: need.unit } }] };
      if (need.when?.type === 'stay') {
        const at = chartWindow(need.when, outcomes);
        const first = [encountersCall(need.when.stay.kind)];
        if (at === null) return { calls: first };
        if (at.noStay) return { calls: first, noStay: true };
        const { stay: _stay, ...within } = at.window;
        const own = encountersCall(need.kind);
        return { calls: [{ ...own, args: { ...own.args, ...within } }, ...at.calls] };
      }
      const window =
        need.when?.type === 'window'
          ? { ...(need.when.from ? { from: need.when.from } : {}), ...(need.when.to ? { to: need.when.to } : {}) }
          : {};
      const call = encountersCall(need.kind);
      return { calls: [{ ...call, args: { ...call.args, ...window } }] };
    }
    case 'person':
    case 'summary':
      return { calls: [{ name: 'get_patient_summary', args: {} }] };
    case 'help':
    case 'declined':
      return { calls: [] };
  }
}

function planResults(need: ResultNeed, outcomes: Outcomes): Planned {
  const at = windowFor(need.when, outcomes);
  if (at === null) return { calls: need.when?.type === 'stay' ? [encountersCall(need.when.stay.kind)] : [] };
  if (at.noStay) return { calls: at.calls, noStay: true };
  const unit = need.compare?.unit ?? need.unit;
  const build = (window: Window) => callsFor(need.things, { ...window, ...(unit === null ? {} : { unit }) }, need.specimen);
  if (isRecentTrend(need)) {
    const trend = trendCalls(need, build, outcomes);
    return { calls: trend.calls, trend };
  }
  const calls = build(at.window);
  // "Over the stay" of somebody who has gone home is the last stay; "this admission" is not.
  const failed = calls.map((c) => outcomes.get(callKey(c))).filter((o) => o !== undefined && !o.ok);
  const mayFallBack = at.window.stay === 'current' && need.when !== null && !/this|current|present|ongoing|since/i.test(need.when.words);
  if (
    mayFallBack &&
    failed.length === calls.length &&
    failed.some((o) => o?.ok === false && ['not_found', 'not_applicable', 'bad_input', 'unsupported'].includes(o.code))
  ) {
    const last = build({ stay: 'last' });
    return { calls: [...at.calls, ...last, ...(needsAll(need) ? last.flatMap((c) => pagesOf(c, outcomes).calls) : [])], fellBack: true };
  }
  const alone = (thing: Thing, unitOf: string) => callsFor([thing], { ...at.window, unit: unitOf }, need.specimen)[0];
  const inOneUnit = callsInOneUnit(need, { all: (thing) => callOf(thing, calls), alone }, outcomes);
  const paged = [...calls, ...inOneUnit.values()];
  const pages = needsAll(need) ? paged.flatMap((c) => pagesOf(c, outcomes).calls) : [];
  return { calls: [...at.calls, ...paged, ...pages], inOneUnit };
}

/** One call for all tests that are known, one for each open name (its failure concerns no other). */
function callsFor(things: readonly Thing[], args: Record<string, unknown>, specimen: string | null): Call[] {
  const labs = things.filter((t) => t.kind === 'lab' || t.kind === 'panel');
  const vitals = things.filter((t) => t.kind === 'vital' || t.keys.includes('*vitals'));
  const asks = labs.filter((t) => !t.keys.includes('*vitals')).flatMap((t) => (t.keys.includes('*') ? USUAL_PANELS : [askOf(t, specimen)]));
  const signs = vitals.map((t) => (t.keys.includes('*vitals') ? 'vital-signs' : t.ask));
  return [
    ...(asks.length === 0 ? [] : [{ name: 'fetch_labs', args: { tests: [...new Set(asks)].slice(0, 20), ...args } }]),
    ...(signs.length === 0 ? [] : [{ name: 'fetch_vitals', args: { signs: [...new Set(signs)].slice(0, 20), ...args } }]),
    ...things.filter((t) => t.kind === 'open').map((t) => ({ name: 'fetch_labs', args: { tests: [t.ask], ...args } })),
  ];
}

const askOf = (thing: Thing, specimen: string | null) => (specimen === null ? thing.ask : `${specimen} ${thing.ask}`);

/** The call that answers for one thing of a need. */
export function callOf(thing: Thing, calls: readonly Call[]): Call | undefined {
  if (thing.kind === 'open') return calls.find((c) => c.name === 'fetch_labs' && (c.args['tests'] as string[])[0] === thing.ask);
  const name = thing.kind === 'vital' || thing.keys.includes('*vitals') ? 'fetch_vitals' : 'fetch_labs';
  return calls.find((c) => c.name === name);
}
