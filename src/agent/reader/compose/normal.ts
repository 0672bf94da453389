// Normal or not: by the result's own interpretation and range, else by a generic range that is called so. No range, no judgement.
import type { Evidence } from '../../../evidence/index.ts';
import { formatValue } from '../../../evidence/index.ts';
import type { ResultNeed } from '../needs.ts';
import { choose } from './choose.ts';
import type { DraftBuilder } from './draft.ts';
import { capital, isComplete, sayIncomplete, windowWords } from './outcome.ts';
import { numberOf, type Series, valueAt, was } from './series.ts';

type Position = 'normal' | 'high' | 'low' | 'abnormal' | null;

/** By HL7 v3 ObservationInterpretation codes first, then by the range. */
export function positionOf(e: Evidence): Position {
  for (const code of e.interpretation ?? []) {
    if (/^(?:N|normal)$/i.test(code)) return 'normal';
    if (/^(?:H|HH|HU|HX|high|>)$/i.test(code)) return 'high';
    if (/^(?:L|LL|LU|LX|low|<)$/i.test(code)) return 'low';
    if (/^(?:A|AA|abnormal|POS)$/i.test(code)) return 'abnormal';
  }
  const number = numberOf(e);
  const range = e.referenceRange;
  if (number === null || range === undefined || (range.low === null && range.high === null)) return null;
  const value =
    e.value?.type === 'quantity' && (range.unit === null || range.unit === e.value.unit || e.value.converted?.unit !== range.unit)
      ? e.value.value
      : number.value;
  const bound = number.comparator;
  if (range.high !== null && value > range.high && !bound?.startsWith('<')) return 'high';
  if (range.low !== null && value < range.low && !bound?.startsWith('>')) return 'low';
  if (bound !== undefined) {
    // "<0.01" is under the upper limit; whether it is under a lower one is not told.
    return bound.startsWith('<') && range.low === null && range.high !== null && value <= range.high ? 'normal' : null;
  }
  return 'normal';
}

/** Whether a result is what was asked for; false where it cannot be told. */
export function isPosition(e: Evidence, asked: NonNullable<ResultNeed['normality']>): boolean {
  const position = positionOf(e);
  if (asked === 'critical') return isCritical(e);
  if (position === null) return false;
  return asked === 'abnormal' ? position !== 'normal' : position === asked;
}

const isCritical = (e: Evidence) => e.interpretation?.some((c) => /^(?:HH|LL|AA|critical)$/i.test(c)) ?? false;

const SAY: Record<Exclude<Position, null>, string> = { normal: 'within', high: 'above', low: 'below', abnormal: 'outside' };

function rangeWords(e: Evidence): string | null {
  const range = e.referenceRange;
  if (range === undefined) return null;
  const words = range.text ?? formatValue({ type: 'range', low: range.low, high: range.high, unit: range.unit });
  return `${range.generic ? "a generic adult range, not this laboratory's: " : "the result's own range "}${words}`;
}

export function judge(e: Evidence): string | null {
  const position = positionOf(e);
  if (position === null) return null;
  const range = rangeWords(e);
  if (range === null || position === 'abnormal') return `which the source marks as ${position}`;
  return `${SAY[position]} ${range}`;
}

