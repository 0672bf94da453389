import { describe, expect, test } from 'vitest';
import { identify } from './label.ts';

const lab = (label: string, unit: string | null = null) => {
  const found = identify('lab', [], [label], unit);
  return found === null ? null : `${found.analyte.key} in ${found.specimen}`;
};

describe('labels of sources without LOINC', () => {
  test.each([
    ['Creatinine', 'creatinine in serum or plasma'],
    ['Potassium, Whole Blood', 'potassium in blood'],
    ['Alanine Aminotransferase (ALT)', 'alt in serum or plasma'],
    ['Absolute Neutrophil Count', 'neutrophils-absolute in blood'],
    ['Creatinine, Urine', 'urine-creatinine in urine'],
    ['Albumin, Ascites', 'ascites-albumin in peritoneal fluid'],
    ['Glucose, CSF', 'csf-glucose in cerebrospinal fluid'],
    ['Total Protein, Pleural', 'pleural-protein in pleural fluid'],
    ['LD, Body Fluid', 'fluid-ldh in body fluid'],
    ['INR(PT)', 'inr in plasma'],
    ['% Hemoglobin A1c', 'hba1c in blood'],
    ['Creatinine [Mass/volume] in Serum or Plasma', 'creatinine in serum or plasma'],
    ['Bilirubin.total [Mass/​volume] in Serum or Plasma', 'bilirubin in serum or plasma'],
    ['Glucose [Mass/volume] in Cerebral spinal fluid', 'csf-glucose in cerebrospinal fluid'],
    ['Troponin T.cardiac [Mass/volume] in Serum or Plasma by High sensitivity method', 'troponin-t in serum or plasma'],
    ['K', 'potassium in serum or plasma'],
    ['Haemoglobin', 'hemoglobin in blood'],
    ['Peanut IgE Ab in Serum', 'peanut-ige in serum or plasma'],
  ])('%s', (label, expected) => expect(lab(label)).toBe(expected));

  test('the unit tells a percentage from a count', () => {
    expect(lab('Lymphocytes', '%')).toBe('lymphocytes-percent in blood');
    expect(lab('Lymphocytes', 'K/uL')).toBe('lymphocytes-absolute in blood');
  });

  test.each([
    'Creatinine Clearance',
    'Glucose Tolerance 2 hr',
    'Potassium Hydroxide Prep',
    'Specimen Type',
    'Copper, Urine',
    'Sodium, Stool',
    '',
  ])('%j is not taken for a test that it only begins like', (label) => expect(lab(label)).toBeNull());

  test('an admission weight under the LOINC code of body weight is told by its label', () => {
    const key = (label: string) => identify('vital', ['29463-7'], [label], 'kg')?.analyte.key;
    expect([key('Admission Weight (Kg)'), key('Daily Weight'), key('Body weight')]).toEqual(['admission-weight', 'weight', 'weight']);
  });

  test('a LOINC code stands before the label', () => {
    expect(identify('lab', ['2161-8'], ['Creatinine'], null)?.analyte.key).toBe('urine-creatinine');
  });
});
