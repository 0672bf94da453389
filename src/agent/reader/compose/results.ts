// Sentences on laboratory results and vital signs. Numbers, units, times and names as the evidence has them; set words cite how far was read.
import type { AnswerValue, Completeness, Evidence } from '../../../evidence/index.ts';
import { formatTime, formatValue, startOf } from '../../../evidence/index.ts';
import type { ToolResult } from '../../../tools/index.ts';
import { callKey, type Outcomes } from '../calls.ts';
import type { ResultNeed, Thing } from '../needs.ts';
import { needsAll, pagesOf } from '../pages.ts';
import { callOf, type Planned } from '../plan.ts';
import { choose, extremeOf } from './choose.ts';
import { composeCompare } from './compare.ts';
import { type DraftBuilder, plainValue } from './draft.ts';
import { composeNormal, isPosition, judge, positionOf } from './normal.ts';
import { type CallOutcome, capital, isComplete, sayFailure, sayIncomplete, sayNone, small, windowWords } from './outcome.ts';
import { composePending } from './pending.ts';
import { fits, inOneUnit, inWindow, type Series, seriesOf, timeMs, valueAt, valueWords, was } from './series.ts';
import { composeTrend } from './trend.ts';

const MOST_VALUES = 24;

export function composeResults(draft: DraftBuilder, need: ResultNeed, planned: Planned, outcomes: Outcomes) {
  if (planned.fellBack) draft.say('limit', 'No hospital stay is current at the as-of time; the stay before it was read.');
  const failures = new Set<string>();
  for (const thing of need.things) {
    const call = planned.inOneUnit?.get(thing) ?? callOf(thing, planned.trend?.scope ?? planned.calls);
    const outcome = call && outcomes.get(callKey(call));
    if (outcome === undefined) continue;
    if (!outcome.ok) {
      if (!failures.has(outcome.message)) sayFailed(draft, need, outcome);
      failures.add(outcome.message);
      continue;
    }
    const paged = call !== undefined && needsAll(need) ? pagesOf(call, outcomes) : null;
    if (paged?.cut) {
      draft.say('limit', `More results of ${small(thing.name)} are recorded than can be looked through here; ask for a shorter time.`);
      draft.part('abstained', 'unsupported');
      continue;
    }
    const all = paged?.result ?? outcome.result;
    const result = { ...all, evidence: all.evidence.filter((e) => e.kind !== 'observation' || inWindow(e, call!.args)) };
    if (planned.trend !== undefined && composeThin(draft, need, thing, result, planned, outcomes)) continue;
    composeThing(draft, need, thing, result, planned.trend?.words ?? null);
  }
}

const comma = (words: string) => (words === '' ? '' : `,${words},`);

/** Fewer than two results in the recent time: the last two at all, with their times, and that they are no trend of it. */
function composeThin(
  draft: DraftBuilder,
  need: ResultNeed,
  thing: Thing,
  result: ToolResult,
  { trend }: Planned,
  outcomes: Outcomes,
): boolean {
  const recent = completenessFor(result, thing);
  if (seriesOf(result, thing, recent, need.specimen).some((s) => s.points.length > 1) || !isComplete(recent)) return false;
  const wide = callOf(thing, trend!.wide);
  const outcome = wide && outcomes.get(callKey(wide));
  if (outcome?.ok !== true) return false;
  const all = seriesOf(outcome.result, thing, completenessFor(outcome.result, thing), need.specimen);
  const main = all.find((s) => s.isMain);
  if (main === undefined || !isComplete(main.completeness)) return false;
  draft.say(
    'limit',
    `${capital(trend!.words)}${comma(windowWords(recent, true))} too few results of ${main.name} are recorded for a trend; the newest of the record are shown.`,
    recent,
  );
  for (const e of main.points.slice(-2)) {
    draft.finding(`${capital(main.name)} ${was(main.name)} ${valueAt(e)}.`, e);
    draft.value(answerOf(need, main.name, e));
  }
  draft.part('partial', 'not_applicable');
  return true;
}

/** A stay that is not there is no fault of the question. */
function sayFailed(draft: DraftBuilder, need: ResultNeed, failure: Extract<CallOutcome, { ok: false }>) {
  if (failure.code !== 'not_applicable' || need.when?.type !== 'stay') return sayFailure(draft, failure);
  draft.say(
    'limit',
    need.when.stay.which === 'current'
      ? /^since/i.test(need.when.words)
        ? `No hospital stay is current, so “${need.when.words}” has no start.`
        : 'No hospital stay is current at the as-of time.'
      : 'No hospital stay has ended by the as-of time.',
  );
  return draft.part('abstained', 'not_applicable');
}

