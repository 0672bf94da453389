import type { Encounter, Medication, MedicationAdministration, MedicationRequest, MedicationStatement, Resource } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { arrayContext } from '../../../../test/fixtures/array-source.ts';
import type { Evidence } from '../../../evidence/index.ts';
import { readChart } from '../read-chart.ts';

const AS_OF = '2023-05-10T12:00:00Z';
const subject = { reference: 'Patient/p1' };
const stay: Encounter = {
  resourceType: 'Encounter',
  id: 'e1',
  status: 'finished',
  class: { code: 'IMP' },
  subject,
  period: { start: '2023-05-08T08:00:00Z', end: '2023-05-15T08:00:00Z' },
};
const order = (id: string, name: string, rest: Partial<MedicationRequest> = {}): MedicationRequest => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  subject,
  authoredOn: '2023-05-08T09:00:00Z',
  medicationCodeableConcept: { text: name },
  ...rest,
});
const dose = (
  id: string,
  name: string,
  time: string,
  method: string | null,
  rest: Partial<MedicationAdministration> = {},
): MedicationAdministration => ({
  resourceType: 'MedicationAdministration',
  id,
  status: 'completed',
  subject,
  effectiveDateTime: time,
  medicationCodeableConcept: { text: name },
  dosage: { dose: { value: 5, unit: 'mg' }, ...(method === null ? {} : { method: { coding: [{ code: method }] } }) },
  ...rest,
});

const read = (resources: Resource[], input: Record<string, unknown> = {}, asOf = AS_OF) =>
  readChart.run({ section: 'medications', ...input } as Parameters<typeof readChart.run>[0], arrayContext(resources, asOf));
const calculation = (evidence: Evidence[], name: string) => evidence.find((e) => e.kind === 'calculation' && e.concept.name === name);
const orders = (evidence: Evidence[]) => evidence.filter((e) => e.kind === 'order').map((e) => e.concept.name);

