// Errors as they leave the process: RFC 9457 problem details, and OpenAI's shape under /v1.
import { STATUS_CODES } from 'node:http';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { asCopilotError, type CopilotError, ToolError } from '../errors.ts';
import type { Env } from './parts.ts';

export type Problem = {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  code: string;
  recovery: string;
  candidates?: { value: string; label: string }[];
};

export function problemOf(error: CopilotError): Problem {
  return {
    type: 'about:blank',
    title: STATUS_CODES[error.status] ?? 'Client Closed Request',
    status: error.status,
    detail: error.message,
    code: error.code,
    recovery: error.recovery,
    ...(error instanceof ToolError && error.candidates.length > 0 ? { candidates: error.candidates } : {}),
  };
}

const openaiType = (status: number) =>
  status === 401 ? 'authentication_error' : status === 403 ? 'permission_error' : status >= 500 ? 'server_error' : 'invalid_request_error';

/** `param` is the request's field that is wrong, where the error knows it. */
export function openaiError(error: CopilotError & { param?: string }) {
  return { error: { message: error.message, type: openaiType(error.status), param: error.param ?? null, code: error.code } };
}

export function errorResponse(thrown: unknown, c: Context<Env>): Response {
  const error = asCopilotError(thrown);
  const status = error.status as ContentfulStatusCode;
  if (c.req.path.startsWith('/v1/')) return c.json(openaiError(error), status);
  return c.json(problemOf(error), status, { 'Content-Type': 'application/problem+json' });
}