/** The completeness that a thing's call returned for it. */
function completenessFor(result: ToolResult, thing: Thing): Completeness[] {
  const all = result.completeness.filter((c) => /^(?:labs?|vitals?|vital signs|results?)\b/i.test(c.what));
  const named = (c: Completeness) => c.what.replace(/^[^:]+:\s*/, '').toLowerCase();
  const keys = thing.keys.map((k) => k.replaceAll('-', ' '));
  const own = all.filter(
    (c) =>
      [thing.name.toLowerCase(), thing.ask.toLowerCase(), ...keys].includes(named(c).replaceAll('-', ' ')) ||
      named(c).includes(thing.ask.toLowerCase()),
  );
  if (own.length > 0) return own;
  return all.length > 0 ? all : [...result.completeness];
}

function composeThing(draft: DraftBuilder, need: ResultNeed, thing: Thing, result: ToolResult, scope: string | null) {
  const completeness = completenessFor(result, thing);
  const own = seriesOf(result, thing, completeness, need.specimen);
  const all = own.length > 0 ? own : insteadOf(draft, need, thing, result, completeness);
  if (need.ask === 'pending') return composePending(draft, thing, result.evidence, completeness, need.when !== null);
  const pending = result.evidence.filter(
    (e) => e.kind === 'observation' && e.status === 'pending' && thing.keys.includes(e.qualifiers?.['analyte'] ?? ''),
  );
  for (const e of pending.slice(0, 3))
    draft.finding(`${capital(small(e.concept.name))} drawn${e.time ? ` at ${formatTime(e.time)}` : ''} has no result yet.`, e);
  const name = need.specimen === null ? small(thing.name) : `${need.specimen} ${small(thing.name)}`;
  if (all.length === 0) return composeNone(draft, need, name, completeness, pending.length > 0, thing.known);
  if (need.ask === 'count') return composeCount(draft, name, all, completeness, need);
  if (need.ask === 'abnormal list' || need.ask === 'normal') return composeNormal(draft, need, all, name);
  for (const series of all.filter((s) => s.isMain || !isOvertaken(s, all, need))) {
    sayIncomplete(
      draft,
      series.completeness.filter((c) => c.status !== 'complete'),
    );
    if (need.ask === 'trend') composeTrend(draft, need, series, scope);
    else composeSeries(draft, need, series, all);
  }
}

/** Another assay that the tool returns where the asked one has no result: shown by its own name, and said to be another. */
function insteadOf(draft: DraftBuilder, need: ResultNeed, thing: Thing, result: ToolResult, completeness: Completeness[]): Series[] {
  if (need.things.length > 1 || thing.keys.length !== 1 || need.specimen !== null || need.ask === 'pending') return [];
  const keys = new Set(result.evidence.flatMap((e) => (e.kind === 'observation' ? [e.qualifiers?.['analyte'] ?? ''] : [])));
  const [key] = keys;
  if (key === undefined || key === '' || keys.size > 1 || !isComplete(result.completeness)) return [];
  const all = seriesOf(result, { ...thing, keys: [key] }, [...result.completeness], null);
  const none = completeness.filter((c) => c.found === 0);
  if (all.length > 0 && none.length > 0)
    draft.say('limit', `No ${small(thing.name)} is recorded; another assay in its place is shown by its own name.`, none);
  return none.length > 0 ? all : [];
}

/** Asked for the newest, a sign measured in another way more than a day before the newest set is not shown beside it. */
function isOvertaken(series: Series, all: readonly Series[], need: ResultNeed): boolean {
  if (need.ask !== 'value' || need.when !== null || need.pick.type !== 'nth' || need.pick.n !== -1) return false;
  const newest = (s: Series) => timeMs(s.points.at(-1)!);
  const isSign = need.things.some((t) => t.kind === 'vital');
  return isSign && all.some((s) => s.isMain && s.analyte === series.analyte && newest(s) - newest(series) > 24 * 3_600_000);
}

