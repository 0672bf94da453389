import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameValue, valueErrors } from './value.ts';

const values = (...plain: (number | string | boolean)[]) => plain.map((value) => ({ label: 'x', value, unit: 'mg/dL' }));

describe('numbers', () => {
  it.each([
    [0.5, 0.5, {}, true],
    [0.5, 0.5004, {}, false],
    [0.5, 0.5004, { decimals: 3 }, true],
    [0.5, 0.5006, { decimals: 3 }, false],
    [1.005, 1.01, { decimals: 2 }, true], // 1.005 is 1.00499… in binary; a person rounds it up
    [-2.5, -3, { decimals: 0 }, true],
    [1e-7, 0, { decimals: 3 }, true],
    [200, 202, { tolerance: 0.01 }, true],
    [200, 202.1, { tolerance: 0.01 }, false],
    [0, 0.0001, { tolerance: 0.1 }, false], // a relative tolerance of nothing is nothing
    [-100, -99, { tolerance: 0.01 }, true],
    [0.5, 0.5, { tolerance: 0 }, true],
  ])('%d and %d with %j: %s', (expected, got, options, same) => {
    expect(sameValue(expected, got, options)).toBe(same);
  });

  it('does not take a text for a number, nor yes for one', () => {
    expect(sameValue(5, '5')).toBe(false);
    expect(sameValue('5', 5)).toBe(false);
    expect(sameValue(1, true)).toBe(false);
    expect(sameValue(Number.NaN, Number.NaN)).toBe(true);
    expect(sameValue(1, Number.NaN, { decimals: 1, tolerance: 1 })).toBe(false);
  });

  it('holds a number equal to itself, and rounding never parts equal numbers', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
        fc.integer({ min: 0, max: 6 }),
        (x, decimals) => {
          expect(sameValue(x, x)).toBe(true);
          expect(sameValue(x, x, { decimals })).toBe(true);
          expect(sameValue(x, x + 2 * 10 ** -decimals, { decimals })).toBe(false);
        },
      ),
    );
  });
});

describe('times', () => {
  it.each([
    ['2166-08-26T05:00:00-04:00', '2166-08-26T09:00:00Z', true], // one instant
    ['2166-08-26T05:00:00-04:00', '2166-08-26T05:00:00Z', false],
    ['2166-08-26T05:00:00', '2166-08-26T05:00:00-04:00', true], // the record's local time
    ['2166-08-26 05:00:00', '2166-08-26T05:00:00-04:00', true], // as tables write it
    ['2166-08-26T05:00', '2166-08-26T05:00:42-04:00', true], // to the minute
    ['2166-08-26T05:00:00', '2166-08-26T05:00:42-04:00', false],
    ['2166-08-26', '2166-08-26T23:59:00-04:00', true], // to the day, in the record's own calendar
    ['2166-08', '2166-08-26', true],
    ['2166-08-26T05:00', '2166-08-26', false], // the answer is coarser than what was asked
    ['2166-08-26', '2166-08-27', false],
  ])('%s and %s: %s', (expected, got, same) => {
    expect(sameValue(expected, got)).toBe(same);
  });

  it('leaves a bare year a text: it may be a code', () => {
    expect(sameValue('2166', '2166-08-26')).toBe(false);
    expect(sameValue('2166', '2166')).toBe(true);
  });
});

describe('text', () => {
  it('is compared without case and without surplus blanks, and whole', () => {
    expect(sameValue('Heparin  Sodium', ' heparin sodium')).toBe(true);
    expect(sameValue('Heparin', 'Heparin Sodium')).toBe(false);
    expect(sameValue(true, true)).toBe(true);
    expect(sameValue(true, false)).toBe(false);
  });
});

describe('lists of values', () => {
  it('are sets unless order matters', () => {
    expect(valueErrors([1, 2], values(2, 1))).toEqual([]);
    expect(valueErrors([1, 2], values(2, 1), { order: true })).toHaveLength(1);
    expect(valueErrors([1, 2], values(1, 2), { order: true })).toEqual([]);
    expect(valueErrors([1], values(1, 1))).toEqual([]);
    expect(valueErrors([1], values(1, 1), { order: true })).toHaveLength(1);
  });

  it('lack and surplus are both wrong', () => {
    expect(valueErrors([1, 2], values(1))).toEqual(['values lack 2']);
    expect(valueErrors([1], values(1, 2))).toEqual(['values hold 2, which is not expected']);
    expect(valueErrors([1], [])).toEqual(['values lack 1']);
    expect(valueErrors([], values(1))).toHaveLength(1);
    expect(valueErrors([], [])).toEqual([]);
  });

  it('in another unit are wrong, and a number without its unit too', () => {
    expect(valueErrors([1], values(1), { unit: 'mg/dL' })).toEqual([]);
    expect(valueErrors([1], values(1), { unit: 'umol/L' })).toEqual(['unit is mg/dL, expected umol/L']);
    expect(valueErrors([1], [{ label: 'x', value: 1 }], { unit: 'mg/dL' })).toEqual(['unit is none, expected mg/dL']);
    expect(valueErrors(['a'], [{ label: 'x', value: 'a' }], { unit: 'mg/dL' })).toEqual([]);
  });

  it('give the same verdict in any order', () => {
    const plain = fc.oneof(fc.integer(), fc.string(), fc.boolean());
    fc.assert(
      fc.property(fc.array(plain), fc.array(plain), (expected, got) => {
        const verdict = valueErrors(expected, values(...got)).length === 0;
        expect(valueErrors([...expected].reverse(), values(...[...got].reverse())).length === 0).toBe(verdict);
        expect(valueErrors(got, values(...got))).toEqual([]);
      }),
    );
  });
});
