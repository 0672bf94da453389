import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Completeness, type Evidence, formatNumber, makeCompleteness, makeEvidence, type Sentence } from '../../evidence/index.ts';
import { parseDraft } from '../draft.ts';
import { ground, groundValue, type Known, valuesIn } from './index.ts';

const AS_OF = '2166-08-26T12:00:00-04:00';
const source = { type: 'fhir', server: 'demo', reference: 'Observation/1', version: '1' } as const;
const quantity = (value: number, unit: string | null, more = {}) => ({ type: 'quantity', value, unit, ...more }) as const;
const lab = (name: string, value: number, unit: string | null, time: string, more: Partial<Evidence> = {}): Evidence =>
  makeEvidence({
    kind: 'observation',
    patient: 'p1',
    concept: { name, codings: [] },
    value: quantity(value, unit),
    time: { start: time, end: null, kind: 'effective' },
    source,
    ...more,
  });
const looked = (more: Partial<Completeness> = {}): Completeness =>
  makeCompleteness({
    what: 'labs: potassium',
    source: 'demo',
    window: [null, AS_OF],
    status: 'complete',
    read: 9,
    found: 9,
    later: 2,
    reason: null,
    ...more,
  });
const knownOf = (...items: (Evidence | Completeness)[]): Known => ({
  evidence: new Map(items.filter((i): i is Evidence => 'concept' in i).map((e) => [e.id, e])),
  completeness: new Map(items.filter((i): i is Completeness => 'window' in i).map((c) => [c.id, c])),
  asOf: AS_OF,
  question: 'How is the patient?',
});
/** The check of a finding that cites all the items. */
const check = (text: string, ...items: (Evidence | Completeness)[]) =>
  ground({ text, citations: items.map((i) => i.id), kind: 'finding' }, knownOf(...items));
const kindOf = (text: string, ...items: (Evidence | Completeness)[]) => {
  const result = check(text, ...items);
  return result.ok ? 'ok' : result.kind;
};

const potassium = lab('Potassium', 5.9, 'mmol/L', '2166-08-26T05:12:00-04:00', {
  referenceRange: { low: 3.5, high: 5.1, unit: 'mmol/L', generic: false },
});
const hidden = lab('Troponin T', 0.01, 'ng/mL', '2166-08-26T05:00:00-04:00', { value: quantity(0.01, 'ng/mL', { comparator: '<' }) });
const platelets = lab('Platelets', 1234, 'K/uL', '2166-08-25');
const excess = lab('Base excess', -3, 'mmol/L', '2166-08-26T05:00:00-04:00');
const trend = makeEvidence({
  kind: 'calculation',
  patient: 'p1',
  concept: { name: 'Creatinine trend', codings: [] },
  components: [
    { name: 'first', value: quantity(0.7, 'mg/dL'), time: { start: '2166-08-21T23:30:00-04:00', end: null, kind: 'effective' } },
    { name: 'last', value: quantity(0.5, 'mg/dL'), time: { start: '2166-08-26T05:00:00-04:00', end: null, kind: 'effective' } },
    { name: 'change', value: quantity(-0.2, 'mg/dL') },
    { name: 'percent', value: quantity(-28.57142857142857, '%') },
    { name: 'direction', value: { type: 'text', text: 'no reliable change' } },
  ],
  source: { type: 'calculation', method: 'trend', inputs: ['e1', 'e2', 'e3'] },
});
const dose = (event: string): Evidence =>
  makeEvidence({
    kind: 'medication',
    patient: 'p1',
    concept: { name: 'Insulin lispro', codings: [] },
    value: quantity(4, 'UNIT'),
    time: { start: '2166-08-26T08:00:00-04:00', end: null, kind: 'given' },
    qualifiers: { event, method: event },
    source,
  });

