// `npm run eval`: scripted evals with deterministic scorers (contract.md).
import { writeFileSync } from 'node:fs';
import { describeOptions, nearest, parseOptions } from '../src/cli/options.ts';
import { readConfig } from '../src/config.ts';
import { asCopilotError, CopilotError, ERRORS } from '../src/errors.ts';
import { CaseError, type EvalCase, readCases, readSuite, suiteNames } from './cases.ts';
import { junit, table } from './report.ts';
import { missed, NAMES, summarize, type Threshold } from './summary.ts';

const OPTIONS = {
  cases: { type: 'string', describe: 'also the cases of this JSON-lines file', value: 'FILE' },
  json: { type: 'string', describe: 'writes scores and cases as JSON', value: 'FILE' },
  junit: { type: 'string', describe: 'writes the cases as JUnit XML', value: 'FILE' },
  limit: { type: 'string', describe: 'at most so many cases of each suite', value: 'N' },
  min: {
    type: 'string',
    describe: 'exit 1 unless the score is reached; may be repeated (an upper limit for errors and latencies)',
    value: 'NAME=VALUE',
  },
} as const;

const help = () => `npm run eval -- SUITE… [options]

Suites: ${suiteNames().join(', ')}. Scores: ${NAMES.join(', ')}.
Sources other than the demo hospital are looked for under EVAL_DATA; FHIR_BUNDLES or FHIR_BASE_URL override them.

${describeOptions(OPTIONS)}
`;

/** `--min a=1 --min b=2` as `--min a=1,b=2`: the only option that may be repeated. */
function gatherMinima(argv: readonly string[]): string[] {
  const rest: string[] = [];
  const minima: string[] = [];
  for (let i = 0; i < argv.length; i += 1) {
    const word = argv[i]!;
    if (word.startsWith('--min=')) minima.push(word.slice('--min='.length));
    else if (word === '--min' && argv[i + 1] !== undefined) minima.push(argv[++i]!);
    else rest.push(word);
  }
  return minima.length === 0 ? rest : [...rest, `--min=${minima.join(',')}`];
}

function thresholdsOf(text: string | undefined): Threshold[] {
  if (text === undefined) return [];
  return text.split(',').map((part) => {
    const [name = '', value = ''] = part.split('=');
    const known = NAMES.find((other) => other === name);
    if (known === undefined) {
      const near = nearest(name, NAMES);
      throw new CopilotError(
        'usage',
        `--min has no score ${name}${near === null ? '' : `; did you mean ${near}?`} The scores are ${NAMES.join(', ')}.`,
      );
    }
    const limit = Number(value);
    if (value.trim() === '' || !Number.isFinite(limit)) throw new CopilotError('usage', `--min ${name} needs a number: ${name}=0.9.`);
    return { name: known, limit };
  });
}

function casesOf(suites: readonly string[], file: string | undefined, limit: number): EvalCase[] {
  const known = suiteNames();
  const cases = file === undefined ? [] : readCases(file);
  for (const suite of suites) {
    if (known.includes(suite)) cases.push(...readSuite(suite));
    else if (!cases.some((c) => c.suite === suite)) {
      const near = nearest(suite, known);
      throw new CopilotError(
        'usage',
        `There is no suite ${suite}${near === null ? '' : `; did you mean ${near}?`} The suites are ${known.join(', ')}.`,
      );
    }
  }
  if (cases.length === 0) throw new CopilotError('usage', `eval needs a suite (${known.join(', ')}) or --cases FILE.`);
  const counts = new Map<string, number>();
  return cases.filter(({ suite }) => {
    counts.set(suite, (counts.get(suite) ?? 0) + 1);
    return counts.get(suite)! <= limit;
  });
}

async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parseOptions('eval', gatherMinima(argv), OPTIONS);
  if (values.help) {
    process.stdout.write(help());
    return 0;
  }
  const limit = values.limit === undefined ? Number.POSITIVE_INFINITY : Number(values.limit);
  if (!(limit >= 1) || (values.limit !== undefined && !Number.isInteger(limit)))
    throw new CopilotError('usage', '--limit needs a whole number from 1.');
  const thresholds = thresholdsOf(values.min);
  const cases = casesOf(positionals, values.cases, limit);
  // Loaded last: wrong usage is told at once.
  const [{ createCopilot }, { runCases }] = await Promise.all([import('../src/agent/index.ts'), import('./run.ts')]);
  let ran = 0;
  const run = await runCases(cases, readConfig(), createCopilot, (graded) => {
    ran += 1;
    if (process.stderr.isTTY) process.stderr.write(`\r${ran}/${cases.length} ${graded.id.padEnd(40).slice(0, 40)}`);
  });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  const summary = summarize(run.graded);
  process.stdout.write(`${table(summary, run)}\n`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(summary, null, 2)}\n`);
  if (values.junit !== undefined) writeFileSync(values.junit, junit(summary, run));
  const under = missed(summary, thresholds);
  for (const line of under) process.stdout.write(`Under the threshold: ${line}.\n`);
  if (run.graded.length === 0) process.stdout.write('No case was run.\n');
  return under.length > 0 || run.graded.length === 0 ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  const error = thrown instanceof CaseError ? new CopilotError('usage', thrown.message) : asCopilotError(thrown);
  process.stderr.write(`${error.message}\n${error.code === 'internal' ? `${(error.cause as Error | undefined)?.stack ?? ''}\n` : ''}`);
  process.exitCode = ERRORS[error.code].exit;
}