describe('doses', () => {
  const doses = [
    dose('a1', 'Warfarin', '2023-05-08T18:00:00Z', 'Administered'),
    dose('a2', 'Warfarin', '2023-05-09T18:00:00Z', 'Delayed Administered'),
    dose('a3', 'Warfarin', '2023-05-10T06:00:00Z', 'Not Given'),
    dose('a4', 'Warfarin', '2023-05-10T07:00:00Z', 'Hold Dose'),
    dose('a5', 'Warfarin', '2023-05-10T08:00:00Z', null),
    dose('a6', 'Warfarin', '2023-05-10T18:00:00Z', 'Administered'),
  ];

  test('the last dose given leaves out what was not given, held, or not stated, and shows it beside', async () => {
    const { evidence } = await read(doses);
    const last = calculation(evidence, 'Warfarin: last dose given')!;
    expect(last.value).toEqual({ type: 'time', time: '2023-05-09T18:00:00Z' });
    expect(last.qualifiers).toMatchObject({ event: 'delayed' });
    expect(last.components?.map((c) => c.name)).toEqual([
      'dose',
      'later entry: charted, event not stated',
      'later entry: held',
      'later entry: not given',
    ]);
    expect(last.source).toMatchObject({ type: 'calculation', method: 'last dose given' });
  });

  test('the number of doses counts the given ones, tells the others by kind, and names every entry as input', async () => {
    const { evidence } = await read(doses);
    const count = calculation(evidence, 'Warfarin: number of doses given')!;
    expect(count.value).toMatchObject({ value: 2 });
    expect(count.components?.map((c) => [c.name, c.value.type === 'quantity' ? c.value.value : null])).toEqual([
      ['given', 1],
      ['delayed', 1],
      ['not given', 1],
      ['held', 1],
      ['charted, event not stated', 1],
    ]);
    const charted = evidence.filter((e) => e.kind === 'medication').map((e) => e.id);
    expect(charted).toHaveLength(5);
    expect(count.source.type === 'calculation' && [...count.source.inputs].sort()).toEqual([...charted].sort());
  });

  test('a dose that was not given bears no value; what was charted beside it is told as that', async () => {
    const { evidence } = await read([doses[2]!]);
    const entry = evidence.find((e) => e.kind === 'medication')!;
    expect(entry.value).toBeUndefined();
    expect(entry.qualifiers).toMatchObject({ event: 'not given', method: 'Not Given' });
    expect(entry.components).toEqual([{ name: 'dose charted beside it', value: { type: 'quantity', value: 5, unit: 'mg' } }]);
    expect(calculation(evidence, 'Warfarin: last dose given')).toBeUndefined();
  });

  test('what is charted after the as-of time does not exist yet and is counted as later', async () => {
    const { evidence, completeness } = await read(doses, { about: 'warfarin' });
    expect(evidence.some((e) => e.source.type === 'fhir' && e.source.reference.endsWith('/a6'))).toBe(false);
    expect(completeness.find((c) => c.what === 'medication administrations: warfarin')).toMatchObject({
      found: 5,
      later: 1,
      status: 'complete',
    });
  });

  test('an infusion that still runs has begun, has no end and no total yet', async () => {
    const infusion = dose('i', 'Norepinephrine', '', 'Continuous Med', {
      effectivePeriod: { start: '2023-05-10T11:00:00Z', end: '2023-05-10T14:00:00Z' },
      dosage: {
        dose: { value: 3, unit: 'mg' },
        rateQuantity: { value: 0.1, unit: 'mcg/kg/min' },
        method: { coding: [{ code: 'Continuous Med' }] },
      },
    });
    delete infusion.effectiveDateTime;
    const { evidence } = await read([infusion]);
    const running = evidence.find((e) => e.kind === 'medication')!;
    expect(running.time).toEqual({ start: '2023-05-10T11:00:00Z', end: null, kind: 'given' });
    expect(running.value).toBeUndefined();
    expect(running.components?.map((c) => c.name)).toEqual(['rate']);
    expect(running.qualifiers).toMatchObject({ event: 'given', running: 'at the as-of time' });
  });

  test('entries of one drug at one time are one dose (an entry for each tablet that was scanned): the last dose is their sum', async () => {
    const tablet = (id: string, time: string, method = 'Administered') => dose(id, 'Potassium Chloride', time, method);
    const { evidence } = await read([
      tablet('a1', '2023-05-09T08:00:00Z'),
      tablet('a2', '2023-05-10T08:00:00Z'),
      tablet('a3', '2023-05-10T08:00:00Z'),
      tablet('a4', '2023-05-10T08:00:00Z'),
      tablet('a5', '2023-05-10T08:00:00Z', 'Not Given'),
    ]);
    expect(calculation(evidence, 'Potassium Chloride: last dose given')).toMatchObject({
      components: [{ name: 'dose', value: { value: 15, unit: 'mg' } }],
      qualifiers: { entries: '3, parts of one dose' },
    });
    expect(calculation(evidence, 'Potassium Chloride: number of doses given')).toMatchObject({
      value: { value: 2 },
      qualifiers: { counted: 'entries of one drug at one time are parts of one dose' },
    });
  });

  test('intervals of an infusion are told apart from doses', async () => {
    const interval = (id: string, start: string, end: string) => {
      const entry = dose(id, 'Norepinephrine', '', 'Continuous Med', { effectivePeriod: { start, end } });
      delete entry.effectiveDateTime;
      return entry;
    };
    const { evidence } = await read([
      interval('i1', '2023-05-09T08:00:00Z', '2023-05-09T09:00:00Z'),
      interval('i2', '2023-05-09T09:00:00Z', '2023-05-09T11:00:00Z'),
      dose('b', 'Norepinephrine', '2023-05-09T08:30:00Z', 'Bolus'),
    ]);
    const count = calculation(evidence, 'Norepinephrine: number of doses given')!;
    expect(count.value).toMatchObject({ value: 1 });
    expect(count.components?.at(-1)).toMatchObject({ name: 'infusion intervals, not counted as doses', value: { value: 2 } });
  });

  test('a window leaves out the doses beyond it', async () => {
    const { evidence } = await read(doses, { from: '2023-05-09', to: '2023-05-09' });
    expect(calculation(evidence, 'Warfarin: number of doses given')?.value).toMatchObject({ value: 1 });
  });

  test('entered in error is left out and said', async () => {
    const { evidence, completeness } = await read([{ ...doses[0]!, status: 'entered-in-error' } as MedicationAdministration]);
    expect(evidence).toEqual([]);
    expect(completeness.find((c) => c.what === 'medication administrations')).toMatchObject({
      found: 0,
      reason: '1 entered in error left out',
    });
  });
});