describe('what the evidence bears passes', () => {
  test.each<[string, (Evidence | Completeness)[]]>([
    ['Potassium was 5.9 mmol/L on 2166-08-26 05:12.', [potassium]],
    ['Potassium was 5.9 mmol/l at 05:12 on 26 August 2166.', [potassium]],
    ['Potassium was 5.9 on Aug 26, 2166.', [potassium]],
    ['Potassium 5.9 mmol/L (3.5–5.1 mmol/L) was above 5.1.', [potassium]],
    ['Potassium was 5.9 mmol/L; the reference range is 3.5 to 5.1 mmol/L.', [potassium]],
    ['Today potassium was 5.9 mmol/L, at 5:12 am.', [potassium]],
    ['The last potassium of 9 results was 5.9 mmol/L.', [potassium, looked()]],
    ['Troponin T was <0.01 ng/mL.', [hidden]],
    ['Troponin T was below 0.01 ng/mL.', [hidden]],
    ['Platelets were 1,234 K/uL on 2166-08-25.', [platelets]],
    ['Platelets were 1234 x10^9/L.', [platelets]],
    ['Platelets were 1234 ×10⁹/L.', [platelets]],
    ['Base excess was -3 mmol/L.', [excess]],
    ['Base excess was −3 mmol/L.', [excess]],
    ['Creatinine fell by 0.2 mg/dL, from 0.7 mg/dL on 2166-08-21 to 0.5 mg/dL on 2166-08-26 (-28.57143%; no reliable change).', [trend]],
    ['Over 4 days creatinine went from 0.7 to 0.5 mg/dL.', [trend]],
    ['Over three results no reliable change is seen.', [trend, looked()]],
    ['Potassium was measured 6 hours ago.', [potassium]],
    ['Potassium was 5.9 mmol/L on Tuesday.', [potassium]],
    ['No potassium is recorded up to 2166-08-26 12:00.', [looked({ found: 0, read: 0 })]],
    ['No potassium is recorded in the last 24 hours.', [looked({ found: 0, read: 4, window: ['2166-08-25T12:00:00-04:00', AS_OF] })]],
    ['Insulin lispro 4 units was not given at 08:00.', [dose('not given')]],
    ['Insulin lispro 4 units was given at 08:00.', [dose('given')]],
    ['Five point nine mmol/L was the potassium.', [potassium]],
    ['The K was 5.9 mmol/L.', [potassium]],
  ])('%s', (text, items) => {
    expect(check(text, ...items)).toEqual({ ok: true });
  });

  test('a code is a name and bears no value; a number within a name bears only that name', () => {
    const coded = lab('Creatinine', 0.5, 'mg/dL', '2166-08-26', {
      concept: { name: 'Creatinine', codings: [{ code: '2160-0' }, { code: '50912' }] },
    });
    expect(kindOf('Creatinine (LOINC 2160-0) was 0.5 mg/dL.', coded)).toBe('ok');
    for (const text of ['Creatinine was 0.', 'Creatinine was 2160.', 'Creatinine was 50912.', 'Creatinine was 0 mg/dL.'])
      expect(kindOf(text, coded)).toBe('value');
    const ckd = makeEvidence({
      kind: 'condition',
      patient: 'p1',
      concept: { name: 'Chronic kidney disease, stage 3', codings: [] },
      source,
    });
    expect(kindOf('Chronic kidney disease, stage 3 is listed.', ckd)).toBe('ok');
    expect(kindOf('Chronic kidney disease, stage 4 is listed.', ckd)).toBe('value');
    expect(kindOf('Chronic kidney disease since 3 visits ago.', ckd)).toBe('value');
  });

  test('a threshold of the question may be said again where the evidence decides it', () => {
    const known = { ...knownOf(potassium, looked()), question: 'Was potassium ever above 5.5 mmol/L, or below 3?' };
    const kind = (text: string) => {
      const result = ground({ text, citations: [potassium.id, looked().id], kind: 'finding' }, known);
      return result.ok ? 'ok' : result.kind;
    };
    expect(kind('Potassium was above 5.5 mmol/L: 5.9 mmol/L.')).toBe('ok');
    expect(kind('Potassium was never below 3 mmol/L.')).toBe('ok');
    expect(kind('Potassium was below 3 mmol/L.')).toBe('value');
    expect(kind('Potassium was never above 5.5 mmol/L.')).toBe('value');
    expect(kind('Potassium was above 4.5 mmol/L.')).toBe('value');
    expect(kind('Potassium was 5.5 mmol/L.')).toBe('value');
  });

  test('what one cited item lacks, and how often a medicine is taken, need no completeness', () => {
    const pending = lab('Potassium', 0, 'mmol/L', '2166-08-26T09:20:00-04:00', {
      value: { type: 'absent', reason: 'pending' },
      status: 'pending',
    });
    expect(kindOf('Potassium drawn at 2166-08-26 09:20 has no result yet.', pending)).toBe('ok');
    expect(kindOf('Potassium drawn at 2166-08-26 05:12 has no result yet.', potassium)).toBe('set_word');
    const order = makeEvidence({
      kind: 'order',
      patient: 'p1',
      concept: { name: 'Amlodipine', codings: [] },
      qualifiers: { frequency: 'every day' },
      source,
    });
    expect(kindOf('Amlodipine, every day, date not recorded.', order)).toBe('ok');
    expect(kindOf('Amlodipine is the only medicine.', order)).toBe('set_word');
    expect(kindOf('Every medicine is listed: Amlodipine.', order)).toBe('set_word');
    expect(kindOf('Potassium was 5.9 mmol/L, time not recorded.', potassium)).toBe('set_word');
  });

  test('counts of what was looked for', () => {
    for (const text of [
      '9 potassium results are recorded.',
      'Of 9 results, 2 lie later.',
      'Potassium was measured 9 times.',
      'The number of potassium results is 9.',
    ])
      expect(kindOf(text, looked())).toBe('ok');
    expect(kindOf('0 ICU stays are recorded.', looked({ found: 0, read: 0 }))).toBe('ok');
  });

  test('names with digits are no numbers', () => {
    const b12 = lab('Vitamin B12', 310, 'pg/mL', '2166-08-26');
    const ph = lab('pH', 7.4, null, '2166-08-26');
    const cd4 = lab('CD4+ T cells', 12, '/uL', '2166-08-26');
    const oh = lab('25-hydroxyvitamin D', 18, 'ng/mL', '2166-08-26');
    expect(kindOf('Vitamin B12 was 310 pg/mL.', b12)).toBe('ok');
    expect(kindOf('pH 7.4.', ph)).toBe('ok');
    expect(kindOf('pH7.4.', ph)).toBe('ok');
    expect(kindOf('CD4 was 12 /uL.', cd4)).toBe('ok');
    expect(kindOf('25-hydroxyvitamin D was 18 ng/mL.', oh)).toBe('ok');
    expect(kindOf('B12 was 310.', b12)).toBe('ok');
  });

  test('a quotation of a recorded comment passes as the record wrote it', () => {
    const commented = lab('Potassium', 5.9, 'mmol/L', '2166-08-26', { comments: ['Sample haemolysed 2+; no repeat sent'] });
    expect(kindOf('Potassium was 5.9 mmol/L, with the comment “Sample haemolysed 2+; no repeat sent”.', commented)).toBe('ok');
    expect(kindOf('Potassium was 5.9 mmol/L, haemolysed 2+.', commented)).not.toBe('ok');
  });
});

