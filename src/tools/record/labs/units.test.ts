import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { ANALYTES, analyteByKey } from '../../knowledge/index.ts';
import { convert, convertExact, plainUcum, roundLike, ucumOf } from './units.ts';

const of = (key: string) => analyteByKey(key)!;

describe('units as sources write them', () => {
  test.each([
    ['mEq/L', 'sodium', 'meq/L'],
    ['mg/dl', 'creatinine', 'mg/dL'],
    ['K/uL', 'platelets', '10*3/uL'],
    ['x10^3/µL', 'wbc', '10*3/uL'],
    ['10E9/L', 'platelets', '10*9/L'],
    ['m/uL', 'rbc', '10*6/uL'],
    ['G/L', 'platelets', '10*9/L'],
    ['#/uL', 'lymphocytes-absolute', '/uL'],
    ['IU/L', 'alt', 'U/L'],
    ['uIU/mL', 'tsh', 'u[IU]/mL'],
    ['mU/L', 'tsh', 'm[IU]/L'],
    ['U/mL', 'ca-125', 'U/mL'],
    ['sec', 'pt', 's'],
    ['mm Hg', 'pco2', 'mm[Hg]'],
    ['mmHg', 'systolic-bp', 'mm[Hg]'],
    ['cmH2O', 'peep', 'cm[H2O]'],
    ['°F', 'temperature', '[degF]'],
    ['F', 'temperature', '[degF]'],
    ['C', 'temperature', 'Cel'],
    ['bpm', 'heart-rate', '/min'],
    ['insp/min', 'respiratory-rate', '/min'],
    ['breaths/minute', 'respiratory-rate', '/min'],
    ['units', 'ph', '[pH]'],
    ['ng/mL FEU', 'd-dimer-feu', 'ng{FEU}/mL'],
    ['mcg/mL', 'vancomycin', 'ug/mL'],
    ['mL/min/1.73 m2', 'egfr', 'mL/min/{1.73_m2}'],
    ['Ratio', 'inr', '1'],
    ['/hpf', 'urine-wbc', '/[HPF]'],
    ['lbs', 'weight', '[lb_av]'],
  ])('%s of %s is %s', (text, key, expected) => expect(ucumOf(text, of(key))).toBe(expected));

  test.each(['', '   ', 'furlongs', 'units', ',000 organisms/ml', 'see comment', 'mg/dL (calc)'])('%j is no unit of creatinine', (text) =>
    expect(ucumOf(text, of('creatinine'))).toBeNull(),
  );

  test('nothing is printed, whatever the text', () => {
    const print = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => void ucumOf(text)),
      { numRuns: 300 },
    );
    for (const spy of print) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });

  test('every canonical unit of the tables is UCUM and its own spelling', () => {
    for (const a of ANALYTES) if (a.unit !== null) expect(plainUcum(ucumOf(a.unit, a) ?? 'none'), a.key).toBe(plainUcum(a.unit));
  });
});

describe('conversions against published values', () => {
  test.each([
    // Young DS, Huth EJ: SI units for clinical measurement (1998), factors; NGSP/IFCC table; blood gas texts.
    ['creatinine', 1, 'mg/dL', 'umol/L', 88.4, 0.05],
    ['creatinine', 2.1, 'mg/dL', 'umol/L', 185.6, 0.1],
    ['glucose', 100, 'mg/dL', 'mmol/L', 5.55, 0.005],
    ['urea-nitrogen', 28, 'mg/dL', 'mmol/L', 10.0, 0.01],
    ['urea', 60, 'mg/dL', 'mmol/L', 9.99, 0.01],
    ['calcium', 10, 'mg/dL', 'mmol/L', 2.495, 0.002],
    ['calcium', 5, 'meq/L', 'mmol/L', 2.5, 1e-9],
    ['magnesium', 2.4, 'mg/dL', 'mmol/L', 0.987, 0.001],
    ['magnesium', 2, 'meq/L', 'mg/dL', 2.43, 0.01],
    ['phosphate', 3.1, 'mg/dL', 'mmol/L', 1.0, 0.005],
    ['bilirubin', 1, 'mg/dL', 'umol/L', 17.1, 0.05],
    ['cholesterol', 200, 'mg/dL', 'mmol/L', 5.17, 0.01],
    ['triglycerides', 150, 'mg/dL', 'mmol/L', 1.69, 0.01],
    ['uric-acid', 7, 'mg/dL', 'umol/L', 416.4, 0.5],
    ['iron', 100, 'ug/dL', 'umol/L', 17.9, 0.05],
    ['hemoglobin', 1, 'g/dL', 'mmol/L', 0.6206, 0.0001],
    ['hemoglobin', 140, 'g/L', 'g/dL', 14, 1e-9],
    ['sodium', 140, 'meq/L', 'mmol/L', 140, 1e-9],
    ['hba1c', 7, '%', 'mmol/mol', 53, 0.05],
    ['hba1c', 42, 'mmol/mol', '%', 6.0, 0.01],
    ['free-t4', 1, 'ng/dL', 'pmol/L', 12.87, 0.01],
    ['cortisol', 10, 'ug/dL', 'nmol/L', 275.9, 0.1],
    ['vitamin-d', 30, 'ng/mL', 'nmol/L', 74.9, 0.1],
    ['digoxin', 1, 'ng/mL', 'nmol/L', 1.281, 0.001],
    ['pco2', 40, 'mm[Hg]', 'kPa', 5.333, 0.001],
    ['platelets', 250, '10*3/uL', '10*9/L', 250, 1e-9],
    ['wbc', 5, '10*3/uL', '/uL', 5000, 1e-6],
    ['temperature', 98.6, '[degF]', 'Cel', 37, 1e-9],
    ['fio2', 40, '%', '1', 0.4, 1e-12],
    ['weight', 154, '[lb_av]', 'kg', 69.85, 0.01],
    ['alt', 60, 'U/L', 'ukat/L', 1.0, 1e-9],
    ['tsh', 2, 'u[IU]/mL', 'm[IU]/L', 2, 1e-9],
    ['troponin-t', 0.05, 'ng/mL', 'ng/L', 50, 1e-9],
  ])('%s %d %s is in %s %d', (key, value, from, to, expected, within) => {
    const converted = convert(value, from, to, of(key));
    expect(converted?.value).toBeDefined();
    expect(Math.abs(converted!.value - expected)).toBeLessThanOrEqual(within);
  });

  test('the method names the molar mass, the valence or the equation', () => {
    expect(convert(1, 'mg/dL', 'umol/L', of('creatinine'))?.method).toBe('molar mass 113.12 g/mol');
    expect(convert(4, 'meq/L', 'mmol/L', of('potassium'))?.method).toBe('valence 1');
    expect(convert(7, '%', 'mmol/mol', of('hba1c'))?.method).toContain('Hoelzel');
  });
});

