import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Evidence, makeEvidence, type Value } from '../../evidence/index.ts';
import { niceTicks, seriesOf, timeTicks } from './series.ts';

const observation = (start: string | null, value: Value, range?: Evidence['referenceRange']): Evidence =>
  makeEvidence({
    kind: 'observation',
    patient: 'p',
    concept: { name: 'Creatinine', codings: [] },
    value,
    ...(start === null ? {} : { time: { start, end: null, kind: 'effective' } }),
    ...(range === undefined ? {} : { referenceRange: range }),
    source: { type: 'fhir', server: 's', reference: `Observation/${start}`, version: '1' },
  });
const mg = (value: number): Value => ({ type: 'quantity', value, unit: 'mg/dL' });
const trendIn = (unit: string) =>
  makeEvidence({
    kind: 'calculation',
    patient: 'p',
    concept: { name: 'Creatinine trend', codings: [] },
    components: [{ name: 'last', value: { type: 'quantity', value: 1, unit } }],
    source: { type: 'calculation', method: 'trend', inputs: [] },
  });
const range = { low: 0.5, high: 1.1, unit: 'mg/dL', generic: false };

describe("a trend's points", () => {
  test('stand in the order of time, whatever offset each was written in', () => {
    const inputs = [observation('2031-03-01T06:00:00-05:00', mg(2)), observation('2031-03-01T10:30:00Z', mg(1))];
    expect(seriesOf(trendIn('mg/dL'), inputs).points.map((point) => point.value)).toEqual([1, 2]);
  });

  test('of another unit are left out unless the record has the conversion', () => {
    const converted = { value: 1.2, unit: 'mg/dL', method: 'molar mass' };
    const inputs = [
      observation('2031-03-01', mg(1)),
      observation('2031-03-02', { type: 'quantity', value: 106, unit: 'umol/L', converted }),
      observation('2031-03-03', { type: 'quantity', value: 120, unit: 'umol/L' }),
    ];
    const series = seriesOf(trendIn('mg/dL'), inputs);
    expect(series.points.map((point) => point.value)).toEqual([1, 1.2]);
    expect(series.left.map((each) => each.id)).toEqual([inputs[2]!.id]);
  });

  test('are values of the patient: what a reference change value rests on is none', () => {
    const table = makeEvidence({
      kind: 'knowledge',
      patient: null,
      concept: { name: 'Reference change value', codings: [] },
      source: { type: 'knowledge', table: 't', entry: 'e', version: '1', publisher: 'p', date: '2020' },
    });
    expect(seriesOf(trendIn('mg/dL'), [observation('2031-03-01', mg(1)), table])).toMatchObject({ points: [{ value: 1 }], left: [] });
  });

  test('before the trend’s first value belong to its baseline and are not drawn', () => {
    const start = { start: '2031-03-02', end: null, kind: 'effective' as const };
    const trend = {
      ...trendIn('mg/dL'),
      components: [
        { name: 'first', value: mg(3), time: start },
        { name: 'last', value: mg(2) },
      ],
    };
    const inputs = [observation('2030-01-01', mg(1)), observation('2031-03-02', mg(3)), observation('2031-03-04', mg(2))];
    expect(seriesOf(trend, inputs).points.map((point) => point.value)).toEqual([3, 2]);
  });

  test('without a number or a time are left out, and one beyond a limit is marked', () => {
    const inputs = [
      observation('2031-03-01', { type: 'text', text: 'haemolysed' }),
      observation(null, mg(1)),
      observation('2031-03-02', { type: 'quantity', value: 0.2, unit: 'mg/dL', comparator: '<' }),
    ];
    const series = seriesOf(trendIn('mg/dL'), inputs);
    expect(series.left).toHaveLength(2);
    expect(series.points).toMatchObject([{ value: 0.2, censored: true }]);
  });

  test('are marked against their own range, and a band is drawn only where all share it', () => {
    const inputs = [
      observation('2031-03-01', mg(0.4), range),
      observation('2031-03-02', mg(1.1), range),
      observation('2031-03-03', mg(1.2), range),
    ];
    const series = seriesOf(trendIn('mg/dL'), inputs);
    expect(series.points.map((point) => point.outside)).toEqual(['low', null, 'high']);
    expect(series.range).toEqual({ low: 0.5, high: 1.1, generic: false });
    expect(seriesOf(trendIn('mg/dL'), [...inputs, observation('2031-03-04', mg(1))]).range).toBeNull();
    expect(seriesOf(trendIn('mg/dL'), [...inputs, observation('2031-03-04', mg(1), { ...range, high: 1.3 })]).range).toBeNull();
  });

  test('are not compared with a range in another unit', () => {
    const inputs = [observation('2031-03-01', mg(5), { ...range, unit: 'umol/L' })];
    expect(seriesOf(trendIn('mg/dL'), inputs)).toMatchObject({ points: [{ outside: null }], range: null });
  });
});

