// One answer against one case. Pure: the references behind the citations are opened by the caller.
import type { Answer, Outcome } from '../src/evidence/index.ts';
import type { EvalCase } from './cases.ts';
import { citationPrecision, citationRecall } from './score/citations.ts';
import { completenessErrors } from './score/completeness.ts';
import { isSaid, outcomeErrors } from './score/outcome.ts';
import { sayingErrors } from './score/saying.ts';
import { type Plain, valueErrors } from './score/value.ts';

export type Graded = {
  id: string;
  suite: string;
  expected: Outcome;
  outcome: Outcome;
  values: Plain[];
  /** Outcome, values, unit and words are all as expected. */
  right: boolean;
  errors: string[];
  ms: number;
  /** Null where the case does not count for it. */
  recall: number | null;
  precision: number | null;
  /** What the answer does not say of how far it looked; null where it said nothing of the record. */
  incompleteness: string[] | null;
};

export function grade(evalCase: EvalCase, answer: Answer, cited: ReadonlySet<string>): Graded {
  const { expect } = evalCase;
  const errors = outcomeErrors(expect.outcome, answer.outcome);
  if (errors.length === 0 && expect.values !== undefined) errors.push(...valueErrors(expect.values, answer.values, expect));
  if (errors.length === 0 || isSaid(answer.outcome)) errors.push(...sayingErrors(answer.sentences, expect.mustSay, expect.mustNotSay));
  const counts = expect.evidenceComplete && isSaid(expect.outcome);
  return {
    id: evalCase.id,
    suite: evalCase.suite,
    expected: expect.outcome,
    outcome: answer.outcome,
    values: answer.values.map((value) => value.value),
    right: errors.length === 0,
    errors,
    ms: answer.timing.ms,
    recall: counts ? citationRecall(expect.evidence, isSaid(answer.outcome) ? cited : new Set()) : null,
    precision: counts && isSaid(answer.outcome) ? citationPrecision(expect.evidence, cited) : null,
    incompleteness: isSaid(answer.outcome) || answer.outcome === 'abstained' ? completenessErrors(answer) : null,
  };
}

/** A case whose question threw instead of being answered. */
export function failed(evalCase: EvalCase, message: string, ms: number): Graded {
  const { expect, id, suite } = evalCase;
  const counts = expect.evidenceComplete && isSaid(expect.outcome) && expect.evidence.length > 0;
  return {
    id,
    suite,
    expected: expect.outcome,
    outcome: 'failed',
    values: [],
    right: expect.outcome === 'failed',
    errors: expect.outcome === 'failed' ? [] : [message],
    ms,
    recall: counts ? 0 : null,
    precision: null,
    incompleteness: null,
  };
}
