import type { Condition, Observation } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { factOfCondition, factOfObservation, judgePregnancy, type PregnancyFact } from './pregnancy.ts';

const condition = (system: string, code: string, display = 'x'): Condition => ({
  resourceType: 'Condition',
  subject: { reference: 'Patient/p1' },
  code: { coding: [{ system, code, display }] },
});
const ICD10 = 'http://hl7.org/fhir/sid/icd-10-cm';
const ICD9 = 'http://mimic.mit.edu/fhir/mimic/CodeSystem/mimic-diagnosis-icd9';
const SNOMED = 'http://snomed.info/sct';

// Titles as in the ICD-10-CM 2024 and ICD-9-CM tabular lists.
test.each([
  [ICD10, 'Z33.1', 'pregnant', 'Pregnant state, incidental'],
  [ICD10, 'Z34.82', 'pregnant', 'Encounter for supervision of other normal pregnancy, second trimester'],
  [ICD10, 'O09.511', 'pregnant', 'Supervision of elderly primigravida, first trimester'],
  [ICD10, 'O24.410', 'pregnant', 'Gestational diabetes mellitus in pregnancy, diet controlled'],
  [ICD10, 'O10.012', 'pregnant', 'Pre-existing essential hypertension complicating pregnancy, second trimester'],
  [ICD10, 'O99.210', 'pregnant', 'Obesity complicating pregnancy, unspecified trimester'],
  [ICD10, 'Z3A.20', 'pregnant', '20 weeks gestation of pregnancy'],
  [ICD10, 'O10.02', 'delivered', 'Pre-existing essential hypertension complicating childbirth'],
  [ICD10, 'O24.430', 'delivered', 'Gestational diabetes mellitus in the puerperium, diet controlled'],
  [ICD10, 'O99.320', 'pregnant', 'Drug use complicating pregnancy, unspecified trimester'],
  [ICD10, 'O99.03', 'delivered', 'Anemia complicating the puerperium'],
  [ICD10, 'O99.214', 'delivered', 'Obesity complicating childbirth'],
  [ICD10, 'O14.05', 'delivered', 'Mild to moderate pre-eclampsia, complicating the puerperium'],
  [ICD10, 'O80', 'delivered', 'Encounter for full-term uncomplicated delivery'],
  [ICD10, 'Z37.0', 'delivered', 'Single live birth'],
  [ICD10, 'O03.9', 'ended', 'Complete or unspecified spontaneous abortion without complication'],
  [ICD10, 'Z33.2', 'ended', 'Encounter for elective termination of pregnancy'],
  [ICD10, 'Z39.1', 'lactating', 'Encounter for care and examination of lactating mother'],
  [ICD10, 'Z32.02', null, 'Encounter for pregnancy test, result negative'],
  [ICD10, 'Z87.59', null, 'Personal history of other complications of pregnancy, childbirth and the puerperium'],
  [ICD10, 'I10', null, 'Essential (primary) hypertension'],
  [ICD9, 'V222', 'pregnant', 'Pregnant state, incidental'],
  [ICD9, '64803', 'pregnant', 'Diabetes mellitus of mother, antepartum'],
  [ICD9, '65971', 'delivered', 'Abnormality in fetal heart rate or rhythm, delivered'],
  [ICD9, '650', 'delivered', 'Normal delivery'],
  [ICD9, 'V270', 'delivered', 'Outcome of delivery, single liveborn'],
  [ICD9, 'V241', 'lactating', 'Postpartum care and examination of lactating mother'],
  [ICD9, '63491', 'ended', 'Spontaneous abortion, without mention of complication, incomplete'],
  [ICD9, '6826', null, 'Cellulitis and abscess of leg'],
  [SNOMED, '72892002', 'pregnant', 'Normal pregnancy'],
] as [string, string, PregnancyFact | null, string][])('%s %s says: %s (%s)', (system, code, fact) => {
  expect(factOfCondition(condition(system, code))).toBe(fact);
});

