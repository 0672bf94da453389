// What the chat API adds to a model call: a mock model on loopback called directly, and through /v1/chat/completions. Aim: 1 ms p50, 5 ms p99.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCopilot } from '../src/agent/index.ts';
import { openHouse } from '../src/cli/open.ts';
import { createServer, listen } from '../src/server/index.ts';
import { listPatients } from '../src/tools/record/fhir/index.ts';
import { inTurns, percentile, type Row, row } from './row.ts';

const RUNS = 200;
let count = 0;
const completion = () => ({
  id: `chatcmpl-${++count}`,
  object: 'chat.completion',
  created: 0,
  model: 'mock',
  choices: [
    { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'What would you like to know about this patient?' } },
  ],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

export async function bench(): Promise<Row[]> {
  const mock = createHttpServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(completion())));
  });
  await new Promise<void>((resolve) => mock.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(mock.address() as { port: number }).port}/v1`;
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-bench-'));
  const house = await openHouse({
    DATA_DIR: dataDir,
    PORT: '0',
    LOG_LEVEL: 'silent',
    OPENAI_BASE_URL: base,
    OPENAI_API_KEY: 'none',
    MODEL: 'mock',
  });
  const copilot = await createCopilot(house);
  const listening = await listen(createServer({ ...house, copilot }), house.config);
  const [patient] = await listPatients(house.sources.record, '', AbortSignal.timeout(10_000));
  const body = JSON.stringify({ model: 'mock', messages: [{ role: 'user', content: 'Hello' }] });
  const post = (url: string, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } }).then((r) => r.json());
  const ours = () => post(`${listening.url}/v1/chat/completions`, { 'X-Patient': patient!.id });
  const bare = () => post(`${base}/chat/completions`);
  try {
    await inTurns(20, ours, bare);
    const times = await inTurns(RUNS, ours, bare);
    return [50, 99].map((p) => {
      const [through, direct] = [percentile(times.ours, p), percentile(times.reference, p)];
      const note = `adds ${(through - direct).toFixed(1)} ms: patient resolved, flags read from the record, answer checked, stored and audited; n ${RUNS}`;
      return row(`chat API over a model call (p${p})`, 'ms', through, direct, p === 50 ? 'adds 1 ms' : 'adds 5 ms', note);
    });
  } finally {
    await listening.close();
    await house.close();
    mock.closeAllConnections();
    mock.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
