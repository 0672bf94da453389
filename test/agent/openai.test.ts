// A language model over real HTTP: what it says is checked, and how it fails is told in one sentence.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { type AskEvent, createCopilot } from '../../src/agent/index.ts';
import { openAudit } from '../../src/audit/index.ts';
import { readConfig } from '../../src/config.ts';
import { makeCompleteness, makeEvidence } from '../../src/evidence/index.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { defineTool } from '../../src/tools/tool.ts';
import { arraySource } from '../fixtures/array-source.ts';
import { type ChatRequest, type OpenaiServer, openaiServer, type Reply } from '../fixtures/openai-server.ts';

const AS_OF = '2166-08-26T12:00:00-04:00';
let folder: string;
let store: Store;
let server: OpenaiServer | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openai-'));
  store = await openStore({ DATA_DIR: folder });
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const potassium = makeEvidence({
  kind: 'observation',
  patient: 'p1',
  concept: { name: 'Potassium', codings: [] },
  value: { type: 'quantity', value: 5.9, unit: 'mmol/L' },
  time: { start: '2166-08-26T05:12:00-04:00', end: null, kind: 'effective' },
  source: { type: 'fhir', server: 'array', reference: 'Observation/1', version: '1' },
});
const looked = makeCompleteness({
  what: 'labs: potassium',
  source: 'array',
  window: [null, AS_OF],
  status: 'complete',
  read: 1,
  found: 1,
  later: 0,
  reason: null,
});
const fetchPotassium = defineTool({
  name: 'fetch_potassium',
  title: 'Potassium',
  description: 'Potassium results.',
  needsPatient: true,
  input: z.strictObject({ days: z.int().min(1).describe('How far back').optional() }),
  run: async () => ({ evidence: [potassium], completeness: [looked], flags: [] }),
});

async function ask(reply: (request: ChatRequest, turn: number) => Reply, base?: string, limits: { ms?: number } = {}) {
  server = await openaiServer(reply);
  const config = readConfig({
    DATA_DIR: folder,
    AS_OF,
    OPENAI_BASE_URL: base ?? server.url,
    OPENAI_API_KEY: 'sk-test',
    MODEL: 'gpt-5.2-pro',
  });
  const sources = { record: arraySource([{ resourceType: 'Patient', id: 'p1' }]) };
  const copilot = await createCopilot({
    config,
    sources,
    store,
    audit: openAudit(store),
    tools: [fetchPotassium],
    limits: { retries: 0, ...limits },
  });
  const events: AskEvent[] = [];
  const signal = new AbortController().signal;
  for await (const event of copilot.ask({ question: 'Potassium?', patient: 'p1', principal: 'local', way: 'api', signal }))
    events.push(event);
  const last = events.at(-1);
  if (last?.type !== 'answer') throw new Error('no answer');
  return last.answer;
}
const call = (name = 'fetch_potassium', args = '{}'): Reply => ({ calls: [{ name, arguments: args }] });

