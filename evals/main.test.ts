// The command itself, as `npm run eval` starts it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eval-main-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(...argv: string[]) {
  const { FHIR_BASE_URL: _url, FHIR_BUNDLES: _bundles, AS_OF: _asOf, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...argv], {
    encoding: 'utf8',
    env: { ...env, EVAL_DATA: folder },
  });
  return { status, stdout, stderr };
}

const CASES = [
  { id: 'wrong', patient: 'DEMO-0001', question: 'What is her latest creatinine?', expect: { values: [99], unit: 'mg/dL' } },
  { id: 'right', patient: 'DEMO-0001', question: 'What is her latest creatinine?', expect: { values: [2.71], unit: 'mg/dL' } },
  { id: 'gone', source: 'fhir/not-there', patient: 'x', question: 'q', expect: { outcome: 'abstained' } },
].map((each) => ({ suite: 'own', source: 'demo', ...each }));
const casesFile = () => {
  const path = join(folder, 'own.jsonl');
  writeFileSync(path, CASES.map((each) => JSON.stringify(each)).join('\n'));
  return path;
};

describe('wrong usage is exit 2 with one sentence', () => {
  it.each([
    [['smok'], 'There is no suite smok; did you mean smoke?'],
    [['--colour', 'x'], 'eval has no option --colour'],
    [[], 'eval needs a suite'],
    [['smoke', '--min', 'valu=1'], '--min has no score valu; did you mean value?'],
    [['smoke', '--min', 'value=high'], '--min value needs a number'],
    [['smoke', '--limit', '0'], '--limit needs a whole number from 1.'],
    [['--cases', 'nowhere.jsonl'], 'nowhere.jsonl does not exist'],
  ])('%j', (argv, message) => {
    const { status, stdout, stderr } = run(...argv);
    expect(stderr).toContain(message);
    expect([status, stdout]).toEqual([2, '']);
  });

  it('a bad line of an outside file', () => {
    const path = join(folder, 'bad.jsonl');
    writeFileSync(path, '{"id": 1}\n');
    expect(run('--cases', path)).toMatchObject({ status: 2, stderr: expect.stringContaining('bad.jsonl line 1: id: ') });
  });
});

it('--help tells suites, scores and options', () => {
  const { status, stdout } = run('--help');
  expect(status).toBe(0);
  for (const word of ['smoke', 'confident_error', '--junit FILE']) expect(stdout).toContain(word);
});

it('an outside file is asked of the real copilot: scores, JSON, JUnit, skipped cases and thresholds', () => {
  const [json, junit] = [join(folder, 'out.json'), join(folder, 'out.xml')];
  const { status, stdout } = run(
    '--cases',
    casesFile(),
    '--json',
    json,
    '--junit',
    junit,
    '--min',
    'confident_error=0.5',
    '--min',
    'value=0.6',
  );
  expect(stdout).toContain('gone: fhir/not-there is not under EVAL_DATA');
  expect(stdout).toContain('Under the threshold: value is 0.5, it must be at least 0.6.');
  expect(stdout).not.toContain('Under the threshold: confident_error');
  expect(status).toBe(1);

  const summary = JSON.parse(readFileSync(json, 'utf8'));
  expect(Object.keys(summary)).toEqual(['scores', 'suites', 'cases']);
  expect(summary.scores.value).toMatchObject({ value: 0.5, n: 2 });
  expect(summary.suites.own).toEqual(summary.scores);
  expect(summary.cases.map((each: { id: string; right: boolean }) => [each.id, each.right])).toEqual([
    ['wrong', false],
    ['right', true],
  ]);
  expect(Object.keys(summary.cases[0])).toEqual(['id', 'suite', 'outcome', 'values', 'right', 'errors', 'ms']);
  expect(readFileSync(junit, 'utf8')).toContain('<testsuite name="own" tests="3" failures="1" errors="0" skipped="1"');
});

it('no case that can be run is a failure, never a silent success', () => {
  const path = join(folder, 'gone.jsonl');
  writeFileSync(path, JSON.stringify(CASES[2]));
  expect(run('--cases', path)).toMatchObject({ status: 1, stdout: expect.stringContaining('No case was run.') });
});
