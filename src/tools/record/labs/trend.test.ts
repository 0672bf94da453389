import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Component, Evidence } from '../../../evidence/index.ts';
import { analyteByKey } from '../../knowledge/index.ts';
import { baselineOf, median } from './baseline.ts';
import { kdigoRise, type Point, referenceChangeValue, type TrendContext, trendEvidence } from './trend.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-01-01T06:00:00Z');
const at = (hours: number, value: number): Point => ({
  id: `e${hours}`,
  value,
  time: new Date(START + hours * HOUR).toISOString().slice(0, 19).concat('Z'),
  ms: START + hours * HOUR,
});
const about = (parts: Partial<TrendContext> = {}): TrendContext => ({
  name: 'Creatinine',
  patient: 'p1',
  analyte: analyteByKey('creatinine')!,
  unit: 'mg/dL',
  ucum: 'mg/dL',
  qualifiers: {},
  cvi: 5.95,
  knowledge: [],
  baseline: null,
  kdigoPoints: null,
  convert: null,
  ...parts,
});
const part = (e: Evidence, name: string): Component['value'] | undefined => e.components?.find((c) => c.name === name)?.value;
const direction = (values: number[], parts: Partial<TrendContext> = {}) =>
  part(
    trendEvidence(
      values.map((v, i) => at(i * 24, v)),
      about(parts),
    ),
    'direction',
  );

describe('reference change value', () => {
  test('of creatinine with CVi 5.95% and CVa half of it is a rise of 20.2% or a fall of 16.8%', () => {
    expect(referenceChangeValue(5.95).rise).toBeCloseTo(20.22, 2);
    expect(referenceChangeValue(5.95).fall).toBeCloseTo(-16.82, 2);
  });
  test('is near 2.77 times the total variation where that is small (Fraser)', () => {
    const { rise, fall } = referenceChangeValue(1);
    expect((rise - fall) / 2 / Math.hypot(1, 0.5)).toBeCloseTo(2.772, 2);
  });
  test('lets a fall be told where variation is large: C-reactive protein (CVi 42.2%) from 121 to 20', () => {
    expect(referenceChangeValue(42.2).fall).toBeCloseTo(-71.14, 2);
    expect(direction([121, 20], { cvi: 42.2 })).toEqual({ type: 'text', text: 'falling' });
    expect(direction([20, 121], { cvi: 42.2 })).toEqual({ type: 'text', text: 'rising' });
    expect(direction([121, 38.4], { cvi: 42.2 })).toEqual({ type: 'text', text: 'no reliable change' });
  });
});

describe('direction', () => {
  test('a change within variation is none that can be relied on', () => {
    expect(direction([1.0, 1.1])).toEqual({ type: 'text', text: 'no reliable change' });
    expect(direction([1.0, 1.4])).toEqual({ type: 'text', text: 'rising' });
    expect(direction([1.4, 1.0])).toEqual({ type: 'text', text: 'falling' });
  });
  test('without a published variation it is undecided', () => {
    expect(direction([1.0, 9.0], { cvi: null })).toEqual({ type: 'text', text: 'undecided' });
    expect(direction([1.0, 1.0], { cvi: null })).toEqual({ type: 'text', text: 'no reliable change' });
  });
  test('a first value of zero has no percent and no direction', () => {
    const trend = trendEvidence([at(0, 0), at(1, 3)], about());
    expect(part(trend, 'percent')).toBeUndefined();
    expect(part(trend, 'direction')).toEqual({ type: 'text', text: 'undecided' });
  });
  test('temperature has no percent: its zero is no zero', () => {
    const trend = trendEvidence([at(0, 37), at(1, 39)], about({ analyte: analyteByKey('temperature')!, cvi: null }));
    expect(part(trend, 'percent')).toBeUndefined();
  });
});

describe('first, last, extremes, change', () => {
  const trend = trendEvidence([at(0, 1.2), at(10, 0.9), at(20, 2.1), at(30, 1.8)], about());
  test('are named with their times and inputs', () => {
    expect(trend.components?.map((c) => c.name)).toEqual(['first', 'last', 'minimum', 'maximum', 'change', 'percent', 'direction']);
    expect(part(trend, 'minimum')).toMatchObject({ value: 0.9, unit: 'mg/dL' });
    expect(trend.components?.find((c) => c.name === 'maximum')).toMatchObject({ time: { start: '2026-01-02T02:00:00Z' }, inputs: ['e20'] });
    expect(part(trend, 'change')).toMatchObject({ value: 0.6 });
    expect(part(trend, 'percent')).toMatchObject({ value: 50, unit: '%' });
    expect(trend.source).toMatchObject({ type: 'calculation', method: 'trend', inputs: ['e0', 'e10', 'e20', 'e30'] });
  });
  test('a change has the digits of its values', () => {
    expect(part(trendEvidence([at(0, 4.2), at(1, 3.9)], about()), 'change')).toMatchObject({ value: -0.3 });
    expect(part(trendEvidence([at(0, 138), at(1, 141)], about()), 'change')).toMatchObject({ value: 3 });
  });
  test('extremes bound every value, whatever the values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 2, maxLength: 40 }), (values) => {
        const e = trendEvidence(
          values.map((v, i) => at(i, v)),
          about(),
        );
        const number = (name: string) => (part(e, name) as { value: number }).value;
        expect(number('minimum')).toBe(Math.min(...values));
        expect(number('maximum')).toBe(Math.max(...values));
        expect(number('first') + number('change')).toBe(number('last'));
      }),
    );
  });
});

