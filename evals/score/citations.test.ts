import { expect, it } from 'vitest';
import type { Answer, Evidence, Source } from '../../src/evidence/index.ts';
import { blankAnswer } from '../blank-answer.ts';
import { citationPrecision, citationRecall, citedReferences } from './citations.ts';

const evidence = (id: string, source: Source): Evidence => ({
  id,
  kind: 'observation',
  patient: 'p',
  concept: { name: 'x', codings: [] },
  source,
});
const fhir = (id: string, reference: string) => evidence(id, { type: 'fhir', server: 'demo', reference, version: '1' });
const stored: Record<string, Evidence> = {
  e1: fhir('e1', 'Observation/1'),
  e2: fhir('e2', 'Observation/2'),
  e3: fhir('e3', 'Observation/3'),
  trend: evidence('trend', { type: 'calculation', method: 'trend', inputs: ['e1', 'e2', 'ratio'] }),
  ratio: evidence('ratio', { type: 'calculation', method: 'ratio', inputs: ['e2', 'e3', 'trend'] }),
  table: evidence('table', { type: 'knowledge', table: 't', entry: 'x', version: '1', publisher: 'p', date: '2026' }),
};
const open = async (id: string) => stored[id] ?? null;
const answer = (citations: string[], kind: 'finding' | 'flag' = 'finding', more: Partial<Answer> = {}): Answer => ({
  ...blankAnswer,
  sentences: [{ text: 'x', citations, kind }],
  ...more,
});

it('counts a calculation by its inputs, down to the record, however they are nested', async () => {
  expect(await citedReferences(answer(['trend']), open)).toEqual(new Set(['Observation/1', 'Observation/2', 'Observation/3']));
});

it('leaves out completeness and knowledge, and what only a flag cites', async () => {
  const looked = {
    id: 'c1',
    what: 'labs',
    source: 'demo',
    window: [null, null],
    status: 'complete',
    read: 1,
    found: 1,
    later: 0,
    reason: null,
  } as const;
  expect(
    await citedReferences(answer(['e1', 'c1', 'table'], 'finding', { completeness: [{ ...looked, window: [null, null] }] }), open),
  ).toEqual(new Set(['Observation/1']));
  expect(await citedReferences(answer(['e1'], 'flag'), open)).toEqual(new Set());
});

it('counts what a value rests on', async () => {
  const values = [{ label: 'x', value: 1, evidence: 'e2' }];
  expect(await citedReferences(answer([], 'finding', { values }), open)).toEqual(new Set(['Observation/2']));
});

it('keeps an id that opens to nothing, so that it lowers precision', async () => {
  const cited = await citedReferences(answer(['e1', 'invented']), open);
  expect(citationPrecision(['Observation/1'], cited)).toBe(0.5);
});

it('gives recall and precision as shares, and none where there is nothing to count', () => {
  expect(citationRecall(['Observation/1', 'Observation/2'], new Set(['Observation/1', 'Observation/9']))).toBe(0.5);
  expect(citationRecall(['Observation/1', 'Observation/1'], new Set(['Observation/1']))).toBe(1);
  expect(citationRecall([], new Set(['Observation/1']))).toBeNull();
  expect(citationPrecision(['Observation/1'], new Set())).toBeNull();
  expect(citationPrecision([], new Set(['Observation/1']))).toBe(0);
});