describe('doses charted by the ICU and by the ward', () => {
  const icu = (id: string, time: string, amount: { value: number; unit: string }) =>
    dose(id, '', time, 'Drug Push', {
      medicationCodeableConcept: {
        coding: [{ system: 'http://mimic.mit.edu/fhir/mimic/CodeSystem/mimic-medication-icu', code: '225798', display: 'Vancomycin' }],
      },
      dosage: { dose: amount, method: { coding: [{ code: 'Drug Push' }] } },
    });
  const ward = (id: string, time: string) =>
    dose(id, 'Vancomycin', time, 'Administered', {
      dosage: { dose: { value: 1000, unit: 'mg' }, method: { coding: [{ code: 'Administered' }] } },
    });

  test('within 45 minutes are one dose, with the amount that tells more; nothing in the record joins them, and that is said', async () => {
    const { evidence } = await read([
      icu('i1', '2023-05-08T08:01:00Z', { value: 1, unit: 'dose' }),
      ward('w1', '2023-05-08T08:08:00Z'),
      ward('w2', '2023-05-09T07:40:00Z'),
      icu('i2', '2023-05-09T08:01:00Z', { value: 1, unit: 'dose' }),
    ]);
    expect(calculation(evidence, 'Vancomycin: number of doses given')).toMatchObject({
      value: { value: 2, unit: 'doses' },
      components: [{ name: 'given', value: { value: 4 } }],
      qualifiers: {
        counted: '2 charted by the ICU and by the ward within 45 minutes, each counted once',
        caution: expect.stringContaining('joined by time and amount'),
      },
    });
    const last = calculation(evidence, 'Vancomycin: last dose given')!;
    expect(last.value).toEqual({ type: 'time', time: '2023-05-09T08:01:00Z' });
    expect(last.components).toMatchObject([{ name: 'dose', value: { value: 1000, unit: 'mg' } }]);
  });

  test('each entry serves once, and amounts that differ in one unit are two doses', async () => {
    const { evidence } = await read([
      icu('i1', '2023-05-08T08:00:00Z', { value: 1, unit: 'dose' }),
      ward('w1', '2023-05-08T08:05:00Z'),
      ward('w2', '2023-05-08T08:20:00Z'),
      icu('i2', '2023-05-09T08:00:00Z', { value: 500, unit: 'mg' }),
      ward('w3', '2023-05-09T08:05:00Z'),
    ]);
    expect(calculation(evidence, 'Vancomycin: number of doses given')?.value).toMatchObject({ value: 4 });
  });

  test('hours apart they are two doses; the ward alone needs no caution', async () => {
    const apart = [icu('i', '2023-05-08T08:00:00Z', { value: 1, unit: 'dose' }), ward('w', '2023-05-08T20:00:00Z')];
    expect(calculation((await read(apart)).evidence, 'Vancomycin: number of doses given')?.value).toMatchObject({ value: 2 });
    const alone = await read([ward('w', '2023-05-08T20:00:00Z')]);
    expect(calculation(alone.evidence, 'Vancomycin: number of doses given')?.qualifiers).toEqual({ drug: 'Vancomycin' });
  });
});

