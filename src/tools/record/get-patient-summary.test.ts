import type { AllergyIntolerance, Condition, Encounter, MedicationRequest, Patient, Resource } from 'fhir/r4.js';
import { expect, test } from 'vitest';
import { arrayContext, lock, observation } from '../../../test/fixtures/array-source.ts';
import { getPatientSummary } from './get-patient-summary.ts';

const AS_OF = '2023-05-10T12:00:00Z';
const subject = { reference: 'Patient/p1' };
const patient: Patient = { resourceType: 'Patient', id: 'p1', birthDate: '1950-03-04', gender: 'male' };
const stay = (id: string, start: string, end?: string): Encounter => ({
  resourceType: 'Encounter',
  id,
  status: end === undefined ? 'in-progress' : 'finished',
  class: { code: 'IMP' },
  subject,
  period: { start, ...(end === undefined ? {} : { end }) },
  location: [{ location: { display: `Ward of ${id}` } }],
});
const diagnosis = (id: string, text: string, rest: Partial<Condition>): Condition => ({
  resourceType: 'Condition',
  id,
  subject,
  code: { text },
  ...rest,
});
const order = (id: string, text: string, status: MedicationRequest['status']): MedicationRequest => ({
  resourceType: 'MedicationRequest',
  id,
  status,
  intent: 'order',
  subject,
  authoredOn: '2023-05-09',
  medicationCodeableConcept: { text },
});
const allergy: AllergyIntolerance = {
  resourceType: 'AllergyIntolerance',
  id: 'a1',
  patient: subject,
  code: { text: 'Penicillin' },
  clinicalStatus: { coding: [{ code: 'active' }] },
};
const summarise = (resources: Resource[], options: Parameters<typeof arrayContext>[2] = {}) =>
  getPatientSummary.run({}, arrayContext(resources, AS_OF, { patient: lock('p1', { birthDate: '1950-03-04' }), ...options }));
const said = (evidence: { concept: { name: string } }[]) => evidence.map((e) => e.concept.name);

test('tells age, sex, stay with ward and length, problems, allergies and current medications', async () => {
  const { evidence, completeness } = await summarise([
    patient,
    stay('e1', '2023-05-08T12:00:00Z'),
    diagnosis('c1', 'Asthma', { clinicalStatus: { coding: [{ code: 'active' }] }, recordedDate: '2010-01-01' }),
    diagnosis('c2', 'Sepsis', { encounter: { reference: 'Encounter/e1' } }),
    allergy,
    order('o1', 'Salbutamol', 'active'),
    order('o2', 'Amoxicillin', 'completed'),
  ]);
  const names = said(evidence);
  for (const name of [
    'date of birth',
    'age',
    'administrative gender',
    'hospital stay',
    'length of hospital stay',
    'Asthma',
    'Sepsis',
    'Penicillin',
    'Salbutamol',
  ])
    expect(names).toContain(name);
  expect(names).not.toContain('Amoxicillin');
  expect(evidence.find((e) => e.concept.name === 'hospital stay')?.components?.[0]?.value).toEqual({ type: 'text', text: 'Ward of e1' });
  const whats = completeness.map((c) => c.what);
  for (const what of [
    'demographics',
    'current stay',
    'active problems',
    'allergies',
    'current medication orders',
    'current reported medications',
  ])
    expect(whats).toContain(what);
});

test('without a current stay shows the last one, and says so', async () => {
  const { evidence, completeness } = await summarise([
    patient,
    stay('e1', '2022-01-01', '2022-01-05'),
    stay('e2', '2022-06-01', '2022-06-09'),
  ]);
  expect(evidence.filter((e) => e.kind === 'encounter').map((e) => (e.source.type === 'fhir' ? e.source.reference : ''))).toEqual([
    'Encounter/e2',
  ]);
  expect(completeness.find((c) => c.what === 'current stay')).toMatchObject({
    found: 0,
    reason: 'no current stay; the last of 2 encounters is shown',
  });
});

test('diagnoses without a status are taken from the newest stay only; the earlier ones are counted', async () => {
  const { evidence, completeness } = await summarise([
    patient,
    stay('e1', '2021-01-01', '2021-01-05'),
    stay('e2', '2022-06-01', '2022-06-09'),
    diagnosis('c1', 'Old pneumonia', { encounter: { reference: 'Encounter/e1' } }),
    diagnosis('c2', 'Heart failure', { encounter: { reference: 'Encounter/e2' } }),
  ]);
  expect(said(evidence.filter((e) => e.kind === 'condition'))).toEqual(['Heart failure']);
  expect(completeness.find((c) => c.what === 'active problems')).toMatchObject({
    found: 1,
    reason: '1 diagnoses of the newest stay have no recorded status; 1 diagnoses of earlier stays without a recorded status are left out',
  });
});

