// fetch_labs and fetch_vitals over hand-made results: each dirty case of a real record, and what must never be mixed.
import type { Encounter, Observation, Patient, Resource } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { arrayContext, observation } from '../../../../test/fixtures/array-source.ts';
import type { Evidence } from '../../../evidence/index.ts';
import type { ToolResult } from '../../tool.ts';
import { fetchLabs } from '../fetch-labs.ts';
import { fetchVitals } from '../fetch-vitals.ts';

const AS_OF = '2026-03-10T12:00:00Z';
const LOINC = 'http://loinc.org';
const loinc = (code: string, text?: string) => ({ code: { coding: [{ system: LOINC, code }], ...(text === undefined ? {} : { text }) } });
const mg = (value: number, unit = 'mg/dL') => ({ valueQuantity: { value, unit } });
const creatinine = (id: string, time: string, value: number, more: Partial<Observation> = {}) =>
  observation(id, 'Creatinine', time, mg(value), { ...loinc('2160-0'), ...more });
const woman: Patient = { resourceType: 'Patient', id: 'p1', birthDate: '1960-05-01', gender: 'female' };
const stay = (id: string, start: string, end?: string): Encounter => ({
  resourceType: 'Encounter',
  id,
  status: end === undefined ? 'in-progress' : 'finished',
  class: { code: 'IMP' },
  subject: { reference: 'Patient/p1' },
  period: { start, ...(end === undefined ? {} : { end }) },
});

const labs = (resources: Resource[], tests: string[], more: Record<string, unknown> = {}, asOf = AS_OF) =>
  fetchLabs.run(fetchLabs.input.parse({ tests, ...more }), arrayContext([woman, ...resources], asOf));
const vitals = (resources: Resource[], signs: string[], more: Record<string, unknown> = {}) =>
  fetchVitals.run(fetchVitals.input.parse({ signs, ...more }), arrayContext([woman, ...resources], AS_OF));
const observations = (r: ToolResult) => r.evidence.filter((e) => e.kind === 'observation');
const trends = (r: ToolResult) =>
  r.evidence.filter((e) => e.kind === 'calculation' && e.source.type === 'calculation' && e.source.method === 'trend');
const numbers = (list: Evidence[]) => list.map((e) => (e.value?.type === 'quantity' ? e.value.value : null));
const componentOf = (e: Evidence | undefined, name: string) => e?.components?.find((c) => c.name === name)?.value;
const completenessOf = (r: ToolResult, what: string) => r.completeness.find((c) => c.what === what);
const flag = (r: ToolResult, kind: string) => r.flags.find((f) => f.kind === kind);

test('a source that keeps no observations is not one in which none are recorded', async () => {
  const absent = { status: 'absent_from_source', reason: 'the source does not have Observation' } as const;
  const context = arrayContext([woman], AS_OF, { status: { Observation: absent } });
  for (const result of [await fetchLabs.run({ tests: ['K'] }, context), await fetchVitals.run({ signs: ['HR'] }, context)])
    expect(result.completeness.map((c) => c.status)).toEqual(['absent_from_source']);
});

describe('the usual specimen', () => {
  const potassium = (id: string, code: string, time: string, value: number) =>
    observation(id, 'Potassium', time, mg(value, 'mmol/L'), loinc(code));

  test('of a test stands before another of the same time, which is marked', async () => {
    const result = await labs(
      [
        potassium('gas', '6298-4', '2026-03-10T06:00:00Z', 4.9),
        potassium('serum', '2823-3', '2026-03-10T06:00:00Z', 4.1),
        ...[7, 8, 9].map((day) => potassium(`g${day}`, '6298-4', `2026-03-0${day}T06:00:00Z`, 4.5)),
        potassium('s9', '2823-3', '2026-03-09T06:00:00Z', 4.0),
      ],
      ['potassium'],
    );
    const [first, second] = observations(result);
    expect([first, second].map((e) => [numbers([e!])[0], e!.qualifiers?.['usual specimen']])).toEqual([
      [4.1, undefined],
      [4.9, 'no'],
    ]);
    expect(trends(result).map((t) => [t.qualifiers?.['numbers'], t.qualifiers?.['usual specimen']])).toEqual([
      ['2', undefined],
      ['4', 'no'],
    ]);
  });

  test.each([
    ['718-7', undefined],
    ['30313-1', 'no'],
    ['55782-7', 'no'],
  ])('haemoglobin under %s: %s', async (code, marked) => {
    const [found] = observations(await labs([observation('a', 'Hb', '2026-03-10T06:00:00Z', mg(9, 'g/dL'), loinc(code))], ['hemoglobin']));
    expect(found?.qualifiers?.['usual specimen']).toBe(marked);
  });

  test.each([
    ['2744-1', undefined],
    ['11558-4', undefined],
    ['2746-6', 'no'],
  ])('pH under %s: %s', async (code, marked) => {
    const [found] = observations(await labs([observation('a', 'pH', '2026-03-10T06:00:00Z', mg(7.3, '[pH]'), loinc(code))], ['pH']));
    expect(found?.qualifiers?.['usual specimen']).toBe(marked);
  });
});

