import { expect, test } from 'vitest';
import { expandClinicalWords, isNamedDiagnosis } from './clinical-words.ts';

// ICD-9-CM and ICD-10-CM titles on the right.
test.each([
  ['brain abscess', 'intracranial abscess'],
  ['clot in the lung', 'pulmonary embolism'],
  ['bleeding in the brain', 'subarachnoid hemorrhage'],
  ['fluid on the lungs', 'pleural effusion'],
  ['collapsed lung', 'pneumothorax'],
  ['kidney stones', 'calculus of ureter'],
  ['venous thromboembolism', 'pulmonary embolism'],
])('%s is written out as %s', (asked, phrase) => expect(expandClinicalWords(asked)).toContain(phrase));

test.each(['acute myocardial infarction', 'blood clot in the leg', 'breast cancer', 'left hip fracture', 'type 2 diabetes mellitus'])(
  '%s is a name of the tables',
  (name) => expect(isNamedDiagnosis(name)).toBe(true),
);
test.each(['brain', 'lung lump', 'liver abscess of the knee', 'stroke type', 'blood', ''])('%s is none', (name) =>
  expect(isNamedDiagnosis(name)).toBe(false),
);
