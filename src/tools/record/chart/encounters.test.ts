import type { Encounter, Location, Resource } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { arrayContext } from '../../../../test/fixtures/array-source.ts';
import { readChart } from '../read-chart.ts';

const AS_OF = '2023-05-10T12:00:00Z';
const subject = { reference: 'Patient/p1' };
const encounter = (id: string, code: string, start: string, end: string | null, rest: Partial<Encounter> = {}): Encounter => ({
  resourceType: 'Encounter',
  id,
  status: end === null ? 'in-progress' : 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code },
  subject,
  period: end === null ? { start } : { start, end },
  ...rest,
});
const read = (resources: Resource[], input: Record<string, unknown> = {}, asOf = AS_OF) =>
  readChart.run({ section: 'encounters', ...input } as Parameters<typeof readChart.run>[0], arrayContext(resources, asOf));
const kinds = async (resources: Resource[], input: Record<string, unknown> = {}) =>
  (await read(resources, input)).evidence.filter((e) => e.kind === 'encounter').map((e) => e.qualifiers?.['encounterKind']);

describe('kinds of encounter', () => {
  test.each([
    ['IMP', 'hospital stay'],
    ['ACUTE', 'hospital stay'],
    ['OBSENC', 'hospital stay'],
    ['EMER', 'emergency department stay'],
    ['AMB', 'outpatient visit'],
    ['VR', 'outpatient visit'],
    ['inpatient', 'hospital stay'],
    ['XYZ', 'encounter'],
  ])('class %s is: %s', async (code, kind) => {
    expect(await kinds([encounter('e', code, '2023-01-01T08:00:00Z', '2023-01-02T08:00:00Z')])).toEqual([kind]);
  });

  test('the identifier’s system decides before the class (an urgent admission classed AMB)', async () => {
    const system = 'http://mimic.mit.edu/fhir/mimic/identifier/encounter-hosp';
    expect(await kinds([encounter('e', 'AMB', '2023-01-01', '2023-01-02', { identifier: [{ system, value: '25' }] })])).toEqual([
      'hospital stay',
    ]);
  });

  test('a part of a stay on an intensive care ward is an ICU stay, on another ward a part', async () => {
    const wards: Location[] = [
      { resourceType: 'Location', id: 'icu', name: 'Medical Intensive Care Unit (MICU)' },
      { resourceType: 'Location', id: 'ward', name: 'Neurology' },
    ];
    const whole = encounter('e', 'IMP', '2023-01-01T08:00:00Z', '2023-01-09T08:00:00Z');
    const part = (id: string, ward: string) =>
      encounter(id, 'ACUTE', '2023-01-02T08:00:00Z', '2023-01-03T08:00:00Z', {
        partOf: { reference: 'Encounter/e' },
        location: [{ location: { reference: `Location/${ward}` } }],
      });
    const { evidence } = await read([...wards, whole, part('p1', 'icu'), part('p2', 'ward')]);
    const byId = Object.fromEntries(evidence.flatMap((e) => (e.source.type === 'fhir' ? [[e.source.reference, e]] : [])));
    expect(byId['Encounter/p1']?.qualifiers).toMatchObject({ encounterKind: 'ICU stay', partOf: 'hospital stay 2023-01-01 to 2023-01-09' });
    expect(byId['Encounter/p2']?.qualifiers).toMatchObject({ encounterKind: 'part of a stay' });
    expect(byId['Encounter/p1']?.components?.[0]).toMatchObject({ name: 'ward', value: { text: 'Medical Intensive Care Unit (MICU)' } });
  });

  test('a visit is told by its type', async () => {
    const visit = encounter('e', 'AMB', '2023-01-01', '2023-01-01', {
      type: [{ text: 'Prenatal visit' }],
      reasonCode: [{ text: 'Pregnancy' }],
    });
    expect((await read([visit])).evidence[0]).toMatchObject({ concept: { name: 'Prenatal visit' }, qualifiers: { reason: 'Pregnancy' } });
  });
});

