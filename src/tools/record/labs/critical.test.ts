import type { Encounter, Observation, Patient, Resource } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { arrayContext, observation } from '../../../../test/fixtures/array-source.ts';
import { OUR_KNOWLEDGE } from '../../knowledge/index.ts';
import { fetchLabs } from '../fetch-labs.ts';
import { criticalOf } from './critical.ts';

const AS_OF = '2026-03-10T12:00:00Z';
const man: Patient = { resourceType: 'Patient', id: 'p1', birthDate: '1950-01-01', gender: 'male' };
const lab = (id: string, code: string, time: string, value: number, unit: string, more: Partial<Observation> = {}) =>
  observation(id, '', time, { valueQuantity: { value, unit } }, { code: { coding: [{ system: 'http://loinc.org', code }] }, ...more });
const potassium = (id: string, time: string, value: number, more: Partial<Observation> = {}) =>
  lab(id, '2823-3', time, value, 'mEq/L', more);
const critical = (resources: Resource[], patient: Patient = man) => criticalOf(arrayContext([patient, ...resources], AS_OF));
const texts = async (resources: Resource[], patient?: Patient) => (await critical(resources, patient)).flags.map((f) => f.text);
const admitted: Encounter = {
  resourceType: 'Encounter',
  id: 's',
  status: 'in-progress',
  class: { code: 'IMP' },
  subject: { reference: 'Patient/p1' },
  period: { start: '2026-02-20T00:00:00Z' },
};

