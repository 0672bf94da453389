import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanShare, percentile, proportion } from './interval.ts';

describe('Wilson interval', () => {
  // Newcombe, Statistics in Medicine 1998;17:857-872, table I, method 3 (without continuity correction).
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%d of %d is %d to %d', (right, n, low, high) => {
    const score = proportion(right, n);
    expect(score.value).toBe(right / n);
    expect(score.low).toBeCloseTo(low, 4);
    expect(score.high).toBeCloseTo(high, 4);
    expect(score.n).toBe(n);
  });

  it('of nothing is nothing', () => {
    expect(proportion(0, 0)).toEqual({ value: null, low: null, high: null, n: 0 });
  });

  it('holds the proportion and stays within 0 and 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const { value, low, high } = proportion(share * n, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(value! + 1e-12);
        expect(high).toBeGreaterThanOrEqual(value! - 1e-12);
      }),
    );
  });

  it('of shares is that of their mean', () => {
    expect(meanShare([1, 0.5, 0]).value).toBe(0.5);
    expect(meanShare([]).value).toBeNull();
  });
});

describe('percentile', () => {
  it('is the nearest rank', () => {
    expect(percentile([15, 20, 35, 40, 50], 0.5).value).toBe(35);
    expect(percentile([15, 20, 35, 40, 50], 0.95).value).toBe(50);
    expect(percentile([7], 0.5)).toEqual({ value: 7, low: 7, high: 7, n: 1 });
    expect(percentile([], 0.5).value).toBeNull();
  });

  it('has order statistics as its interval', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    // 50 ± 1.96·5: the 40th and the 60th.
    expect(percentile(hundred, 0.5)).toEqual({ value: 50, low: 40, high: 60, n: 100 });
  });
});
