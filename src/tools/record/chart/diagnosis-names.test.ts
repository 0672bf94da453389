// Titles are those of ICD-9-CM and ICD-10-CM (CMS) and SNOMED CT, as records write them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diagnosisFits, nameQualifiers } from './diagnosis-names.ts';

const fits = (about: string, name: string) => diagnosisFits(about)([name]);

describe('another disease with the same beginning does not fit', () => {
  test.each([
    ['pneumonia', 'Other pneumothorax'],
    ['thrombosis', 'Thrombocytopenia, unspecified'],
    ['hepatitis', 'Hepatic failure, unspecified without coma'],
    ['meningitis', 'Benign neoplasm of cerebral meninges'],
    ['encephalitis', 'Metabolic encephalopathy'],
    ['gastritis', 'Gastrointestinal hemorrhage, unspecified'],
    ['bronchitis', 'Malignant neoplasm of bronchus and lung, unspecified'],
    ['arthritis', 'Charcôt joint arthropathy'],
    ['bacteremia', 'Other specified bacterial agents as the cause of diseases classified elsewhere'],
    ['pressure ulcer', 'Non-pressure chronic ulcer of other part of left foot'],
    ['Hodgkin lymphoma', 'Non-Hodgkin lymphoma, unspecified'],
    ['STEMI', 'Non-ST elevation (NSTEMI) myocardial infarction'],
    ['hypertension', 'Portal hypertension'],
    ['stroke', 'Heat stroke, initial encounter'],
    ['diabetes', 'Diabetes insipidus'],
    ['DVT', 'Acute embolism and thrombosis of superficial veins of left upper extremity'],
    ['lung cancer', 'Secondary malignant neoplasm of lung'],
    ['kidney disease', 'Calculus of kidney'],
    [
      'kidney failure',
      'Hypertensive heart and chronic kidney disease with heart failure and stage 1 through stage 4 chronic kidney disease, or unspecified',
    ],
    ['cancer', 'Benign neoplasm of colon'],
    ['hypoxia', 'Acute respiratory failure, unspecified whether with hypoxia or hypercapnia'],
    ['peripheral vascular disease', 'Peripheral vascular angioplasty status with implants and grafts'],
    ['colon cancer', 'Malignant neoplasm of rectum'],
  ])('%s: not %s', (about, name) => {
    expect(fits(about, name)).toBe(false);
  });
});

describe('what a name denies does not fit; what it tells beside that does', () => {
  test.each([
    ['angina', 'Atherosclerotic heart disease of native coronary artery without angina pectoris', false],
    ['CAD', 'Atherosclerotic heart disease of native coronary artery without angina pectoris', true],
    ['hepatic coma', 'Chronic hepatitis C without mention of hepatic coma', false],
    ['esophagitis', 'Gastro-esophageal reflux disease without esophagitis', false],
    ['GERD', 'Gastro-esophageal reflux disease without esophagitis', true],
    ['heart failure', 'Hypertensive heart disease without heart failure', false],
    ['cor pulmonale', 'Saddle embolus of pulmonary artery w/o acute cor pulmonale', false],
    ['ketoacidosis', 'Type 1 diabetes mellitus with ketoacidosis without coma', true],
    ['T2DM', 'Diabetes mellitus without mention of complication, type II or unspecified type, not stated as uncontrolled', true],
    ['diabetes without complications', 'Type 1 diabetes mellitus without complications', true],
  ])('%s in “%s”: %s', (about, name, expected) => {
    expect(fits(about, name)).toBe(expected);
  });
});