describe('KDIGO creatinine criteria', () => {
  test('0.3 mg/dL within 48 hours is a rise, though 0.3 of 2.0 is within variation', () => {
    expect(kdigoRise([at(0, 2.0), at(47, 2.3)])).toMatchObject({ point: { value: 2.3 }, text: 'rise of 0.3 mg/dL within 48 hours' });
    const trend = trendEvidence([at(0, 2.0), at(47, 2.3)], about({ kdigoPoints: [at(0, 2.0), at(47, 2.3)] }));
    expect(part(trend, 'direction')).toEqual({ type: 'text', text: 'rising' });
    expect(trend.qualifiers?.['direction decided by']).toBe('KDIGO 2012');
  });
  test('0.3 mg/dL over 49 hours is none', () => expect(kdigoRise([at(0, 2.0), at(49, 2.3)])).toBeNull());
  test('0.2 mg/dL is none', () => expect(kdigoRise([at(0, 1.0), at(12, 1.2)])).toBeNull());
  test('1.5 times within 7 days is a rise; after 8 days it is none', () => {
    expect(kdigoRise([at(0, 0.4), at(6 * 24, 0.6)])?.text).toBe('rise to 1.5 times within 7 days');
    expect(kdigoRise([at(0, 0.4), at(8 * 24, 0.6)])).toBeNull();
  });
  test('it is measured from the lowest value within the span, not from the first', () => {
    expect(kdigoRise([at(0, 1.5), at(24, 1.0), at(48, 1.3)])).toMatchObject({ before: { value: 1.0 }, point: { value: 1.3 } });
  });
  test('a rise that has passed is told, and does not decide the direction', () => {
    const points = [at(0, 1.0), at(24, 2.0), at(96, 1.0)];
    const trend = trendEvidence(points, about({ kdigoPoints: points }));
    expect(part(trend, 'direction')).toEqual({ type: 'text', text: 'no reliable change' });
    expect(part(trend, 'KDIGO creatinine criterion')).toMatchObject({ text: expect.stringContaining('not at the last value') });
  });
});

describe('baseline', () => {
  const earlier = (days: number, value: number, outpatient = true) => ({ ...at(-days * 24, value), outpatient });
  const stay = { reference: 'Encounter/1' } as never;
  test('is the median of outpatient values 7 to 365 days before admission', () => {
    const points = [
      earlier(400, 9),
      earlier(300, 1.0),
      earlier(100, 1.2),
      earlier(10, 1.1),
      earlier(8, 5, false),
      earlier(3, 3.3),
      { ...at(5, 2.0), outpatient: false },
    ];
    expect(baselineOf(points, START, stay)).toMatchObject({
      value: 1.1,
      method: 'median of 3 outpatient values, 2025-03-07 to 2025-12-22',
    });
  });
  test('of two values is their mean', () => expect(median([1.0, 1.3])).toBe(1.15));
  test('without outpatient values the first of the stay stands in, and is called so', () => {
    const points = [earlier(2, 3.3), { ...at(5, 2.0), outpatient: false }, { ...at(9, 1.0), outpatient: false }];
    expect(baselineOf(points, START, stay)).toMatchObject({ value: 2.0, method: expect.stringMatching(/^first value of the stay/) });
  });
  test('out of hospital it looks back from the last value', () => {
    expect(baselineOf([earlier(30, 1.0), earlier(0, 1.4)], null, null)).toMatchObject({
      value: 1.0,
      method: 'one value, 2025-12-02',
    });
    expect(baselineOf([earlier(1, 1.0), earlier(0, 1.4)], null, null)).toBeNull();
  });
  test('exactly 7 and 365 days before count', () => {
    expect(baselineOf([earlier(365, 1.0), earlier(7, 3.0)], START, stay)?.value).toBe(2);
    expect(baselineOf([{ ...at(-365 * 24 - 1, 1.0), outpatient: true }], START, stay)).toBeNull();
  });
});
