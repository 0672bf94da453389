import { expect, test } from 'vitest';
import { type Flag, makeCompleteness, makeEvidence, makeFlag, type Sentence } from '../evidence/index.ts';
import { compose } from './compose.ts';

const sodium = makeEvidence({
  kind: 'observation',
  patient: 'p1',
  concept: { name: 'Sodium', codings: [] },
  value: { type: 'quantity', value: 140, unit: 'mmol/L' },
  source: { type: 'fhir', server: 'a', reference: 'Observation/a', version: '1' },
});
const flag = (kind: Flag['kind'], text: string, citations = [sodium.id]) => makeFlag({ kind, text, citations });
const finding: Sentence = { text: 'Sodium was 140 mmol/L.', citations: [sodium.id], kind: 'finding' };
const composed = (flags: Flag[], drafted: Sentence[] = [], completeness: ReturnType<typeof makeCompleteness>[] = []) =>
  compose({
    draft: { outcome: 'answered', reason: null, sentences: [finding, ...drafted], values: [] },
    result: { evidence: [sodium], completeness, flags },
    unasked: new Set(completeness.map((c) => c.id)),
    failures: [],
    uncited: [],
    readValues: false,
    question: 'Sodium?',
    asOf: '2026-03-10T12:00:00Z',
  });
const textsOf = ({ sentences }: ReturnType<typeof compose>) => sentences.map((s) => s.text);

test('flags stand before findings: critical first, stale last, each once', () => {
  const flags = [
    flag('stale', 'Old.'),
    flag('preliminary', 'Preliminary.'),
    flag('critical', 'Critical.'),
    flag('conflicting', 'Conflict.'),
  ];
  expect(textsOf(composed([...flags, flag('critical', 'Critical.')]))).toEqual([
    'Critical.',
    'Conflict.',
    'Preliminary.',
    'Old.',
    finding.text,
  ]);
});

test('a flag that the draft words again is said once, in the words of the tool', () => {
  const again: Sentence = { text: 'Sodium 140 mmol/L is critical.', citations: [sodium.id], kind: 'flag' };
  expect(textsOf(composed([flag('critical', 'Critical: Sodium.')], [again]))).toEqual(['Critical: Sodium.', finding.text]);
  expect(textsOf(composed([], [{ ...again, text: 'Sodium 140 mmol/L.' }]))).toEqual(['Sodium 140 mmol/L.', finding.text]);
});

test('what could not be read of the unasked is said shortly, what was left out on good grounds is not', () => {
  const part = (reason: string) =>
    makeCompleteness({
      what: 'critical results',
      source: 'a',
      window: [null, null],
      status: 'partial',
      read: 2,
      found: 0,
      later: 0,
      reason,
    });
  const unread = '1 result could not be read: modifier extension not understood';
  expect(textsOf(composed([], [], [part(`1 entered in error left out; ${unread}`)]))[0]).toBe(
    'Critical results: 1 result could not be read (modifier extension not understood).',
  );
  expect(textsOf(composed([], [], [part('page 2 failed; 1 entered in error left out')]))[0]).toBe(
    'Critical results: read only in part (page 2 failed).',
  );
});
