import { expect, test } from 'vitest';
import { makeCompleteness, makeEvidence } from '../../../evidence/index.ts';
import { callKey } from '../calls.ts';
import { knowledgeEntries } from '../entries.ts';
import { plan } from '../plan.ts';
import { Reader } from '../understand.ts';
import { type CallOutcome, composeDraft } from './index.ts';

const AS_OF = '2166-08-26T12:00:00-04:00';
const reader = new Reader(knowledgeEntries());
const day = (d: number) => `2166-08-${d}T06:00:00-04:00`;
const ward = (text: string, from: number, to: number | null) => ({
  name: 'ward',
  value: { type: 'text' as const, text },
  time: { start: day(from), end: to === null ? null : day(to), kind: 'period' as const },
});
const STAY = makeEvidence({
  kind: 'encounter',
  patient: 'p',
  concept: { name: 'hospital stay', codings: [] },
  status: 'in-progress',
  time: { start: day(10), end: null, kind: 'period' },
  components: [ward('Coronary Care Unit (CCU)', 10, 14), ward('Med/Surg', 14, 20), ward('Oncology', 20, null)],
  qualifiers: { current: 'at the as-of time', admissionSource: 'PHYSICIAN REFERRAL' },
  source: { type: 'fhir', server: 'test', reference: 'Encounter/1', version: '1' },
});

function ask(question: string, about: 'all' | 'none' = 'all') {
  const understanding = reader.understand(question, { asOf: AS_OF, patient: null });
  const outcomes = new Map<string, CallOutcome>();
  const evidence = about === 'all' ? [STAY] : [];
  for (const call of understanding.needs.flatMap((need) => plan(need, outcomes).calls))
    outcomes.set(callKey(call), {
      ok: true,
      result: {
        evidence,
        completeness: [
          makeCompleteness({
            what: 'encounters: hospital stay',
            source: 'test',
            window: [null, AS_OF],
            status: 'complete',
            read: 1,
            found: evidence.length,
            later: 0,
            reason: null,
          }),
        ],
        flags: [],
      },
    });
  const planned = understanding.needs.map((need) => plan(need, outcomes));
  return composeDraft(understanding, planned, outcomes);
}

test.each([
  ['which unit was she on Aug 16', ['Med/Surg']],
  ['which unit was she on Aug 12 at noon', ['Coronary Care Unit (CCU)']],
  ['where is she', ['Oncology']],
  ['Admitted from where?', ['PHYSICIAN REFERRAL']],
  ['was she in the CCU', [true]],
])('%s', (question, values) => expect(ask(question).values.map((v) => v.value)).toEqual(values));

test('a unit that no ward bears the name of is not recorded, and another unit is none of it', () => {
  const draft = ask('was she in the MICU', 'none');
  expect(draft.values.map((v) => v.value)).toEqual([false]);
  expect(draft.sentences[0]).toMatchObject({ text: 'No stay in the MICU is recorded.' });
  expect(draft.sentences[0]!.citations).toHaveLength(1);
});
test('results in a unit with a name of its own are not those of intensive care at large', () =>
  expect(reader.understand('sodium in the CCU', { asOf: AS_OF, patient: null }).needs[0]).toMatchObject({ family: 'declined' }));