describe('what was asked', () => {
  const record = [
    creatinine('a', '2026-03-10T06:00:00Z', 1.4),
    creatinine('b', '2026-03-09T06:00:00Z', 1.0),
    observation('c', 'Creatinine', '2026-03-09T07:00:00Z', mg(80), loinc('2161-8', 'Creatinine, Urine')),
    observation('d', 'Potassium', '2026-03-10T06:00:00Z', mg(4.1, 'mEq/L'), loinc('2823-3')),
  ];

  test.each([['creatinine'], ['creat'], ['2160-0'], ['Scr'], ['CREATININE']])(
    '%s finds the two creatinines of blood, newest first',
    async (name) => {
      const result = await labs(record, [name]);
      expect(numbers(observations(result))).toEqual([1.4, 1]);
      expect(observations(result)[0]).toMatchObject({
        concept: { name: 'Creatinine' },
        status: 'final',
        time: { start: '2026-03-10T06:00:00Z', kind: 'effective' },
        qualifiers: { analyte: 'creatinine', specimen: 'serum or plasma', resultTime: 'not recorded' },
        source: { type: 'fhir', reference: 'Observation/a' },
      });
    },
  );

  test('urine creatinine is asked for by its name, and only then', async () => {
    const result = await labs(record, ['urine creatinine']);
    expect(numbers(observations(result))).toEqual([80]);
    expect(completenessOf(result, 'labs: urine creatinine')).toMatchObject({ status: 'complete', found: 1 });
  });

  test('a panel answers for each of its members', async () => {
    const result = await labs(record, ['BMP']);
    expect(completenessOf(result, 'labs: creatinine')?.found).toBe(2);
    expect(completenessOf(result, 'labs: potassium')?.found).toBe(1);
    expect(completenessOf(result, 'labs: sodium')).toMatchObject({ status: 'complete', found: 0, read: 0 });
  });

  test('a test that the tables do not know is looked for by its text', async () => {
    const odd = observation('x', 'Glorious Factor Q', '2026-03-01', mg(3, 'furlongs'), {
      code: { text: 'Glorious Factor Q', coding: [{ system: 'urn:local', code: 'GFQ' }] },
    });
    const result = await labs([...record, odd], ['glorious factor']);
    expect(observations(result)).toMatchObject([
      { concept: { name: 'Glorious Factor Q' }, value: { value: 3, unit: 'furlongs', ucum: null } },
    ]);
  });

  test('a test that is nowhere is read completely with none found, and the nearest known name is told', async () => {
    const result = await labs(record, ['creatnine', 'no such test']);
    expect(completenessOf(result, 'labs: creatnine')).toMatchObject({
      status: 'complete',
      found: 0,
      reason: expect.stringContaining('Creatinine'),
    });
    expect(completenessOf(result, 'labs: no such test')).toMatchObject({ status: 'complete', found: 0, reason: null });
    expect(result.evidence).toEqual([]);
  });

  test('results without LOINC are found by their labels', async () => {
    const local = (id: string, text: string, value: number, unit: string) =>
      observation(id, text, '2026-03-10T01:00:00Z', mg(value, unit), {
        code: { coding: [{ system: 'urn:local', code: id, display: text }] },
      });
    const result = await labs(
      [
        local('1', 'Potassium, Whole Blood', 4.4, 'mEq/L'),
        local('2', 'Alanine Aminotransferase (ALT)', 30, 'IU/L'),
        local('3', 'Lymphocytes', 20, '%'),
      ],
      ['K', 'ALT', 'lymphs'],
    );
    expect(observations(result).map((e) => [e.qualifiers?.['analyte'], e.qualifiers?.['specimen']])).toEqual([
      ['potassium', 'blood'],
      ['alt', 'serum or plasma'],
      ['lymphocytes-percent', 'blood'],
    ]);
  });
});

