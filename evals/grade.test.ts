import { describe, expect, it } from 'vitest';
import type { Answer } from '../src/evidence/index.ts';
import { blankAnswer } from './blank-answer.ts';
import type { EvalCase, Expectation } from './cases.ts';
import { failed, grade } from './grade.ts';
import { junit, table } from './report.ts';
import { missed, scores, summarize } from './summary.ts';

const evalCase = (id: string, expectation: Partial<Expectation> = {}, suite = 's'): EvalCase => ({
  id,
  suite,
  source: 'demo',
  patient: 'DEMO-0001',
  question: 'q',
  expect: { outcome: 'answered', evidence: [], evidenceComplete: false, mustSay: [], mustNotSay: [], order: false, ...expectation },
});
const answered = (value: number, more: Partial<Answer> = {}): Answer => ({
  ...blankAnswer,
  values: [{ label: 'x', value, unit: 'mg/dL' }],
  ...more,
});
const abstained: Answer = { ...blankAnswer, outcome: 'abstained', reason: 'none_recorded' };
const none = new Set<string>();

describe('one answer', () => {
  it('is right when outcome, values, unit and words are', () => {
    expect(grade(evalCase('a', { values: [1], unit: 'mg/dL' }), answered(1), none)).toMatchObject({ right: true, errors: [], values: [1] });
    expect(grade(evalCase('a', { values: [2] }), answered(1), none).errors).toEqual([
      'values lack 2',
      'values hold 1, which is not expected',
    ]);
    expect(grade(evalCase('a', { values: [1], mustSay: ['one'] }), answered(1), none).errors).toEqual(['does not say “one”']);
  });

  it('that abstains where it should answer is wrong, without a list of what it did not say', () => {
    expect(grade(evalCase('a', { values: [1], mustSay: ['one'] }), abstained, none).errors).toEqual([
      'outcome is abstained, expected answered',
    ]);
  });

  it('that abstains where it must is right', () => {
    expect(grade(evalCase('a', { outcome: 'abstained' }), abstained, none).right).toBe(true);
    expect(grade(evalCase('a', { outcome: 'abstained' }), answered(1), none).errors).toEqual(['outcome is answered, expected abstained']);
  });

  it('counts for citations only where the case lists all evidence', () => {
    const listed = { evidence: ['Observation/1', 'Observation/2'], evidenceComplete: true };
    const cited = new Set(['Observation/1', 'Observation/3', 'Observation/4']);
    expect(grade(evalCase('a', listed), answered(1), cited)).toMatchObject({ recall: 0.5, precision: 1 / 3 });
    expect(grade(evalCase('a', { ...listed, evidenceComplete: false }), answered(1), cited)).toMatchObject({
      recall: null,
      precision: null,
    });
    expect(grade(evalCase('a', listed), abstained, cited)).toMatchObject({ recall: 0, precision: null });
  });
});

describe('scores', () => {
  const graded = [
    grade(evalCase('right', { values: [1] }), answered(1), none),
    grade(evalCase('wrong', { values: [2] }), answered(1), none),
    grade(evalCase('silent', { values: [2] }), abstained, none),
    grade(evalCase('must abstain, does', { outcome: 'abstained' }), { ...abstained, outcome: 'refused' }, none),
    grade(evalCase('must abstain, answers', { outcome: 'abstained' }), answered(3), none),
    grade(evalCase('must abstain, asks back', { outcome: 'abstained' }), { ...blankAnswer, outcome: 'clarify' }, none),
    grade(evalCase('must ask back', { outcome: 'clarify' }, 't'), { ...blankAnswer, outcome: 'clarify' }, none),
    failed(evalCase('threw', { values: [1] }), 'The copilot failed', 5),
  ];

  it('are counted as contract.md says', () => {
    const { value, confident_error, abstention, clarify } = scores(graded);
    expect([value.value, value.n]).toEqual([1 / 4, 4]); // right, wrong, silent, threw
    expect([confident_error.value, confident_error.n]).toEqual([2 / 3, 3]); // right, wrong, and the answer that had to be silence
    expect([abstention.value, abstention.n]).toEqual([1 / 3, 3]); // asking back is no abstention
    expect([clarify.value, clarify.n]).toEqual([1, 1]);
    for (const score of [value, confident_error, abstention]) expect(score.low! < score.value! && score.value! < score.high!).toBe(true);
  });

  it('come whole and by suite, with every case', () => {
    const summary = summarize(graded);
    expect(Object.keys(summary.suites)).toEqual(['s', 't']);
    expect(summary.suites['t']!.clarify.n).toBe(1);
    expect(summary.suites['s']!.clarify.n).toBe(0);
    expect(summary.cases[1]).toEqual({
      id: 'wrong',
      suite: 's',
      outcome: 'answered',
      values: [1],
      right: false,
      errors: ['values lack 2', 'values hold 1, which is not expected'],
      ms: 10,
    });
  });

  it('are held to an upper limit for errors and latencies, to a lower one else', () => {
    const summary = summarize(graded);
    expect(missed(summary, [{ name: 'value', limit: 0.25 }])).toEqual([]);
    expect(missed(summary, [{ name: 'value', limit: 0.3 }])).toEqual(['value is 0.25, it must be at least 0.3']);
    expect(missed(summary, [{ name: 'confident_error', limit: 0.7 }])).toEqual([]);
    expect(missed(summary, [{ name: 'confident_error', limit: 0.1 }])).toEqual(['confident_error is 0.6667, it must be at most 0.1']);
    expect(missed(summary, [{ name: 'latency_p95', limit: 5 }])).toHaveLength(1);
    expect(missed(summary, [{ name: 'citation_recall', limit: 0 }])).toEqual(['citation_recall: no case counts for it']);
  });

  it('are printed with what went wrong and what was skipped', () => {
    const skipped = [{ case: evalCase('left', {}, 's'), reason: 'fhir/none is not under EVAL_DATA' }];
    const text = table(summarize(graded), { graded, skipped });
    expect(text).toContain('value               0.250 (0.046 to 0.699, n 4)');
    expect(text).toContain('wrong: values lack 2');
    expect(text).toContain('left: fhir/none is not under EVAL_DATA');
  });

  it('are written as JUnit with markup in messages escaped', () => {
    const odd = [failed(evalCase('a<b>&"', { values: [1] }), 'not <this>\u0000', 1)];
    const xml = junit(summarize(odd), { graded: odd, skipped: [{ case: evalCase('left'), reason: 'gone' }] });
    expect(xml).toContain('<testsuite name="s" tests="2" failures="1" errors="0" skipped="1" time="0.001">');
    expect(xml).toContain('name="a&lt;b&gt;&amp;&quot;"');
    expect(xml).toContain('<failure message="not &lt;this&gt;?"/>');
    expect(xml).toContain('<skipped message="gone"/>');
  });
});