describe('axes', () => {
  test.each([
    [1.1, 2.05, [1, 1.5, 2, 2.5]],
    [0.1, 0.4, [0.1, 0.2, 0.3, 0.4]],
    [130, 145, [130, 135, 140, 145]],
    [7, 7, [6, 8]],
  ])('from %d to %d have round numbers', (low, high, ticks) => {
    expect(niceTicks(low, high)).toEqual(expect.arrayContaining(ticks.filter((tick) => tick >= low && tick <= high)));
  });

  test('span every value and rise in equal steps', () => {
    const value = fc.double({ min: -1e4, max: 1e4, noNaN: true }).filter((x) => x === 0 || Math.abs(x) > 1e-3);
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        fc.pre(high - low === 0 || high - low > 1e-3);
        const ticks = niceTicks(low, high);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(8);
        const slack = (ticks[1]! - ticks[0]!) * 1e-6;
        expect(ticks[0]!).toBeLessThanOrEqual(low + slack);
        expect(ticks.at(-1)!).toBeGreaterThanOrEqual(high - slack);
      }),
    );
  });

  const at = (...times: string[]) =>
    seriesOf(
      trendIn('mg/dL'),
      times.map((time, i) => observation(time, mg(i))),
    ).points;

  test("days are marked at midnight of the record's own clock", () => {
    const ticks = timeTicks(at('2031-02-27T06:00:00-05:00', '2031-03-04T05:55:00-05:00'), 6);
    expect(ticks.map((tick) => tick.label)).toEqual(['02-28', '03-01', '03-02', '03-03', '03-04']);
    expect(new Date(ticks[0]!.ms).toISOString()).toBe('2031-02-28T05:00:00.000Z');
  });

  test('hours are marked within a day, months and years over longer times, and two values of one minute still have a label', () => {
    expect(timeTicks(at('2031-03-01T06:10:00Z', '2031-03-01T18:50:00Z'), 5).map((tick) => tick.label)).toEqual([
      '03-01 09:00',
      '03-01 12:00',
      '03-01 15:00',
      '03-01 18:00',
    ]);
    expect(timeTicks(at('2029-01-20', '2031-03-01'), 5).map((tick) => tick.label)).toEqual(['2029-07', '2030-01', '2030-07', '2031-01']);
    expect(timeTicks(at('2017-04-11', '2026-03-17'), 5).map((tick) => tick.label)).toEqual(['2018', '2020', '2022', '2024', '2026']);
    expect(timeTicks(at('2031-03-01T06:10:00Z', '2031-03-01T06:10:00Z'), 5)).toHaveLength(1);
  });

  test('never more marks than there is room for', () => {
    const ms = fc.integer({ min: 0, max: 40 * 365 * 86_400_000 });
    fc.assert(
      fc.property(ms, ms, fc.integer({ min: 2, max: 10 }), (a, b, most) => {
        const times = [a, b].map((each) => `${new Date(each).toISOString().slice(0, 19)}Z`);
        expect(timeTicks(at(...times), most).length).toBeLessThanOrEqual(most);
      }),
    );
  });
});