describe('what is never mixed', () => {
  const pair = async (tests: string[], a: Observation, b: Observation) => {
    const result = await labs(
      [a, b, { ...a, id: 'a2', effectiveDateTime: '2026-03-09T06:00:00Z' }, { ...b, id: 'b2', effectiveDateTime: '2026-03-09T07:00:00Z' }],
      tests,
    );
    expect(observations(result)).toHaveLength(4);
    expect(trends(result)).toHaveLength(2);
    for (const trend of trends(result)) expect(trend.qualifiers?.['numbers']).toBe('2');
    return trends(result)
      .map((t) => t.concept.name)
      .sort();
  };
  const lab = (id: string, code: string, value: number, unit: string) =>
    observation(id, '', '2026-03-10T06:00:00Z', mg(value, unit), loinc(code));

  test('troponin T and I', async () => {
    expect(await pair(['trop'], lab('a', '6598-7', 0.05, 'ng/mL'), lab('b', '10839-9', 0.2, 'ng/mL'))).toEqual([
      'Troponin I trend',
      'Troponin T trend',
    ]);
  });
  test('conventional and high-sensitivity troponin T', async () => {
    expect(await pair(['trop'], lab('a', '6598-7', 0.05, 'ng/mL'), lab('b', '67151-1', 50, 'ng/L'))).toEqual([
      'High-sensitivity troponin T trend',
      'Troponin T trend',
    ]);
  });
  test('BNP and NT-proBNP', async () => {
    expect(await pair(['BNP', 'NT-proBNP'], lab('a', '30934-4', 300, 'pg/mL'), lab('b', '33762-6', 1800, 'pg/mL'))).toEqual([
      'BNP trend',
      'NT-proBNP trend',
    ]);
  });
  test('Lp(a) by mass and by number', async () => {
    expect(await pair(['Lp(a)'], lab('a', '10835-7', 40, 'mg/dL'), lab('b', '43583-4', 100, 'nmol/L'))).toHaveLength(2);
  });
  test('D-dimer in FEU and in DDU', async () => {
    expect(await pair(['d-dimer'], lab('a', '48065-7', 900, 'ng/mL FEU'), lab('b', '48066-5', 450, 'ng/mL DDU'))).toHaveLength(2);
  });
  test('D-dimer whose unit is not stated and FEU', async () => {
    expect(await pair(['d-dimer'], lab('a', '48065-7', 900, 'ng/mL FEU'), lab('b', '48065-7', 900, 'ng/mL'))).toHaveLength(2);
  });
  test('glucose of serum and of whole blood', async () => {
    expect(await pair(['glucose'], lab('a', '2345-7', 100, 'mg/dL'), lab('b', '2339-0', 104, 'mg/dL'))).toEqual([
      'Glucose (whole blood) trend',
      'Glucose trend',
    ]);
  });
  test('glucose of blood and of urine', async () => {
    const result = await labs([lab('a', '2345-7', 100, 'mg/dL'), lab('b', '2350-7', 500, 'mg/dL')], ['glucose']);
    expect(numbers(observations(result))).toEqual([100]);
  });
  test('pH of arterial and of venous blood; of urine not at all', async () => {
    expect(await pair(['pH'], lab('a', '2744-1', 7.4, 'units'), lab('b', '2746-6', 7.35, 'units'))).toHaveLength(2);
    expect(observations(await labs([lab('u', '2756-5', 6, 'units')], ['pH']))).toEqual([]);
  });
  test('haemoglobin of the laboratory and of the blood gas machine, which share a LOINC code', async () => {
    const local = (id: string, item: string, value: number) =>
      observation(id, '', '2026-03-10T06:00:00Z', mg(value, 'g/dL'), {
        code: {
          coding: [
            { system: 'urn:items', code: item, display: 'Hemoglobin' },
            { system: LOINC, code: '718-7' },
          ],
        },
      });
    expect(await pair(['Hgb'], local('a', '51222', 9.8), local('b', '50811', 10.4))).toEqual(['Hemoglobin trend', 'Hemoglobin trend']);
    const both = [local('a', '51222', 9.8), local('b', '50811', 10.4)].flatMap((o) => [
      o,
      { ...o, id: `${o.id}2`, effectiveDateTime: '2026-03-08' },
    ]);
    expect(
      trends(await labs(both, ['Hgb']))
        .map((t) => t.qualifiers?.['source code'])
        .sort(),
    ).toEqual(['50811', '51222']);
  });
  test('LDL by calculation and by direct assay', async () => {
    expect(await pair(['LDL'], lab('a', '13457-7', 90, 'mg/dL'), lab('b', '18262-6', 95, 'mg/dL'))).toHaveLength(2);
  });
  test('units that need a molar mass: no slope across them', async () => {
    expect(await pair(['creatinine'], lab('a', '2160-0', 1.1, 'mg/dL'), lab('b', '14682-9', 97, 'umol/L'))).toHaveLength(2);
  });
  test('units that are the same but for a factor are one series', async () => {
    const result = await labs(
      [lab('a', '777-3', 250, 'K/uL'), { ...lab('b', '777-3', 200, '10*9/L'), effectiveDateTime: '2026-03-09T06:00:00Z' }],
      ['platelets'],
    );
    expect(trends(result)).toHaveLength(1);
    expect(componentOf(trends(result)[0], 'change')).toMatchObject({ value: 50, unit: 'K/uL' });
  });
  test('asking BNP where only NT-proBNP is recorded returns NT-proBNP by its name, and says that no BNP is recorded', async () => {
    const result = await labs([lab('b', '33762-6', 1800, 'pg/mL')], ['BNP']);
    expect(observations(result).map((e) => e.concept.name)).toEqual(['NT-proBNP']);
    expect(completenessOf(result, 'labs: BNP')?.found).toBe(0);
    expect(completenessOf(result, 'labs: NT-proBNP')?.found).toBe(1);
  });
  test('asking BNP where BNP is recorded does not add NT-proBNP', async () => {
    const result = await labs([lab('a', '30934-4', 300, 'pg/mL'), lab('b', '33762-6', 1800, 'pg/mL')], ['BNP']);
    expect(observations(result).map((e) => e.concept.name)).toEqual(['BNP']);
  });
});

