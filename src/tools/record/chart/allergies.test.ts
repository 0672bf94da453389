import type { AllergyIntolerance, Resource } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { arrayContext } from '../../../../test/fixtures/array-source.ts';
import { readChart } from '../read-chart.ts';

const AS_OF = '2023-05-10T12:00:00Z';
const coded = (code: string) => ({ coding: [{ code }] });
const allergy = (id: string, name: string, rest: Partial<AllergyIntolerance> = {}): AllergyIntolerance => ({
  resourceType: 'AllergyIntolerance',
  id,
  patient: { reference: 'Patient/p1' },
  code: { text: name },
  clinicalStatus: coded('active'),
  verificationStatus: coded('confirmed'),
  recordedDate: '2020-01-01',
  ...rest,
});
const none = (code: string, display: string) =>
  allergy(`n${code}`, display, { code: { coding: [{ system: 'http://snomed.info/sct', code, display }] } });
const read = (resources: Resource[], input: Record<string, unknown> = {}) =>
  readChart.run({ section: 'allergies', ...input } as Parameters<typeof readChart.run>[0], arrayContext(resources, AS_OF));

test('none on file is found 0 of a complete reading, and no evidence of "no known allergy"', async () => {
  const { evidence, completeness } = await read([]);
  expect(evidence).toEqual([]);
  expect(completeness).toHaveLength(1);
  expect(completeness[0]).toMatchObject({ what: 'allergies', status: 'complete', found: 0 });
});

test('a source that keeps no allergies says so', async () => {
  const context = arrayContext([], AS_OF, {
    status: { AllergyIntolerance: { status: 'absent_from_source', reason: 'the source does not have AllergyIntolerance' } },
  });
  expect((await readChart.run({ section: 'allergies' }, context)).completeness[0]?.status).toBe('absent_from_source');
});

test.each([
  ['716186003', 'No known allergy'],
  ['409137002', 'No known drug allergy'],
  ['428607008', 'No known environmental allergy'],
  ['429625007', 'No known food allergy'],
])('the code %s is a recorded "none known", and no allergy', async (code, display) => {
  const { evidence, completeness } = await read([none(code, display)]);
  expect(evidence[0]).toMatchObject({ concept: { name: display }, qualifiers: { polarity: 'none known: recorded as such' } });
  expect(completeness[0]?.found).toBe(0);
});

test.each(['NKDA', 'No known drug allergies', 'NKA', 'no known allergies'])('the text "%s" is a recorded "none known"', async (text) => {
  expect((await read([allergy('a', text)])).evidence[0]?.qualifiers?.['polarity']).toBe('none known: recorded as such');
});

test.each(['Patient not asked', 'Allergy status unknown', 'Unable to obtain'])(
  '"%s" is neither an allergy nor a "none known"',
  async (text) => {
    const { evidence, completeness } = await read([allergy('a', text)]);
    expect(evidence[0]?.qualifiers?.['polarity']).toBe('not told: recorded as unknown or not asked');
    expect(completeness[0]?.found).toBe(0);
  },
);

test('"no known allergy" beside an allergy is flagged as a conflict; "no known drug allergy" beside a food allergy is none', async () => {
  const penicillin = allergy('a', 'Penicillin', { category: ['medication'] });
  const peanut = allergy('b', 'Peanut', { category: ['food'] });
  const both = await read([none('716186003', 'No known allergy'), penicillin]);
  expect(both.flags.map((f) => [f.kind, f.citations.length])).toEqual([['conflicting', 2]]);
  expect((await read([none('409137002', 'No known drug allergy'), peanut])).flags).toEqual([]);
  expect((await read([none('409137002', 'No known drug allergy'), penicillin])).flags).toHaveLength(1);
});

