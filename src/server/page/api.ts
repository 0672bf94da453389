// What the page asks of its server. Addresses are relative, so that a proxy may serve the page below a path.
import type { Answer, PatientLock, Sentence } from '../../evidence/types.ts';

export type ChosenPatient = PatientLock & { asOf: string; server: string };
export type Question = { question: string; patient: string; conversation?: string };
export type Heard =
  | { event: 'tool'; data: Answer['tools'][number] }
  | { event: 'flag' | 'sentence'; data: Sentence & { index: number } }
  | { event: 'answer'; data: Answer }
  | { event: 'error'; data: { detail: string; recovery: string } };

/** One clear sentence, fit to be shown. */
export class Failure extends Error {}

export const evidenceAddress = (id: string) => `api/evidence/${encodeURIComponent(id)}`;

export async function getJson<T>(address: string, signal?: AbortSignal): Promise<T> {
  const response = await send(address, { headers: { Accept: 'application/json' }, signal: signal ?? null });
  if (!response.ok) throw await failureOf(response);
  return (await response.json()) as T;
}

/** Tells each event as it arrives. Throws Failure, also when the stream ends before the answer does. */
export async function ask(question: Question, heard: (event: Heard) => void, signal: AbortSignal): Promise<void> {
  const headers = { 'Content-Type': 'application/json', Accept: 'text/event-stream' };
  const response = await send('api/ask', { method: 'POST', headers, body: JSON.stringify(question), signal });
  if (!response.ok || response.body === null) throw await failureOf(response);
  let isWhole = false;
  for await (const event of eventsOf(response.body, signal)) {
    if (event.event === 'error') throw new Failure(`${event.data.detail} ${event.data.recovery}`);
    heard(event);
    if (event.event === 'answer') isWhole = true;
  }
  if (!isWhole) throw new Failure('The connection ended before the answer was whole; what stands above may not be all of it. Ask again.');
}

async function send(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Failure('The copilot’s server could not be reached; check that it still runs, then ask again.');
  }
}

async function failureOf(response: Response): Promise<Failure> {
  const problem = (await response.json().catch(() => null)) as { detail?: string } | null;
  return new Failure(problem?.detail ?? `The copilot’s server answered with status ${response.status}.`);
}

/** Server-sent events, as the HTML standard frames them (9.2.6); only `event` and `data` are used. */
async function* eventsOf(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Heard> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      if (signal.aborted) throw error;
      return { done: true, value: undefined };
    });
    if (done) return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) =>
        block
          .split('\n')
          .filter((line) => line.startsWith(`${name}: `))
          .map((line) => line.slice(name.length + 2))
          .join('\n');
      if (field('data') !== '') yield { event: field('event'), data: JSON.parse(field('data')) } as Heard;
    }
  }
}
