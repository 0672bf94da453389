// Start to listening, and from start to the first answer, as whole processes; against a bare Hono server and a bare Node process.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mimicFolder } from './data.ts';
import { percentile, type Row, row } from './row.ts';

const root = resolve(import.meta.dirname, '..');
const BARE_SERVER =
  "import{serve}from'@hono/node-server';import{Hono}from'hono';serve({fetch:new Hono().get('/',c=>c.text('ok')).fetch,port:0,hostname:'127.0.0.1'},i=>console.log('on',i.port))";
const RUNS = 5;
const DEMO_PATIENT = 'DEMO-0001';

export async function bench(): Promise<Row[]> {
  const rows: Row[] = [];
  const bare: number[] = [];
  const listening: number[] = [];
  const bareNode: number[] = [];
  const demo: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    bare.push(await untilFirstLine(['--input-type=module', '-e', BARE_SERVER], {}));
    listening.push(await withDataDir((DATA_DIR) => untilFirstLine([join(root, 'src/cli/main.ts'), 'start'], { DATA_DIR, PORT: '0' })));
    bareNode.push(await untilExit(['-e', '0'], {}));
    demo.push(await withDataDir((DATA_DIR) => untilExit(askArguments('Which conditions are recorded?', DEMO_PATIENT), { DATA_DIR })));
  }
  rows.push(
    row(
      'start to listening, demo (p50)',
      's',
      percentile(listening, 50) / 1000,
      percentile(bare, 50) / 1000,
      'under 2 s',
      'reference: a bare Hono server',
    ),
  );
  rows.push(
    row(
      'start to first answer, demo (p50)',
      's',
      percentile(demo, 50) / 1000,
      percentile(bareNode, 50) / 1000,
      'under 4 s',
      'whole process of `ask`; reference: a Node process that does nothing',
    ),
  );
  const folder = mimicFolder();
  if (folder === null) {
    process.stderr.write('start: the MIMIC rows are skipped, the bundles are not under EVAL_DATA.\n');
    return rows;
  }
  const cold: number[] = [];
  const warm: number[] = [];
  const mimic = askArguments('What was the last creatinine?', '10014078');
  for (let i = 0; i < 3; i++) {
    await withDataDir(async (DATA_DIR) => {
      const env = { DATA_DIR, FHIR_BUNDLES: folder, AS_OF: '2166-08-26T12:00:00-04:00' };
      cold.push(await untilExit(mimic, env));
      warm.push(await untilExit(mimic, env));
    });
  }
  const node = percentile(bareNode, 50) / 1000;
  rows.push(
    row('start to first answer, MIMIC folder, no index (p50)', 's', percentile(cold, 50) / 1000, node, 'under 4 s', `n ${cold.length}`),
  );
  rows.push(
    row('start to first answer, MIMIC folder, index kept (p50)', 's', percentile(warm, 50) / 1000, node, 'under 4 s', `n ${warm.length}`),
  );
  return rows;
}

function askArguments(question: string, patient: string): string[] {
  return [join(root, 'src/cli/main.ts'), 'ask', question, '--patient', patient, '--json'];
}

async function withDataDir<T>(work: (dataDir: string) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-bench-'));
  try {
    return await work(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function run(args: string[], env: Record<string, string>) {
  return spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function untilFirstLine(args: string[], env: Record<string, string>): Promise<number> {
  const start = performance.now();
  const child = run(args, env);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const time = performance.now() - start;
  child.kill();
  await new Promise((resolve) => child.once('close', resolve));
  return time;
}

async function untilExit(args: string[], env: Record<string, string>): Promise<number> {
  const start = performance.now();
  const child = run(args, env);
  child.stdout.resume();
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${args[1] ?? args[0]} ended with ${String(code)}`);
  return performance.now() - start;
}