test('an empty chart gives its parts with nothing found, read completely', async () => {
  const { completeness, evidence } = await summarise([patient]);
  expect(said(evidence)).toEqual(['date of birth', 'age', 'administrative gender']);
  for (const c of completeness.filter((x) => x.what !== 'demographics')) expect(c).toMatchObject({ status: 'complete', found: 0 });
});

test('shows the newest of each key result, whichever way it was charted, and names what there is none of', async () => {
  const loinc = (code: string, display: string) => ({ code: { coding: [{ system: 'http://loinc.org', code, display }] } });
  const quantity = (value: number, unit: string) => ({ valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit } });
  const vital = { category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] }] };
  const { evidence, completeness } = await summarise([
    patient,
    observation('k1', 'Potassium', '2023-05-09T06:00:00Z', quantity(4.1, 'mmol/L'), loinc('2823-3', 'Potassium')),
    observation('k2', 'Potassium', '2023-05-10T06:00:00Z', quantity(4.6, 'mmol/L'), loinc('2823-3', 'Potassium')),
    observation('k3', 'Potassium', '2023-05-11T06:00:00Z', quantity(5.9, 'mmol/L'), loinc('2823-3', 'Potassium')),
    observation('b1', 'Systolic', '2023-05-08T06:00:00Z', quantity(120, 'mm[Hg]'), {
      ...vital,
      ...loinc('8480-6', 'Systolic blood pressure'),
    }),
    observation(
      'b2',
      'Blood pressure',
      '2023-05-10T06:00:00Z',
      { component: [{ ...loinc('8480-6', 'Systolic blood pressure'), ...quantity(95, 'mm[Hg]') }] },
      { ...vital, ...loinc('85354-9', 'Blood pressure panel') },
    ),
  ]);
  const of = (analyte: string) => evidence.filter((e) => e.qualifiers?.['analyte'] === analyte).map((e) => e.value);
  expect(of('potassium')).toMatchObject([{ value: 4.6, unit: 'mmol/L' }]);
  expect(of('systolic-bp')).toMatchObject([{ value: 95 }]);
  const labs = completeness.find((c) => c.what === 'newest key laboratory results');
  expect(labs).toMatchObject({ status: 'complete', found: 1, later: 1 });
  expect(labs?.reason).toMatch(/none found of: .*hemoglobin.*platelets/);
});

test('a result older than the last days of care is still found, in its place among the newer ones', async () => {
  const loinc = (code: string, display: string) => ({ code: { coding: [{ system: 'http://loinc.org', code, display }] } });
  const quantity = (value: number, unit: string) => ({ valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit } });
  const { evidence } = await summarise([
    patient,
    stay('e1', '2023-05-08T12:00:00Z'),
    observation('h', 'Hemoglobin', '2019-02-01T06:00:00Z', quantity(11, 'g/dL'), loinc('718-7', 'Hemoglobin')),
    observation('k', 'Potassium', '2023-05-10T06:00:00Z', quantity(4.6, 'mmol/L'), loinc('2823-3', 'Potassium')),
  ]);
  expect(said(evidence.filter((e) => e.kind === 'observation'))).toEqual(['Hemoglobin', 'Potassium']);
});

test('a part that cannot be read leaves the others whole', async () => {
  const down = { status: 'unavailable' as const, reason: 'the server did not answer' };
  const { completeness, evidence } = await summarise([patient, allergy, order('o1', 'Salbutamol', 'active')], {
    status: { AllergyIntolerance: down },
  });
  expect(said(evidence)).toContain('Salbutamol');
  expect(completeness.find((c) => c.what === 'allergies')).toMatchObject({ status: 'unavailable', reason: 'the server did not answer' });
});

test('a long chart is bounded, and the bound is told', async () => {
  const many = Array.from({ length: 90 }, (_, i) => order(`o${i}`, `Drug ${i}`, 'active'));
  const { evidence, completeness } = await summarise([patient, ...many]);
  expect(evidence.filter((e) => e.kind === 'order')).toHaveLength(40);
  expect(completeness.find((c) => c.what === 'current medication orders')).toMatchObject({ found: 90, reason: 'newest 40 of 90 shown' });
});
