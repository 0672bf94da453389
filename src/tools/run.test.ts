import type { Encounter, Observation, Patient } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { arrayContext, observation } from '../../test/fixtures/array-source.ts';
import { fetchLabs } from './record/fetch-labs.ts';
import { recordOffset } from './record/offset.ts';
import { runTool } from './run.ts';

const man: Patient = { resourceType: 'Patient', id: 'p1', birthDate: '1950-01-01', gender: 'male' };
const lab = (id: string, name: string, code: string, time: string, value: number, unit: string): Observation =>
  observation(id, name, time, { valueQuantity: { value, unit } }, { code: { text: name, coding: [{ system: 'http://loinc.org', code }] } });
const admitted: Encounter = {
  resourceType: 'Encounter',
  id: 's',
  status: 'in-progress',
  class: { code: 'IMP' },
  subject: { reference: 'Patient/p1' },
  period: { start: '2026-03-08T20:00:00-05:00' },
};
const creatinine = lab('c', 'Creatinine', '2160-0', '2026-03-10T06:00:00-05:00', 1.1, 'mg/dL');
const potassium = lab('k', 'Potassium', '2823-3', '2026-03-10T06:00:00-05:00', 6.9, 'mmol/L');

describe('what is said unasked', () => {
  const context = () => arrayContext([man, admitted, creatinine, potassium], '2026-03-10T12:00:00-05:00');
  const referencesOf = (evidence: { source: { type: string; reference?: string } }[]) => evidence.flatMap((e) => e.source.reference ?? []);

  test('a critical potassium is beside the creatinine that was asked for, not in it', async () => {
    const { safety, ...own } = await runTool(fetchLabs, { tests: ['creatinine'] }, context());
    expect(referencesOf(own.evidence)).toEqual(['Observation/c']);
    expect(own.flags).toEqual([]);
    expect(own.completeness.map((c) => c.what)).toEqual(['labs: creatinine']);
    expect(referencesOf(safety.evidence)).toEqual(['Observation/k']);
    expect(safety.flags.map((f) => f.kind)).toEqual(['critical']);
  });

  test('a result that is asked for and critical is the same evidence in both', async () => {
    const { safety, ...own } = await runTool(fetchLabs, { tests: ['potassium'] }, context());
    expect(own.evidence.map((e) => e.id)).toContain(safety.evidence[0]!.id);
  });
});

describe('an as-of time in UTC on a record written in -05:00', () => {
  const evening = lab('e', 'Creatinine', '2160-0', '2026-03-09T22:00:00-05:00', 1.4, 'mg/dL');
  const record = [man, admitted, evening, creatinine];
  const UTC = '2026-03-10T17:00:00Z';

  test('takes bare dates in the offset of the record', async () => {
    const context = arrayContext(record, UTC);
    expect(await recordOffset(context)).toBe('-05:00');
    const { evidence } = await runTool(fetchLabs, { tests: ['creatinine'], from: '2026-03-10', to: '2026-03-10' }, context);
    expect(evidence.filter((e) => e.kind === 'observation').map((e) => e.time?.start)).toEqual(['2026-03-10T06:00:00-05:00']);
  });

  test('an offset that the caller names is kept', async () => {
    const context = arrayContext(record, '2026-03-10T19:00:00+02:00');
    const { evidence } = await runTool(fetchLabs, { tests: ['creatinine'], from: '2026-03-10', to: '2026-03-10' }, context);
    expect(evidence.filter((e) => e.kind === 'observation')).toHaveLength(2);
  });

  test('the newest time decides where clocks changed: an observation where the encounters are old', async () => {
    const summer = lab('s', 'Creatinine', '2160-0', '2026-04-20T06:00:00-04:00', 1.2, 'mg/dL');
    expect(await recordOffset(arrayContext([...record, summer], '2026-04-21T12:00:00Z'))).toBe('-04:00');
    expect(await recordOffset(arrayContext([...record, summer], UTC))).toBe('-05:00');
  });

  test('a record in UTC, an empty one and one that cannot be reached leave it as it is', async () => {
    const utc = { ...admitted, period: { start: '2026-03-09T00:00:00Z' } };
    expect(await recordOffset(arrayContext([man, utc], UTC))).toBe('Z');
    expect(await recordOffset(arrayContext([], UTC))).toBe('Z');
    const down = { status: 'unavailable', reason: 'down' } as const;
    expect(await recordOffset(arrayContext(record, UTC, { status: { Encounter: down, Observation: down } }))).toBe('Z');
  });

  test('its encounters are read once, not again for each way of writing the time', async () => {
    const context = arrayContext(record, UTC);
    await runTool(fetchLabs, { tests: ['creatinine'] }, context);
    await runTool(fetchLabs, { tests: ['potassium'] }, context);
    const { asked } = context.sources.record as typeof context.sources.record & { asked: { type: string }[] };
    expect(asked.filter((a) => a.type === 'Encounter')).toHaveLength(1);
  });
});