describe('dirty results', () => {
  test('a censored value is shown and is in no change', async () => {
    const low = observation(
      'c',
      '',
      '2026-03-10T06:00:00Z',
      { valueQuantity: { value: 0.01, comparator: '<', unit: 'ng/mL' } },
      loinc('6598-7'),
    );
    const earlier = (id: string, time: string, value: number) => observation(id, '', time, mg(value, 'ng/mL'), loinc('6598-7'));
    const result = await labs(
      [low, earlier('a', '2026-03-08T06:00:00Z', 0.05), earlier('b', '2026-03-09T06:00:00Z', 0.02)],
      ['troponin T'],
    );
    expect(observations(result)[0]?.value).toMatchObject({ value: 0.01, comparator: '<' });
    expect(componentOf(trends(result)[0], 'last')).toMatchObject({ value: 0.02 });
    expect(trends(result)[0]?.qualifiers?.['left out']).toBe('1 without a comparable number');
  });

  test('entered in error is left out, and that is said', async () => {
    const result = await labs(
      [creatinine('a', '2026-03-10T06:00:00Z', 9.9, { status: 'entered-in-error' }), creatinine('b', '2026-03-09T06:00:00Z', 1)],
      ['creatinine'],
    );
    expect(numbers(observations(result))).toEqual([1]);
    expect(completenessOf(result, 'labs: creatinine')).toMatchObject({ found: 1, reason: '1 entered in error left out' });
    expect(flag(result, 'entered_in_error')?.text).toContain('1 Creatinine result was entered in error');
  });

  test('an error in another analyte is not said of this one', async () => {
    const wrong = observation('k', '', '2026-03-10T06:00:00Z', mg(9, 'mEq/L'), { ...loinc('2823-3'), status: 'entered-in-error' });
    const result = await labs([wrong, creatinine('b', '2026-03-09T06:00:00Z', 1)], ['creatinine', 'K']);
    expect(completenessOf(result, 'labs: creatinine')?.reason).toBeNull();
    expect(completenessOf(result, 'labs: potassium')).toMatchObject({ found: 0, reason: '1 entered in error left out' });
  });

  test.each([
    ['corrected', 'corrected'],
    ['amended', 'corrected'],
    ['preliminary', 'preliminary'],
  ] as const)('a result with status %s is flagged %s', async (status, kind) => {
    const result = await labs([creatinine('a', '2026-03-10T06:00:00Z', 1.2, { status })], ['creatinine']);
    expect(flag(result, kind)?.citations).toEqual([observations(result)[0]?.id]);
  });

  test('conflicting values of one time are both shown, flagged, and in no trend', async () => {
    const result = await labs(
      [
        creatinine('a', '2026-03-10T06:00:00Z', 1.2),
        creatinine('b', '2026-03-10T06:00:00Z', 4.2),
        creatinine('c', '2026-03-09T06:00:00Z', 1.1),
        creatinine('d', '2026-03-08T06:00:00Z', 1.0),
      ],
      ['creatinine'],
    );
    expect(numbers(observations(result)).sort()).toEqual([1, 1.1, 1.2, 4.2]);
    expect(flag(result, 'conflicting')?.text).toMatch(/1\.2 mg\/dL and 4\.2 mg\/dL|4\.2 mg\/dL and 1\.2 mg\/dL/);
    expect(componentOf(trends(result)[0], 'last')).toMatchObject({ value: 1.1 });
    expect(trends(result)[0]?.qualifiers?.['left out']).toContain('conflicting values at 2026-03-10 06:00');
  });

  test('the same value twice at one time is no conflict', async () => {
    const result = await labs([creatinine('a', '2026-03-10T06:00:00Z', 1.2), creatinine('b', '2026-03-10T06:00:00Z', 1.2)], ['creatinine']);
    expect(flag(result, 'conflicting')).toBeUndefined();
  });

  test('a value that its unit contradicts is shown as recorded, not converted, and flagged', async () => {
    const result = await labs([creatinine('a', '2026-03-10T06:00:00Z', 97), creatinine('b', '2026-03-09T06:00:00Z', 1)], ['creatinine'], {
      unit: 'umol/L',
    });
    expect(observations(result)[0]?.value).toEqual({ type: 'quantity', value: 97, unit: 'mg/dL', ucum: 'mg/dL' });
    expect(flag(result, 'conflicting')?.text).toContain('value and unit do not fit together');
    expect(trends(result)).toEqual([]);
  });

  test('a haemolysis comment is shown, and a negated one marks nothing', async () => {
    const k = (id: string, time: string, text: string) =>
      observation(id, '', time, mg(6.1, 'mEq/L'), { ...loinc('2823-3'), note: [{ text }] });
    const result = await labs(
      [k('a', '2026-03-10T06:00:00Z', 'Specimen hemolyzed'), k('b', '2026-03-09T06:00:00Z', 'No hemolysis')],
      ['K'],
    );
    expect(observations(result).map((e) => e.qualifiers?.['haemolysis'])).toEqual([
      'noted in the comment; the value may be false',
      undefined,
    ]);
    expect(observations(result)[0]?.comments).toEqual(['Specimen hemolyzed']);
  });

  test('a result drawn and not yet issued is pending, without its value', async () => {
    const result = await labs([creatinine('a', '2026-03-10T11:00:00Z', 3.3, { issued: '2026-03-10T12:30:00Z' })], ['creatinine']);
    expect(observations(result)).toMatchObject([{ status: 'pending', value: { type: 'absent', reason: 'drawn, not yet issued' } }]);
    expect(completenessOf(result, 'labs: creatinine')).toMatchObject({ found: 1, reason: '1 drawn and not yet issued' });
    expect(JSON.stringify(result)).not.toContain('3.3');
  });

  test('what is later than the as-of time does not exist, and is counted for its analyte alone', async () => {
    const later = observation('k', '', '2026-03-11T06:00:00Z', mg(4, 'mEq/L'), loinc('2823-3'));
    const result = await labs(
      [creatinine('a', '2026-03-10T12:00:01Z', 3), creatinine('b', '2026-03-10T11:00:00Z', 1), later],
      ['creatinine', 'K'],
    );
    expect(numbers(observations(result))).toEqual([1]);
    expect(completenessOf(result, 'labs: creatinine')).toMatchObject({ found: 1, later: 1 });
    expect(completenessOf(result, 'labs: potassium')).toMatchObject({ found: 0, later: 1 });
  });

  test('absent, coded and worded results are results', async () => {
    const base = loinc('5802-4');
    const result = await labs(
      [
        observation('a', '', '2026-03-10T06:00:00Z', { dataAbsentReason: { text: 'specimen lost' } }, base),
        observation('b', '', '2026-03-09T06:00:00Z', { valueString: 'NEG' }, base),
        observation('c', '', '2026-03-08T06:00:00Z', { valueCodeableConcept: { text: 'Positive' } }, base),
      ],
      ['nitrite'],
    );
    expect(observations(result).map((e) => e.value?.type)).toEqual(['absent', 'text', 'code']);
  });

  test('a modifier extension that is not understood leaves the result out and makes the reading partial', async () => {
    const odd = creatinine('a', '2026-03-10T06:00:00Z', 1, { modifierExtension: [{ url: 'urn:unknown', valueBoolean: true }] });
    const result = await labs([odd], ['creatinine']);
    expect(completenessOf(result, 'labs: creatinine')).toMatchObject({ status: 'partial', found: 0 });
  });
});