describe('one disease under another name', () => {
  test.each([
    ['hypokalemia', 'Hypopotassemia'],
    ['hyperkalemia', 'Hyperpotassemia'],
    ['liver failure', 'Acute and subacute hepatic failure without coma'],
    ['renal failure', 'Acute kidney failure, unspecified'],
    ['acute renal failure', 'Acute kidney injury'],
    ['subdural hematoma', 'Nontraumatic acute subdural hemorrhage'],
    ['brain bleed', 'Intracerebral hemorrhage'],
    ['neuropathy', 'Alcoholic polyneuropathy'],
    ['arthritis', 'Osteoarthrosis, unspecified whether generalized or localized, hand'],
    ['nephritis', 'Acute pyelonephritis'],
    ['hip fracture', 'Other closed transcervical fracture of neck of femur'],
    ['cancer', 'Malignant neoplasm of gallbladder'],
    ['malignancy', 'Acute myeloid leukemia, in remission'],
    ['metastases', 'Secondary malignant neoplasm of liver'],
    ['lung cancer', 'Malignant neoplasm of lower lobe, bronchus or lung'],
    ['AAA', 'Abdominal aneurysm without mention of rupture'],
    ['SVT', 'Supraventricular tachycardia'],
    ['heart attack', 'Non-ST elevation (NSTEMI) myocardial infarction'],
    ['CVA', 'Cerebral artery occlusion, unspecified with cerebral infarction'],
    ['HFpEF', 'Acute on chronic diastolic (congestive) heart failure'],
    ['HFrEF', 'Chronic systolic (congestive) heart failure'],
    ['COPD', 'Obstructive chronic bronchitis with (acute) exacerbation'],
    ['C diff', 'Enterocolitis due to Clostridium difficile, not specified as recurrent'],
    ['high cholesterol', 'Other and unspecified hyperlipidemia'],
    ['low platelets', 'Thrombocytopenia, unspecified'],
    ['sepsis', 'Unspecified septicemia'],
    ['BPH', 'Hypertrophy (benign) of prostate without urinary obstruction'],
    ['urinary retention', 'Retention of urine, unspecified'],
    ['seizures', 'Epilepsy, unspecified, not intractable, without status epilepticus'],
    ['hay fever', 'Allergic rhinitis, cause unspecified'],
    ['leukaemia', 'Leukemia, unspecified not having achieved remission'],
    ['oesophageal varices', 'Secondary esophageal varices with bleeding'],
    ['diarrhea', 'Diarrhoea, unspecified'],
    ['tumour', 'Neoplasm of uncertain behavior of kidney'],
    ['mould', 'Mold (organism)'],
    ['diabetic ketoacidosis', 'Diabetes with ketoacidosis, type II or unspecified type, uncontrolled'],
    ['Parkinson’s', 'Paralysis agitans'],
    ['DNR', 'Do not resuscitate'],
    ['CHF exacerbation', 'Acute on chronic diastolic (congestive) heart failure'],
    ['foot ulcer', 'Non-pressure chronic ulcer oth prt left foot w unsp severity'],
  ])('%s finds %s', (about, name) => {
    expect(fits(about, name)).toBe(true);
  });

  test.each([
    ['lymphoma', 'Malignant neoplasm of gallbladder'],
    ['osteoarthritis', 'Rheumatoid arthritis, unspecified'],
    ['polyneuropathy', 'Mononeuropathy of left lower limb'],
    ['subdural hematoma', 'Intracerebral hemorrhage'],
  ])('a narrower word (%s) does not find the broader or another (%s)', (about, name) => {
    expect(fits(about, name)).toBe(false);
  });
});

test.each([
  ['Family history of malignant neoplasm of breast', { whose: 'family', history: null, mentionedAs: null }],
  ['Prsnl hx of TIA (TIA), and cereb infrc w/o resid deficits', { whose: null, history: 'personal history', mentionedAs: null }],
  ['Personal history of pulmonary embolism', { whose: null, history: 'personal history', mentionedAs: null }],
  ['History of myocardial infarction (situation)', { whose: null, history: 'personal history', mentionedAs: null }],
  ['Encounter for screening for malignant neoplasm of colon', { whose: null, history: null, mentionedAs: 'screening' }],
  ['Encounter for palliative care', { whose: null, history: null, mentionedAs: 'reason for an encounter' }],
  ['Allergy status to penicillin', { whose: null, history: null, mentionedAs: 'allergy status' }],
  ['Suspected disease caused by Severe acute respiratory coronavirus 2', { whose: null, history: null, mentionedAs: 'suspected' }],
  ['Genetic susceptibility to malignant neoplasm of breast', { whose: null, history: null, mentionedAs: 'risk' }],
  ['Late effects of cerebrovascular disease', { whose: null, history: 'late effect', mentionedAs: null }],
  ['Essential (primary) hypertension', { whose: null, history: null, mentionedAs: null }],
])('%s says of itself %j', (name, expected) => {
  expect(nameQualifiers(name)).toEqual(expected);
});

test('any text is answered, and a name always fits itself', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (about, name) => {
      expect(typeof fits(about, name)).toBe('boolean');
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom('Gout', 'Pleural effusion', 'Acute pancreatitis', 'Type II diabetes', 'Non-Hodgkin lymphoma'), (name) => {
      expect(fits(name, name.toUpperCase())).toBe(true);
    }),
  );
});
