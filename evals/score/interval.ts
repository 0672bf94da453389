// 95% intervals: Wilson's for a proportion, order statistics for a percentile. Both without chance, so that a run can be repeated.

export type Score = { value: number | null; low: number | null; high: number | null; n: number };

const Z = 1.959963984540054;
const NONE: Score = { value: null, low: null, high: null, n: 0 };

/**
 * Wilson score interval (Wilson, JASA 1927;22:209-212). `right` may be a sum of shares between 0 and 1: the variance of such is never
 * larger than that of a proportion with the same mean, so the interval is then on the safe side.
 */
export function proportion(right: number, n: number): Score {
  if (n === 0) return NONE;
  const p = right / n;
  const centre = (p + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((p * (1 - p)) / n + Z ** 2 / (4 * n ** 2));
  return { value: p, low: p === 0 ? 0 : Math.max(0, centre - half), high: p === 1 ? 1 : Math.min(1, centre + half), n };
}

/** The mean of shares between 0 and 1, with Wilson's interval. */
export function meanShare(shares: readonly number[]): Score {
  return proportion(
    shares.reduce((sum, share) => sum + share, 0),
    shares.length,
  );
}

/**
 * Nearest-rank percentile; its interval takes the order statistics at n·q ± 1.96·√(n·q·(1−q))
 * (Conover, Practical Nonparametric Statistics, 3.2), within the sample.
 */
export function percentile(values: readonly number[], q: number): Score {
  const n = values.length;
  if (n === 0) return NONE;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (rank: number) => sorted[Math.min(n, Math.max(1, rank)) - 1]!;
  const half = Z * Math.sqrt(n * q * (1 - q));
  return { value: at(Math.ceil(n * q)), low: at(Math.floor(n * q - half)), high: at(Math.ceil(n * q + half)), n };
}
