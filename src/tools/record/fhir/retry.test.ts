// RFC 9110 section 10.2.3: Retry-After is a number of seconds or an HTTP date.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RequestFailure } from './failure.ts';
import { delayBeforeRetry, RETRY, retryAfterMs } from './retry.ts';

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);

it.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
  ['-5', null],
  ['1.5', null],
  ['soon', null],
  ['2026', 2_026_000],
  ['', null],
])('%j is %j ms', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms);
});

it('a wait is never shorter than half the backoff, nor longer than the bound', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const failure = new RequestFailure('status', 'x', { status: 503 });
      const ms = delayBeforeRetry(failure, attempt, { ...RETRY, random: () => random })!;
      expect(ms).toBeGreaterThanOrEqual(125 * 2 ** (attempt - 1));
      expect(ms).toBeLessThanOrEqual(RETRY.maxDelayMs);
    }),
  );
});

it('a server is never asked sooner than it said', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), fc.double({ min: 0, max: 1, noNaN: true }), (seconds, random) => {
      const failure = new RequestFailure('status', 'x', { status: 429, retryAfter: String(seconds) });
      const ms = delayBeforeRetry(failure, 1, { ...RETRY, random: () => random });
      if (seconds * 1000 > RETRY.maxDelayMs) expect(ms).toBeNull();
      else expect(ms).toBeGreaterThanOrEqual(seconds * 1000);
    }),
  );
});

it.each([
  ['timeout', null],
  ['unreachable', null],
  ['redirect', null],
  ['not_fhir', 200],
  ['not_authorised', 401],
  ['status', 400],
  ['status', 404],
  ['status', 500],
] as const)('%s (%s) is final', (kind, status) => {
  const failure = new RequestFailure(kind, 'x', status === null ? {} : { status });
  expect(delayBeforeRetry(failure, 1, RETRY)).toBeNull();
});