describe('critical results', () => {
  test('a potassium of 6.8 is flagged by the cited list, which is said not to be the laboratory’s own', async () => {
    const result = await critical([potassium('a', '2026-03-10T06:00:00Z', 6.8)]);
    expect(result.flags).toMatchObject([
      {
        kind: 'critical',
        text: "Critical: Potassium 6.8 mEq/L at 2026-03-10 06:00, at or above 6.2 mEq/L (Kost GJ, 2012; not your laboratory's list).",
      },
    ]);
    expect(result.flags[0]?.citations).toEqual(result.evidence.map((e) => e.id));
    expect(result.evidence.map((e) => e.kind)).toEqual(['observation', 'knowledge']);
  });

  test.each([
    [2.8, 1],
    [2.9, 0],
    [6.1, 0],
    [6.2, 1],
  ])('potassium %d: limits are inclusive', async (value, flags) =>
    expect(await texts([potassium('a', '2026-03-10T06:00:00Z', value)])).toHaveLength(flags),
  );

  test('limits are met in the unit of the result', async () => {
    expect(await texts([lab('a', '2345-7', '2026-03-10T06:00:00Z', 2.2, 'mmol/L')])).toEqual([
      expect.stringContaining('Glucose 2.2 mmol/L at 2026-03-10 06:00, at or below 2.55 mmol/L'),
    ]);
    expect(await texts([lab('a', '718-7', '2026-03-10T06:00:00Z', 60, 'g/L')])).toHaveLength(1);
  });

  test("the result's own HH decides, for a test without limits too; H alone does not", async () => {
    const flagged = (code: string) => ({ interpretation: [{ coding: [{ code }] }] });
    expect(await texts([potassium('a', '2026-03-10T06:00:00Z', 5.9, flagged('HH'))])).toEqual([
      'Critical: Potassium 5.9 mEq/L at 2026-03-10 06:00 (flagged HH by the laboratory).',
    ]);
    expect(await texts([lab('a', '99999-9', '2026-03-10T06:00:00Z', 3, 'ng/mL', flagged('AA'))])).toHaveLength(1);
    expect(await texts([potassium('a', '2026-03-10T06:00:00Z', 5.9, flagged('H'))])).toEqual([]);
  });

  test('only the newest of what is measured, in whichever assay or kind of blood', async () => {
    expect(await texts([potassium('a', '2026-03-10T06:00:00Z', 6.8), potassium('b', '2026-03-10T09:00:00Z', 4.8)])).toEqual([]);
    const gas = lab('g', '6298-4', '2026-03-10T05:00:00Z', 6.9, 'mmol/L');
    expect(await texts([gas, potassium('b', '2026-03-10T09:00:00Z', 4.8)])).toEqual([]);
    expect(await texts([gas, potassium('b', '2026-03-10T04:00:00Z', 4.8)])).toEqual([
      expect.stringContaining('Potassium (whole blood) 6.9'),
    ]);
    const totalCo2 = lab('t', '2028-9', '2026-03-09T06:00:00Z', 10, 'mmol/L');
    expect(await texts([totalCo2])).toHaveLength(1);
    expect(await texts([totalCo2, lab('h', '1963-8', '2026-03-10T06:00:00Z', 27, 'mmol/L')])).toEqual([]);
    expect(await texts([totalCo2, lab('h', '1963-8', '2026-03-10T06:00:00Z', 9, 'mmol/L')])).toEqual([
      expect.stringContaining('Bicarbonate 9 mmol/L'),
    ]);
    const finger = lab('f', '41653-7', '2026-03-10T08:00:00Z', 110, 'mg/dL');
    expect(await texts([lab('s', '2345-7', '2026-03-10T06:00:00Z', 30, 'mg/dL'), finger])).toEqual([]);
  });

  test('a venous pH does not end the flag of an arterial one', async () => {
    const [artery, vein] = [
      lab('a', '2744-1', '2026-03-10T06:00:00Z', 7.1, '[pH]'),
      lab('v', '2746-6', '2026-03-10T08:00:00Z', 7.3, '[pH]'),
    ];
    expect(await texts([artery, vein])).toHaveLength(1);
  });

  test('words without a number end no flag', async () => {
    const words = observation(
      'w',
      'Potassium',
      '2026-03-10T09:00:00Z',
      { valueString: 'see comment' },
      { code: { coding: [{ system: 'http://loinc.org', code: '2823-3' }] } },
    );
    expect(await texts([potassium('a', '2026-03-10T06:00:00Z', 6.8), words])).toHaveLength(1);
  });

  test('only of the last 72 hours, or of the current stay', async () => {
    const old = lab('a', '2160-0', '2026-03-01T06:00:00Z', 9, 'mg/dL');
    expect(await texts([old])).toEqual([]);
    expect(await texts([old, admitted])).toEqual([
      expect.stringContaining('at 2026-03-01 06:00, 9 days ago and not repeated since, at or above 7.4 mg/dL'),
    ]);
    expect(await texts([lab('n', '2160-0', '2026-03-10T06:00:00Z', 9, 'mg/dL'), admitted])).toEqual([expect.not.stringContaining('ago')]);
    const unnumbered = observation('l', 'Creatinine', '2026-03-04T06:00:00Z', { valueQuantity: { value: 2, unit: 'mg/dL' } });
    expect(await texts([old, admitted, unnumbered])).toEqual([]);
    expect(await texts([lab('b', '2160-0', '2026-02-01T06:00:00Z', 9, 'mg/dL'), admitted])).toEqual([]);
  });

  test('what is later than the as-of time, entered in error or not yet issued is not flagged', async () => {
    expect(
      await texts([
        potassium('a', '2026-03-10T12:00:01Z', 6.8),
        potassium('b', '2026-03-10T06:00:00Z', 6.9, { status: 'entered-in-error' }),
        potassium('c', '2026-03-10T11:00:00Z', 7, { issued: '2026-03-10T12:10:00Z' }),
      ]),
    ).toEqual([]);
  });

  test.each([
    ['a child', { ...man, birthDate: '2020-01-01' }],
    ['unknown age', { resourceType: 'Patient', id: 'p1' } as Patient],
  ])('%s is flagged by adult limits, which is said', async (_, patient) => {
    expect(await texts([potassium('a', '2026-03-10T06:00:00Z', 6.8)], patient)).toEqual([
      expect.stringContaining('adult limits, no limits for this age on file'),
    ]);
  });

  test('a haemolysed potassium is flagged with its comment', async () => {
    expect(await texts([potassium('a', '2026-03-10T06:00:00Z', 6.8, { note: [{ text: 'Haemolysed ++' }] })])).toEqual([
      expect.stringMatching(/The comment notes haemolysis\.$/),
    ]);
  });

  test('a censored value is critical where it can only be', async () => {
    const platelets = (comparator: '<' | '>', value: number) =>
      observation(
        'a',
        '',
        '2026-03-10T06:00:00Z',
        { valueQuantity: { value, comparator, unit: 'K/uL' } },
        { code: { coding: [{ system: 'http://loinc.org', code: '777-3' }] } },
      );
    expect(await texts([platelets('<', 5)])).toHaveLength(1);
    expect(await texts([platelets('<', 100)])).toEqual([]);
    expect(await texts([platelets('>', 1000)])).toHaveLength(1);
    expect(await texts([platelets('>', 20)])).toEqual([]);
  });

  test('a value that its unit contradicts is not judged', async () => {
    expect(await texts([lab('a', '2160-0', '2026-03-10T06:00:00Z', 97, 'mg/dL')])).toEqual([]);
  });

  test('a venous pO2 of 35 is ordinary; an arterial one is critical', async () => {
    expect(await texts([lab('a', '2705-2', '2026-03-10T06:00:00Z', 35, 'mm Hg')])).toEqual([]);
    expect(await texts([lab('a', '2703-7', '2026-03-10T06:00:00Z', 35, 'mm Hg')])).toHaveLength(1);
  });

  test('results without LOINC are judged by their label', async () => {
    const local = observation('a', 'Potassium', '2026-03-10T06:00:00Z', { valueQuantity: { value: 7, unit: 'mEq/L' } });
    expect(await texts([local])).toHaveLength(1);
  });

  test('the critical result is the same evidence as fetch_labs returns', async () => {
    const context = arrayContext([man, potassium('a', '2026-03-10T06:00:00Z', 6.8)], AS_OF);
    const [critical, labs] = [await criticalOf(context), await fetchLabs.run({ tests: ['K'] }, context)];
    expect(labs.evidence.map((e) => e.id)).toContain(critical.evidence[0]?.id);
  });

  test("a hospital's own list replaces ours and is named", async () => {
    const context = arrayContext([man, potassium('a', '2026-03-10T06:00:00Z', 6.0)], AS_OF);
    const own = {
      ...OUR_KNOWLEDGE.criticalValues,
      own: true,
      title: 'Critical list 7',
      publisher: 'St. Elsewhere',
      entries: [{ analyte: 'potassium', unit: 'mmol/L', low: 3, high: 6, specimen: null }],
    };
    context.sources.knowledge = { ...OUR_KNOWLEDGE, criticalValues: own };
    expect((await criticalOf(context)).flags[0]?.text).toBe(
      'Critical: Potassium 6 mEq/L at 2026-03-10 06:00, at or above 6 mEq/L (Critical list 7, St. Elsewhere).',
    );
  });

  test('results entered in error leave the reading whole; one that cannot be understood does not', async () => {
    const wrong = potassium('b', '2026-03-10T06:00:00Z', 6.9, { status: 'entered-in-error' });
    expect((await critical([wrong])).completeness).toMatchObject([{ status: 'complete', reason: null }]);
    const strange = potassium('c', '2026-03-10T06:00:00Z', 6.9, { modifierExtension: [{ url: 'http://x.org/not', valueBoolean: true }] });
    expect((await critical([wrong, strange])).completeness).toMatchObject([
      { what: 'critical results', status: 'partial', reason: '1 result could not be read: modifier extension not understood' },
    ]);
  });

  test('an unreachable server is said in completeness', async () => {
    const context = arrayContext([man], AS_OF, { status: { Observation: { status: 'unavailable', reason: 'down' } } });
    expect(await criticalOf(context)).toMatchObject({
      flags: [],
      completeness: [{ what: 'critical results', status: 'unavailable', reason: 'down' }],
    });
  });

  test('a server that refuses codes or categories is read by date', async () => {
    const context = arrayContext([man, potassium('a', '2026-03-10T06:00:00Z', 6.8)], AS_OF, { refuses: ['code', 'category'] });
    expect((await criticalOf(context)).flags).toHaveLength(1);
  });
});
