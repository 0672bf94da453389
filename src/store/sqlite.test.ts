import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Answer, type Evidence, makeCompleteness, makeEvidence, type PatientLock } from '../evidence/index.ts';
import { openStore } from './index.ts';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

let folder: string;
const opened: Store[] = [];
const open = async (dir = folder) => {
  const store = await openStore({ DATA_DIR: dir });
  opened.push(store);
  return store;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const lock = (id: string): PatientLock => ({ id, ids: [id], identifier: null, name: null, birthDate: null, sex: null });
const creatinine = (patient: string, value: number, reference = 'Observation/1'): Evidence =>
  makeEvidence({
    kind: 'observation',
    patient,
    concept: { name: 'Creatinine', codings: [] },
    value: { type: 'quantity', value, unit: 'mg/dL' },
    source: { type: 'fhir', server: 'demo', reference, version: '1' },
  });
const looked = makeCompleteness({
  what: 'labs: creatinine',
  source: 'demo',
  window: [null, '2166-08-26T12:00:00-04:00'],
  status: 'complete',
  read: 1,
  found: 1,
  later: 0,
  reason: null,
});
const answerOver = (id: string, patient: string, evidence: Evidence[], conversation = 'c1'): Answer => ({
  id,
  conversation,
  question: `question of ${id}`,
  asOf: '2166-08-26T12:00:00-04:00',
  patient: { id: patient, identifier: null, name: null, birthDate: null, sex: null },
  outcome: 'answered',
  reason: null,
  sentences: [{ text: 'Creatinine 0.5 mg/dL.', citations: evidence.map((e) => e.id), kind: 'finding' }],
  values: [],
  evidence: Object.fromEntries(evidence.map((e) => [e.id, e])),
  completeness: [looked],
  withheld: [],
  model: { provider: 'reader', name: 'reader', prompt: 'none' },
  tools: [],
  timing: { ms: 1, sourcesMs: 1 },
});

test('an answer with its evidence comes back the same after the file is opened again', async () => {
  const first = await open();
  const answer = answerOver('a1', 'p1', [creatinine('p1', 0.5)]);
  await first.saveAnswer(answer, 'local', lock('p1'));
  await first.close();
  const again = await open();
  expect(await again.answer('a1', 'local')).toEqual(answer);
  expect(await again.conversationPatient('c1', 'local')).toEqual(lock('p1'));
  expect(await again.turns('c1', 'local', 5)).toEqual([{ question: 'question of a1', answer }]);
});

test('turns are the newest, oldest first', async () => {
  const store = await open();
  for (const id of ['a1', 'a2', 'a3']) await store.saveAnswer(answerOver(id, 'p1', [creatinine('p1', 0.5)]), 'local', lock('p1'));
  expect((await store.turns('c1', 'local', 2)).map((turn) => turn.answer.id)).toEqual(['a2', 'a3']);
});

test('evidence opens only for the principal to whom it was shown, with the patients of that lock', async () => {
  const store = await open();
  const shown = creatinine('p1', 0.5);
  const input = creatinine('p1', 0.4, 'Observation/2');
  await store.saveAnswer(answerOver('a1', 'p1', [shown]), 'dr-a', { ...lock('p1'), ids: ['p1', 'p1-old'] }, [
    { item: input, type: 'evidence', patients: ['p1'] },
  ]);
  expect(await store.evidence(shown.id, 'dr-a')).toEqual({ item: shown, type: 'evidence', patients: ['p1', 'p1-old'] });
  expect(await store.evidence(input.id, 'dr-a')).toEqual({ item: input, type: 'evidence', patients: ['p1'] });
  expect((await store.evidence(looked.id, 'dr-a'))?.type).toBe('completeness');
  for (const id of [shown.id, input.id, looked.id, 'e-unknown']) expect(await store.evidence(id, 'dr-b')).toBeNull();
  expect(await store.answer('a1', 'dr-b')).toBeNull();
  expect(await store.turns('c1', 'dr-b', 5)).toEqual([]);
  expect(await store.conversationPatient('c1', 'dr-b')).toBeUndefined();
});

test('a conversation keeps its patient; one without a patient takes its first', async () => {
  const store = await open();
  await store.saveAnswer({ ...answerOver('a0', 'p1', []), patient: null }, 'local', null);
  expect(await store.conversationPatient('c1', 'local')).toBeNull();
  await store.saveAnswer(answerOver('a1', 'p1', []), 'local', lock('p1'));
  await expect(store.saveAnswer(answerOver('a2', 'p2', [creatinine('p2', 9)]), 'local', lock('p2'))).rejects.toMatchObject({
    code: 'not_allowed',
  });
  expect(await store.conversationPatient('c1', 'local')).toEqual(lock('p1'));
  expect(await store.evidence(creatinine('p2', 9).id, 'local')).toBeNull();
});

test('an answer that fails half-way leaves nothing behind', async () => {
  const store = await open();
  const evidence = creatinine('p1', 0.5);
  await store.saveAnswer(answerOver('a1', 'p1', []), 'local', lock('p1'));
  // The same answer id again: the last insert of the transaction fails after conversation and evidence were written.
  await expect(store.saveAnswer(answerOver('a1', 'p1', [evidence], 'c2'), 'local', lock('p1'))).rejects.toThrow();
  expect(await store.evidence(evidence.id, 'local')).toBeNull();
  expect(await store.conversationPatient('c2', 'local')).toBeUndefined();
});

test('the audit gives back what was written for an answer, in order', async () => {
  const store = await open();
  const record = { at: '2026-11-22T12:00:00.000Z', principal: 'local', way: 'cli', patient: 'p1', answer: 'a1' };
  await store.appendAudit({ ...record, event: 'question', detail: { question: 'K?' } });
  await store.appendAudit({ ...record, answer: 'a2', event: 'question', detail: null });
  const id = await store.appendAudit({ ...record, event: 'answer', detail: undefined });
  expect((await store.audit('a1')).map((r) => r.event)).toEqual(['question', 'answer']);
  expect(await store.audit(id)).toEqual([{ ...record, id, event: 'answer', detail: null }]);
});

test('two processes write at the same time and lose nothing', async () => {
  const store = await open();
  const index = new URL('./index.ts', import.meta.url).href;
  const program = `
    const { openStore } = await import(${JSON.stringify(index)});
    const store = await openStore({ DATA_DIR: process.argv[1] });
    for (let i = 0; i < 100; i++)
      await store.appendAudit({ at: 't', principal: 'child', way: 'cli', patient: null, answer: 'both', event: 'tool', detail: i });
    await store.close();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  for (let i = 0; i < 100; i++) {
    await store.appendAudit({ at: 't', principal: 'parent', way: 'cli', patient: null, answer: 'both', event: 'tool', detail: i });
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await ended, stderr).toBe(0);
  const records = await store.audit('both');
  for (const who of ['child', 'parent'])
    expect(records.filter((r) => r.principal === who).map((r) => r.detail)).toEqual(Array.from({ length: 100 }, (_, i) => i));
});

test('10,000 pieces of evidence are kept in one go and open one by one', async () => {
  const store = await open();
  const evidence = Array.from({ length: 10_000 }, (_, i) => creatinine('p1', i / 100, `Observation/${i}`));
  const begin = performance.now();
  await store.saveEvidence(
    evidence.map((item) => ({ item, type: 'evidence', patients: ['p1'] })),
    'local',
  );
  // 0.2 s on a quiet machine; the bound only catches one transaction an item (30 s and more).
  expect(performance.now() - begin).toBeLessThan(5_000);
  expect((await store.evidence(evidence[9_999]!.id, 'local'))?.item).toEqual(evidence[9_999]);
});

test.each([
  [
    'a file that is no database',
    (path: string) => writeFileSync(path, 'not a database at all, only text'.repeat(200)),
    /damaged or no database/,
  ],
  ['a database of another program', (path: string) => sql(path, 'CREATE TABLE theirs (x)'), /another program's database/],
  ['a file of a newer version', (path: string) => sql(path, 'PRAGMA user_version = 99'), /newer version/],
])('%s is a configuration error that says what to do', async (_title, make, message) => {
  make(join(folder, 'copilot.sqlite'));
  await expect(open()).rejects.toMatchObject({ code: 'config', message: expect.stringMatching(message) });
  await expect(open()).rejects.toMatchObject({ message: expect.stringContaining('DATA_DIR') });
});

test('a file that another program holds locked is a configuration error', () => {
  const holder = new DatabaseSync(join(folder, 'copilot.sqlite'));
  holder.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE theirs (x)');
  expect(() => openSqlite(folder, 20)).toThrow(
    expect.objectContaining({ code: 'config', message: expect.stringMatching(/locked by another program.*DATA_DIR/) }),
  );
  holder.close();
});

test('a folder that cannot be made is a configuration error', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(open(join(folder, 'file', 'sub'))).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('DATA_DIR') });
  await expect(open(join(folder, 'file'))).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('no folder') });
});

function sql(path: string, text: string) {
  const db = new DatabaseSync(path);
  db.exec(text);
  db.close();
}
