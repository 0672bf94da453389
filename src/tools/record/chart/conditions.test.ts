import type { Condition, Encounter, Resource } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { arrayContext } from '../../../../test/fixtures/array-source.ts';
import { readChart } from '../read-chart.ts';

const AS_OF = '2023-05-10T12:00:00Z';
const subject = { reference: 'Patient/p1' };
const coded = (code: string) => ({ coding: [{ code }] });
const condition = (id: string, name: string, rest: Partial<Condition> = {}): Condition => ({
  resourceType: 'Condition',
  id,
  subject,
  code: { text: name },
  clinicalStatus: coded('active'),
  verificationStatus: coded('confirmed'),
  recordedDate: '2023-01-01',
  ...rest,
});
const encounter = (id: string, start: string, end: string): Encounter => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { code: 'IMP' },
  subject,
  period: { start, end },
});
const bare = (id: string, name: string, stay: string): Condition => ({
  resourceType: 'Condition',
  id,
  subject,
  code: { coding: [{ system: 'http://mimic.mit.edu/fhir/mimic/CodeSystem/mimic-diagnosis-icd9', code: 'V462', display: name }] },
  encounter: { reference: `Encounter/${stay}` },
});
const read = (resources: Resource[], input: Record<string, unknown> = {}) =>
  readChart.run({ section: 'conditions', ...input } as Parameters<typeof readChart.run>[0], arrayContext(resources, AS_OF));
const names = async (resources: Resource[], input: Record<string, unknown> = {}) =>
  (await read(resources, input)).evidence.map((e) => e.concept.name).sort();

describe('active problems', () => {
  test('leave out what is resolved, refuted, only considered, or entered in error', async () => {
    const all = [
      condition('c1', 'Asthma'),
      condition('c2', 'Pneumonia', { clinicalStatus: coded('resolved'), abatementDateTime: '2023-02-01' }),
      condition('c3', 'Lupus', { verificationStatus: coded('refuted') }),
      condition('c4', 'Pulmonary embolism', { verificationStatus: coded('differential') }),
      condition('c5', 'Gout', { verificationStatus: coded('entered-in-error') }),
      condition('c6', 'Migraine', { clinicalStatus: coded('recurrence') }),
      condition('c7', 'Ulcer', { verificationStatus: coded('provisional') }),
    ];
    expect(await names(all, { status: 'active' })).toEqual(['Asthma', 'Migraine', 'Ulcer']);
    const { evidence, completeness } = await read(all);
    expect(evidence.find((e) => e.concept.name === 'Lupus')?.qualifiers?.['polarity']).toBe('refuted: recorded as not present');
    expect(evidence.find((e) => e.concept.name === 'Ulcer')?.qualifiers?.['certainty']).toBe('provisional');
    expect(completeness[0]).toMatchObject({ found: 4, read: 7 });
    expect(completeness[0]?.reason).toContain('1 entered in error left out');
    expect(completeness[0]?.reason).toContain('2 refuted, only considered');
  });

  test('asked for by name, what is over is named beside them', async () => {
    const asthma = condition('c', 'Childhood asthma', { clinicalStatus: coded('resolved'), abatementDateTime: '2003-02-01' });
    const { evidence, completeness } = await read([asthma], { status: 'active', about: 'asthma' });
    expect(evidence).toEqual([]);
    expect(completeness.map((c) => [c.what, c.found, c.reason])).toEqual([
      ['conditions: asthma', 0, null],
      ['inactive conditions: asthma', 1, 'Childhood asthma (resolved, until 2003-02-01)'],
    ]);
  });

  test('a name that tells of the family or the past is found, and says so', async () => {
    const { evidence, completeness } = await read(
      [
        condition('c1', 'Family history of malignant neoplasm of breast'),
        condition('c2', 'Personal history of malignant neoplasm of breast'),
      ],
      { about: 'breast cancer' },
    );
    expect(evidence.map((e) => [e.qualifiers?.['whose'], e.qualifiers?.['history']])).toEqual(
      expect.arrayContaining([
        ['family', undefined],
        [undefined, 'personal history'],
      ]),
    );
    expect(completeness[0]?.reason).toBe('2 by name tell of the family, the past, screening or risk only');
  });

  test('one that ended after the as-of time was active then', async () => {
    const { evidence } = await read([
      condition('c', 'Fracture', { clinicalStatus: coded('resolved'), onsetDateTime: '2023-05-01', abatementDateTime: '2023-06-01' }),
    ]);
    expect(evidence[0]).toMatchObject({ status: 'active', time: { start: '2023-05-01', end: null, kind: 'onset' } });
  });
});