describe('a stay that ends after the as-of time', () => {
  const stay = encounter('e', 'IMP', '2023-05-08T12:00:00Z', '2023-05-20T08:00:00Z', {
    hospitalization: { admitSource: { text: 'Emergency room' }, dischargeDisposition: { text: 'Died' } },
    location: [
      { location: { display: 'Ward A' }, period: { start: '2023-05-08T12:00:00Z', end: '2023-05-12T08:00:00Z' } },
      { location: { display: 'Ward B' }, period: { start: '2023-05-12T08:00:00Z', end: '2023-05-20T08:00:00Z' } },
    ],
  });

  test('is the current one: no discharge, no disposition, no later ward', async () => {
    const { evidence } = await read([stay]);
    expect(evidence[0]).toMatchObject({ status: 'in-progress', time: { start: '2023-05-08T12:00:00Z', end: null } });
    expect(evidence[0]?.qualifiers).toMatchObject({ current: 'yes, at the as-of time', admissionSource: 'Emergency room' });
    expect(evidence[0]?.qualifiers?.['dischargeDisposition']).toBeUndefined();
    expect(evidence[0]?.components?.map((c) => c.value)).toEqual([{ type: 'text', text: 'Ward A' }]);
    expect(JSON.stringify(evidence)).not.toMatch(/Ward B|Died|2023-05-20/);
  });

  test('has lasted from admission to the as-of time', async () => {
    const length = (await read([stay])).evidence.find((e) => e.kind === 'calculation');
    expect(length).toMatchObject({ value: { value: 2, unit: 'days' }, source: { method: 'length of stay so far' } });
  });
});

test('a finished stay has its disposition, and its length in days and parts of a day', async () => {
  const { evidence } = await read([
    encounter('e', 'IMP', '2023-01-01T06:00:00Z', '2023-01-03T18:00:00Z', { hospitalization: { dischargeDisposition: { text: 'Home' } } }),
  ]);
  expect(evidence[0]?.qualifiers).toMatchObject({ dischargeDisposition: 'Home' });
  expect(evidence[1]).toMatchObject({ concept: { name: 'length of hospital stay' }, value: { value: 2.5, ucum: 'd' } });
  expect(evidence[1]?.source.type === 'calculation' && evidence[1].source.inputs).toEqual([evidence[0]?.id]);
});

describe('which are found', () => {
  const chart = [
    encounter('e1', 'IMP', '2022-01-01T08:00:00Z', '2022-01-05T08:00:00Z', { serviceType: { text: 'Cardiology' } }),
    encounter('e2', 'AMB', '2022-06-01T08:00:00Z', '2022-06-01T09:00:00Z'),
    encounter('e3', 'EMER', '2023-05-09T08:00:00Z', null),
    encounter('e4', 'AMB', '2023-05-11T08:00:00Z', '2023-05-11T09:00:00Z'),
    encounter('e5', 'AMB', '2023-04-01T08:00:00Z', '2023-04-01T09:00:00Z', { status: 'cancelled' }),
  ];

  test('planned and cancelled ones are not counted as found; later ones are counted as later', async () => {
    const { completeness } = await read(chart);
    expect(completeness[0]).toMatchObject({ found: 3, later: 1, reason: '1 planned or cancelled, not counted as found' });
  });

  test.each([
    [{ status: 'active' }, ['emergency department stay']],
    [{ about: 'hospital stays' }, ['hospital stay']],
    [{ about: 'ED' }, ['emergency department stay']],
    [{ about: 'cardiology' }, ['hospital stay']],
    [{ from: '2022-01-05', to: '2022-06-30' }, ['outpatient visit', 'hospital stay']],
    [{ about: 'ICU' }, []],
  ])('%j', async (input, found) => {
    expect(await kinds(chart, input)).toEqual(found);
  });

  test('a stay that was never closed is not the current one when a later admission exists', async () => {
    const open = encounter('old', 'IMP', '2019-01-01T08:00:00Z', null);
    const now = encounter('now', 'IMP', '2023-05-09T08:00:00Z', null);
    const { evidence } = await read([open, now], { status: 'active' });
    expect(evidence.filter((e) => e.kind === 'encounter').map((e) => (e.source.type === 'fhir' ? e.source.reference : ''))).toEqual([
      'Encounter/now',
    ]);
  });
});

test('a window that is no time is refused by name', () => {
  const parsed = readChart.input.safeParse({ section: 'encounters', from: 'yesterday' });
  expect(parsed.error?.issues[0]?.path).toEqual(['from']);
  expect(readChart.input.safeParse({ section: 'encounters', windwo: 1 }).error?.issues[0]?.message).toContain('windwo');
});
