// What the routes that ask have in common: begin, stop, and wait for the answer.
import type { AskEvent } from '../agent/types.ts';
import { CopilotError } from '../errors.ts';
import type { Answer } from '../evidence/index.ts';

/** A signal that the client's going away aborts, and a stream that is closed under us too. */
export function stoppable(client: AbortSignal): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: AbortSignal.any([client, controller.signal]), abort: () => controller.abort() };
}

/** Waits for the first event, so that what fails before anything was said has its own HTTP status. */
export async function begin(events: AsyncIterable<AskEvent>): Promise<AsyncIterable<AskEvent>> {
  const iterator = events[Symbol.asyncIterator]();
  let next = await iterator.next();
  return (async function* () {
    try {
      while (next.done !== true) {
        yield next.value;
        next = await iterator.next();
      }
    } finally {
      await iterator.return?.();
    }
  })();
}

export async function finalAnswer(events: AsyncIterable<AskEvent>): Promise<Answer> {
  for await (const event of events) if (event.type === 'answer') return event.answer;
  throw noAnswer();
}

export const noAnswer = () => new CopilotError('internal', 'The copilot ended without an answer; ask again.');
