import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CaseError, readCases, readSuite, suiteNames } from './cases.ts';
import { nearestOffset } from './local-time.ts';
import { placeOf } from './source.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eval-cases-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (...lines: string[]) => {
  const path = join(folder, 'own.jsonl');
  writeFileSync(path, lines.join('\n'));
  return readCases(path);
};
const good = { id: 'a', suite: 's', source: 'demo', patient: 'p', question: 'q', expect: { outcome: 'answered' } };
const line = (more: object = {}) => JSON.stringify({ ...good, ...more });

describe('a cases file', () => {
  it('is read with its defaults', () => {
    const [first] = read(line({ asOf: '2166-08-26 12:00:00' }), '', line({ id: 'b' }));
    expect(first).toMatchObject({ asOf: '2166-08-26T12:00:00', expect: { order: false, evidence: [], mustSay: [] } });
  });

  it.each([
    ['not JSON', '{', 'own.jsonl line 2 is not JSON.'],
    ['an unknown field', line({ id: 'b', colour: 1 }), 'own.jsonl line 2: Unrecognized key: "colour".'],
    ['an unknown outcome', line({ id: 'b', expect: { outcome: 'maybe' } }), 'own.jsonl line 2: expect.outcome: '],
    ['a value that is no value', line({ id: 'b', expect: { values: [null] } }), 'own.jsonl line 2: expect.values.0: '],
    ['evidence that is no reference', line({ id: 'b', expect: { evidence: ['x'] } }), 'own.jsonl line 2: expect.evidence.0: '],
    ['a source outside EVAL_DATA', line({ id: 'b', source: '../secret' }), 'own.jsonl line 2: source: '],
    ['an absolute source', line({ id: 'b', source: '/etc' }), 'own.jsonl line 2: source: '],
    ['an as-of that is no time', line({ id: 'b', asOf: 'yesterday' }), 'own.jsonl line 2: asOf: '],
    ['no question', line({ id: 'b', question: '' }), 'own.jsonl line 2: question: '],
    ['an id twice', line(), 'own.jsonl line 2 has the id a of line 1'],
  ])('with %s is refused by file and line', (_what, second, message) => {
    expect(() => read(line(), second)).toThrow(CaseError);
    expect(() => read(line(), second)).toThrow(message);
  });

  it('that is missing or empty is refused', () => {
    expect(() => readCases(join(folder, 'none.jsonl'))).toThrow('does not exist');
    expect(() => read('')).toThrow('holds no case');
  });
});

describe('the suites of this repository', () => {
  it('are well formed, carry their name, and each case says what is expected', () => {
    for (const name of suiteNames()) {
      for (const { id, suite, expect: expected } of readSuite(name)) {
        expect(suite, id).toBe(name);
        const tells = expected.values !== undefined || expected.mustSay.length > 0 || expected.outcome !== 'answered';
        expect(tells, `${id} expects nothing`).toBe(true);
        if (expected.evidenceComplete) expect(expected.evidence.length, id).toBeGreaterThan(0);
      }
    }
  });
});

describe('a source', () => {
  const none = { FHIR_BASE_URL: undefined, FHIR_BUNDLES: undefined };
  it('is a folder under EVAL_DATA, or the demo hospital, or missing', () => {
    expect(placeOf('demo', { ...none, EVAL_DATA: folder })).toMatchObject({ ...none, key: 'demo' });
    expect(placeOf('.', { ...none, EVAL_DATA: folder })).toMatchObject({ FHIR_BUNDLES: folder });
    expect(placeOf('fhir/none', { ...none, EVAL_DATA: folder })).toBeNull();
  });

  it('is overridden by an explicit FHIR_BUNDLES or FHIR_BASE_URL', () => {
    expect(placeOf('fhir/none', { ...none, FHIR_BUNDLES: folder, EVAL_DATA: folder })).toMatchObject({ FHIR_BUNDLES: folder });
    expect(placeOf('demo', { ...none, FHIR_BASE_URL: 'https://fhir.example.org', EVAL_DATA: folder })).toMatchObject({
      FHIR_BASE_URL: 'https://fhir.example.org',
      FHIR_BUNDLES: undefined,
    });
  });
});

it('a time without an offset takes that of the nearest time of the record', () => {
  const times = ['2166-01-10T08:00:00-05:00', '2166-08-21T23:09:00-04:00', '2166-08'];
  expect(nearestOffset('2166-08-26T12:00:00', times)).toBe('-04:00');
  expect(nearestOffset('2166-02-01T12:00:00', times)).toBe('-05:00');
  expect(nearestOffset('2166-02-01T12:00:00', [])).toBe('Z');
});
