// Question to answer with the reader, warm, on a MIMIC patient of 6,199 results, in the middle of a stay, against the bare FHIR requests that it made.
// Aim: at most the bare time plus 30 ms, p50.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCopilot } from '../src/agent/index.ts';
import { openHouse } from '../src/cli/open.ts';
import { mimicFolder } from './data.ts';
import { inTurns, percentile, type Row, row } from './row.ts';

const PATIENT = '10039708';
const QUESTION = 'What was the last creatinine, and how has it changed over the stay?';
const RUNS = 30;

type Seen = { url: string; headers: Headers; start: number; end: number };

export async function bench(): Promise<Row[]> {
  const folder = mimicFolder();
  if (folder === null) {
    process.stderr.write('question: skipped, the MIMIC bundles are not under EVAL_DATA.\n');
    return [];
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-bench-'));
  const house = await openHouse({ FHIR_BUNDLES: folder, DATA_DIR: dataDir, AS_OF: '2144-01-21T12:00:00-05:00' });
  try {
    const copilot = await createCopilot(house);
    const ask = async () => {
      for await (const event of copilot.ask({
        question: QUESTION,
        patient: PATIENT,
        principal: 'bench',
        way: 'cli',
        signal: AbortSignal.timeout(60_000),
      })) {
        if (event.type === 'answer' && event.answer.outcome !== 'answered')
          throw new Error(`The bench's question was ${event.answer.outcome} (${event.answer.reason})`);
      }
    };
    for (let i = 0; i < 5; i++) await ask();
    const seen = await recordRequests(ask);
    const times = await inTurns(RUNS, ask, () => replay(seen));
    const results = await ask().then(() => seen.length);
    const [ours, bare] = [percentile(times.ours, 50), percentile(times.reference, 50)];
    return [
      row(
        'question to answer, reader, warm (p50)',
        'ms',
        ours,
        bare,
        'bare + 30 ms',
        `adds ${(ours - bare).toFixed(1)} ms to ${results} FHIR requests; p99 ${percentile(times.ours, 99).toFixed(0)} ms; n ${RUNS}`,
      ),
    ];
  } finally {
    await house.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The client library uses the global fetch: what one question requests is seen there. */
async function recordRequests(work: () => Promise<unknown>): Promise<Seen[]> {
  const real = globalThis.fetch;
  const seen: Seen[] = [];
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const entry: Seen = { url: request.url, headers: request.headers, start: performance.now(), end: 0 };
    seen.push(entry);
    const response = await real(request);
    entry.end = performance.now();
    return response;
  };
  try {
    await work();
  } finally {
    globalThis.fetch = real;
  }
  return seen;
}

/** The same requests, bare: those that ran side by side run side by side, a later one waits for the earlier. */
async function replay(seen: readonly Seen[]): Promise<void> {
  let wave: Seen[] = [];
  const run = () => Promise.all(wave.map(async ({ url, headers }) => (await fetch(url, { headers })).json()));
  for (const request of seen) {
    if (wave.some((earlier) => earlier.end <= request.start)) {
      await run();
      wave = [];
    }
    wave.push(request);
  }
  await run();
}