describe('a diagnosis without onset, date and status', () => {
  const stays = [
    encounter('e1', '2023-05-08T08:00:00Z', '2023-05-20T08:00:00Z'),
    encounter('e2', '2023-06-01T08:00:00Z', '2023-06-02T08:00:00Z'),
  ];

  test('is dated by its encounter, and says that its status is not recorded', async () => {
    const { evidence } = await read([...stays, bare('c1', 'Dependence on supplemental oxygen', 'e1')]);
    expect(evidence[0]).toMatchObject({
      concept: { name: 'Dependence on supplemental oxygen' },
      status: 'not recorded',
      time: { start: '2023-05-08T08:00:00Z', end: null, kind: 'period' },
      qualifiers: { dated: 'by its encounter', stay: 'hospital stay from 2023-05-08', verification: 'not recorded' },
    });
    expect(evidence[0]?.concept.codings[1]).toEqual({
      system: 'http://hl7.org/fhir/sid/icd-9-cm',
      code: 'V46.2',
      display: 'Dependence on supplemental oxygen',
    });
  });

  test('of a stay that begins after the as-of time does not exist yet', async () => {
    const { evidence, completeness } = await read([...stays, bare('c1', 'A', 'e1'), bare('c2', 'B', 'e2')]);
    expect(evidence.map((e) => e.concept.name)).toEqual(['A']);
    expect(completeness[0]).toMatchObject({ found: 1, later: 1 });
  });

  test('stays one piece of evidence for each stay that bears it', async () => {
    const { evidence } = await read([encounter('e0', '2022-01-01', '2022-01-05'), ...stays, bare('c1', 'A', 'e0'), bare('c2', 'A', 'e1')]);
    expect(evidence.map((e) => e.qualifiers?.['stay'])).toEqual([
      'hospital stay from 2023-05-08',
      'hospital stay 2022-01-01 to 2022-01-05',
    ]);
  });

  test('is not called completely read where the encounters could not be', async () => {
    const context = arrayContext([...stays, bare('c1', 'A', 'e1')], AS_OF, {
      status: { Encounter: { status: 'unavailable', reason: 'down' } },
    });
    const { completeness } = await readChart.run({ section: 'conditions' }, context);
    expect(completeness[0]).toMatchObject({ status: 'partial' });
    expect(completeness[0]?.reason).toContain('the encounters that date diagnoses were not read completely');
  });
});

describe('about', () => {
  const icd = (id: string, code: string, display: string) =>
    condition(id, display, {
      code: { coding: [{ system: 'http://mimic.mit.edu/fhir/mimic/CodeSystem/mimic-diagnosis-icd10', code, display }] },
    });
  const chart = [
    icd('c1', 'N186', 'End stage renal disease'),
    icd('c2', 'E1122', 'Type 2 diabetes mellitus with diabetic chronic kidney disease'),
    icd('c3', 'I10', 'Essential (primary) hypertension'),
    icd('c4', 'I2510', 'Atherosclerotic heart disease of native coronary artery without angina pectoris'),
    icd('c5', 'D649', 'Anaemia, unspecified'),
  ];
  test.each([
    ['CKD', ['End stage renal disease', 'Type 2 diabetes mellitus with diabetic chronic kidney disease']],
    ['diabetes', ['Type 2 diabetes mellitus with diabetic chronic kidney disease']],
    ['high blood pressure', ['Essential (primary) hypertension']],
    ['CAD', ['Atherosclerotic heart disease of native coronary artery without angina pectoris']],
    ['anemia', ['Anaemia, unspecified']],
    ['N18.6', ['End stage renal disease']],
    ['N18', ['End stage renal disease']],
    ['E11', ['Type 2 diabetes mellitus with diabetic chronic kidney disease']],
    ['epilepsy', []],
  ])('%s finds %j', async (about, found) => {
    expect(await names(chart, { about })).toEqual(found);
  });

  test('nothing found of a complete reading is "0 found", of an unreachable source "unavailable"', async () => {
    expect((await read(chart, { about: 'gout' })).completeness[0]).toMatchObject({
      what: 'conditions: gout',
      status: 'complete',
      read: 5,
      found: 0,
    });
    const down = arrayContext(chart, AS_OF, { status: { Condition: { status: 'unavailable', reason: 'down' } } });
    expect((await readChart.run({ section: 'conditions', about: 'gout' }, down)).completeness[0]).toMatchObject({
      status: 'unavailable',
      read: 0,
    });
  });
});

test('a recorded "no known problems" is no problem', async () => {
  const none = condition('c', 'No known problems', { code: { coding: [{ code: 'no-known-problems' }], text: 'No known problems' } });
  const { evidence, completeness } = await read([none]);
  expect(evidence[0]?.qualifiers?.['polarity']).toBe('none known: recorded as such');
  expect(completeness[0]?.found).toBe(0);
  expect(await names([none], { status: 'active' })).toEqual([]);
});

test('a modifier extension that is not understood is not read as if it were not there', async () => {
  const { evidence, completeness } = await read([condition('c', 'Stroke', { modifierExtension: [{ url: 'urn:x', valueBoolean: true }] })]);
  expect(evidence).toEqual([]);
  expect(completeness[0]).toMatchObject({ status: 'partial', found: 0 });
});

test('a diagnosis with a security label is flagged as restricted', async () => {
  const { evidence, flags } = await read([
    condition('c', 'Alcohol dependence', {
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }] },
    }),
    condition('d', 'Asthma', { meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'N' }] } }),
  ]);
  expect(flags).toHaveLength(1);
  expect(flags[0]).toMatchObject({ kind: 'restricted', citations: [evidence.find((e) => e.concept.name === 'Alcohol dependence')!.id] });
});

test('two hundred are shown, all are counted', async () => {
  const many = Array.from({ length: 230 }, (_, i) => condition(`c${i}`, `Finding ${i}`));
  const { evidence, completeness } = await read(many);
  expect(evidence).toHaveLength(200);
  expect(completeness[0]).toMatchObject({ found: 230, reason: 'newest 200 of 230 shown' });
});
