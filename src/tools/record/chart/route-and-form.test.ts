import { describe, expect, test } from 'vitest';
import { calculation, dose, order, orders, read } from '../../../../test/fixtures/medication-chart.ts';
import { withoutForms } from './route-and-form.ts';

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

test.each([
  ['heparin drip', 'heparin', ['an infusion']],
  ['insulin sliding scale', 'insulin', ['by sliding scale']],
  ['PO or IV metoprolol', 'or metoprolol', ['intravenous', 'oral']],
  ['continuous infusion', null, ['an infusion']],
  ['Imipenem', 'Imipenem', []],
  ['', null, []],
])('“%s” asks for %s', (about, name, forms) => {
  const asked = withoutForms(about);
  expect([asked.name, asked.forms.map((f) => f.name)]).toEqual([name, forms]);
});

test('a dose without a route has that of its order; of what has neither, the sums say so', async () => {
  const oral = order('o1', 'Vancomycin', { dosageInstruction: [{ route: { text: 'PO/NG' } }] });
  const intravenous = order('o2', 'Vancomycin', { dosageInstruction: [{ route: { text: 'IV' } }] });
  const of = (id: string, time: string, request?: string) =>
    dose(id, 'Vancomycin', time, 'Administered', request === undefined ? {} : { request: { reference: `MedicationRequest/${request}` } });
  const { evidence } = await read(
    [
      oral,
      intravenous,
      of('a1', '2023-05-08T10:00:00Z', 'o1'),
      of('a2', '2023-05-08T16:00:00Z', 'o2'),
      of('a3', '2023-05-09T10:00:00Z'),
      dose('a4', 'Vancomycin', '2023-05-09T12:00:00Z', 'Drug Push'),
    ],
    { about: 'oral vancomycin' },
  );
  expect(evidence.filter((e) => e.kind === 'medication').map((e) => [e.time?.start, e.qualifiers?.['orderedRoute']])).toEqual([
    ['2023-05-09T10:00:00Z', undefined],
    ['2023-05-08T10:00:00Z', 'PO/NG'],
  ]);
  expect(calculation(evidence, 'Vancomycin: number of doses given')).toMatchObject({
    value: { value: 2 },
    qualifiers: { caution: 'of 1 it is not recorded whether they are oral: included' },
  });
});
