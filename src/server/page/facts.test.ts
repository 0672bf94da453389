import { expect, test } from 'vitest';
import { type Evidence, makeCompleteness, makeEvidence, makeFlag } from '../../evidence/index.ts';
import { factsOf, inputIds, labelOf } from './facts.ts';

const potassium = (more: Partial<Evidence> = {}): Evidence =>
  makeEvidence({
    kind: 'observation',
    patient: 'p',
    concept: { name: 'Potassium', codings: [{ system: 'http://loinc.org', code: '2823-3' }] },
    value: { type: 'quantity', value: 6.2, unit: 'mmol/L' },
    time: { start: '2031-03-04T05:55:00-05:00', end: null, kind: 'effective' },
    status: 'preliminary',
    source: { type: 'fhir', server: 'demo', reference: 'Observation/1', version: '2' },
    ...more,
  });
const shown = (item: Parameters<typeof factsOf>[0]) => Object.fromEntries(factsOf(item).map(({ label, text }) => [label, text]));

test('a result shows value, time with its offset, status, code, source and version', () => {
  expect(shown(potassium())).toEqual({
    Value: '6.2 mmol/L',
    Time: '2031-03-04 05:55 (UTC-05:00)',
    Status: 'preliminary',
    Codes: '2823-3 (LOINC)',
    Source: 'Observation/1 on demo',
    Version: '2',
  });
});

test('a date stays a date, and a censored or missing value is shown as such', () => {
  expect(shown(potassium({ time: { start: '2031-03-04', end: null, kind: 'effective' } }))['Time']).toBe('2031-03-04');
  expect(shown(potassium({ value: { type: 'quantity', value: 0.01, unit: 'ng/mL', comparator: '<' } }))['Value']).toBe('<0.01 ng/mL');
  expect(shown(potassium({ value: { type: 'absent', reason: 'specimen haemolysed' } }))['Value']).toBe('no value (specimen haemolysed)');
});

test.each([
  [{ low: null, high: 5.1, unit: 'mmol/L', generic: false }, 'up to 5.1 mmol/L'],
  [{ low: 3.5, high: null, unit: null, generic: false }, 'from 3.5'],
  [
    { low: 3.5, high: 5.1, unit: 'mmol/L', generic: true, source: 'table X' },
    '3.5–5.1 mmol/L (generic, not the laboratory’s own), table X',
  ],
  [{ low: null, high: null, unit: null, text: 'negative', generic: false }, 'negative'],
])('a range with one bound, both, or words is told as it is', (referenceRange, text) => {
  expect(shown(potassium({ referenceRange }))['Reference range']).toBe(text);
});

test('qualifiers are words, and what was converted says how', () => {
  const converted = { value: 24.2, unit: 'mg/dL', method: 'molar mass 39.1 g/mol' };
  const facts = shown(
    potassium({ qualifiers: { resultTime: 'not recorded' }, value: { type: 'quantity', value: 6.2, unit: 'mmol/L', converted } }),
  );
  expect(facts).toMatchObject({ 'Result time': 'not recorded', 'Converted by': 'molar mass 39.1 g/mol', Value: '6.2 mmol/L (24.2 mg/dL)' });
});

test('what was looked for says how far it was read and why not further', () => {
  const item = makeCompleteness({
    what: 'labs: potassium',
    source: 'demo',
    window: [null, '2031-03-04T12:00:00-05:00'],
    status: 'partial',
    read: 200,
    found: 7,
    later: 2,
    reason: 'page 3 failed',
  });
  expect(shown(item)).toMatchObject({
    'How far': 'read in part',
    Reason: 'page 3 failed',
    Found: '7 of 200 read',
    Later: '2 later than the as-of time, not used',
  });
  expect(labelOf(item)).toBe('what was looked for, labs: potassium');
});

test('a label is short and tells an order from a result', () => {
  expect(labelOf(potassium())).toBe('Potassium, 6.2 mmol/L, 2031-03-04 05:55');
  expect(labelOf(potassium({ kind: 'order', concept: { name: 'Potassium chloride', codings: [] } }))).toMatch(/^order, Potassium chloride/);
});

test('a flag rests on what it cites, a calculation and a prediction on their inputs, a record on nothing', () => {
  expect(inputIds(makeFlag({ kind: 'critical', text: 'x', citations: ['e1'] }))).toEqual(['e1']);
  expect(inputIds(potassium({ source: { type: 'calculation', method: 'trend', inputs: ['e1', 'e2'] } }))).toEqual(['e1', 'e2']);
  expect(inputIds(potassium({ source: { type: 'model', pack: 'm', sha256: 'x', provider: 'cpu', inputs: ['e3'] } }))).toEqual(['e3']);
  expect(inputIds(potassium())).toEqual([]);
});
