import type { Condition, Encounter, Observation, Patient, Resource } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { arrayContext, lock } from '../../../test/fixtures/array-source.ts';
import { patientStatus } from './patient-status.ts';
import { safetyOf } from './safety.ts';

const AS_OF = '2023-05-10T12:00:00-04:00';
const patient = (rest: Partial<Patient> = {}): Patient => ({
  resourceType: 'Patient',
  id: 'p1',
  birthDate: '1980-03-04',
  gender: 'female',
  ...rest,
});
const contextOf = (resources: Resource[], asOf = AS_OF) => {
  const p = resources.find((r) => r.resourceType === 'Patient') as Patient | undefined;
  return arrayContext(resources, asOf, { patient: lock('p1', { birthDate: p?.birthDate ?? null }) });
};
const flagsOf = async (resources: Resource[], asOf = AS_OF) => (await safetyOf(contextOf(resources, asOf))).flags.map((f) => f.kind);

test('an adult of whom nothing is recorded bears no flag, and it is said how far was looked', async () => {
  const { flags, completeness } = await safetyOf(contextOf([patient()]));
  expect(flags).toEqual([]);
  expect(completeness.map((c) => c.status)).toEqual(['complete', 'complete', 'complete', 'complete']);
  expect(completeness.at(-1)?.what).toBe('critical results');
});

describe('age', () => {
  test.each([
    ['2010-06-01', ['paediatric']],
    ['2005-05-10', []],
    ['2005-05-11', ['paediatric']],
    ['2006', ['paediatric']],
    ['2005', []],
  ])('born %s on 2023-05-10: %j', async (birthDate, kinds) => {
    expect(await flagsOf([patient({ birthDate })])).toEqual(kinds);
  });

  test('that a coarse birth date leaves open makes neither a child nor an adult', async () => {
    expect(await patientStatus(contextOf([patient({ birthDate: '2005' })]))).toMatchObject({
      ageYears: null,
      adult: false,
      paediatric: false,
    });
    expect(await patientStatus(contextOf([patient({ birthDate: '1980' })]))).toMatchObject({ ageYears: null, adult: true });
    expect(await patientStatus(contextOf([{ resourceType: 'Patient', id: 'p1' } as Patient]))).toMatchObject({
      ageYears: null,
      adult: false,
      paediatric: false,
    });
  });

  test('of one year is written in the singular', async () => {
    const { evidence } = await patientStatus(contextOf([patient({ birthDate: '2022-01-01' })]));
    expect(evidence.age?.value).toMatchObject({ value: 1, unit: 'year' });
  });

  test('is a calculation that names the birth date', async () => {
    const { evidence, flags } = await safetyOf(contextOf([patient({ birthDate: '2012-05-11' })]));
    const age = evidence.find((e) => e.kind === 'calculation')!;
    expect(age.value).toMatchObject({ value: 10, unit: 'years' });
    expect(age.source.type === 'calculation' && age.source.inputs).toEqual([evidence.find((e) => e.concept.name === 'date of birth')!.id]);
    expect(flags[0]?.text).toContain('10 years old');
    expect(flags[0]?.citations).toEqual([age.id]);
  });
});

describe('death', () => {
  test('ends the age: it is that at death, with the death as input', async () => {
    const { evidence } = await patientStatus(contextOf([patient({ birthDate: '1940-05-01', deceasedDateTime: '2020-04-01' })]));
    expect(evidence.age).toMatchObject({ value: { value: 79 }, time: { start: '2020-04-01' }, qualifiers: { at: 'death' } });
    expect(evidence.age?.source).toMatchObject({
      method: 'age in whole years at death',
      inputs: [evidence.birthDate?.id, evidence.deceased?.id],
    });
    const undated = await patientStatus(contextOf([patient({ birthDate: '1940-05-01', deceasedBoolean: true })]));
    expect(undated.evidence.age).toMatchObject({
      value: { value: 83 },
      qualifiers: { caution: expect.stringContaining('age at death is not known') },
    });
    const later = await patientStatus(contextOf([patient({ birthDate: '1940-05-01', deceasedDateTime: '2024-01-01' })]));
    expect(later.evidence.age?.qualifiers).toBeUndefined();
  });

  test.each([
    [{ deceasedDateTime: '2023-05-10T09:00:00-04:00' }, ['deceased']],
    [{ deceasedDateTime: '2023-05-10' }, ['deceased']],
    [{ deceasedDateTime: '2023-05-11' }, []],
    [{ deceasedBoolean: true }, ['deceased']],
    [{ deceasedBoolean: false }, []],
  ] as [Partial<Patient>, string[]][])('%j: %j', async (rest, kinds) => {
    expect(await flagsOf([patient(rest)])).toEqual(kinds);
  });
});

