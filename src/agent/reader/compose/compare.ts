// Whether results lie above, below or between: yes or no, with the result that it rests on.
import type { Evidence } from '../../../evidence/index.ts';
import type { Compare, ResultNeed } from '../needs.ts';
import { extremeOf, NTH_WORDS } from './choose.ts';
import type { DraftBuilder } from './draft.ts';
import { capital, isComplete } from './outcome.ts';
import { fits, inOneUnit, numberOf, type Series, valueAt, was } from './series.ts';

/** Yes or no, with what it rests on. Returns true where the answer is whole. */
export function composeCompare(draft: DraftBuilder, need: ResultNeed, series: Series, fitting: Evidence[], window: string): boolean {
  const compare = need.compare!;
  const { completeness } = series;
  // "Is it above 4?", "was the last one?": that one result is judged, not all there are.
  const one = need.ask === 'exists' && need.picked && need.pick.type === 'nth' ? need.pick.n : null;
  const points = one === null ? series.points : series.points.slice(one > 0 ? one - 1 : one).slice(0, 1);
  if (one !== null && composeOne(draft, compare, series, points[0], one)) return true;
  const numbers = inOneUnit(points);
  const untold = points.filter((p) => fits(p, compare) === null || (numberOf(p) !== null && !numbers.includes(p)));
  if (untold.length === points.length) {
    draft.say(
      'limit',
      `No result of ${series.name} can be compared with ${compare.value}${compare.unit ? ` ${compare.unit}` : ''}: ${numbers.length === 0 ? 'none is a number' : 'the units differ'}.`,
    );
    draft.part('abstained', 'unsupported');
    return true;
  }
  const wantsHigh = compare.op === 'above' || compare.op === 'at least';
  if (fitting.length === 0) {
    const which = wantsHigh ? 'highest' : 'lowest';
    const best = extremeOf(numbers, which);
    const e = numbers.findLast((p) => numberOf(p)!.value === best) ?? points.at(-1)!;
    // A result that is told only as beyond a limit (>350) may lie on either side: that is no "No".
    const censored = untold.filter((p) => numberOf(p)?.comparator !== undefined);
    if (censored.length > 0) {
      for (const p of censored.slice(-3)) draft.finding(`${capital(series.name)} was ${valueAt(p)}, which does not tell.`, p, completeness);
      if (!censored.includes(e))
        draft.finding(`The ${which} other ${series.name}${window} was ${valueAt(e)}.`, e, series.trend ?? [], completeness);
      draft.part('partial', 'unsupported');
      return true;
    }
    if (!isComplete(completeness)) {
      draft.finding(`In what could be read, the nearest ${series.name} was ${valueAt(e)}.`, e, completeness);
      draft.part('partial', 'unreachable');
      return true;
    }
    const between = compare.op === 'between' || compare.op === 'equal';
    draft.finding(
      between ? `No: no result of ${series.name}${window} fits.` : `No: the ${which} ${series.name}${window} was ${valueAt(e)}.`,
      between ? points.slice(-5) : e,
      series.trend ?? [],
      completeness,
    );
    if (untold.length > 0) sayUntold(draft, series);
    draft.value({ label: `${series.name} ${compare.op} ${compare.value}`, value: false, evidence: e.id });
    draft.part(
      need.ask === 'exists' ? (untold.length > 0 ? 'partial' : 'answered') : 'abstained',
      need.ask === 'exists' ? null : 'none_recorded',
    );
    return true;
  }
  if (need.ask !== 'exists') return false;
  const e = need.pick.type === 'nth' && need.pick.n > 0 && need.picked ? fitting[0]! : fitting.at(-1)!;
  draft.finding(`Yes: ${series.name} was ${valueAt(e)}.`, e);
  const best = numbers.find(
    (p) =>
      numberOf(p)!.value ===
      extremeOf(
        fitting.filter((f) => numberOf(f) !== null),
        wantsHigh ? 'highest' : 'lowest',
      ),
  );
  if (best && best.id !== e.id && isComplete(completeness))
    draft.finding(
      `The ${wantsHigh ? 'highest' : 'lowest'} ${series.name}${window} was ${valueAt(best)}.`,
      best,
      series.trend ?? [],
      completeness,
    );
  draft.value({
    label: `${series.name} ${compare.op} ${compare.value}`,
    value: true,
    ...(e.time?.start ? { time: e.time.start } : {}),
    evidence: e.id,
  });
  draft.part(isComplete(completeness) ? 'answered' : 'partial');
  return true;
}

/** Yes or no of one result. False where it cannot be compared. */
function composeOne(draft: DraftBuilder, compare: Compare, series: Series, e: Evidence | undefined, n: number): boolean {
  const is = e === undefined ? null : fits(e, compare);
  if (e === undefined || is === null) return false;
  const complete = isComplete(series.completeness);
  const which = complete && NTH_WORDS[n] !== undefined ? `the ${NTH_WORDS[n]} ${series.name}` : series.name;
  // Another specimen or method beside the direct answer is told, not judged.
  const lead = series.isMain ? `${is ? 'Yes' : 'No'}: ${which}` : capital(which);
  draft.finding(`${lead} ${was(series.name)} ${valueAt(e)}.`, e, complete ? series.completeness : []);
  if (series.isMain)
    draft.value({
      label: `${series.name} ${compare.op} ${compare.value}`,
      value: is,
      ...(e.time?.start ? { time: e.time.start } : {}),
      evidence: e.id,
    });
  draft.part(complete ? 'answered' : 'partial', complete ? null : 'unreachable');
  return true;
}

const sayUntold = (draft: DraftBuilder, series: Series) =>
  draft.say('limit', `Some results of ${series.name} cannot be compared and are left out.`);
