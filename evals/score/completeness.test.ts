import { expect, it } from 'vitest';
import type { Completeness } from '../../src/evidence/index.ts';
import { blankAnswer } from '../blank-answer.ts';
import { completenessErrors } from './completeness.ts';

const looked: Completeness = {
  id: 'c1',
  what: 'labs: creatinine',
  source: 'demo',
  window: [null, '2026-03-17T10:00:00-04:00'],
  status: 'complete',
  read: 3,
  found: 3,
  later: 0,
  reason: null,
};
const said = (text: string, citations: string[], entry: Completeness = looked) =>
  completenessErrors({ ...blankAnswer, sentences: [{ text, citations, kind: 'finding' }], completeness: [entry] });

it('asks a set word to cite how far was looked', () => {
  expect(said('The last creatinine was 1.3.', ['e1', 'c1'])).toEqual([]);
  expect(said('The last creatinine was 1.3.', ['e1'])).toEqual(['a sentence with “last” cites no completeness']);
  expect(said('The creatinine was 1.3.', ['e1'])).toEqual([]);
  expect(said('It lasted.', ['e1'])).toEqual([]);
});

it('asks for completeness at all', () => {
  expect(completenessErrors(blankAnswer)).toEqual(['completeness is empty']);
});

it('asks an answer that is given as whole to say which source was read in part', () => {
  const partial: Completeness = { ...looked, status: 'partial', reason: 'failed at page 3' };
  expect(said('The creatinine was 1.3.', ['e1'], partial)).toEqual(['labs: creatinine was read in part and no sentence says so']);
  expect(said('The creatinine was 1.3.', ['e1', 'c1'], partial)).toEqual([]);
  expect(completenessErrors({ ...blankAnswer, outcome: 'partial', completeness: [partial] })).toEqual([]);
});