describe('what is never converted', () => {
  test.each([
    ['lp-a-mass', 'mg/dL', 'nmol/L'],
    ['d-dimer-feu', 'ng{FEU}/mL', 'ng{DDU}/mL'],
    ['d-dimer-feu', 'ng{FEU}/mL', 'ng/mL'],
    ['egfr', 'mL/min/{1.73_m2}', 'mL/min'],
    ['alt', 'U/L', 'mg/dL'],
    ['insulin', 'u[IU]/mL', 'pmol/L'],
    ['albumin', 'g/dL', 'mmol/L'],
    ['ca-125', 'U/mL', '[IU]/mL'],
    ['reticulocytes', '%', '10*6/uL'],
    ['potassium', 'mmol/L', 'mmol/kg'],
    ['hba1c', '%', 'mg/dL'],
    ['creatinine', 'meq/L', 'mg/dL'],
  ])('%s from %s to %s', (key, from, to) => expect(convert(1, from, to, of(key))).toBeNull());

  test('a mass is not exactly a molar amount, so one series never holds both', () => {
    expect(convertExact(1, 'mg/dL', 'umol/L', of('creatinine'))).toBeNull();
    expect(convertExact(1, 'meq/L', 'mmol/L', of('sodium'))?.value).toBe(1);
    expect(convertExact(1, 'meq/L', 'mmol/L')).toBeNull();
  });
});

describe('properties', () => {
  const pairs = [
    ['creatinine', 'mg/dL', 'umol/L'],
    ['glucose', 'mg/dL', 'mmol/L'],
    ['calcium', 'meq/L', 'mg/dL'],
    ['hba1c', '%', 'mmol/mol'],
    ['temperature', '[degF]', 'Cel'],
    ['pco2', 'mm[Hg]', 'kPa'],
    ['platelets', '10*3/uL', '10*9/L'],
    ['hemoglobin', 'g/dL', 'mmol/L'],
  ] as const;
  const value = fc.double({ min: 0.01, max: 10_000, noNaN: true });

  test('there and back is the same value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pairs), value, ([key, a, b], v) => {
        const there = convert(v, a, b, of(key))!.value;
        const back = convert(there, b, a, of(key))!.value;
        expect(Math.abs(back - v)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(v)));
      }),
    );
  });

  test('a higher value stays the higher one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pairs), value, value, ([key, a, b], v, w) => {
        fc.pre(Math.abs(v - w) > 1e-6 * Math.max(v, w));
        expect(convert(v, a, b, of(key))!.value < convert(w, a, b, of(key))!.value).toBe(v < w);
      }),
    );
  });

  test('rounding keeps at least three significant digits', () => {
    expect(roundLike(185.64356, 2.1)).toBe(186);
    expect(roundLike(185.64356, 2.102)).toBe(185.6);
    expect(roundLike(0.00123456, 5)).toBe(0.00123);
    fc.assert(fc.property(value, (v) => Math.abs(roundLike(v, 1) - v) <= 0.005 * v));
  });
});