test.each([
  ['Pregnancy', 'pregnant'],
  ['High-risk pregnancy (finding)', 'pregnant'],
  ['History of ectopic pregnancy', null],
  ['Pregnancy test negative', null],
  ['Fear of pregnancy', null],
])('the words "%s" say: %s', (text, fact) => {
  expect(factOfCondition({ resourceType: 'Condition', subject: {}, code: { text } })).toBe(fact);
});

const observation = (code: string, rest: Partial<Observation>): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code }] },
  ...rest,
});
const answer = (code: string, display = '') => ({ valueCodeableConcept: { coding: [{ code, display }] } });

test.each([
  ['82810-3', answer('77386006', 'Pregnant'), 'pregnant'],
  ['82810-3', answer('60001007', 'Not pregnant'), 'not pregnant'],
  ['82810-3', answer('146799005', 'Possible pregnancy'), null],
  ['82810-3', answer('LA4489-6', 'Unknown'), null],
  ['82810-3', {}, null],
  ['11449-6', answer('LA15173-0', 'Pregnant'), 'pregnant'],
  ['11449-6', { valueString: 'not pregnant' }, 'not pregnant'],
  ['2106-3', { valueString: 'Positive' }, 'test positive'],
  ['2106-3', { valueString: 'Negative' }, null],
  ['63895-7', answer('LA29252-6', 'Currently breastfeeding'), 'lactating'],
  ['63895-7', answer('LA29253-4', 'Not currently breastfeeding'), 'not lactating'],
  ['11778-8', { valueDateTime: '2023-09-01' }, 'due date'],
] as [string, Partial<Observation>, PregnancyFact | null][])('LOINC %s with %j says: %s', (code, rest, fact) => {
  expect(factOfObservation(observation(code, rest))).toBe(fact);
});

describe('judged at the as-of time', () => {
  const at = Date.parse('2023-05-10T12:00:00Z');
  const ago = (days: number) => at - days * 86_400_000;
  const judge = (...facts: [PregnancyFact, number | null, number?][]) => {
    const { pregnant, lactating, puerperium, by } = judgePregnancy(
      facts.map(([fact, days, due]) => ({
        fact,
        at: days === null ? null : ago(days),
        evidence: fact,
        ...(due === undefined ? {} : { dueAt: ago(due) }),
      })),
      at,
    );
    return { pregnant, lactating, puerperium, by };
  };

  test('nothing recorded is null, never "not pregnant"', () => {
    expect(judge()).toEqual({ pregnant: null, lactating: null, puerperium: false, by: [] });
  });

  test('a pregnancy holds as long as one lasts', () => {
    expect(judge(['pregnant', 100])).toMatchObject({ pregnant: true, by: ['pregnant'] });
    expect(judge(['pregnant', 302])).toMatchObject({ pregnant: null, by: [] });
  });

  test('a birth or a loss after it ends it; a birth opens six weeks of puerperium', () => {
    expect(judge(['pregnant', 100], ['delivered', 10])).toMatchObject({ pregnant: null, puerperium: true, by: ['delivered'] });
    expect(judge(['pregnant', 100], ['delivered', 60])).toMatchObject({ pregnant: null, puerperium: false });
    expect(judge(['pregnant', 100], ['ended', 50])).toMatchObject({ pregnant: null, puerperium: false });
    expect(judge(['ended', 200], ['pregnant', 30])).toMatchObject({ pregnant: true });
  });

  test('of one stay with diagnoses of pregnancy and of delivery the delivery counts', () => {
    expect(judge(['pregnant', 5], ['delivered', 5])).toMatchObject({ pregnant: null, puerperium: true });
  });

  test('"not pregnant" holds for four weeks', () => {
    expect(judge(['not pregnant', 20]).pregnant).toBe(false);
    expect(judge(['not pregnant', 40]).pregnant).toBeNull();
    expect(judge(['pregnant', 100], ['not pregnant', 40]).pregnant).toBeNull();
  });

  test('a due date holds until three weeks after it', () => {
    expect(judge(['due date', 100, -60]).pregnant).toBe(true);
    expect(judge(['due date', 200, 30]).pregnant).toBeNull();
  });

  test('what lies after the as-of time says nothing', () => {
    expect(judge(['pregnant', -1]).pregnant).toBeNull();
  });
});
