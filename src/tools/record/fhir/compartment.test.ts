// References as FHIR R4 references.html writes them.
import fc from 'fast-check';
import type { Resource } from 'fhir/r4.js';
import { expect, it } from 'vitest';
import { parseReference, patientParameter, subjectsOf } from './compartment.ts';

const BASE = 'https://fhir.example.org/r4';
const subjects = (resource: object) => subjectsOf({ id: 'x', ...resource } as Resource, [BASE]);

it.each([
  ['Patient/1', { base: null, type: 'Patient', id: '1', version: null }],
  ['/Patient/1', { base: null, type: 'Patient', id: '1', version: null }],
  ['Patient/1/_history/2', { base: null, type: 'Patient', id: '1', version: '2' }],
  [`${BASE}/Patient/1`, { base: BASE, type: 'Patient', id: '1', version: null }],
  ['Patient/1/Observation/2', null],
  ['Patient/../admin', null],
  ['Patient/1?x=y', null],
  ['../Patient/1', null],
  ['patient/1', null],
  ['ftp://x/Patient/1', null],
  [`Patient/${'a'.repeat(65)}`, null],
  ['', null],
])('%s', (reference, parsed) => {
  expect(parseReference(reference)).toEqual(parsed);
});

it.each([
  ['Observation', { subject: { reference: 'Patient/p' } }],
  ['AllergyIntolerance', { patient: { reference: 'Patient/p' } }],
  ['Coverage', { beneficiary: { reference: 'Patient/p' }, subscriber: { reference: 'Patient/other' } }],
  ['Appointment', { participant: [{ actor: { reference: 'Practitioner/d' } }, { actor: { reference: 'Patient/p' } }] }],
  ['Account', { subject: [{ reference: 'Patient/p' }] }],
  ['ResearchSubject', { individual: { reference: 'Patient/p' } }],
  ['EnrollmentRequest', { candidate: { reference: 'Patient/p' } }],
  ['Task', { for: { reference: 'Patient/p' } }],
  ['Device', { patient: { reference: `${BASE}/Patient/p` } }],
  ['Observation', { subject: { reference: 'http://fhir.example.org/r4/Patient/p' } }],
])('%s names its patient', (resourceType, body) => {
  expect(subjects({ resourceType, ...body })).toMatchObject({ ids: ['p'], others: 0 });
});

it('a performer, author or recorder is not whom a resource is about', () => {
  const body = { performer: [{ reference: 'Patient/p' }], recorder: { reference: 'Patient/p' }, subject: { reference: 'Patient/q' } };
  expect(subjects({ resourceType: 'Observation', ...body })?.ids).toEqual(['q']);
});

it('a contained patient counts by identifiers, and one that is missing is a stranger', () => {
  const contained = [{ resourceType: 'Patient', id: 'c', identifier: [{ system: 'urn:mrn', value: '1' }] }];
  expect(subjects({ resourceType: 'Observation', contained, subject: { reference: '#c' } })).toMatchObject({
    ids: [],
    identifiers: [{ system: 'urn:mrn', value: '1' }],
  });
  expect(subjects({ resourceType: 'Observation', subject: { reference: '#c' } })).toMatchObject({ ids: [], others: 1 });
});

it('what belongs to nobody has no subjects', () => {
  for (const resourceType of ['Medication', 'Organization', 'Location', 'Practitioner', 'ValueSet'])
    expect([subjects({ resourceType }), patientParameter(resourceType)]).toEqual([null, null]);
});

it('no shape of a subject makes the check fail to answer, or name a patient that is not written there', () => {
  fc.assert(
    fc.property(fc.anything(), (subject) => {
      expect(subjects({ resourceType: 'Observation', subject })?.ids ?? []).toEqual([]);
    }),
  );
});