test.each([
  [{ gender: 'male' as const }, false],
  [{ birthDate: '1960-01-01' }, false],
  [{ birthDate: '2014-06-01' }, false],
  [{}, true],
  [{ gender: 'unknown' as const }, true],
])('%j: pregnancy told as looked for is %s', async (rest, expected) => {
  const { completeness } = await safetyOf(contextOf([patient(rest)]));
  expect(completeness.some((c) => c.what.startsWith('pregnancy'))).toBe(expected);
});

describe('pregnancy', () => {
  const status = (code: string, time: string): Observation => ({
    resourceType: 'Observation',
    id: `o${time}`,
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '82810-3', display: 'Pregnancy status' }] },
    subject: { reference: 'Patient/p1' },
    effectiveDateTime: time,
    valueCodeableConcept: {
      coding: [{ system: 'http://snomed.info/sct', code, display: code === '77386006' ? 'Pregnant' : 'Not pregnant' }],
    },
  });
  const diagnosis = (rest: Partial<Condition>): Condition => ({
    resourceType: 'Condition',
    id: 'c1',
    subject: { reference: 'Patient/p1' },
    code: {
      coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'Z34.90', display: 'Encounter for supervision of normal pregnancy' }],
    },
    ...rest,
  });

  test('recorded as status is flagged with its evidence', async () => {
    const { flags, evidence } = await safetyOf(contextOf([patient(), status('77386006', '2023-03-01')]));
    expect(flags.map((f) => f.kind)).toEqual(['pregnant']);
    expect(flags[0]?.text).toContain('Pregnancy is recorded (Pregnancy status: Pregnant (2023-03-01))');
    expect(flags[0]?.citations).toEqual([evidence.find((e) => e.kind === 'observation')!.id]);
  });

  test('dated by the stay alone is flagged within it, and not years later', async () => {
    const stay: Encounter = {
      resourceType: 'Encounter',
      id: 'e1',
      status: 'finished',
      class: { code: 'AMB' },
      subject: { reference: 'Patient/p1' },
      period: { start: '2023-02-01T10:00:00-05:00', end: '2023-02-01T11:00:00-05:00' },
    };
    const chart = [patient(), stay, diagnosis({ encounter: { reference: 'Encounter/e1' } })];
    expect(await flagsOf(chart)).toEqual(['pregnant']);
    expect(await flagsOf(chart, '2025-02-01T00:00:00Z')).toEqual([]);
    expect(await flagsOf(chart, '2023-01-01T00:00:00Z')).toEqual([]);
  });

  test('over, refuted, denied or in error bears no flag', async () => {
    const coded = (code: string) => ({ coding: [{ code }] });
    expect(
      await flagsOf([
        patient(),
        diagnosis({ clinicalStatus: coded('resolved'), onsetDateTime: '2022-11-01', abatementDateTime: '2023-04-01' }),
      ]),
    ).toEqual([]);
    expect(await flagsOf([patient(), diagnosis({ verificationStatus: coded('refuted'), onsetDateTime: '2023-01-01' })])).toEqual([]);
    expect(await flagsOf([patient(), status('60001007', '2023-05-01')])).toEqual([]);
    expect(await flagsOf([patient(), { ...status('77386006', '2023-05-01'), status: 'entered-in-error' } as Observation])).toEqual([]);
  });

  test('not recorded is not "not pregnant"', async () => {
    expect(await patientStatus(contextOf([patient()]))).toMatchObject({ pregnant: null, lactating: null });
    expect(await patientStatus(contextOf([patient(), status('60001007', '2023-05-01')]))).toMatchObject({ pregnant: false });
  });

  test('is not searched for where it cannot be', async () => {
    const context = contextOf([patient({ birthDate: '1930-01-01' })]);
    const { completeness } = await safetyOf(context);
    expect(completeness.map((c) => c.what)).toEqual(['patient: age, sex, death and linked records', 'critical results']);
    expect(context.source.asked.some((a) => a.type === 'Condition')).toBe(false);
  });

  test('a source that refuses the search is told as not read', async () => {
    const context = arrayContext([patient()], AS_OF, { refuses: ['code'], patient: lock('p1', { birthDate: '1980-03-04' }) });
    const { completeness, flags } = await safetyOf(context);
    expect(flags).toEqual([]);
    expect(completeness.at(-1)).toMatchObject({ what: 'critical results', status: 'complete' });
    expect(completeness[1]).toMatchObject({ what: 'pregnancy and lactation at the as-of time', status: 'unavailable' });
  });
});