export function composeNormal(draft: DraftBuilder, need: ResultNeed, all: readonly Series[], name: string) {
  const asked = need.normality ?? 'normal';
  if (asked === 'critical' && !all.some((s) => s.points.some(isCritical))) {
    draft.say(
      'limit',
      'The laboratory marks no critical result among these; what is critical by the table of limits is said unasked, as a flag.',
    );
    return draft.part('abstained', 'unsupported');
  }
  const list = need.ask === 'abnormal list';
  let judged = 0;
  let outside = 0;
  let unjudged: { e: Evidence; of: Series }[] = [];
  for (const series of all) {
    sayIncomplete(
      draft,
      series.completeness.filter((c) => c.status !== 'complete'),
    );
    const chosen = need.picked && need.pick.type !== 'all' ? choose(need, series, series.points) : null;
    const points = chosen !== null ? chosen.points : need.when !== null || need.whole ? series.points : series.points.slice(-1);
    const word = chosen !== null ? chosen.words : isComplete(series.completeness) && !(need.when !== null || need.whole) ? 'last' : '';
    const last = word === '' ? '' : `The ${word} `;
    const wrong = points.filter((p) => {
      const position = positionOf(p);
      if (asked === 'critical') return isCritical(p);
      return position !== null && position !== 'normal' && (asked !== 'high' && asked !== 'low' ? true : position === asked);
    });
    const unknown = points.filter((p) => positionOf(p) === null);
    judged += points.length - unknown.length;
    unjudged = [...unjudged, ...unknown.map((e) => ({ e, of: series }))];
    outside += wrong.length;
    const shown = wrong.length > 0 ? wrong.slice(-5) : list ? [] : points.slice(-1);
    for (const e of shown) {
      const words = judge(e);
      if (words === null) continue;
      draft.finding(
        `${last === '' ? capital(series.name) : last + series.name} ${was(series.name)} ${valueAt(e)}, ${words}.`,
        e,
        last === '' ? [] : series.completeness,
      );
      if (list)
        draft.value({
          label: series.name,
          value: numberOf(e)?.value ?? formatValue(e.value!),
          ...(numberOf(e)?.unit ? { unit: numberOf(e)!.unit! } : {}),
          evidence: e.id,
        });
    }
    if (wrong.length > shown.length) draft.say('limit', `Further results of ${series.name} outside the range are not listed.`);
    if (!list && points.length > 0 && unknown.length < points.length) {
      const positions = points.map(positionOf).filter((p) => p !== null);
      const value = answer(asked, positions, points);
      if (series.isMain) draft.value({ label: `${series.name} ${asked}`, value, evidence: (wrong.at(-1) ?? points.at(-1)!).id });
      const within = points.every((p) => [null, 'normal'].includes(positionOf(p)));
      if (within && points.length > 1 && isComplete(series.completeness))
        draft.finding(
          `All results of ${series.name}${windowWords(series.completeness, true)} that have a range are within it.`,
          points.slice(-20),
          series.completeness,
        );
    }
  }
  const completeness = [...new Set(all.flatMap((s) => s.completeness))];
  if (judged === 0) {
    for (const { e, of } of unjudged.slice(-1)) {
      draft.finding(`${capital(of.name)} ${was(of.name)} ${valueAt(e)}.`, e);
      draft.say('limit', `No reference range for it is recorded or on file, so whether it is ${asked} is left to the reader.`);
    }
    return draft.part('partial', 'not_applicable');
  }
  if (list && outside === 0) {
    const inputs = all.map((s) => s.points.at(-1)!).slice(0, 30);
    draft.finding(
      asked === 'critical'
        ? `None of the newest results of ${name} is marked critical by the laboratory${windowWords(completeness, need.when !== null)}.`
        : `No result of ${name} that has a range lies outside it${windowWords(completeness, need.when !== null)}.`,
      inputs,
      completeness,
    );
  }
  if (list && unjudged.length > 0) draft.say('limit', 'Results without a reference range are not judged.');
  const complete = isComplete(completeness);
  draft.part(complete ? 'answered' : 'partial', complete ? null : 'unreachable');
}

function answer(
  asked: NonNullable<ResultNeed['normality']>,
  positions: readonly Exclude<Position, null>[],
  points: readonly Evidence[],
): boolean {
  switch (asked) {
    case 'normal':
      return positions.every((p) => p === 'normal');
    case 'high':
    case 'low':
      return positions.includes(asked);
    case 'abnormal':
      return positions.some((p) => p !== 'normal');
    case 'critical':
      return points.some(isCritical);
  }
}
