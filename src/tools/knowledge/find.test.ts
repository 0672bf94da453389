import { describe, expect, test } from 'vitest';
import { ANALYTES, analyteByKey } from './analytes.ts';
import { findAnalytes, findPanels, resolveTest } from './find.ts';
import { COMPONENT_PANELS, FAMILIES, PANELS } from './panels.ts';

const keys = (text: string) => findAnalytes(text).map((m) => m.key);

describe('the table of analytes', () => {
  test('holds at least 150 laboratory tests, each key once', () => {
    expect(ANALYTES.filter((a) => a.kind === 'lab').length).toBeGreaterThanOrEqual(150);
    expect(new Set(ANALYTES.map((a) => a.key)).size).toBe(ANALYTES.length);
  });

  test('every LOINC code has its check digit (Luhn mod 10)', () => {
    const all = [...ANALYTES.flatMap((a) => a.loinc.map((l) => l.code)), ...COMPONENT_PANELS.flatMap((p) => p.codes)];
    const digitOf = (body: string) => {
      const sum = [...body].reverse().reduce((n, d, i) => n + (i % 2 === 0 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(d)]! : Number(d)), 0);
      return (10 - (sum % 10)) % 10;
    };
    expect(all.filter((code) => Number(code.split('-')[1]) !== digitOf(code.split('-')[0]!))).toEqual([]);
  });

  test('a LOINC code means one analyte, but for what laboratory and bedside share', () => {
    const seen = new Map<string, string[]>();
    for (const a of ANALYTES) for (const l of a.loinc) seen.set(l.code, [...(seen.get(l.code) ?? []), a.key]);
    expect([...seen].filter(([, list]) => list.length > 1)).toEqual([['2708-6', ['oxygen-saturation', 'spo2']]]);
  });

  test('panels, families and stand-ins name analytes that exist', () => {
    const named = [...PANELS, ...FAMILIES, ...COMPONENT_PANELS].flatMap((p) => p.analytes).concat(ANALYTES.flatMap((a) => a.instead ?? []));
    expect(named.filter((key) => analyteByKey(key) === undefined)).toEqual([]);
  });
});

describe('names as clinicians use them', () => {
  test.each([
    ['What was the last creatinine, and the K?', ['creatinine', 'potassium']],
    ['creat and Hgb', ['creatinine', 'hemoglobin']],
    ['is the A1c better', ['hba1c']],
    ['INR on warfarin', ['inr']],
    ['BNP', ['bnp']],
    ['total bilirubin', ['bilirubin']],
    ['lactate dehydrogenase', ['ldh']],
    ['lactate', ['lactate']],
    ['LDL cholesterol', ['ldl']],
    ['creatine kinase', ['ck']],
    ['glucose in the urine', ['urine-glucose']],
    ['CSF protein', ['csf-protein']],
    ['ascitic albumin', ['ascites-albumin']],
    ['heart rate and temp', ['heart-rate', 'temperature']],
    ['ANC', ['neutrophils-absolute']],
    ['PT and PTT', ['pt', 'aptt']],
    ['haemoglobin, haematocrit and leucocytes', ['hemoglobin', 'hematocrit', 'wbc']],
    ['glycated haemoglobin', ['hba1c']],
    ['ionised ca', ['ionized-calcium']],
    ['iCa', ['ionized-calcium']],
    ['direct bili', ['direct-bilirubin']],
    ['urine albumin-to-creatinine ratio', ['urine-albumin-creatinine-ratio']],
    ['admission weight', ['admission-weight']],
    ['peanut IgE', ['peanut-ige']],
    ['total IgE', ['ige']],
    ['protein', ['total-protein']],
    ['pH', ['ph']],
  ])('%s', (text, expected) => expect(keys(text)).toEqual(expected));

  test('a family names all its assays', () => {
    expect(keys('trop')).toEqual(['hs-troponin-i', 'hs-troponin-t', 'troponin-i', 'troponin-t']);
    expect(keys('D-dimer')).toEqual(['d-dimer-ddu', 'd-dimer-feu', 'd-dimer-unspecified']);
  });

  test('short words mean an analyte only as written', () => {
    expect(keys('ok, k?')).toEqual([]);
    expect(keys('the pt is na and ca')).toEqual([]);
    expect(keys('Na, Ca, Mg, PT')).toEqual(['sodium', 'calcium', 'magnesium', 'pt']);
  });

  test('a specimen that was asked for is told', () => {
    expect(findAnalytes('whole blood potassium')).toMatchObject([{ key: 'potassium', specimen: 'blood' }]);
    expect(findAnalytes('venous lactate')).toMatchObject([{ key: 'lactate', specimen: 'venous blood' }]);
  });

  test.each(['fingersticks', 'finger stick glucose', 'FSBG', 'POC glucose'])('%s asks for a drop from the finger', (text) => {
    expect(findAnalytes(`her ${text} today`)).toMatchObject([{ key: 'glucose', specimen: 'capillary blood' }]);
    expect(resolveTest(text, 'lab')).toMatchObject({ analytes: [{ key: 'glucose' }], specimen: 'capillary blood' });
  });

  test('the highest temperature is not the last one, and IgE against an allergen is not the total', () => {
    expect(keys('tmax')).toEqual([]);
    expect(keys('dragonfruit IgE')).toEqual([]);
  });

  test('a drug that has a level is ambiguous without the word', () => {
    expect(findAnalytes('vancomycin')).toMatchObject([{ key: 'vancomycin', ambiguous: ['drug'] }]);
    expect(findAnalytes('vancomycin level')[0]?.ambiguous).toBeUndefined();
  });

  test('where it stands is told in the text as written', () => {
    const text = 'Was ist mit dem Hgb A1c?';
    const [match] = findAnalytes(text);
    expect(text.slice(match!.start, match!.end)).toBe('Hgb A1c');
  });
});