describe('linked records', () => {
  test('a merged record names its numbers', async () => {
    const both = [
      patient({ identifier: [{ value: 'MRN-1' }], link: [{ type: 'replaces', other: { reference: 'Patient/p2' } }] }),
      patient({ id: 'p2', identifier: [{ value: 'MRN-2' }], link: [{ type: 'replaced-by', other: { reference: 'Patient/p1' } }] }),
    ];
    const context = arrayContext(both, AS_OF, { patient: lock('p1', { ids: ['p1', 'p2'], birthDate: '1980-03-04' }) });
    const { flags, evidence } = await safetyOf(context);
    expect(flags.map((f) => [f.kind, f.text])).toEqual([['merged', 'This record joins 2 linked patient numbers: MRN-1, MRN-2.']]);
    expect(flags[0]?.citations).toEqual(evidence.map((e) => e.id));
  });

  test('a link to a record that was not read is said', async () => {
    const { flags } = await safetyOf(contextOf([patient({ link: [{ type: 'seealso', other: { reference: 'Patient/p9' } }] })]));
    expect(flags.map((f) => f.text)).toEqual(['The record is linked to another one that was not read here: Patient/p9 (seealso).']);
  });
});

test.each([
  ['http://terminology.hl7.org/CodeSystem/v3-Confidentiality', 'R', ['restricted']],
  ['http://terminology.hl7.org/CodeSystem/v3-Confidentiality', 'V', ['restricted']],
  ['http://terminology.hl7.org/CodeSystem/v3-Confidentiality', 'N', []],
  ['http://terminology.hl7.org/CodeSystem/v3-ActCode', 'PSY', ['restricted']],
  ['http://terminology.hl7.org/CodeSystem/v3-ActCode', 'HIV', ['restricted']],
  ['http://example.org/tags', 'R', []],
])('the security label %s %s gives %j', async (system, code, kinds) => {
  expect(await flagsOf([patient({ meta: { security: [{ system, code }] } })])).toEqual(kinds);
});

test('a Patient that cannot be read gives no flag, and says that it was not read', async () => {
  const { flags, evidence, completeness } = await safetyOf(contextOf([]));
  expect([flags, evidence]).toEqual([[], []]);
  expect(completeness[0]).toMatchObject({ status: 'unavailable', reason: 'the Patient resource was not found' });
});

test('a critical result is flagged unasked, and not beyond the time in which it matters', async () => {
  const potassium: Observation = {
    resourceType: 'Observation',
    id: 'k',
    status: 'final',
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] }],
    code: { coding: [{ system: 'http://loinc.org', code: '2823-3', display: 'Potassium' }] },
    subject: { reference: 'Patient/p1' },
    effectiveDateTime: '2023-05-10T06:00:00-04:00',
    valueQuantity: { value: 7.4, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
    interpretation: [{ coding: [{ code: 'HH' }] }],
  };
  expect(await flagsOf([patient(), potassium])).toEqual(['critical']);
  expect(await flagsOf([patient(), potassium], '2023-06-10T12:00:00-04:00')).toEqual([]);
});

test('every flag rests on evidence that comes with it', async () => {
  const { flags, evidence, completeness } = await safetyOf(
    contextOf([
      patient({
        birthDate: '2012-01-01',
        deceasedBoolean: true,
        link: [{ type: 'refer', other: { display: 'old record' } }],
        meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'V' }] },
      }),
    ]),
  );
  expect(flags.map((f) => f.kind).sort()).toEqual(['deceased', 'merged', 'paediatric', 'restricted']);
  const known = new Set([...evidence, ...completeness].map((e) => e.id));
  for (const flag of flags) {
    expect(flag.citations.length).toBeGreaterThan(0);
    for (const id of flag.citations) expect(known.has(id)).toBe(true);
  }
});
