// Over what a trend is told when no time is asked for: the current stay, else the last 90 days; never the whole record unasked.
// Where fewer than two results lie in it, all are read, so that the last two can be shown with their times.
import type { Evidence } from '../../evidence/index.ts';
import { type Call, callKey, type Outcomes } from './calls.ts';
import { back, Clock } from './clock.ts';
import type { Need, ResultNeed } from './needs.ts';

const DAYS = 90;

/** Gives a trend without a time its recent time: what plan and sentences then rest on. */
export function withRecent(need: Need, asOf: string): Need {
  if (need.family !== 'results' || need.ask !== 'trend' || need.when !== null || need.whole) return need;
  const clock = new Clock(asOf);
  return { ...need, recent: clock.iso(back(clock.now, DAYS, 'day')) };
}

export const isRecentTrend = (need: ResultNeed) => need.recent !== undefined && need.ask === 'trend' && need.when === null;

type Build = (window: { from?: string; stay?: 'current' }) => Call[];
export type TrendCalls = { calls: Call[]; scope: Call[]; words: string; wide: Call[] };

/** @returns the calls known by now; `scope` those that the trend is told from, `wide` those over the whole record. */
export function trendCalls(need: ResultNeed, build: Build, outcomes: Outcomes): TrendCalls {
  const stay = build({ stay: 'current' });
  const outside = stay.some((c) => {
    const outcome = outcomes.get(callKey(c));
    return outcome?.ok === false && ['not_applicable', 'unavailable'].includes(outcome.code);
  });
  const scope = outside ? build({ from: need.recent! }) : stay;
  const read = scope.map((c) => outcomes.get(callKey(c)));
  const isThin = read.some((o) => o?.ok === true && !o.result.evidence.some(isTrend));
  const wide = isThin ? build({}) : [];
  const words = outside ? `in the last ${DAYS} days` : 'in the current stay';
  return { calls: [...scope, ...(outside ? stay : []), ...wide], scope, words, wide };
}

const isTrend = (e: Evidence) => e.kind === 'calculation' && e.source.type === 'calculation' && e.source.method === 'trend';
