// `npm run bench [-- NAME…] [--json FILE]`: the speed table. Every figure stands beside its reference of the same run.
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { describeOptions, nearest, parseOptions } from '../src/cli/options.ts';
import { asCopilotError, CopilotError, ERRORS } from '../src/errors.ts';
import type { Bench, Row } from './row.ts';

const BENCHES: Record<string, { describe: string; load: () => Promise<{ bench: Bench }> }> = {
  load: { describe: 'loading the MIMIC folder, time and memory', load: () => import('./fhir-load.ts') },
  question: { describe: 'question to answer with the reader, warm', load: () => import('./question.ts') },
  start: { describe: 'start to listening, and to the first answer', load: () => import('./start.ts') },
  mcp: { describe: 'a no-op tool over MCP, stdio and HTTP', load: () => import('./mcp.ts') },
  proxy: { describe: 'what the chat API adds to a model call', load: () => import('./proxy.ts') },
};
const OPTIONS = { json: { type: 'string', describe: 'write the table as JSON', value: 'FILE' } } as const;

async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parseOptions('bench', argv, OPTIONS);
  if (values.help) {
    const names = Object.entries(BENCHES).map(([name, b]) => `  ${name.padEnd(10)}${b.describe}`);
    process.stdout.write(`npm run bench [-- NAME…] [options]\n\n${names.join('\n')}\n\n${describeOptions(OPTIONS)}\n`);
    return 0;
  }
  for (const name of positionals) {
    if (BENCHES[name] === undefined)
      throw new CopilotError(
        'usage',
        `There is no bench ${name}; ${nearest(name, Object.keys(BENCHES)) ? `did you mean ${nearest(name, Object.keys(BENCHES))}?` : 'see --help.'}`,
      );
  }
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
  };
  process.stdout.write(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, Node ${machine.node}\n`);
  const rows: (Row & { load: number })[] = [];
  for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHES)) {
    const { bench } = await BENCHES[name]!.load();
    const load = Number(loadavg()[0]!.toFixed(2));
    for (const row of await bench()) {
      rows.push({ ...row, load });
      process.stdout.write(
        `${row.name.padEnd(46)} ${String(row.ours).padStart(8)} ${row.unit.padEnd(3)} reference ${String(row.reference).padStart(8)} ${row.unit.padEnd(3)} ratio ${String(row.ratio).padStart(6)}  aim ${row.aim}; load ${load}; ${row.note}\n`,
      );
    }
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  const error = asCopilotError(thrown);
  process.stderr.write(`${error.message}\n${(error.cause as Error | undefined)?.stack ?? ''}\n`);
  process.exitCode = ERRORS[error.code].exit;
}