function composeNone(draft: DraftBuilder, need: ResultNeed, name: string, completeness: Completeness[], pending: boolean, known: boolean) {
  if (completeness.some((c) => c.found > 0) && isComplete(completeness)) {
    draft.say('limit', `What was found for ${name} is not of the specimen or the name asked for.`, completeness);
    draft.part('abstained', 'none_recorded');
    return;
  }
  if (need.things.some((t) => t.keys.includes('*'))) {
    draft.say('limit', 'The usual panels hold no result; other tests were not looked for. Ask for a test by name.');
    return draft.part('abstained', 'not_looked_for');
  }
  if (!sayNone(draft, known ? name : `laboratory result named ${name}`, completeness, need.when !== null)) return;
  if (!known) draft.say('limit', 'The name is not one that is known here as a test; check its spelling.');
  const [first] = completeness;
  if ((need.ask === 'exists' || need.ask === 'count') && first && known && !pending) {
    draft.value({
      label: need.ask === 'count' ? `${name}: number of results` : `${name} recorded`,
      value: need.ask === 'count' ? 0 : false,
      evidence: first.id,
    });
    draft.part('answered');
  } else draft.part('abstained', 'none_recorded');
}

function composeCount(draft: DraftBuilder, name: string, all: Series[], completeness: Completeness[], need: ResultNeed) {
  const incomplete = completeness.filter((c) => c.status !== 'complete');
  sayIncomplete(draft, incomplete);
  if (need.compare !== null || need.normality !== null) {
    draft.say('limit', `How many results of ${name} fit is not counted here; those that fit are listed.`);
    for (const series of all) {
      const none = need.compare !== null && !series.points.some((p) => fits(p, need.compare!) === true);
      composeSeries(draft, { ...need, ask: none ? 'exists' : 'value', pick: { type: 'all' }, picked: true }, series, all);
    }
    return draft.part('partial', 'unsupported');
  }
  for (const c of completeness) {
    const what = c.what.replace(/^[^:]+:\s*/, '');
    draft.finding(
      `${c.found} ${c.found === 1 ? 'result' : 'results'} of ${small(what)} ${c.found === 1 ? 'is' : 'are'} recorded${windowWords([c], need.when !== null)}${incomplete.includes(c) ? ' in what could be read' : ''}.`,
      c,
    );
    draft.value({ label: `${small(what)}: number of results`, value: c.found, evidence: c.id });
  }
  const kinds = [...new Set(all.map((s) => s.name))];
  if (kinds.length > 1)
    draft.finding(
      `They are of ${kinds.length === all.length ? kinds.join(', ') : 'several kinds'}.`,
      all.map((s) => s.points.at(-1)!),
    );
  draft.part(incomplete.length > 0 ? 'partial' : 'answered');
}

function composeSeries(draft: DraftBuilder, need: ResultNeed, series: Series, all: readonly Series[]) {
  const { points, completeness } = series;
  const complete = isComplete(completeness);
  const asked = need.normality === null ? points : points.filter((p) => isPosition(p, need.normality!));
  if (need.normality !== null && asked.length === 0) {
    const untold = points.every((p) => positionOf(p) === null);
    if (untold)
      draft.say(
        'limit',
        `No reference range for ${series.name} is recorded or on file, so none of its results is called ${need.normality}.`,
      );
    else
      draft.finding(
        `No result of ${series.name}${windowWords(completeness, need.when !== null)} is ${need.normality} by its range.`,
        points.slice(-10),
        completeness,
      );
    return draft.part('abstained', untold ? 'not_applicable' : 'none_recorded');
  }
  const fitting = need.compare === null ? asked : inOneUnit(asked).filter((p) => fits(p, need.compare!) === true);
  const window = stayWords(need, series);
  if (need.compare !== null && composeCompare(draft, need, series, fitting, window)) return;
  if (need.pick.type === 'baseline' || need.pick.type === 'mean' || need.pick.type === 'sum')
    return composeComputed(draft, need.pick.type, series);
  const chosen = choose(need, series, fitting);
  if (chosen === null) {
    draft.say('limit', `The ${need.pick.type} of ${series.name} is not computed here yet; the results themselves can be shown.`);
    return draft.part('abstained', 'unsupported');
  }
  if (chosen.points.length === 0) {
    draft.finding(
      `${capital(points.length === 1 ? 'one result' : 'fewer results')} of ${series.name} ${points.length === 1 ? 'is' : 'are'} recorded${window} than asked for.`,
      completeness,
      points.slice(0, 5),
    );
    return draft.part('abstained', 'none_recorded');
  }
  if (chosen.isPart) {
    draft.say('limit', `Results of ${series.name} in other units, which cannot be converted, are left out.`);
    draft.part('partial', 'unsupported');
  }
  if (chosen.near) draft.say('limit', `${capital(series.name)}: nothing at the time asked for; what lies next to it is shown.`);
  const shown = chosen.points.slice(-MOST_VALUES);
  for (const e of shown) {
    const bearing = chosen.calculation ? [e, chosen.calculation] : [e];
    const set = chosen.words !== '';
    const lead = !set
      ? capital(series.name)
      : shown.length > 1
        ? `${capital(chosen.words)} ${series.name}${fitting.length < points.length ? ' that fits the question' : ''}`
        : `The ${chosen.words} ${series.name}${fitting.length < points.length ? ' that fits the question' : ''}`;
    const cited = set || need.when !== null ? completeness : [];
    const judged = need.normality === null ? '' : `, ${judge(e) ?? ''}`;
    if (e.value?.type === 'absent' || (e.value === undefined && !e.components?.length)) {
      draft.finding(`${lead}${set ? window : ''}${e.time ? ` at ${formatTime(e.time)}` : ''} is recorded without a value.`, bearing, cited);
      continue;
    }
    draft.finding(`${lead}${set ? window : ''} ${was(series.name)} ${valueAt(e)}${statusWords(e)}${judged}.`, bearing, cited);
    if (need.ask === 'time' || isDirect(need, series, all)) draft.value(answerOf(need, series.name, e));
  }
  if (shown.length < chosen.points.length) {
    draft.say(
      'limit',
      `More results of ${series.name} are recorded${window} than are listed here; ask for a shorter time, the trend, or the highest and lowest.`,
      completeness,
    );
    return draft.part('partial');
  }
  draft.part(complete ? 'answered' : 'partial', complete ? null : 'unreachable');
}

