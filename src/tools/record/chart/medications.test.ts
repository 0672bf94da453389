import type { Encounter, Medication, MedicationAdministration, MedicationStatement, Resource } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { arrayContext } from '../../../../test/fixtures/array-source.ts';
import { AS_OF, calculation, dose, order, orders, read, stay, subject } from '../../../../test/fixtures/medication-chart.ts';
import { readChart } from '../read-chart.ts';

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
