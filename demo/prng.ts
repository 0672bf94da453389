// A seeded generator of our own, so that the demo hospital is the same on every machine and Node version
// (sfc32 by Chris Doty-Humphrey, PractRand; seeded by SHA-256 of the patient's key).
import { createHash } from 'node:crypto';

export type Prng = {
  /** Uniform in [0, 1). */
  next: () => number;
  /** Whole number from low to high, both included. */
  integer: (low: number, high: number) => number;
  /** Normal by the sum of twelve uniforms: only additions, hence equal on every processor. */
  normal: (mean: number, deviation: number) => number;
};

export function prng(seed: string): Prng {
  const hash = createHash('sha256').update(seed).digest();
  let [a, b, c, counter] = [hash.readInt32LE(0), hash.readInt32LE(4), hash.readInt32LE(8), 1];
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4_294_967_296;
  };
  for (let warm = 0; warm < 15; warm += 1) next();
  return {
    next,
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    normal: (mean, deviation) => {
      let sum = -6;
      for (let n = 0; n < 12; n += 1) sum += next();
      return mean + deviation * sum;
    },
  };
}