/** Which of several specimens or methods is the direct answer: of a sign the extreme over all methods, else the newest (for the first: the oldest). */
function isDirect(need: ResultNeed, series: Series, all: readonly Series[]): boolean {
  const { pick } = need;
  if (pick.type === 'nth' && pick.n > 0) return series.isOldest;
  if (pick.type !== 'extreme' || !need.things.some((t) => t.kind === 'vital')) return series.isMain;
  const sign = pick.which === 'highest' ? 1 : -1;
  const best = (s: Series) => sign * (extremeOf(inOneUnit(s.points), pick.which) ?? Number.NEGATIVE_INFINITY * sign);
  return all.every((s) => s === series || s.analyte !== series.analyte || best(s) <= best(series));
}

/** The window; results charted to a stay before its start (in the emergency department) are named as such. */
function stayWords(need: ResultNeed, { points, completeness }: Series): string {
  const window = windowWords(completeness, need.when !== null);
  const from = completeness[0]?.window[0] ?? null;
  const isBefore = need.when?.type === 'stay' && from !== null && points.some((p) => timeMs(p) < startOf(from));
  return isBefore ? `${window}, with what is charted to this stay before it,` : window;
}

/** What only the tool may compute: said if its trend holds it. */
function composeComputed(draft: DraftBuilder, what: 'baseline' | 'mean' | 'sum', { trend, name, completeness }: Series) {
  const part = trend?.components?.find((c) => c.name === what);
  if (trend === null || part === undefined || part.value.type !== 'quantity') {
    draft.say('limit', `The ${what} of ${name} is not computed here yet; the results themselves can be shown.`);
    return draft.part('abstained', 'unsupported');
  }
  const method = trend.qualifiers?.[what];
  draft.finding(`The ${what} of ${name} is ${formatValue(part.value)}${method ? ` (${method})` : ''}.`, trend, completeness);
  draft.value({
    label: `${name} ${what}`,
    value: part.value.value,
    ...(part.value.unit ? { unit: part.value.unit } : {}),
    evidence: trend.id,
  });
  return draft.part(isComplete(completeness) ? 'answered' : 'partial');
}

/** Status that changes how a value is read. */
const statusWords = (e: Evidence) =>
  e.status === 'preliminary' ? ' (preliminary)' : /^(?:corrected|amended)$/.test(e.status ?? '') ? ` (${e.status})` : '';

function answerOf(need: ResultNeed, name: string, e: Evidence): AnswerValue {
  const time = e.time?.start ?? e.time?.end ?? undefined;
  if (need.ask === 'time' && time !== undefined) return { label: name, value: time, time, evidence: e.id };
  if (need.ask === 'exists') return { label: `${name} recorded`, value: true, ...(time ? { time } : {}), evidence: e.id };
  const plain = plainValue(e.value) ?? { value: valueWords(e) };
  return { label: name, ...plain, ...(time === undefined ? {} : { time }), evidence: e.id };
}