describe('what the evidence does not bear is withheld, with its kind', () => {
  test.each<[string, string, (Evidence | Completeness)[]]>([
    ['an invented number', 'value', [potassium]],
    ['Potassium was 6.9 mmol/L.', 'value', [potassium]],
    ['Potassium was 59 mmol/L.', 'value', [potassium]],
    ['Potassium was 5,8 mmol/L.', 'value', [potassium]],
    ['Potassium was ５．８ mmol/L.', 'value', [potassium]],
    ['Potassium was ٦.٩ mmol/L.', 'value', [potassium]],
    ['Potassium was 5.​8 mmol/L.', 'value', [potassium]],
    ['Potassium was six point nine.', 'value', [potassium]],
    ['Potassium was five.', 'value', [potassium]],
    ['Potassium was K6.8.', 'value', [potassium]],
    ['Potassium was ⑥.', 'value', [potassium]],
    ['Potassium was 5½ mmol/L.', 'value', [potassium]],
    ['Potassium has doubled to 5.9 mmol/L.', 'value', [potassium]],
    ['Potassium was -5.9 mmol/L.', 'value', [potassium]],
    ['Potassium was > 5.9 mmol/L.', 'value', [potassium]],
    ['Potassium was 5.9e1 mmol/L.', 'value', [potassium]],
    ['Troponin T was 0.01 ng/mL.', 'value', [hidden]],
    ['Troponin T was >0.01 ng/mL.', 'value', [hidden]],
    ['Base excess was 3 mmol/L.', 'value', [excess]],
    ['Platelets were 12,340 K/uL.', 'value', [platelets]],
    ['Platelets were one thousand two hundred thirty-five.', 'value', [platelets]],
    ['Potassium was 5.9 mg/dL.', 'unit', [potassium]],
    ['Potassium was 5.9 %.', 'unit', [potassium]],
    ['Potassium was 5.9 milligrams per decilitre.', 'unit', [potassium]],
    ['Platelets were 1234 /uL.', 'unit', [platelets]],
    ['Potassium was 5.9 mmol/L on 2166-08-25.', 'time', [potassium]],
    ['Potassium was 5.9 mmol/L on 2166-08-26 05:13.', 'time', [potassium]],
    ['Potassium was 5.9 mmol/L on 25 August 2166.', 'time', [potassium]],
    ['Potassium was 5.9 mmol/L yesterday.', 'time', [potassium]],
    ['Potassium was 5.9 mmol/L on Monday.', 'time', [potassium]],
    ['Potassium was 5.9 mmol/L at 5:12 pm.', 'time', [potassium]],
    ['Platelets were 1234 on 2166-08-25 08:00.', 'time', [platelets]],
    ['Platelets were 1234 on 2166-08-26.', 'time', [platelets, looked()]],
    ['Potassium was measured 9 hours ago.', 'value', [potassium]],
    ['Potassium was 5.1 mmol/L.', 'value', [potassium]],
    ['The last potassium was 9 mmol/L.', 'value', [potassium, looked()]],
    ['The last potassium was 9.', 'value', [potassium, looked()]],
    ['The last potassium was 2 on 2166-08-26.', 'value', [potassium, looked()]],
    ['The last potassium was 9 and rising.', 'value', [potassium, looked()]],
    ['The last potassium was 5.9 mmol/L.', 'set_word', [potassium]],
    ['Potassium was always 5.9 mmol/L.', 'set_word', [potassium]],
    ['The only potassium was 5.9 mmol/L.', 'set_word', [potassium, looked({ status: 'partial' })]],
    ['No potassium is recorded.', 'set_word', [looked({ status: 'unavailable', found: 0, read: 0 })]],
    ['No potassium is recorded.', 'set_word', [looked({ status: 'absent_from_source', found: 0, read: 0 })]],
    ['No potassium is recorded.', 'set_word', [looked()]],
    ['Insulin lispro 4 units was given at 08:00.', 'polarity', [dose('not given')]],
    ['Insulin lispro 4 units was refused at 08:00.', 'polarity', [dose('given')].map((d) => d)],
    ['Creatinine rose from 0.7 to 0.5 mg/dL.', 'direction', [trend]],
    ['Sodium was 5.9 mmol/L.', 'concept', [potassium]],
    ['The creatinine was 5.9 mmol/L.', 'concept', [potassium]],
    ['No sodium is recorded.', 'concept', [looked({ found: 0 })]],
  ])('%s', (text, kind, items) => {
    const said = text === 'an invented number' ? 'Potassium was 4.2 mmol/L.' : text;
    expect(kindOf(said, ...items)).toBe(kind);
  });

  test('a citation that no tool returned, and a finding without one', () => {
    const finding = { text: 'Potassium was high.', kind: 'finding' } as const;
    expect(ground({ ...finding, citations: ['e0000000000000000'] }, knownOf(potassium))).toMatchObject({ ok: false, kind: 'citation' });
    expect(ground({ ...finding, citations: [] }, knownOf(potassium))).toMatchObject({ ok: false, kind: 'citation' });
    expect(ground({ ...finding, citations: [potassium.id, 'c0000000000000000'] }, knownOf(potassium))).toMatchObject({ ok: false });
  });

  test('evidence that was found but is not cited bears nothing', () => {
    const sentence: Sentence = { text: 'Troponin T was <0.01 ng/mL.', citations: [potassium.id], kind: 'finding' };
    expect(ground(sentence, knownOf(potassium, hidden))).toMatchObject({ ok: false, kind: 'value' });
  });
});

