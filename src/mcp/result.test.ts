import { expect, test } from 'vitest';
import { makeEvidence, makeFlag, type PatientLock } from '../evidence/index.ts';
import { EMPTY } from '../tools/run.ts';
import { successResult } from './result.ts';

const lock: PatientLock = { id: 'p1', ids: ['p1'], identifier: null, name: null, birthDate: null, sex: null };
const result = (id: string, name: string, value: number) =>
  makeEvidence({
    kind: 'observation',
    patient: 'p1',
    concept: { name, codings: [] },
    value: { type: 'quantity', value, unit: 'mmol/L' },
    source: { type: 'fhir', server: 'a', reference: `Observation/${id}`, version: '1' },
  });

test('a flag comes with what it cites, and what was not asked for is named as such', () => {
  const [asked, critical] = [result('a', 'Sodium', 140), result('k', 'Potassium', 6.9)];
  const flag = makeFlag({ kind: 'critical', text: 'Critical: Potassium 6.9 mmol/L.', citations: [critical.id] });
  const called = { ...EMPTY, evidence: [asked], safety: { ...EMPTY, evidence: [asked, critical], flags: [flag] } };
  const { structuredContent, content } = successResult(called, lock, '2026-03-10T12:00:00-05:00');
  expect(structuredContent).toMatchObject({ evidence: [asked, critical], flags: [flag], unasked: [critical.id] });
  expect((content[0] as { text: string }).text.split('\n').slice(1)).toEqual([
    `FLAG critical: ${flag.text} [${critical.id}]`,
    expect.stringMatching(new RegExp(`^${asked.id} Sodium`)),
    expect.stringMatching(new RegExp(`^${critical.id} not asked for, cited by a flag: Potassium`)),
  ]);
});