describe('infusions', () => {
  const infusion = (id: string, start: string, end: string) => {
    const entry = dose(id, 'Amiodarone', '', 'Continuous Med', {
      effectivePeriod: { start, end },
      dosage: { rateQuantity: { value: 0.5, unit: 'mg/min' }, method: { coding: [{ code: 'Continuous Med' }] } },
    });
    delete entry.effectiveDateTime;
    return entry;
  };

  test('that only ran are counted in intervals, never as 0 doses', async () => {
    const { evidence } = await read([
      infusion('i1', '2023-05-09T08:00:00Z', '2023-05-09T09:00:00Z'),
      infusion('i2', '2023-05-09T09:00:00Z', '2023-05-09T10:00:00Z'),
    ]);
    const [count] = evidence.filter((e) => e.source.type === 'calculation' && e.source.method === 'number of doses given');
    expect(count).toMatchObject({
      concept: { name: 'Amiodarone: number of infusion intervals' },
      value: { value: 2, unit: 'infusion intervals' },
    });
  });

  test('that began before the window and still run belong to it', async () => {
    const { evidence } = await read([infusion('i', '2023-05-09T22:00:00Z', '2023-05-10T16:00:00Z')], {
      about: 'amiodarone',
      from: '2023-05-10',
    });
    expect(evidence.filter((e) => e.kind === 'medication')).toHaveLength(1);
    expect(calculation(evidence, 'Amiodarone: running now')).toMatchObject({
      value: { type: 'time', time: '2023-05-09T22:00:00Z' },
      components: [{ name: 'running since' }, { name: 'rate', value: { value: 0.5, unit: 'mg/min' } }],
      qualifiers: { running: 'at the as-of time' },
    });
  });

  test('that ended within the window belong to it, those that ended before do not; neither runs now', async () => {
    const ended = [
      infusion('i1', '2023-05-09T22:00:00Z', '2023-05-10T01:00:00Z'),
      infusion('i2', '2023-05-09T01:00:00Z', '2023-05-09T02:00:00Z'),
    ];
    const { evidence } = await read(ended, { about: 'amiodarone', from: '2023-05-10' });
    expect(evidence.filter((e) => e.kind === 'medication').map((e) => e.time?.end)).toEqual(['2023-05-10T01:00:00Z']);
    expect(calculation(evidence, 'Amiodarone: running now')).toBeUndefined();
  });
});

test('entries without a method are no doses, and every sum over them says so', async () => {
  const { evidence, completeness } = await read([
    dose('a1', 'Insulin', '2023-05-09T08:00:00Z', null),
    dose('a2', 'Insulin', '2023-05-09T12:00:00Z', null),
  ]);
  expect(evidence.filter((e) => e.kind === 'medication').map((e) => e.qualifiers)).toEqual([
    { event: 'charted, event not stated' },
    { event: 'charted, event not stated' },
  ]);
  const said = '2 entries do not say whether a dose was given';
  expect(calculation(evidence, 'Insulin: number of doses given')).toMatchObject({ value: { value: 0 }, qualifiers: { unstated: said } });
  expect(calculation(evidence, 'Insulin: last dose given')).toBeUndefined();
  expect(completeness.find((c) => c.what === 'medication administrations')?.reason).toBe(said);
});

describe('route and form', () => {
  const routed = (id: string, name: string, route: string | null, rest: object = {}) =>
    order(id, name, { dosageInstruction: [{ ...(route === null ? {} : { route: { text: route } }), ...rest }] });
  const chart = [
    routed('o1', 'Heparin', 'SC', { timing: { code: { text: 'TID' } } }),
    routed('o2', 'Heparin', 'IV DRIP'),
    routed('o3', 'Heparin', null, { text: 'heparin per protocol' }),
    routed('o4', 'Morphine', 'IV', { asNeededBoolean: true }),
    routed('o5', 'Morphine', 'PO', { timing: { code: { text: 'Q12H' } } }),
  ];
  test.each([
    ['heparin drip', ['Heparin', 'Heparin'], 'of 1 it is not recorded whether they are an infusion: included'],
    ['heparin gtt', ['Heparin', 'Heparin'], 'of 1 it is not recorded whether they are an infusion: included'],
    ['subq heparin', ['Heparin', 'Heparin'], 'of 1 it is not recorded whether they are subcutaneous: included'],
    ['PRN morphine', ['Morphine'], null],
    ['IV morphine', ['Morphine'], null],
    ['oral', ['Morphine'], 'of 1 it is not recorded whether they are oral: left out'],
    ['total heparin', ['Heparin', 'Heparin', 'Heparin'], null],
  ])('%s finds %j', async (about, found, reason) => {
    const { evidence, completeness } = await read(chart, { about });
    expect(orders(evidence)).toEqual(found);
    expect(completeness[0]?.reason).toBe(reason);
  });

  test('prednisone is not prednisolone', async () => {
    expect(orders((await read([order('o', 'Prednisolone')], { about: 'prednisone' })).evidence)).toEqual([]);
  });

  test('a name that no table knows and the record does not bear is not denied as a drug', async () => {
    const { completeness } = await read(chart, { about: 'flurbomycin' });
    expect(completeness[0]).toMatchObject({ what: 'medication orders: flurbomycin (name not known here)', found: 0 });
    expect((await read(chart, { about: 'warfarin' })).completeness[0]?.what).toBe('medication orders: warfarin');
  });
});