const digits = fc.tuple(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 0, max: 3 })).map(([n, places]) => n / 10 ** places);
const time = fc
  .record({
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 28 }),
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
  })
  .map((t) => `2166-${pad(t.month)}-${pad(t.day)}T${pad(t.hour)}:${pad(t.minute)}:00-04:00`);
const unit = fc.constantFrom('mg/dL', 'mmol/L', 'K/uL', '%', 'IU/L', 'mm Hg', 'g');
const pad = (n: number) => String(n).padStart(2, '0');

test('a sentence built from evidence passes; with any one digit changed it is withheld', () => {
  fc.assert(
    fc.property(digits, unit, time, fc.nat(), fc.integer({ min: 1, max: 9 }), (value, unitText, at, where, by) => {
      const evidence = lab('Analyte', value, unitText, at);
      const text = `Analyte was ${formatNumber(value)} ${unitText} on ${at.slice(0, 10)} ${at.slice(11, 16)}.`;
      expect(check(text, evidence)).toEqual({ ok: true });
      const places = [...text.matchAll(/\d/g)].map((m) => m.index);
      const place = places[where % places.length]!;
      const changed = `${text.slice(0, place)}${(Number(text[place]) + by) % 10}${text.slice(place + 1)}`;
      // 0.50 for 0.5 and 00:05 for 0:05 are the same number; everything else must fail.
      const same =
        Number(/was ([\d.]+)/.exec(changed)![1]) === value && changed.slice(changed.indexOf(' on ')) === text.slice(text.indexOf(' on '));
      if (!same) expect(check(changed, evidence).ok).toBe(false);
    }),
    { numRuns: 400 },
  );
});