describe('windows and stays', () => {
  const admitted = stay('s1', '2026-03-08T00:00:00Z');
  const record = [
    admitted,
    stay('s0', '2026-01-01T00:00:00Z', '2026-01-05T00:00:00Z'),
    creatinine('now', '2026-03-09T06:00:00Z', 2.0),
    creatinine('adm', '2026-03-08T06:00:00Z', 1.5),
    creatinine('clinic', '2026-02-01T06:00:00Z', 1.0),
    creatinine('old', '2026-01-02T06:00:00Z', 3.0),
    creatinine('linked', '2026-03-07T22:00:00Z', 1.4, { encounter: { reference: 'Encounter/s1' } }),
  ];

  test('the current stay holds what is tied to it or lies within it', async () => {
    const result = await labs(record, ['creatinine'], { stay: 'current' });
    expect(numbers(observations(result))).toEqual([2, 1.5, 1.4]);
    expect(completenessOf(result, 'labs: creatinine')).toMatchObject({ found: 3, read: 5, window: ['2026-03-08T00:00:00Z', AS_OF] });
  });

  test('the last stay is the last that has ended', async () => {
    const result = await labs(record, ['creatinine'], { stay: 'last' });
    expect(numbers(observations(result))).toEqual([3]);
    expect(flag(result, 'stale')).toBeUndefined();
  });

  test('the baseline of the stay is the outpatient value before it, whatever the window', async () => {
    const [trend] = trends(await labs(record, ['creatinine'], { stay: 'current' }));
    expect(componentOf(trend, 'baseline')).toMatchObject({ value: 1 });
    expect(trend?.qualifiers?.['baseline']).toMatch(/^one outpatient value, \d{4}-\d{2}-\d{2}$/);
    expect(componentOf(trend, 'direction')).toEqual({ type: 'text', text: 'rising' });
  });

  test('a stay that ends after the as-of time is the current one', async () => {
    const result = await labs(
      [stay('s', '2026-03-09T00:00:00Z', '2026-03-20T00:00:00Z'), creatinine('a', '2026-03-10T06:00:00Z', 1)],
      ['creatinine'],
      { stay: 'current' },
    );
    expect(observations(result)).toHaveLength(1);
  });

  test('a stay that the record does not have cannot be answered for, which is said', async () => {
    const asked = labs([creatinine('a', '2026-03-10T06:00:00Z', 1)], ['creatinine'], { stay: 'current' });
    await expect(asked).rejects.toMatchObject({ code: 'not_applicable', message: expect.stringContaining('no hospital stay is current') });
  });

  test('from and to bound the results; a date holds its whole day', async () => {
    expect(numbers(observations(await labs(record, ['creatinine'], { from: '2026-02-01', to: '2026-03-08' })))).toEqual([1.5, 1.4, 1]);
    expect(numbers(observations(await labs(record, ['creatinine'], { from: '2026-03-09T06:00:00Z' })))).toEqual([2]);
  });

  test('a window that ends before it begins, and a unit that is none, are bad input by name', async () => {
    await expect(labs(record, ['creatinine'], { from: '2026-03-09', to: '2026-03-01' })).rejects.toThrow(/^from:/);
    await expect(labs(record, ['creatinine'], { unit: 'furlongs' })).rejects.toThrow(/^unit:/);
    expect(() => fetchLabs.input.parse({ tests: ['K'], form: '2026' })).toThrow(/form/);
    expect(() => fetchLabs.input.parse({ tests: ['K'], from: 'yesterday' })).toThrow(/ISO 8601/);
    expect(() => fetchLabs.input.parse({ tests: [] })).toThrow();
  });

  test('an old newest value is flagged with its age, and a recent one is not', async () => {
    expect(flag(await labs([creatinine('a', '2025-11-01T06:00:00Z', 1)], ['creatinine']), 'stale')?.text).toBe(
      'The newest creatinine is 129 days old (2025-11-01 06:00), more than 90 days ago.',
    );
    expect(flag(await labs([creatinine('a', '2026-02-01T06:00:00Z', 1)], ['creatinine']), 'stale')).toBeUndefined();
    expect(flag(await labs([admitted, creatinine('a', '2026-02-01T06:00:00Z', 1)], ['creatinine']), 'stale')?.text).toContain(
      'before the current stay',
    );
  });
});

