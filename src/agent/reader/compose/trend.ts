// How a result has changed: from the trend that the tool computed, never from a calculation in a sentence.
import type { Component, Evidence } from '../../../evidence/index.ts';
import { formatNumber, formatTime, formatValue } from '../../../evidence/index.ts';
import type { ResultNeed } from '../needs.ts';
import type { DraftBuilder } from './draft.ts';
import { capital, isComplete, windowWords } from './outcome.ts';
import { type Series, valueAt } from './series.ts';

const VERBS: Record<string, string> = { rising: 'rose', falling: 'fell' };

/** `undecided`: no reference change value is published for the test. */
const DIRECTIONS: Record<string, string> = {
  'no reliable change': 'no reliable change, by its usual variation',
  undecided: 'whether this is more than its usual variation is not decided',
};

/** @param scope the recent time that was taken where none was asked for: `in the current stay` */
export function composeTrend(draft: DraftBuilder, need: ResultNeed, series: Series, scope: string | null = null) {
  const { trend, points, completeness, name } = series;
  const complete = isComplete(completeness);
  const window = windowWords(completeness, need.when !== null || scope !== null);
  const over = [scope, window.trim()].filter((w) => w !== null && w !== '').join(', ');
  const lead = over === '' ? capital(name) : `${capital(over)}, ${name}`;
  if (trend === null) {
    const e = points.at(-1)!;
    if (e.value === undefined || e.value.type === 'absent') {
      draft.finding(`${capital(name)}${e.time ? ` at ${formatTime(e.time)}` : ''} is recorded without a value.`, e);
      return draft.part('partial', 'not_applicable');
    }
    draft.finding(
      points.length === 1 && complete
        ? `Only this result of ${name} is recorded${window}: ${valueAt(e)}; a change takes more than that.`
        : `${capital(name)} was ${valueAt(e)}; no trend is computed for these results.`,
      e,
      completeness,
    );
    draft.value({
      label: name,
      value: e.value?.type === 'quantity' ? e.value.value : valueAt(e),
      ...(e.value?.type === 'quantity' && e.value.unit ? { unit: e.value.unit } : {}),
      ...(e.time?.start ? { time: e.time.start } : {}),
      evidence: e.id,
    });
    return draft.part('partial', 'not_applicable');
  }
  const part = (label: string): Component | undefined => trend.components?.find((c) => c.name === label);
  const [first, last, change, percent, minimum, maximum, baseline, direction] = [
    'first',
    'last',
    'change',
    'percent',
    'minimum',
    'maximum',
    'baseline',
    'direction',
  ].map(part);
  const text = direction?.value.type === 'text' ? direction.value.text : null;
  const verb = (text && VERBS[text]) ?? 'went';
  const amount = change?.value.type === 'quantity' ? change.value.value : null;
  const inputs = points.filter((p) =>
    [first, last].some((c) => c?.inputs?.includes(p.id) || (c?.time?.start != null && c.time.start === p.time?.start)),
  );
  // A number beyond the assay's limit, or one of two that disagree, stands in no trend: it may be the highest or the lowest, or turn the direction.
  const unused = points.filter((p) => isLeftOut(p, points));
  if (first && last) {
    const by = change ? `, a change of ${signed(change)}${percent ? ` (${signed(percent)})` : ''}` : '';
    draft.finding(`${lead} ${verb} from ${at(first)} to ${at(last)}${by}.`, trend, inputs, complete || over !== '' ? completeness : []);
    if (text !== null && VERBS[text] === undefined && unused.length === 0)
      draft.finding(`${capital(name)}: ${DIRECTIONS[text] ?? text}.`, trend);
  }
  for (const p of unused.slice(-5)) draft.finding(`Not part of this trend: ${name} ${valueAt(p)}.`, p, trend);
  if (unused.length > 5) draft.say('limit', `${unused.length - 5} more results of ${name} are no part of this trend.`);
  if (minimum && maximum && complete && unused.length === 0)
    draft.finding(`The lowest ${name}${window} was ${at(minimum)}, the highest ${at(maximum)}.`, trend, completeness);
  const method = trend.qualifiers?.['baseline'];
  if (baseline) draft.finding(`The baseline of ${name} is ${at(baseline)}${method ? ` (${method})` : ''}.`, trend, completeness);
  if (need.direction !== null && text !== null && text !== 'undecided' && unused.length === 0) {
    const is = need.direction === 'stable' ? text === 'no reliable change' : text === need.direction;
    draft.value({ label: `${name} ${need.direction}`, value: is, evidence: trend.id });
  } else if (amount !== null && change?.value.type === 'quantity')
    draft.value({ label: `${name} change`, value: amount, ...(change.value.unit ? { unit: change.value.unit } : {}), evidence: trend.id });
  draft.part(complete && unused.length === 0 ? 'answered' : 'partial', complete ? null : 'unreachable');
}

const isLeftOut = ({ id, time, value }: Evidence, points: readonly Evidence[]) =>
  value?.type === 'quantity' &&
  (value.comparator !== undefined ||
    points.some((o) => {
      const isSameTime = o.id !== id && o.time?.start === time?.start && o.time?.start != null;
      return isSameTime && o.value?.type === 'quantity' && o.value.unit === value.unit && o.value.value !== value.value;
    }));

const at = (component: Component) => `${formatValue(component.value)}${component.time ? ` at ${formatTime(component.time)}` : ''}`;

function signed(component: Component): string {
  const { value } = component;
  if (value.type !== 'quantity') return formatValue(value);
  const unit = value.unit === null || value.unit === '' ? '' : value.unit.startsWith('%') ? value.unit : ` ${value.unit}`;
  return `${value.value > 0 ? '+' : ''}${formatNumber(value.value)}${unit}`;
}
