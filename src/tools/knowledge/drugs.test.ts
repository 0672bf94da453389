import { expect, test } from 'vitest';
import { expandClinicalWords } from './clinical-words.ts';
import { DRUG_CLASSES } from './drug-classes.ts';
import { DRUGS, drugClassesIn, drugsIn } from './drugs.ts';

const names = (text: string) => drugsIn(text).map((d) => d.generic);

test.each([
  ['Coumadin 5 mg', ['warfarin']],
  ['OxycoDONE (Immediate Release) ', ['oxycodone']],
  ['Oxycodone-Acetaminophen (5mg-325mg)', ['oxycodone acetaminophen']],
  ['Piperacillin-Tazobactam', ['piperacillin tazobactam']],
  ['MetRONIDAZOLE (FLagyl)', ['metronidazole']],
  ['Heparin Sodium', ['heparin']],
  ['Heparin Flush (10 units/ml)', ['heparin flush']],
  ['NORepinephrine + 0.9% Sodium Chloride', ['norepinephrine']],
  ['Metoprolol Succinate XL', ['metoprolol']],
  ['Insulin Glargine', ['insulin glargine']],
  ['sodium chloride', []],
])('"%s" names %j', (text, generics) => {
  expect(names(text)).toEqual(generics);
});

test.each([
  ['blood thinners', ['anticoagulant', 'antiplatelet']],
  ['ACE inhibitors', ['acei']],
  ['loop diuretic', ['loop']],
  ['diuretics', ['diuretic']],
  ['any antibiotics', ['antibiotic']],
  ['statins', ['statin']],
  ['NSAIDs', ['nsaid']],
  ['steroids', ['steroid']],
  ['pressors', ['vasopressor']],
  ['beta-blocker', ['betablocker']],
  ['heparin', []],
  ['a', []],
])('"%s" asks for the classes %j', (text, classes) => {
  expect(drugClassesIn(text)).toEqual(classes);
});

test('every drug has a name, known classes, and no name belongs to two drugs', () => {
  const seen = new Map<string, string>();
  for (const drug of DRUGS) {
    expect(drug.generic).toMatch(/^[a-z][a-z ]+$/);
    for (const key of drug.classes) expect(DRUG_CLASSES).toHaveProperty(key);
    if (drug.rxnorm !== null) expect(drug.rxnorm).toMatch(/^\d{2,7}$/);
    for (const name of [drug.generic, ...drug.aliases]) {
      expect([name, seen.get(name) ?? drug.generic]).toEqual([name, drug.generic]);
      seen.set(name, drug.generic);
    }
  }
  const codes = DRUGS.map((d) => d.rxnorm).filter((c) => c !== null);
  expect(new Set(codes).size).toBe(codes.length);
});

test('an abbreviation is written out, and the words around it stay', () => {
  expect(expandClinicalWords('CKD stage 4')).toContain('chronic kidney disease stage 4');
  expect(expandClinicalWords('pneumonia')).toEqual(['pneumonia']);
});
