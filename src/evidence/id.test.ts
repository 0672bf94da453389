import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, contentVersion, makeEvidence } from './id.ts';
import { describeCompleteness, describeEvidence, formatNumber, formatValue } from './render.ts';

const potassium = {
  kind: 'observation',
  patient: 'p1',
  concept: { name: 'Potassium', codings: [{ system: 'http://loinc.org', code: '2823-3' }] },
  value: { type: 'quantity', value: 6.9, unit: 'mmol/L' },
  time: { start: '2026-01-02T06:00:00Z', end: null, kind: 'effective' },
  status: 'corrected',
  source: { type: 'fhir', server: 'demo', reference: 'Observation/k1', version: '2' },
} as const;
const make = (changes: object) =>
  makeEvidence({ ...structuredClone(potassium), ...changes } as unknown as Parameters<typeof makeEvidence>[0]);

test('the same fact has the same id whatever the order of its keys; another version or value has another', () => {
  const reversed = Object.fromEntries(Object.entries(potassium).reverse());
  expect(make(reversed).id).toBe(make({}).id);
  expect(make({ source: { ...potassium.source, version: '3' } }).id).not.toBe(make({}).id);
  expect(make({ value: { ...potassium.value, value: 6.8 } }).id).not.toBe(make({}).id);
});

test('canonical JSON is JSON of the same value, and does not depend on key order', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      expect(JSON.parse(canonicalJson(object))).toEqual(JSON.parse(JSON.stringify(object)));
      const reversed = Object.fromEntries(Object.entries(object).reverse());
      expect(canonicalJson(reversed)).toBe(canonicalJson(object));
    }),
  );
  expect(contentVersion({ a: 1 })).toMatch(/^sha256:[0-9a-f]{16}$/);
});

test('a value is shown as recorded: comparator, unit, conversion; binary noise is cut', () => {
  expect(formatValue({ type: 'quantity', value: 0.01, unit: 'ng/mL', comparator: '<' })).toBe('<0.01 ng/mL');
  expect(formatValue({ type: 'quantity', value: 97, unit: '%' })).toBe('97%');
  expect(formatValue({ type: 'quantity', value: 1, unit: 'mg/dL', converted: { value: 88.4, unit: 'umol/L', method: 'molar mass' } })).toBe(
    '1 mg/dL (88.4 umol/L)',
  );
  expect(formatNumber(40.00000059604645)).toBe('40');
  expect(formatNumber(1234567.5)).toBe('1234567.5');
  expect(formatValue({ type: 'absent', reason: 'not performed' })).toBe('no value (not performed)');
});

test('one line tells what, value, time, status and where it stands', () => {
  expect(describeEvidence(make({ comments: ['haemolysed'] }))).toBe(
    'Potassium; 6.9 mmol/L; 2026-01-02 06:00; corrected; comment: “haemolysed” [Observation/k1 on demo]',
  );
});

test('completeness in words tells how far was read and what lies later', () => {
  const c = {
    id: 'c',
    what: 'labs: potassium',
    source: 'demo',
    window: [null, '2026-01-03T00:00:00Z'] as [null, string],
    status: 'partial',
    read: 200,
    found: 3,
    later: 2,
    reason: 'failed at page 3',
  } as const;
  expect(describeCompleteness(c)).toBe(
    'labs: potassium: read in part (failed at page 3), 3 found of 200 read, 2 later than the as-of time [demo, up to 2026-01-03 00:00]',
  );
});