describe('ranges and units', () => {
  test("the result's own range is given; else the generic one of the patient's sex, called generic, with its table", async () => {
    const own = creatinine('a', '2026-03-10T06:00:00Z', 1, {
      referenceRange: [{ low: { value: 0.4, unit: 'mg/dL' }, high: { value: 1.1, unit: 'mg/dL' } }],
    });
    const result = await labs([own, creatinine('b', '2026-03-09T06:00:00Z', 1)], ['creatinine']);
    expect(observations(result).map((e) => e.referenceRange)).toMatchObject([
      { low: 0.4, high: 1.1, unit: 'mg/dL', generic: false },
      { low: 0.5, high: 1.1, unit: 'mg/dL', generic: true, source: expect.stringContaining('American Board of Internal Medicine') },
    ]);
    expect(result.evidence.filter((e) => e.kind === 'knowledge' && /generic adult range/.test(e.concept.name))).toHaveLength(1);
  });

  test.each([
    ['a child', { ...woman, birthDate: '2015-01-01' }],
    ['unknown age', { resourceType: 'Patient', id: 'p1', gender: 'female' } as Patient],
    ['a birth year that leaves adulthood open', { ...woman, birthDate: '2008' }],
    ['unknown sex', { resourceType: 'Patient', id: 'p1', birthDate: '1960-05-01' } as Patient],
  ])('no generic range of creatinine for %s', async (_, patient) => {
    const context = arrayContext([patient, creatinine('a', '2026-03-10T06:00:00Z', 1)], AS_OF);
    const result = await fetchLabs.run({ tests: ['creatinine'] }, context);
    expect(observations(result)[0]?.referenceRange).toBeUndefined();
  });

  test('a result from childhood has no adult range', async () => {
    const result = await labs([creatinine('a', '1970-01-01T06:00:00Z', 0.4)], ['creatinine']);
    expect(observations(result)[0]?.referenceRange).toBeUndefined();
  });

  test('the unit asked for is given beside the recorded value, with how it was got', async () => {
    const result = await labs(
      [creatinine('a', '2026-03-10T06:00:00Z', 2.1), creatinine('b', '2026-03-09T06:00:00Z', 1)],
      ['creatinine', 'ALT'],
      { unit: 'umol/L' },
    );
    expect(observations(result)[0]?.value).toMatchObject({
      value: 2.1,
      unit: 'mg/dL',
      converted: { value: 186, unit: 'umol/L', method: 'molar mass 113.12 g/mol' },
    });
    expect(componentOf(trends(result)[0], 'change')).toMatchObject({ value: 1.1, converted: { value: 97.6, unit: 'umol/L' } });
  });

  test('what does not convert to the unit asked for is left as recorded, and that is said', async () => {
    const result = await labs([observation('a', '', '2026-03-10T06:00:00Z', mg(30, 'U/L'), loinc('1742-6'))], ['ALT'], { unit: 'mmol/L' });
    expect(observations(result)[0]?.value).not.toHaveProperty('converted');
    expect(completenessOf(result, 'labs: ALT')?.reason).toBe('not converted to mmol/L: ALT');
  });
});

