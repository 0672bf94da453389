// A trend as a graph and as a table. Both come from the calculation's inputs; nothing is drawn between what was not measured but a straight line.
import { formatNumber, formatTime } from '../../evidence/render.ts';
import { readableTime } from '../../evidence/time.ts';
import type { Answer, Evidence } from '../../evidence/types.ts';
import { evidenceAddress, getJson } from './api.ts';
import { el, svg } from './dom.ts';
import { isEvidence, valueText } from './facts.ts';
import type { InputsPage } from './panel.ts';
import { niceTicks, type Series, seriesOf, timeTicks } from './series.ts';

const MOST_PAGES = 10;
const HEIGHT = 200;
const EDGE = { top: 12, right: 38, bottom: 26, left: 46 };

export const trendsOf = (answer: Answer): Evidence[] =>
  Object.values(answer.evidence).filter((each) => each.source.type === 'calculation' && each.source.method === 'trend');

/** Null where fewer than two inputs can be drawn. `open` shows the evidence of a point. */
export async function trendFigure(
  trend: Evidence,
  open: (id: string, from: HTMLElement) => void,
  signal: AbortSignal,
): Promise<HTMLElement | null> {
  const { inputs, total } = await readInputs(trend.id, signal);
  const series = seriesOf(trend, inputs);
  if (series.points.length < 2) return null;
  const plot = el('div', { class: 'plot' });
  // Drawn in the width that there is, so that the writing keeps its size.
  new ResizeObserver(([entry]) => {
    const width = Math.round(entry!.contentRect.width);
    if (width > 0) plot.replaceChildren(graph(trend, series, width));
  }).observe(plot);
  const notes = [
    series.range && `Shaded: reference range ${rangeText(series)}${series.range.generic ? ' (generic)' : ''}.`,
    series.points.some((point) => point.censored) && 'Hollow points lie beyond the limit that is drawn.',
    series.left.length > 0 && `${series.left.length} not drawn: no number or time, or another unit.`,
    inputs.length < total && `The first ${inputs.length} of ${total} values.`,
  ].filter((note) => note);
  return el(
    'figure',
    { class: 'trend' },
    el('figcaption', {}, trend.concept.name, series.unit && el('span', { class: 'unit' }, series.unit)),
    plot,
    notes.length > 0 && el('p', { class: 'quiet' }, notes.join(' ')),
    table(trend, series, open),
  );
}

async function readInputs(id: string, signal: AbortSignal): Promise<{ inputs: Evidence[]; total: number }> {
  const inputs: Evidence[] = [];
  let [page, pages, total] = [0, 1, 0];
  while (page < Math.min(pages, MOST_PAGES)) {
    const read = await getJson<InputsPage>(`${evidenceAddress(id)}?inputs=${page + 1}`, signal);
    inputs.push(...read.inputs.filter(isEvidence));
    ({ page, pages, total } = read);
  }
  return { inputs, total };
}

function rangeText({ range, unit }: Series): string {
  const { low, high } = range!;
  const bounds =
    low === null
      ? `up to ${formatNumber(high!)}`
      : high === null
        ? `from ${formatNumber(low)}`
        : `${formatNumber(low)}–${formatNumber(high)}`;
  return unit ? `${bounds} ${unit}` : bounds;
}

function graph(trend: Evidence, series: Series, width: number): SVGElement {
  const { points, range } = series;
  const values = [...points.map((point) => point.value), ...[range?.low, range?.high].filter((limit) => typeof limit === 'number')];
  const yTicks = niceTicks(Math.min(...values), Math.max(...values));
  const [bottom, top] = [yTicks[0]!, yTicks.at(-1)!];
  const [begin, end] = [points[0]!.ms, points.at(-1)!.ms];
  const x = (ms: number) => EDGE.left + (end === begin ? 0.5 : (ms - begin) / (end - begin)) * (width - EDGE.left - EDGE.right);
  const y = (value: number) => HEIGHT - EDGE.bottom - ((value - bottom) / (top - bottom)) * (HEIGHT - EDGE.top - EDGE.bottom);
  const at = (value: number) => Math.round(value * 10) / 10;
  const right = width - EDGE.right;

  const band = range && [y(range.high ?? top), y(range.low ?? bottom)];
  const xTicks = timeTicks(points, Math.floor((width - EDGE.left) / 90));
  const line = points.map((point, i) => `${i === 0 ? 'M' : 'L'}${at(x(point.ms))} ${at(y(point.value))}`).join('');
  const [first, last] = [points[0]!, points.at(-1)!];
  const name = `${trend.concept.name}: ${points.length} values from ${readableTime(first.evidence.time!.start!)} (${valueText(first.evidence)}) to ${readableTime(last.evidence.time!.start!)} (${valueText(last.evidence)}). The table below holds them all.`;
  return svg(
    'svg',
    { role: 'img', 'aria-label': name, width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}` },
    band &&
      svg('rect', {
        class: 'range',
        x: EDGE.left,
        y: at(band[0]!),
        width: right - EDGE.left,
        height: Math.max(1, at(band[1]! - band[0]!)),
      }),
    ...yTicks.flatMap((tick) => [
      svg('line', { class: 'grid', x1: EDGE.left, x2: right, y1: at(y(tick)), y2: at(y(tick)) }),
      svg('text', { class: 'tick', x: EDGE.left - 8, y: at(y(tick)) + 4, 'text-anchor': 'end' }, formatNumber(tick)),
    ]),
    ...xTicks.map((tick) => svg('text', { class: 'tick', x: at(x(tick.ms)), y: HEIGHT - 8, 'text-anchor': 'middle' }, tick.label)),
    svg('path', { class: 'line', d: line, fill: 'none' }),
    ...points.map((point) =>
      svg(
        'circle',
        {
          class: `point ${point.outside ?? 'inside'}${point.censored ? ' censored' : ''}`,
          cx: at(x(point.ms)),
          cy: at(y(point.value)),
          r: points.length > 80 ? 2 : 4,
        },
        svg('title', {}, `${valueText(point.evidence)}, ${formatTime(point.evidence.time!)}`),
      ),
    ),
  );
}

function table(trend: Evidence, series: Series, open: (id: string, from: HTMLElement) => void): HTMLElement {
  const newestFirst = [...series.points].reverse();
  const row = (evidence: Evidence, outside: 'low' | 'high' | null) => {
    const button = el('button', { type: 'button', class: 'link' }, valueText(evidence) || 'no value');
    button.addEventListener('click', () => open(evidence.id, button));
    const when = evidence.time ? formatTime(evidence.time) : 'time not recorded';
    const note = [outside && `${outside === 'low' ? 'below' : 'above'} range`, evidence.status].filter(Boolean).join(', ');
    return el('tr', {}, el('th', { scope: 'row' }, when), el('td', {}, button), el('td', {}, note));
  };
  return el(
    'details',
    {},
    el('summary', {}, 'Values as a table'),
    el(
      'div',
      { class: 'scroll' },
      el(
        'table',
        {},
        el('caption', { class: 'unseen' }, `${trend.concept.name}, newest first`),
        el('thead', {}, el('tr', {}, ...['Time', 'Value', 'Note'].map((head) => el('th', { scope: 'col' }, head)))),
        el('tbody', {}, ...newestFirst.map((point) => row(point.evidence, point.outside)), ...series.left.map((each) => row(each, null))),
      ),
    ),
  );
}