describe('names of doses', () => {
  const system = 'http://mimic.mit.edu/fhir/mimic/CodeSystem/mimic-medication-formulary-drug-cd';
  const name = 'http://mimic.mit.edu/fhir/mimic/CodeSystem/mimic-medication-name';
  const coded = (id: string, code: string, request?: string) =>
    dose(id, '', '2023-05-09T18:00:00Z', 'Administered', {
      medicationCodeableConcept: { coding: [{ system, code }] },
      ...(request === undefined ? {} : { request: { reference: `MedicationRequest/${request}` } }),
    });
  const named = async (resources: Resource[]) => (await read(resources)).evidence.find((e) => e.qualifiers?.['method'] === 'Administered')!;

  test('a product code is named by the Medication of the record that bears it', async () => {
    const drug: Medication = {
      resourceType: 'Medication',
      id: 'm',
      identifier: [
        { system, value: 'FURO40I' },
        { system: name, value: 'Furosemide' },
      ],
    };
    const ordered = order('o', '', { medicationReference: { reference: 'Medication/m' } });
    delete ordered.medicationCodeableConcept;
    expect((await named([drug, ordered, coded('a', 'FURO40I', 'o')])).concept.name).toBe('Furosemide');
  });

  test('a product code without a name takes that of its order when the code begins like it', async () => {
    const found = await named([order('o', 'Levothyroxine Sodium'), coded('a', 'LEVO25', 'o')]);
    expect(found.concept.name).toBe('Levothyroxine Sodium');
    expect(found.qualifiers?.['namedBy']).toContain('LEVO25');
  });

  test('a product code that begins like another name of the drug takes the order’s name too', async () => {
    expect((await named([order('o', 'Metoprolol Succinate XL'), coded('a', 'TOPR25', 'o')])).concept.name).toBe('Metoprolol Succinate XL');
  });

  test('a product code that speaks against its order is not named by it (the scan was put on the wrong order)', async () => {
    const found = await named([order('o', 'Lisinopril'), coded('a', 'BUPR150XL', 'o')]);
    expect(found.concept.name).toBe('formulary code BUPR150XL (name not recorded)');
    expect(found.qualifiers?.['ordered']).toBe('Lisinopril');
  });

  test('a mix’s dose is not the dose of a named part', async () => {
    const parts: Medication[] = [
      { resourceType: 'Medication', id: 'k', identifier: [{ system: name, value: 'Potassium Chloride' }] },
      { resourceType: 'Medication', id: 'n', identifier: [{ system: name, value: '0.9% Sodium Chloride' }] },
      {
        resourceType: 'Medication',
        id: 'mix',
        ingredient: [{ itemReference: { reference: 'Medication/k' } }, { itemReference: { reference: 'Medication/n' } }],
      },
    ];
    const given = dose('a', '', '2023-05-09T18:00:00Z', 'Administered', { medicationReference: { reference: 'Medication/mix' } });
    delete given.medicationCodeableConcept;
    const ordered = order('o', '', {
      medicationReference: { reference: 'Medication/mix' },
      dosageInstruction: [{ doseAndRate: [{ doseQuantity: { value: 1000, unit: 'mL' } }] }],
    });
    delete ordered.medicationCodeableConcept;
    const { evidence } = await read([...parts, given, ordered]);
    for (const e of evidence.filter((x) => x.kind !== 'calculation')) {
      expect(e.concept.name).toBe('Potassium Chloride + 0.9% Sodium Chloride');
      expect(e.value).toBeUndefined();
      expect(e.components?.[0]?.name).toMatch(/of the mix as a whole$/);
    }
    // Found by a part.
    expect(
      (await read([...parts, given], { about: 'potassium chloride' })).completeness.find((c) => c.what.startsWith('medication admin'))
        ?.found,
    ).toBe(1);
  });
});