test('long words and long rows of ids are read in one pass', () => {
  const long = 'pneumonoultramicroscopicsilicovolcanoconiosis-'.repeat(20);
  expect(check(`${long} was seen`, potassium)).toEqual({ ok: true });
  expect(parseDraft(`x [${'e'.repeat(5_000)}`).uncited).toHaveLength(1);
});

test('whatever is thrown at the check, it answers', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      expect(typeof check(text, potassium, looked()).ok).toBe('boolean');
    }),
    { numRuns: 300 },
  );
});

test('a value for programs stands only on cited evidence that bears it', () => {
  const known = knownOf(potassium, looked());
  const none = new Set<string>();
  const value = { label: 'potassium', value: 5.9, unit: 'mmol/L', evidence: potassium.id };
  expect(groundValue(value, known, none)).toEqual({ ok: true });
  expect(groundValue({ ...value, value: 6.9 }, known, none)).toMatchObject({ kind: 'value' });
  expect(groundValue({ ...value, unit: 'mg/dL' }, known, none)).toMatchObject({ kind: 'unit' });
  expect(groundValue(value, known, new Set([potassium.id]))).toMatchObject({ kind: 'citation' });
  expect(groundValue({ label: 'when', value: '2166-08-26T05:12:00-04:00', evidence: potassium.id }, known, none)).toEqual({ ok: true });
  expect(groundValue({ label: 'when', value: '2166-08-26T05:13:00-04:00', evidence: potassium.id }, known, none)).toMatchObject({
    kind: 'time',
  });
  expect(valuesIn([{ text: 'Potassium was 5.9 mmol/L.', citations: [potassium.id], kind: 'finding' }], known)).toEqual([
    { label: 'Potassium', value: 5.9, unit: 'mmol/L', time: '2166-08-26T05:12:00-04:00', evidence: potassium.id },
  ]);
});
