import type { MedicationAdministration } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { type AdministrationEvent, eventOf, eventOfWord, isDose } from './administration-events.ts';

const charted = (
  status: MedicationAdministration['status'],
  method?: string,
  rest: Partial<MedicationAdministration> = {},
): MedicationAdministration => ({
  resourceType: 'MedicationAdministration',
  id: 'a',
  status,
  subject: { reference: 'Patient/p1' },
  medicationCodeableConcept: { text: 'Heparin' },
  dosage: { dose: { value: 5000, unit: 'UNIT' }, ...(method === undefined ? {} : { method: { coding: [{ code: method }] } }) },
  ...rest,
});

// Every word that the MIMIC-IV demo on FHIR 2.1.0 holds in dosage.method, and what it means by MIMIC's documentation of eMAR.
const MIMIC: Record<string, AdministrationEvent> = {
  Administered: 'given',
  Flushed: 'given',
  Applied: 'given',
  Started: 'given',
  'Administered Bolus from IV Drip': 'given',
  'Removed Existing / Applied New': 'given',
  'Continuous Med': 'given',
  'Continuous IV': 'given',
  'Drug Push': 'given',
  Bolus: 'given',
  'Non Iv Meds': 'given',
  'Delayed Administered': 'delayed',
  'Delayed Flushed': 'delayed',
  'Partial Administered': 'partial',
  'Not Given': 'not given',
  'Not Given per Sliding Scale': 'not given',
  'Not Flushed': 'not given',
  'Hold Dose': 'held',
  Stopped: 'stopped',
  Confirmed: 'charted, event not stated',
};

test.each(Object.entries(MIMIC))('a completed administration with the method "%s" is: %s', (method, event) => {
  expect(eventOf(charted('completed', method))).toEqual({ event, method });
});

// Further words of the same column in the whole of MIMIC-IV, which a held-back patient may bear.
test.each([
  ['Administered in Other Location', 'given'],
  ['Restarted', 'given'],
  ['Delayed Not Given', 'not given'],
  ['Delayed Started', 'delayed'],
  ['Delayed Stopped', 'stopped'],
  ['Not Applied', 'not given'],
  ['Not Started', 'not given'],
  ['Not Given per Sliding Scale in Other Location', 'not given'],
  ['Stopped - Unscheduled', 'stopped'],
  ['Stopped - Unscheduled in Other Location', 'stopped'],
  ['Removed', 'stopped'],
  ['Flushed - Unscheduled', 'given'],
  ['Rate Change', 'charted, event not stated'],
  ['Infusion Reconciliation', 'charted, event not stated'],
  ['Not Confirmed', 'charted, event not stated'],
] as const)('"%s" is: %s', (word, event) => {
  expect(eventOfWord(word)).toBe(event);
});

test('an unknown word is "charted, event not stated" and is shown', () => {
  expect(eventOf(charted('completed', 'Zapped'))).toEqual({ event: 'charted, event not stated', method: 'Zapped' });
  expect(eventOf(charted('completed', 'Delayed'))).toEqual({ event: 'charted, event not stated', method: 'Delayed' });
});

test('without a method a completed administration is "charted, event not stated"', () => {
  expect(eventOf(charted('completed'))).toEqual({ event: 'charted, event not stated', method: null });
});

describe('status and method together', () => {
  test.each([
    ['not-done', undefined, 'not given'],
    ['not-done', 'Administered', 'not given'],
    ['not-done', 'Hold Dose', 'held'],
    ['on-hold', 'Administered', 'held'],
    ['stopped', 'Administered', 'stopped'],
    ['stopped', 'Not Given', 'not given'],
    ['in-progress', undefined, 'given'],
    ['in-progress', 'Not Given', 'not given'],
    ['unknown', 'Administered', 'charted, event not stated'],
    ['unknown', 'Not Given', 'not given'],
    ['unknown', undefined, 'charted, event not stated'],
  ] as const)('%s with the method %s is: %s', (status, method, event) => {
    expect(eventOf(charted(status, method)).event).toBe(event);
  });

  test('a refusal is told by the reason', () => {
    expect(eventOf(charted('not-done', undefined, { statusReason: [{ text: 'Patient refused' }] })).event).toBe('refused');
    expect(eventOf(charted('not-done', undefined, { statusReason: [{ coding: [{ code: 'PATOBJ' }] }] })).event).toBe('refused');
    expect(eventOf(charted('not-done', undefined, { statusReason: [{ text: 'on hold for procedure' }] })).event).toBe('held');
  });

  test('a completed one with a reason for not giving was not given', () => {
    const asleep = [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/reason-medication-not-given', code: 'c' }] }];
    expect(eventOf(charted('completed', 'Administered', { statusReason: asleep })).event).toBe('not given');
  });

  test('of two contradicting words the one that gives least away decides', () => {
    const both = charted('completed');
    both.dosage = { method: { text: 'Administered', coding: [{ code: 'Not Given' }] } };
    expect(eventOf(both).event).toBe('not given');
  });
});

test('only given, delayed and partial doses are doses', () => {
  const all: AdministrationEvent[] = [
    'given',
    'not given',
    'held',
    'refused',
    'stopped',
    'delayed',
    'partial',
    'charted, event not stated',
  ];
  expect(all.filter(isDose)).toEqual(['given', 'delayed', 'partial']);
});
