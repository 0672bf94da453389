// POST /api/ask: the answer object, or the events up to it.
import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { accepts } from 'hono/accepts';
import { streamSSE } from 'hono/streaming';
import * as z from 'zod';
import type { AskEvent } from '../agent/types.ts';
import { asCopilotError } from '../errors.ts';
import { offsetOf, precisionOf } from '../evidence/index.ts';
import { begin, finalAnswer, stoppable } from './asking.ts';
import { readJson } from './body.ts';
import { logFailure } from './log.ts';
import type { Env, Parts } from './parts.ts';
import { problemOf } from './problem.ts';

const Body = z.strictObject({
  question: z.string(),
  patient: z.string().min(1).nullish(),
  asOf: z
    .string()
    .refine(
      (time) => precisionOf(time) !== null && (offsetOf(time) !== null || time.length === 10),
      'expected an ISO 8601 time with an offset, such as 2166-08-26T12:00:00-04:00',
    )
    .nullish(),
  conversation: z.string().min(1).max(200).nullish(),
});

export function askRoutes(app: Hono<Env>, { copilot, log }: Parts): void {
  app.post('/api/ask', async (c) => {
    const { question, patient, asOf, conversation } = await readJson(c, Body);
    const answerId = randomUUID();
    c.set('answer', answerId);
    const stop = stoppable(c.req.raw.signal);
    const events = await begin(
      copilot.ask({
        question,
        patient: patient ?? null,
        ...(asOf == null ? {} : { asOf }),
        ...(conversation == null ? {} : { conversation }),
        principal: c.get('principal'),
        way: 'api',
        signal: stop.signal,
        answerId,
      }),
    );
    const type = accepts(c, { header: 'Accept', supports: ['application/json', 'text/event-stream'], default: 'application/json' });
    if (type === 'application/json') return c.json(await finalAnswer(events));
    return streamSSE(c, async (stream) => {
      stream.onAbort(stop.abort);
      let n = 0;
      const send = (event: string, data: unknown) => stream.writeSSE({ event, data: JSON.stringify(data), id: `${answerId}:${n++}` });
      try {
        for await (const event of events) await send(event.type, payload(event));
      } catch (error) {
        logFailure(log, error);
        await send('error', problemOf(asCopilotError(error)));
      }
    });
  });
}

function payload(event: AskEvent): unknown {
  switch (event.type) {
    case 'tool':
      return event.tool;
    case 'answer':
      return event.answer;
    default:
      return { index: event.index, ...event.sentence };
  }
}