describe('sources that do not serve everything', () => {
  const record = [woman, creatinine('a', '2026-03-10T06:00:00Z', 1)];
  test('a server without :text or code search is read by category', async () => {
    for (const refuses of [['code:text'], ['code', 'code:text'], ['code', 'code:text', 'category']]) {
      const context = arrayContext(record, AS_OF, { refuses });
      expect(numbers(observations(await fetchLabs.run({ tests: ['creatinine'] }, context)))).toEqual([1]);
    }
  });
  test('a server that cannot be reached is unavailable, not empty', async () => {
    const context = arrayContext(record, AS_OF, { status: { Observation: { status: 'unavailable', reason: 'connection refused' } } });
    const result = await fetchLabs.run({ tests: ['creatinine'] }, context);
    expect(completenessOf(result, 'labs: creatinine')).toMatchObject({ status: 'unavailable', found: 0, reason: 'connection refused' });
  });
  test('encounters that cannot be read cost the baseline and the stay, not the results', async () => {
    const context = arrayContext(record, AS_OF, { status: { Encounter: { status: 'unavailable', reason: 'down' } } });
    expect(observations(await fetchLabs.run({ tests: ['creatinine'] }, context))).toHaveLength(1);
    await expect(fetchLabs.run({ tests: ['creatinine'], stay: 'current' }, context)).rejects.toMatchObject({ code: 'unavailable' });
  });
  test('the search is narrow: codes and names of what was asked, never the whole record', async () => {
    const context = arrayContext(record, AS_OF);
    await fetchLabs.run({ tests: ['creatinine'] }, context);
    const searches = context.source.asked.filter((a) => a.type === 'Observation').flatMap((a) => a.parameters.map(([name]) => name));
    expect(searches).toContain('code');
    expect(searches).toContain('code:text');
    expect(searches).not.toContain('category');
  });
  test('a bound on what is read makes the answer partial', async () => {
    const context = arrayContext(record, AS_OF, { status: { Observation: { status: 'partial', reason: 'page 3 of 5 failed' } } });
    expect((await fetchLabs.run({ tests: ['creatinine'] }, context)).completeness[0]).toMatchObject({
      status: 'partial',
      found: 1,
      reason: 'page 3 of 5 failed',
    });
  });
});