describe('spelling', () => {
  test.each([
    ['creatnine', 'creatinine'],
    ['potasium', 'potassium'],
    ['hemoglbin', 'hemoglobin'],
    ['magnezium', 'magnesium'],
    ['troponnin', 'hs-troponin-i'],
    ['bilirubbin', 'bilirubin'],
  ])('%s is near %s, with less certainty', (word, key) => {
    const [match] = findAnalytes(word);
    expect(match?.key).toBe(key);
    expect(match?.score).toBeLessThan(1);
  });
  test.each(['cortisone', 'creatine', 'eight tablets', 'patients', 'placed', 'iodine', 'weighed', 'sodas', 'chest'])(
    '%s is no misspelt analyte',
    (text) => expect(keys(text)).toEqual([]),
  );
  test('no name of an analyte is taken for a misspelling of another', () => {
    const wrong = ANALYTES.flatMap((a) => a.synonyms.filter((s) => findAnalytes(s).some((m) => m.score < 1)));
    expect(wrong).toEqual([]);
  });
});

describe('panels and single names', () => {
  test.each([
    ['BMP', 'bmp'],
    ['the CBC with differential', 'cbc-differential'],
    ['LFTs', 'lft'],
    ['an ABG', 'blood-gas'],
    ['iron studies', 'iron-studies'],
    ['vitals', 'vital-signs'],
    ['UA', 'urinalysis'],
    ['H&H', 'hemoglobin-hematocrit'],
    ['lytes', 'electrolytes'],
    ['U&Es', 'bmp'],
    ['the tox screen', 'toxicology'],
    ['urine drug screen', 'urine-drug-screen'],
  ])('%s is %s', (text, key) => expect(findPanels(text).map((p) => p.key)).toEqual([key]));
  test('CSF glucose is no panel', () => expect(findPanels('CSF glucose')).toEqual([]));

  test.each([
    ['k', ['potassium']],
    ['hs-troponin-t', ['hs-troponin-t']],
    ['2160-0', ['creatinine']],
    ['urine-sodium', ['urine-sodium']],
    ['Potassium, Whole Blood', ['potassium']],
    ['coags', ['pt', 'inr', 'aptt', 'fibrinogen']],
  ])('%s resolves', (name, expected) => expect(resolveTest(name, 'lab').analytes.map((a) => a.key)).toEqual(expected));
  test('every analyte is found by its key and its name', () => {
    for (const a of ANALYTES) {
      expect(resolveTest(a.key, a.kind).analytes, a.key).toContain(a);
      expect(resolveTest(a.name, a.kind).analytes, a.name).toContain(a);
    }
  });
  test('a name that is unknown is not guessed, but its neighbour is told', () => {
    expect(resolveTest('creatnine', 'lab')).toMatchObject({ analytes: [], near: 'Creatinine' });
    expect(resolveTest('xyz', 'lab')).toMatchObject({ analytes: [], near: null });
  });
});
