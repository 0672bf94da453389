// When to ask again, and after how long: RFC 9110 section 10.2.3 (Retry-After) and exponential backoff with jitter.
import { setTimeout as wait } from 'node:timers/promises';
import type { RequestFailure } from './failure.ts';

export type RetryOptions = {
  /** Tries in all, the first included. */
  attempts: number;
  baseDelayMs: number;
  /** A server that asks for a longer wait than this is told of as unavailable at once: a clinician waits for the answer. */
  maxDelayMs: number;
  delay: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 to 1. */
  random: () => number;
  /** ms since 1970. */
  now: () => number;
};

export const RETRY: RetryOptions = {
  attempts: 4,
  baseDelayMs: 250,
  maxDelayMs: 10_000,
  delay: (ms, signal) => wait(ms, undefined, { signal }),
  random: Math.random,
  now: Date.now,
};

const RETRIED = new Set([429, 502, 503, 504]);

/** ms to wait before the next try, or null when the failure is final. @param attempt 1 for the first try. */
export function delayBeforeRetry(failure: RequestFailure, attempt: number, options: RetryOptions): number | null {
  if (attempt >= options.attempts) return null;
  if (failure.kind !== 'dropped' && !(failure.kind === 'status' && failure.status !== null && RETRIED.has(failure.status))) return null;
  const asked = retryAfterMs(failure.retryAfter, options.now());
  if (asked !== null && asked > options.maxDelayMs) return null;
  const backoff = Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** (attempt - 1)) * (0.5 + options.random() / 2);
  // Jitter is added to the server's own time too, lest all clients come back at once.
  return asked === null ? backoff : Math.min(options.maxDelayMs, asked + options.baseDelayMs * options.random());
}

/** Seconds or an HTTP date as ms from now; null when there is none or it cannot be read. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Z][a-z]{2},/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
