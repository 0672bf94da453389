import { describe, expect, test } from 'vitest';
import { calculation, dose, read } from '../../../../test/fixtures/medication-chart.ts';

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

  test('an amount in one unit however it is written, and a name that leaves the product open, are one dose', async () => {
    const insulin = icu('i', '2023-05-08T12:00:00Z', { value: 6, unit: 'units' });
    insulin.medicationCodeableConcept!.coding![0]!.display = 'Insulin - Humalog';
    const { evidence } = await read(
      [
        insulin,
        dose('w', 'Insulin', '2023-05-08T11:50:00Z', 'Administered', {
          dosage: { dose: { value: 6, unit: 'Units' }, method: { text: 'Administered' } },
        }),
      ],
      { about: 'insulin' },
    );
    expect(calculation(evidence, 'insulin: number of doses given')?.value).toMatchObject({ value: 1 });
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
