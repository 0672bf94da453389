// Which of a series' results a question means: the nth, the highest, all in a window, what lies nearest to a time.
import { type Evidence, formatValue } from '../../../evidence/index.ts';
import type { ResultNeed } from '../needs.ts';
import { isComplete } from './outcome.ts';
import { inOneUnit, numberOf, type Series, timeMs } from './series.ts';

export const NTH_WORDS: Record<number, string> = {
  [-1]: 'last',
  [-2]: 'second to last',
  [-3]: 'third to last',
  1: 'first',
  2: 'second',
  3: 'third',
  4: 'fourth',
  5: 'fifth',
};

export type Chosen = {
  points: Evidence[];
  words: string;
  calculation?: Evidence;
  /** Not at the time asked for, but before and after it. */
  near?: true;
  /** Results in other units were left out. */
  isPart?: boolean;
};

export function choose(need: ResultNeed, series: Series, points: Evidence[]): Chosen | null {
  const complete = isComplete(series.completeness);
  const { pick } = need;
  if (need.when?.type === 'around' && !need.picked) return nearest(points, need.when.at);
  if (need.when?.type === 'window' && need.when.nearest !== undefined && !need.picked && need.ask === 'value')
    return nearestDay(points, need.when.nearest);
  switch (pick.type) {
    case 'nth': {
      // A window without a word that chooses: all that lies in it.
      if (!need.picked && need.when !== null && need.ask === 'value') return { points, words: '' };
      const e = points.at(pick.n > 0 ? pick.n - 1 : pick.n);
      return { points: e ? sameTime(points, e) : [], words: complete ? (NTH_WORDS[pick.n] ?? '') : '' };
    }
    case 'several':
      return { points: pick.n > 0 ? points.slice(-pick.n) : points.slice(0, -pick.n), words: '' };
    case 'all':
      return { points, words: '' };
    case 'extreme': {
      const numbers = inOneUnit(points);
      const best = extremeOf(numbers, pick.which);
      if (best === null) return { points: [], words: '' };
      const ties = numbers.filter((p) => numberOf(p)!.value === best);
      const one =
        pick.n === undefined ? (need.ask === 'time' ? ties : [ties.at(-1)!]) : [ties.at(pick.n > 0 ? pick.n - 1 : pick.n) ?? ties[0]!];
      return {
        points: one,
        words: complete ? pick.which : '',
        ...(series.trend ? { calculation: series.trend } : {}),
        isPart: numbers.length < points.filter((p) => numberOf(p) !== null).length,
      };
    }
    default:
      return null;
  }
}

export function extremeOf(points: readonly Evidence[], which: 'highest' | 'lowest'): number | null {
  const values = points.map((p) => numberOf(p)!.value);
  if (values.length === 0) return null;
  return which === 'highest' ? Math.max(...values) : Math.min(...values);
}

/** Two different values at one time are both the last one. */
const sameTime = (points: readonly Evidence[], e: Evidence) =>
  points.filter(
    (p) =>
      p === e ||
      (timeMs(p) === timeMs(e) && (p.value === undefined || e.value === undefined || formatValue(p.value) !== formatValue(e.value))),
  );

/** At a point in time: what was measured then, else what lies nearest before and after. */
function nearest(points: readonly Evidence[], at: string): Chosen {
  const when = Date.parse(at);
  const exact = points.filter((p) => Math.abs(timeMs(p) - when) < 60_000);
  if (exact.length > 0) return { points: exact, words: '' };
  const before = points.findLast((p) => timeMs(p) < when);
  const after = points.find((p) => timeMs(p) > when);
  return { points: [before, after].filter((p) => p !== undefined), words: '', near: true };
}

/** To a day: all of that day, else the one result that lies nearest to it. */
function nearestDay(points: readonly Evidence[], at: string): Chosen {
  const ofDay = points.filter((p) => p.time?.start?.slice(0, 10) === at.slice(0, 10));
  if (ofDay.length > 0) return { points: ofDay, words: '' };
  const when = Date.parse(at);
  const distance = (p: Evidence) => Math.abs(timeMs(p) - when);
  const best = points.length === 0 ? [] : [points.reduce((a, b) => (distance(b) < distance(a) ? b : a))];
  return { points: best, words: '', near: true };
}