describe('current medications', () => {
  test('are the orders in force, apart from those that ended, wait, or forbid', async () => {
    const { evidence, completeness } = await read(
      [
        order('o1', 'Lisinopril'),
        order('o2', 'Amoxicillin', { status: 'completed' }),
        order('o3', 'Furosemide', { dispenseRequest: { validityPeriod: { start: '2023-05-01', end: '2023-05-02' } } }),
        order('o4', 'Heparin', { doNotPerform: true }),
        order('o5', 'Warfarin', { dispenseRequest: { validityPeriod: { start: '2023-05-12' } } }),
        order('o6', 'Aspirin', { authoredOn: '2023-05-11T08:00:00Z' }),
      ],
      { status: 'active' },
    );
    expect(orders(evidence)).toEqual(['Lisinopril']);
    expect(completeness.find((c) => c.what === 'current medication orders')).toMatchObject({
      found: 1,
      read: 6,
      later: 1,
      reason: '1 recorded as active whose validity had ended are left out',
    });
  });

  test('of a stay seen before its end are decided by their periods, and a later stop is not shown', async () => {
    const inpatient = order('o1', 'Heparin', {
      status: 'stopped',
      encounter: { reference: 'Encounter/e1' },
      dispenseRequest: { validityPeriod: { start: '2023-05-08T10:00:00Z', end: '2023-05-12T10:00:00Z' } },
    });
    const { evidence } = await read([stay, inpatient], { status: 'active' });
    const heparin = evidence.find((e) => e.kind === 'order')!;
    expect(heparin).toMatchObject({ status: 'active', time: { start: '2023-05-08T10:00:00Z', end: null } });
    expect(heparin.qualifiers).toMatchObject({ state: 'active', stay: 'hospital stay from 2023-05-08' });
    expect(heparin.qualifiers?.['statusIs']).toContain('stopped in a later version');
  });

  test('in a hospital stay are the stay’s; home prescriptions still recorded as active are told apart', async () => {
    const now: Encounter = { ...stay, status: 'in-progress', period: { start: '2023-05-08T08:00:00Z' } };
    const { evidence, completeness } = await read(
      [
        now,
        order('o1', 'Insulin glargine', {
          authoredOn: '2020-01-14',
          dosageInstruction: [{ doseAndRate: [{ doseQuantity: { value: 18, unit: 'units' } }] }],
        }),
        order('o2', 'Insulin glargine', { encounter: { reference: 'Encounter/e1' } }),
        order('o3', 'Amoxicillin', { authoredOn: '2023-05-10T09:00:00Z', category: [{ coding: [{ code: 'discharge' }] }] }),
      ],
      { status: 'active' },
    );
    expect(evidence.map((e) => [e.source.type === 'fhir' && e.source.reference, e.qualifiers?.['scope']])).toEqual([
      ['MedicationRequest/o2', 'ordered for the current stay'],
      ['MedicationRequest/o3', 'outpatient order, not of the current stay'],
      ['MedicationRequest/o1', 'outpatient order, not of the current stay'],
    ]);
    expect(completeness.map((c) => [c.what, c.found])).toEqual([
      ['current medication orders', 1],
      ['current medication orders outside the stay', 2],
      ['current reported medications', 0],
    ]);
  });

  test('reported medications count when reported as active, and stay apart from orders and doses', async () => {
    const statement = (id: string, status: MedicationStatement['status'], name: string): MedicationStatement => ({
      resourceType: 'MedicationStatement',
      id,
      status,
      subject,
      dateAsserted: '2023-05-08T08:30:00Z',
      medicationCodeableConcept: { text: name },
    });
    const { evidence, completeness } = await read(
      [statement('s1', 'active', 'Metformin'), statement('s2', 'unknown', 'Oxycodone'), statement('s3', 'not-taken', 'Aspirin')],
      { status: 'active' },
    );
    expect(evidence.map((e) => [e.kind, e.concept.name, e.qualifiers?.['event']])).toEqual([['medication', 'Metformin', 'reported']]);
    expect(completeness.find((c) => c.what === 'current reported medications')).toMatchObject({
      found: 1,
      reason: '1 reported without saying whether they are taken are left out',
    });
  });
});

