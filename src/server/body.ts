// What a POST may carry: JSON, at most 1 MB, in the shape that the route names.
import type { Context, MiddlewareHandler } from 'hono';
import type * as z from 'zod';
import { CopilotError } from '../errors.ts';
import type { Env } from './parts.ts';

const MAX_BODY_BYTES = 1_000_000;
const MAX_DROPPED_BYTES = 64_000_000;

/** A form or a plain text can be posted by any web page without the browser asking first; JSON cannot. */
export const jsonOnly: MiddlewareHandler<Env> = async (c, next) => {
  if (c.req.method === 'POST') {
    const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
    if (type !== 'application/json') throw new CopilotError('unsupported_media', 'POST takes application/json only.');
    if ((c.req.header('content-encoding') ?? 'identity') !== 'identity')
      throw new CopilotError('unsupported_media', 'POST takes application/json without compression only.');
  }
  await next();
};

/** Counts what arrives: a chunked body announces no length. What is too much is read and dropped, so that the sender gets to read why. */
export const limitBody: MiddlewareHandler<Env> = async (c, next) => {
  const { body, headers } = c.req.raw;
  const length = headers.has('transfer-encoding') ? null : headers.get('content-length');
  // HTTP holds a sender to the length that it announced.
  if (body === null || (length !== null && Number(length) <= MAX_BODY_BYTES)) return next();
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of body) {
      size += piece.byteLength;
      if (size <= MAX_BODY_BYTES) pieces.push(piece);
      else pieces.length = 0;
      if (size > MAX_DROPPED_BYTES) break;
    }
  } catch (cause) {
    throw new CopilotError('cancelled', 'The request ended before it was whole.', { cause });
  }
  if (size > MAX_BODY_BYTES)
    throw new CopilotError('too_large', 'The request is larger than 1 MB; a question has at most 20,000 characters.');
  c.req.raw = new Request(c.req.raw, { body: Buffer.concat(pieces) });
  return next();
};

/** Throws CopilotError `bad_input`, naming each wrong field, never its value. */
export async function readJson<T extends z.ZodType>(c: Context<Env>, schema: T): Promise<z.output<T>> {
  let body: unknown;
  try {
    body = JSON.parse(await c.req.text());
  } catch (cause) {
    throw new CopilotError('bad_input', 'The body is not valid JSON.', { cause });
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new CopilotError('bad_input', `${describeIssues(parsed.error)}.`);
  return parsed.data;
}

export function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}`).join('; ');
}