describe('vital signs', () => {
  const vital = (id: string, code: string, time: string, value: Partial<Observation>, display?: string): Observation =>
    observation(id, '', time, value, {
      category: [{ coding: [{ code: 'vital-signs' }] }],
      code: { coding: [...(display === undefined ? [] : [{ system: 'urn:items', code: id, display }]), { system: LOINC, code }] },
    });
  const bp = (id: string, time: string, systolic: number, diastolic: number): Observation =>
    vital(id, '85354-9', time, {
      component: [
        { code: { coding: [{ system: LOINC, code: '8480-6' }] }, ...mg(systolic, 'mm[Hg]') },
        {
          code: { coding: [{ system: LOINC, code: '8462-4' }] },
          dataAbsentReason: { text: 'not performed' },
          ...(diastolic > 0 ? { ...mg(diastolic, 'mm[Hg]'), dataAbsentReason: undefined } : {}),
        } as never,
      ],
    });

  test('blood pressure is read from its components, each citing its element', async () => {
    const panel = bp('a', '2026-03-10T06:00:00Z', 130, 0);
    const result = await vitals([panel], ['BP']);
    expect(
      observations(result).map((e) => [e.qualifiers?.['analyte'], e.value?.type, e.source.type === 'fhir' ? e.source.path : null]),
    ).toEqual([
      ['systolic-bp', 'quantity', 'component[0]'],
      ['diastolic-bp', 'absent', 'component[1]'],
    ]);
  });

  test('cuff and arterial line are series of their own, by code or by label', async () => {
    const record = [
      vital('220050', '8480-6', '2026-03-10T06:00:00Z', mg(120, 'mmHg'), 'Arterial Blood Pressure systolic'),
      vital('220050', '8480-6', '2026-03-10T07:00:00Z', mg(125, 'mmHg'), 'Arterial Blood Pressure systolic'),
      vital('x1', '76534-7', '2026-03-10T06:00:00Z', mg(110, 'mmHg')),
      vital('x2', '76534-7', '2026-03-10T07:00:00Z', mg(112, 'mmHg')),
    ].map((o, i) => ({ ...o, id: `o${i}` }));
    const result = await vitals(record, ['systolic BP']);
    expect(
      trends(result)
        .map((t) => t.qualifiers?.['method'])
        .sort(),
    ).toEqual(['arterial line', 'non-invasive']);
    expect(flag(result, 'conflicting')).toBeUndefined();
  });

  test('the arterial pressure is asked for by its name', async () => {
    const record = [
      vital('x1', '76534-7', '2026-03-10T07:00:00Z', mg(110, 'mmHg')),
      vital('x2', '76215-3', '2026-03-10T06:00:00Z', mg(120, 'mmHg')),
    ];
    const result = await vitals(record, ['arterial blood pressure']);
    expect(observations(result).map((e) => [e.concept.name, numbers([e])[0]])).toEqual([['Systolic blood pressure (arterial line)', 120]]);
    expect(completenessOf(result, 'vitals: systolic blood pressure (arterial line)')?.found).toBe(1);
  });

  test('of a long list the newest 200, the first and the extremes are returned; all are counted and in the trend', async () => {
    const at = (i: number) => new Date(Date.parse('2026-03-01T00:00:00Z') + i * 600_000).toISOString().slice(0, 19).concat('Z');
    const many = Array.from({ length: 300 }, (_, i) => vital(`h${i}`, '8867-4', at(i), mg(i === 40 ? 190 : i === 50 ? 31 : 80, '/min')));
    const result = await vitals(many, ['HR']);
    expect(observations(result)).toHaveLength(203);
    expect(new Set(numbers(observations(result)))).toEqual(new Set([80, 190, 31]));
    expect(completenessOf(result, 'vitals: heart rate')).toMatchObject({
      found: 300,
      reason: 'the newest 200, the first and the extremes are shown',
    });
    expect(trends(result)[0]?.source).toMatchObject({ inputs: expect.objectContaining({ length: 300 }) });
  });

  test('Fahrenheit and Celsius of one site are one series', async () => {
    const record = [
      vital('a', '8310-5', '2026-03-10T06:00:00Z', mg(38.5, 'Cel')),
      vital('b', '8310-5', '2026-03-10T02:00:00Z', mg(98.6, '°F')),
    ];
    const [trend] = trends(await vitals(record, ['temp']));
    expect(componentOf(trend, 'first')).toMatchObject({ value: 37, unit: 'Cel' });
    expect(componentOf(trend, 'change')).toMatchObject({ value: 1.5 });
  });

  test('a temperature of the laboratory is no bedside temperature; SpO2 of the bedside is no laboratory saturation', async () => {
    expect(observations(await vitals([observation('a', '', '2026-03-10T06:00:00Z', mg(37, 'Cel'), loinc('8310-5'))], ['temp']))).toEqual(
      [],
    );
    const spo2 = vital('s', '2708-6', '2026-03-10T06:00:00Z', mg(97, '%'));
    expect(observations(await vitals([spo2], ['SpO2']))).toHaveLength(1);
    expect(observations(await labs([spo2], ['SaO2']))).toEqual([]);
  });

  test('the coma scale is added up only where all three parts stand at the same time', async () => {
    const part = (id: string, code: string, time: string, value: number) => vital(id, code, time, { valueQuantity: { value } });
    const record = [
      part('e1', '9267-6', '2026-03-10T06:00:00Z', 4),
      part('v1', '9270-0', '2026-03-10T06:00:00Z', 5),
      part('m1', '9268-4', '2026-03-10T06:00:00Z', 6),
      part('e2', '9267-6', '2026-03-10T07:00:00Z', 3),
      part('v2', '9270-0', '2026-03-10T07:01:00Z', 4),
      part('m2', '9268-4', '2026-03-10T07:00:00Z', 6),
    ];
    const result = await vitals(record, ['GCS total']);
    const totals = result.evidence.filter((e) => e.concept.name === 'Glasgow Coma Scale total');
    expect(totals).toMatchObject([{ kind: 'calculation', value: { value: 15 }, time: { start: '2026-03-10T06:00:00Z' } }]);
    expect(totals[0]?.source).toMatchObject({ method: 'sum', inputs: expect.arrayContaining(observations(result).map((e) => e.id)) });
    expect(completenessOf(result, 'vitals: Glasgow Coma Scale total')).toMatchObject({ found: 1, reason: '1 computed from their parts' });
  });

  test('a total that was charted is not computed again', async () => {
    const part = (id: string, code: string, value: number) => vital(id, code, '2026-03-10T06:00:00Z', { valueQuantity: { value } });
    const result = await vitals(
      [part('e', '9267-6', 1), part('v', '9270-0', 1), part('m', '9268-4', 1), part('t', '9269-2', 3)],
      ['gcs-total'],
    );
    expect(result.evidence.filter((e) => e.concept.name === 'Glasgow Coma Scale total')).toMatchObject([
      { kind: 'observation', value: { value: 3 } },
    ]);
  });
});