describe('about', () => {
  const chart = [
    order('o1', 'Enoxaparin 40 mg/0.4 mL syringe'),
    order('o2', 'Coumadin'),
    order('o3', 'Heparin Flush (10 units/ml)'),
    order('o4', 'Lisinopril 10 MG Oral Tablet'),
    order('o5', 'Insulin Glargine'),
  ];
  test.each([
    ['warfarin', ['Coumadin']],
    ['lovenox', ['Enoxaparin 40 mg/0.4 mL syringe']],
    ['blood thinner', ['Coumadin', 'Enoxaparin 40 mg/0.4 mL syringe']],
    ['anticoagulants', ['Coumadin', 'Enoxaparin 40 mg/0.4 mL syringe']],
    ['heparin', ['Heparin Flush (10 units/ml)']],
    ['ACE inhibitor', ['Lisinopril 10 MG Oral Tablet']],
    ['insulin', ['Insulin Glargine']],
    ['oral tablet', ['Lisinopril 10 MG Oral Tablet']],
    ['digoxin', []],
  ])('%s finds %j', async (about, names) => {
    expect(orders((await read(chart, { about })).evidence).sort()).toEqual(names);
  });

  test('that a drug belongs to the class is knowledge with its source', async () => {
    const { evidence } = await read(chart, { about: 'blood thinner' });
    const knowledge = evidence.filter((e) => e.kind === 'knowledge');
    expect(knowledge.map((e) => e.concept.name).sort()).toEqual([
      'enoxaparin belongs to: anticoagulant',
      'warfarin belongs to: anticoagulant',
    ]);
    expect(knowledge[0]?.source).toMatchObject({ type: 'knowledge', table: 'drugs' });
    expect(knowledge.every((e) => e.patient === null)).toBe(true);
  });

  test('of several drugs gives the last dose of any of them', async () => {
    const { evidence } = await read(
      [dose('a1', 'Heparin', '2023-05-08T08:00:00Z', 'Administered'), dose('a2', 'Lovenox', '2023-05-09T08:00:00Z', 'Administered')],
      { about: 'anticoagulant' },
    );
    expect(calculation(evidence, 'anticoagulant: last dose given')?.qualifiers).toMatchObject({ drug: 'Lovenox' });
  });
});

test('a source that is down gives no "none": every part says that it could not be read', async () => {
  const down = { status: 'unavailable' as const, reason: 'the server did not answer' };
  const context = arrayContext([order('o1', 'Lisinopril')], AS_OF, { status: { MedicationRequest: down, MedicationStatement: down } });
  const { completeness, evidence } = await readChart.run({ section: 'medications', status: 'active' }, context);
  expect(evidence).toEqual([]);
  expect(completeness.map((c) => [c.status, c.reason])).toEqual([
    ['unavailable', 'the server did not answer'],
    ['unavailable', 'the server did not answer'],
  ]);
});

test('Medications that cannot be read make the names incomplete, not "not recorded" as if that were the whole record', async () => {
  const ordered = order('o', '', { medicationReference: { reference: 'Medication/m' } });
  delete ordered.medicationCodeableConcept;
  const context = arrayContext([ordered], AS_OF, { status: { Medication: { status: 'unavailable', reason: 'down' } } });
  const { completeness } = await readChart.run({ section: 'medications', status: 'active' }, context);
  expect(completeness[0]).toMatchObject({
    status: 'partial',
    reason: 'what it refers to could not be read completely, so that names may be missing',
  });
});

test('a server without includes is asked for the Medications by id', async () => {
  const drug: Medication = { resourceType: 'Medication', id: 'm', code: { text: 'Digoxin' } };
  const ordered = order('o', '', { medicationReference: { reference: 'Medication/m' } });
  delete ordered.medicationCodeableConcept;
  const context = arrayContext([drug, ordered], AS_OF, { refuses: ['_include'] });
  expect(orders((await readChart.run({ section: 'medications' }, context)).evidence)).toEqual(['Digoxin']);
});