describe('an allergy', () => {
  test('tells type, criticality, reactions and severity', async () => {
    const { evidence } = await read([
      allergy('a', 'Amoxicillin', {
        type: 'allergy',
        category: ['medication'],
        criticality: 'high',
        reaction: [{ manifestation: [{ text: 'Anaphylaxis' }, { text: 'Hives' }], severity: 'severe', onset: '2019-03-01' }],
      }),
    ]);
    expect(evidence[0]?.qualifiers).toMatchObject({ type: 'allergy', criticality: 'high', category: 'medication' });
    expect(evidence[0]?.components).toEqual([
      {
        name: 'reaction',
        value: { type: 'text', text: 'Anaphylaxis, Hives; severity severe' },
        time: { start: '2019-03-01', end: null, kind: 'onset' },
      },
    ]);
  });

  test('is told from an intolerance, and from one of no recorded type', async () => {
    const { evidence } = await read([allergy('a', 'Codeine', { type: 'intolerance' }), allergy('b', 'Latex')]);
    const typeOf = (name: string) => evidence.find((e) => e.concept.name === name)?.qualifiers?.['type'];
    expect([typeOf('Codeine'), typeOf('Latex')]).toEqual(['intolerance', 'not recorded']);
    expect(evidence.find((e) => e.concept.name === 'Latex')?.qualifiers?.['reactions']).toBe('not recorded');
  });

  test('refuted, resolved or entered in error is no allergy now', async () => {
    const all = [
      allergy('a', 'Sulfa', { verificationStatus: coded('refuted') }),
      allergy('b', 'Egg', { clinicalStatus: coded('resolved') }),
      allergy('c', 'Milk', { verificationStatus: coded('entered-in-error') }),
      allergy('d', 'Latex'),
    ];
    const { evidence, completeness } = await read(all);
    expect(evidence.map((e) => e.concept.name).sort()).toEqual(['Egg', 'Latex', 'Sulfa']);
    expect(evidence.find((e) => e.concept.name === 'Sulfa')?.qualifiers?.['polarity']).toBe('refuted: recorded as not present');
    expect(completeness[0]).toMatchObject({ found: 1, reason: '1 entered in error left out' });
    expect((await read(all, { status: 'active' })).evidence.map((e) => e.concept.name)).toEqual(['Latex']);
  });

  test('without a code is named by the substance of its reaction', async () => {
    const unnamed = allergy('a', '', { reaction: [{ substance: { text: 'Shellfish' }, manifestation: [{ text: 'Rash' }] }] });
    delete unnamed.code;
    expect((await read([unnamed])).evidence[0]?.concept.name).toBe('Shellfish');
  });

  test('recorded after the as-of time does not exist yet', async () => {
    const { evidence, completeness } = await read([allergy('a', 'Penicillin', { recordedDate: '2023-06-01' })]);
    expect(evidence).toEqual([]);
    expect(completeness[0]).toMatchObject({ found: 0, later: 1 });
  });
});

describe('about', () => {
  const chart = [allergy('a', 'Amoxicillin', { category: ['medication'] }), allergy('b', 'Latex')];

  test('a class finds the drug that belongs to it', async () => {
    const { evidence, completeness } = await read(chart, { about: 'penicillin' });
    expect(evidence.filter((e) => e.kind === 'allergy').map((e) => e.concept.name)).toEqual(['Amoxicillin']);
    expect(completeness.map((c) => [c.what, c.found])).toEqual([
      ['allergies: penicillin', 1],
      ['allergies', 2],
    ]);
  });

  test('a substance that is not among them shows the whole list', async () => {
    const { evidence, completeness } = await read(chart, { about: 'iodine' });
    expect(evidence).toHaveLength(2);
    expect(completeness[0]).toMatchObject({ what: 'allergies: iodine', found: 0 });
  });

  test('a route alone is no substance', async () => {
    expect((await read(chart, { about: 'topical' })).completeness[0]).toMatchObject({ what: 'allergies: topical', found: 0 });
  });

  test('"drug" means those of the category medication', async () => {
    expect((await read(chart, { about: 'drugs' })).completeness[0]).toMatchObject({ found: 1 });
  });
});
