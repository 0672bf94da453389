// The commands as processes: exit codes, what goes to which output, and wrong usage.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/evidence/index.ts';

const root = resolve(import.meta.dirname, '../..');
const dataDir = mkdtempSync(join(tmpdir(), 'copilot-cli-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

function copilot(args: string[], env: Record<string, string> = {}): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((done) => child.once('close', (code) => done({ code, out, err })));
}
const ask = async (question: string, args: string[], env: Record<string, string> = {}) => {
  const { code, out, err } = await copilot(['ask', question, ...args, '--json'], env);
  return { code, err, answer: JSON.parse(out) as Answer };
};

describe.concurrent('ask', () => {
  test('prints the patient, sentences with marks, then the numbered evidence', async () => {
    const { code, out } = await copilot(['ask', 'What was the last creatinine?', '--patient', 'DEMO-0001']);
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/Testpatient · born \d{4}-\d\d-\d\d · \w+ · DEMO-0001 · as of 2026-03-17/);
    expect(out).toMatch(/creatinine.*\d.*\[1\]/i);
    expect(out).toMatch(/^\[1\] .*\[.* on demo/m);
  });

  test('gives the answer object, whose sentences cite what it holds', async () => {
    const { code, answer } = await ask('What was the last creatinine?', ['--patient', 'DEMO-0001']);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ outcome: 'answered', reason: null, patient: { identifier: 'DEMO-0001' }, withheld: [] });
    const known = new Set([...Object.keys(answer.evidence), ...answer.completeness.map((c) => c.id)]);
    for (const id of answer.sentences.flatMap((s) => s.citations)) expect(known.has(id)).toBe(true);
    for (const value of answer.values) expect(known.has(value.evidence!)).toBe(true);
  });

  test('an unknown patient is not found; nobody’s record is read instead', async () => {
    const { answer } = await ask('What was the last creatinine?', ['--patient', 'no-such-number']);
    expect(['abstained', 'clarify', 'failed']).toContain(answer.outcome);
    expect(answer.evidence).toEqual({});
  });

  test('without a patient the demo patients are offered', async () => {
    const { code, answer } = await ask('What was the last creatinine?', []);
    expect(code).toBe(0);
    expect(answer.outcome).toBe('clarify');
    expect(answer.values.map((v) => v.value)).toContain('DEMO-0001');
  });

  test('a question that names another patient is refused with exit code 3', async () => {
    const { code, answer } = await ask('What was the last creatinine of patient DEMO-0002?', ['--patient', 'DEMO-0001']);
    expect(answer).toMatchObject({ outcome: 'refused', reason: 'other_patient' });
    expect(code).toBe(3);
  });

  test('a server that is down is said to be down, with exit code 1, never “none recorded”', async () => {
    const { code, answer } = await ask('Does she have allergies?', ['--patient', 'x'], { FHIR_BASE_URL: 'http://127.0.0.1:9/fhir' });
    expect(answer).toMatchObject({ outcome: 'abstained', reason: 'unreachable' });
    expect(JSON.stringify(answer.sentences)).not.toMatch(/none recorded|no allerg/i);
    expect(code).toBe(1);
  });

  test('before the record began the answer is as_of_before_record, never “none recorded”', async () => {
    const { answer } = await ask('What was the last creatinine?', ['--patient', 'DEMO-0001', '--as-of', '1990-01-01T00:00:00Z']);
    expect(answer).toMatchObject({ outcome: 'abstained', reason: 'as_of_before_record' });
  });
});

describe.concurrent('wrong usage', () => {
  test.each([
    [['ask', 'x', '--pateint', '1'], 'ask has no option --pateint; did you mean --patient?'],
    [['aks', 'x'], 'There is no command aks; did you mean ask?'],
    [['ask'], 'ask needs a question'],
    [['ask', 'two', 'questions'], 'one question'],
    [['ask', ''], 'empty'],
  ])('%j ends with exit code 2 and one sentence', async (args, sentence) => {
    const { code, out, err } = await copilot(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  test.each([
    [{ AS_OF: 'yesterday' }, 'AS_OF'],
    [{ PORT: 'eighty' }, 'PORT'],
    [{ FHIR_BASE_URL: 'ftp://x' }, 'FHIR_BASE_URL'],
    [{ FHIR_BUNDLES: '/no/such/folder' }, 'FHIR_BUNDLES'],
    [{ FHIR_TOKEN: 's3cret', FHIR_CLIENT_ID: 'id' }, 'FHIR_PRIVATE_KEY'],
  ])('%j stops the start with the name and what would be right, never the value', async (env, name) => {
    const { code, out, err } = await copilot(['ask', 'x', '--patient', 'y'], env as Record<string, string>);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(name);
    expect(err).not.toContain('s3cret');
  });

  test('a HOST beyond loopback is refused with the reason', async () => {
    const { code, err } = await copilot(['start'], { HOST: '0.0.0.0', PORT: '0' });
    expect(code).toBe(2);
    expect(err).toMatch(/HOST|loopback/);
  });
});

test('every command has help', async () => {
  for (const command of ['ask', 'start', 'mcp', 'inspect', 'doctor']) {
    const { code, out } = await copilot([command, '--help']);
    expect([command, code]).toEqual([command, 0]);
    expect(out).toContain('--help');
  }
});

test('doctor names what is configured and usable, and the mend of what is not', async () => {
  const good = await copilot(['doctor', '--json']);
  expect(good.code).toBe(0);
  expect((JSON.parse(good.out) as { checks: { name: string }[] }).checks.map((c) => c.name)).toContain('record (demo)');
  const bad = await copilot(['doctor'], { FHIR_BASE_URL: 'http://127.0.0.1:9/fhir' });
  expect(bad.code).toBe(1);
  expect(bad.out).toMatch(/FAIL {2}record.*\n\s+→ .*FHIR_BASE_URL/);
});