test('tool call, then a cited sentence: over chat completions, whatever the model is called', async () => {
  const answer = await ask((_r, turn) =>
    turn === 0 ? call() : { content: `The last potassium was 5.9 mmol/L. [${potassium.id}][${looked.id}]\nOutcome: answered` },
  );
  expect(answer).toMatchObject({
    outcome: 'answered',
    sentences: [{ text: 'The last potassium was 5.9 mmol/L.', citations: [potassium.id, looked.id] }],
    values: [{ label: 'Potassium', value: 5.9, unit: 'mmol/L', evidence: potassium.id }],
    model: { provider: 'openai-compatible', name: 'gpt-5.2-pro', prompt: expect.stringMatching(/^copilot@\d+:[0-9a-f]{16}$/) },
  });
  const [first, second] = server!.requests;
  expect(first).toMatchObject({ path: '/v1/chat/completions', key: 'Bearer sk-test' });
  expect(first!.body.tools?.map((t) => t.function.name)).toEqual(['fetch_potassium']);
  expect(JSON.stringify(first!.body.tools)).not.toMatch(/"patient/i);
  expect(second!.body.messages.at(-1)).toMatchObject({
    role: 'tool',
    content: expect.stringContaining(`[${potassium.id}] Potassium; 5.9 mmol/L`),
  });
});

test('an invented number is never sent on', async () => {
  const answer = await ask((_r, turn) => (turn === 0 ? call() : { content: `Potassium was 3.1 mmol/L. [${potassium.id}]` }));
  expect(answer).toMatchObject({ outcome: 'abstained', reason: 'low_confidence', withheld: [{ kind: 'value' }] });
  expect(JSON.stringify(answer)).not.toMatch(/\b3\.1\b/);
});

test('a tool call with broken JSON is repaired in another turn', async () => {
  const answer = await ask(
    (_r, turn) => [call('fetch_potassium', '{"days": 3'), call()][turn] ?? { content: `Potassium was 5.9 mmol/L. [${potassium.id}]` },
  );
  expect(answer.outcome).toBe('answered');
  expect(server!.requests).toHaveLength(3);
});

test.each<[string, Reply, string, RegExp]>([
  ['an answer cut at its length', { content: `Potassium was 5.9 mmol/L. [${potassium.id}]`, finish: 'length' }, 'error', /broke off/],
  ['a filtered answer', { content: '', finish: 'content_filter' }, 'error', /broke off/],
  ['a connection that ends in the middle', { cut: true }, 'unreachable', /could not be reached/],
  ['a refused key', { status: 401 }, 'error', /refused the key \(HTTP 401\); check OPENAI_API_KEY/],
  ['an unknown model', { status: 404 }, 'error', /check MODEL/],
  ['too many requests', { status: 429 }, 'unreachable', /busy or out of quota \(HTTP 429\)/],
  ['a failing server', { status: 500 }, 'unreachable', /server failed \(HTTP 500\)/],
  ['a page of HTML', { status: 200, body: '<html>Holloway login</html>', type: 'text/html' }, 'error', /check OPENAI_BASE_URL/],
  ['JSON that is no chat completion', { status: 200, body: '{"ok":true}' }, 'error', /check OPENAI_BASE_URL/],
])('%s fails the answer with one clear sentence', async (_title, reply, reason, text) => {
  const answer = await ask((_r, turn) => (turn === 0 ? call() : reply));
  expect(answer).toMatchObject({ outcome: 'failed', reason, values: [] });
  expect(answer.sentences).toEqual([{ text: expect.stringMatching(text), citations: [], kind: 'limit' }]);
  expect(JSON.stringify(answer)).not.toContain('Holloway');
});

test('a server that never answers fails the answer when its time is over', async () => {
  const answer = await ask(() => ({ hang: true }), undefined, { ms: 50 });
  expect(answer).toMatchObject({
    outcome: 'failed',
    reason: 'unreachable',
    sentences: [{ text: expect.stringContaining('longer than allowed') }],
  });
});

test('a server that is not there fails the answer as unreachable', async () => {
  const answer = await ask(() => call(), 'http://127.0.0.1:9/v1');
  expect(answer).toMatchObject({ outcome: 'failed', reason: 'unreachable' });
});

test.each([
  [{ OPENAI_API_KEY: 'sk-of-another-program' }, /MODEL is not set/],
  [{ MODEL: 'gpt-5.2' }, /neither OPENAI_BASE_URL nor OPENAI_API_KEY/],
])('a language model configured by half stops the start: %j', async (env, message) => {
  const config = readConfig({ DATA_DIR: folder, ...env });
  const parts = { config, sources: { record: arraySource([]) }, store, audit: openAudit(store) };
  await expect(createCopilot(parts)).rejects.toMatchObject({ code: 'config', message: expect.stringMatching(message) });
});
