// One line a request, on standard error: method, route pattern, status, time, answer id. No path, query, question or name: they may tell of a patient.
import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import pino, { type Logger } from 'pino';
import type { Config } from '../config.ts';
import { asCopilotError } from '../errors.ts';
import type { Env } from './parts.ts';

export function openLog(config: Pick<Config, 'LOG_LEVEL'>): Logger {
  return pino({ level: config.LOG_LEVEL, base: null }, pino.destination({ dest: 2, sync: true }));
}

export function logRequests(log: Logger): MiddlewareHandler<Env> {
  return async (c, next) => {
    const began = performance.now();
    await next();
    const route = matchedRoutes(c).findLast((r) => !r.path.endsWith('*'))?.path ?? 'none';
    const ms = Math.round(performance.now() - began);
    log.info({ method: c.req.method, route, status: c.res.status, ms, answer: c.get('answer') }, 'request');
  };
}

/** Our own failures, with the place in the code; the text of an unknown error may quote a record, so it is not written. */
export function logFailure(log: Logger, thrown: unknown): void {
  const error = asCopilotError(thrown);
  if (error.status < 500) return;
  const cause = error.cause instanceof Error ? error.cause : error;
  const at = cause.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8)
    .map((line) => line.trim());
  log.error({ code: error.code, error: cause.name, at }, 'failed');
}
