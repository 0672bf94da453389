import { describe, expect, test } from 'vitest';
import { formatValue } from '../../../evidence/index.ts';
import { analyteByKey } from '../../knowledge/index.ts';
import { readValue } from './values.ts';

const creatinine = analyteByKey('creatinine')!;
const UCUM = 'http://unitsofmeasure.org';

describe('a value as recorded', () => {
  test('a quantity keeps its number and the text of its unit', () => {
    expect(readValue({ valueQuantity: { value: 1.2, unit: 'mg/dl' } }, creatinine)).toEqual({
      value: { type: 'quantity', value: 1.2, unit: 'mg/dl', ucum: 'mg/dL' },
      number: 1.2,
      ucum: 'mg/dL',
      problem: null,
    });
  });

  test('a censored value is shown with its sign and is no number', () => {
    const read = readValue({ valueQuantity: { value: 0.01, comparator: '<', unit: 'ng/mL' } }, analyteByKey('troponin-t'));
    expect(read.value).toMatchObject({ value: 0.01, comparator: '<' });
    expect(read.number).toBeNull();
  });

  test.each([
    ['<0.01', { value: 0.01, comparator: '<', unit: null }],
    ['> 60 mL/min/1.73m2', { value: 60, comparator: '>', unit: 'mL/min/1.73m2' }],
    ['≤5', { value: 5, comparator: '<=', unit: null }],
    ['7.4', { value: 7.4, unit: null }],
  ])('the text %j is read as a number', (text, expected) => {
    expect(readValue({ valueString: text }, analyteByKey('egfr')).value).toMatchObject({ type: 'quantity', ...expected });
  });

  test.each(['NEGATIVE', '1:160', '120/80', '100,000 organisms/ml', '3-5', 'SEE COMMENT', '10 or more of them', '1,2'])(
    'the text %j stays a text',
    (text) => {
      expect(readValue({ valueString: text }, creatinine)).toMatchObject({ value: { type: 'text', text }, number: null });
    },
  );

  test('why there is no value is said', () => {
    expect(readValue({ dataAbsentReason: { coding: [{ code: 'not-performed', display: 'Not Performed' }] } }).value).toEqual({
      type: 'absent',
      reason: 'not performed',
    });
    for (const unsupported of [{ coding: [{ code: 'unsupported', display: 'Unsupported' }] }, { text: 'Unsupported' }]) {
      const { value } = readValue({ dataAbsentReason: unsupported });
      expect(value).toEqual({ type: 'absent', reason: 'recorded without a value' });
      expect(formatValue(value)).toBe('no recorded value');
    }
    expect(readValue({}).value).toEqual({ type: 'absent', reason: 'not recorded' });
    expect(readValue({ valueQuantity: { unit: 'mg/dL' }, dataAbsentReason: { text: 'error' } }).value).toEqual({
      type: 'absent',
      reason: 'error',
    });
  });

  test('a masked result was withheld, and is not negative', () => {
    const masked = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor', code: 'MSK', display: 'masked' }] };
    expect(readValue({ valueCodeableConcept: masked }).value).toEqual({ type: 'absent', reason: 'masked: the result was withheld' });
  });

  test('a range, a ratio, a series and a code are shown as what they are', () => {
    expect(readValue({ valueRange: { low: { value: 0, unit: '/hpf' }, high: { value: 2, unit: '/hpf' } } }).value).toEqual({
      type: 'range',
      low: 0,
      high: 2,
      unit: '/hpf',
    });
    expect(readValue({ valueRatio: { numerator: { value: 1 }, denominator: { value: 128 } } }).value).toEqual({
      type: 'text',
      text: '1:128',
    });
    expect(readValue({ valueSampledData: { dimensions: 1, origin: { value: 0 }, period: 10 } }).value).toMatchObject({ type: 'text' });
    expect(readValue({ valueCodeableConcept: { text: 'Positive' } }).value).toMatchObject({ type: 'code', concept: { name: 'Positive' } });
    expect(readValue({ valueInteger: 3 }, analyteByKey('gcs-motor'))).toMatchObject({ number: 3, ucum: '1' });
  });
});

describe('units that are missing, unknown or contradict', () => {
  test('a creatinine without a unit is shown, and is no number', () => {
    expect(readValue({ valueQuantity: { value: 1.2 } }, creatinine)).toMatchObject({
      value: { value: 1.2, unit: null },
      number: null,
      problem: 'unit not recorded',
    });
  });

  test('INR, pH and coma scale need none', () => {
    for (const [key, value] of [
      ['inr', 2.3],
      ['ph', 7.2],
      ['gcs-eye', 3],
    ] as const)
      expect(readValue({ valueQuantity: { value } }, analyteByKey(key))).toMatchObject({ number: value, problem: null });
  });

  test('a creatinine of 88 mg/dL is a unit mistaken: shown as recorded, not used', () => {
    expect(readValue({ valueQuantity: { value: 88, unit: 'mg/dL' } }, creatinine)).toMatchObject({
      value: { value: 88, unit: 'mg/dL' },
      number: null,
      problem: 'value not plausible in its unit',
    });
  });

  test('a protein of 74 g/dL and 99 °C are not plausible (Synthea, MIMIC)', () => {
    expect(readValue({ valueQuantity: { value: 74, unit: 'g/dL' } }, analyteByKey('total-protein')).number).toBeNull();
    expect(readValue({ valueQuantity: { value: 99, unit: '°C' } }, analyteByKey('temperature')).number).toBeNull();
    expect(readValue({ valueQuantity: { value: 99, unit: '°F' } }, analyteByKey('temperature')).number).toBe(99);
  });

  test('a unit that its own code contradicts decides nothing', () => {
    const read = readValue({ valueQuantity: { value: 100, unit: 'mg/dL', code: 'mmol/L', system: UCUM } }, analyteByKey('glucose'));
    expect(read).toMatchObject({ number: null, ucum: null, problem: 'unit and its code contradict each other' });
  });

  test('a readable unit beside its UCUM code is one unit', () => {
    const read = readValue(
      { valueQuantity: { value: 18, unit: 'breaths/minute', code: '/min', system: UCUM } },
      analyteByKey('respiratory-rate'),
    );
    expect(read).toMatchObject({ number: 18, ucum: '/min', problem: null });
  });

  test.each([
    [40, '%'],
    [0.4, '1'],
    [5, null],
    [0, null],
  ])('FiO2 %d without a unit is read in %s', (value, ucum) => {
    expect(readValue({ valueQuantity: { value } }, analyteByKey('fio2')).ucum).toBe(ucum);
  });

  test('a number that is none is absent', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, '12' as unknown as number])
      expect(readValue({ valueQuantity: { value, unit: 'mg/dL' } }, creatinine).value.type).toBe('absent');
  });
});
