import { expect, test } from 'vitest';
import type { PatientLock } from '../evidence/index.ts';
import { namesAnotherPatient } from './other-patient.ts';

const lock: PatientLock = {
  id: '807d2a03-35d3',
  ids: ['807d2a03-35d3', 'old-1234'],
  identifier: '10014078',
  name: 'Ann Müller-Holloway',
  birthDate: '2100-01-01',
  sex: 'female',
};

test.each([
  'What is the potassium of patient 10014079?',
  'MRN: 4455667 latest creatinine',
  'Has subject_id 10021487 been given insulin?',
  'Compare with patient #99887766',
  "What is Mr. Baker's potassium?",
  'How is Mrs Stone doing?',
])('names another patient: %s', (question) => {
  expect(namesAnotherPatient(question, lock)).toBe(true);
});

test.each([
  'What is the potassium of patient 10014078?',
  'What was the last creatinine of patient 807d2a03-35d3?',
  'Patient old-1234: creatinine?',
  "What is Mrs Holloway's potassium?",
  'How is Ms. Muller doing?',
  'Did the patient get 5000 units of heparin?',
  'Was an MR of the brain done? Does MS run in the family?',
  'What did Dr Baker order?',
  'Is this patient 67 years old?',
])('names this patient, or none: %s', (question) => {
  expect(namesAnotherPatient(question, lock)).toBe(false);
});
