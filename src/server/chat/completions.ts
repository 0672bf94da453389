// POST /v1/chat/completions and GET /v1/models: any chat front end that speaks OpenAI's form can be the copilot's face.
import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import * as z from 'zod';
import { asCopilotError } from '../../errors.ts';
import type { Answer } from '../../evidence/index.ts';
import { begin, finalAnswer, noAnswer, stoppable } from '../asking.ts';
import { readJson } from '../body.ts';
import { publicUrl } from '../guard.ts';
import { logFailure } from '../log.ts';
import type { Env, Parts } from '../parts.ts';
import { openaiError } from '../problem.ts';
import { CitedText } from './cited-text.ts';
import { readChatRequest } from './request.ts';

const MODEL_ID = 'open-clinical-copilot';

/** No tokens are counted: the built-in reader has none, and what a language model behind us used is not this answer's length. */
const USAGE = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

export function chatRoutes(app: Hono<Env>, { config, copilot, log }: Parts): void {
  const started = Math.floor(Date.now() / 1000);
  app.get('/v1/models', (c) => c.json({ object: 'list', data: [{ id: MODEL_ID, object: 'model', created: started, owned_by: MODEL_ID }] }));

  app.post('/v1/chat/completions', async (c) => {
    const chat = readChatRequest(await readJson(c, z.unknown()), c.req.header('x-patient'));
    const answerId = randomUUID();
    c.set('answer', answerId);
    const stop = stoppable(c.req.raw.signal);
    const events = await begin(
      copilot.ask({
        question: chat.question,
        patient: chat.patient,
        ...(chat.conversation === null ? {} : { conversation: chat.conversation }),
        principal: c.get('principal'),
        way: 'chat',
        signal: stop.signal,
        answerId,
      }),
    );
    const text = new CitedText(publicUrl(config, c.req.raw));
    const head = { id: `chatcmpl-${answerId}`, created: Math.floor(Date.now() / 1000), model: MODEL_ID };

    if (!chat.stream) {
      const answer = await finalAnswer(events);
      const content = answer.sentences.map((sentence) => text.add(sentence)).join('');
      const message = { role: 'assistant', content, refusal: null, annotations: text.annotations(answer), copilot: answer };
      const choice = { index: 0, message, logprobs: null, finish_reason: 'stop' };
      return c.json({ ...head, object: 'chat.completion', choices: [choice], usage: USAGE });
    }

    return streamSSE(c, async (stream) => {
      stream.onAbort(stop.abort);
      const send = (data: unknown) => stream.writeSSE({ data: typeof data === 'string' ? data : JSON.stringify(data) });
      const chunk = (delta: object, finish: 'stop' | null = null, more: object = {}) => ({
        ...head,
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
        ...(chat.includeUsage ? { usage: null } : {}),
        ...more,
      });
      try {
        await send(chunk({ role: 'assistant', content: '' }));
        let answer: Answer | null = null;
        for await (const event of events) {
          if (event.type === 'answer') answer = event.answer;
          else if (event.type !== 'tool') await send(chunk({ content: text.add(event.sentence) }));
        }
        if (answer === null) throw noAnswer();
        const last = { copilot: answer };
        await send(chunk({ annotations: text.annotations(answer) }, 'stop', chat.includeUsage ? {} : last));
        if (chat.includeUsage) await send({ ...head, object: 'chat.completion.chunk', choices: [], usage: USAGE, ...last });
        await send('[DONE]');
      } catch (error) {
        logFailure(log, error);
        await send(openaiError(asCopilotError(error)));
      }
    });
  });
}
