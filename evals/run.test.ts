import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { AskRequest, Copilot } from '../src/agent/types.ts';
import { readConfig } from '../src/config.ts';
import { blankAnswer } from './blank-answer.ts';
import type { EvalCase } from './cases.ts';
import { runCases } from './run.ts';

const evalCase = (id: string, more: Partial<EvalCase> = {}): EvalCase => ({
  id,
  suite: 's',
  source: 'demo',
  patient: 'DEMO-0001',
  question: id,
  expect: { outcome: 'answered', values: [1], evidence: [], evidenceComplete: false, mustSay: [], mustNotSay: [], order: false },
  ...more,
});

it('every case is asked with a state of its own; what is missing or throws is told and the rest goes on', async () => {
  const requests: AskRequest[] = [];
  const folders: string[] = [];
  const run = await runCases(
    [
      evalCase('first', { asOf: '2026-03-16T08:00:00-04:00' }),
      evalCase('throws'),
      evalCase('gone', { source: 'fhir/none' }),
      evalCase('ends without an answer'),
      evalCase('second', { patient: null }),
    ],
    readConfig({ EVAL_DATA: '/nonexistent' }),
    async ({ config }) => {
      folders.push(config.DATA_DIR);
      return {
        model: blankAnswer.model,
        async *ask(request) {
          requests.push(request);
          if (request.question === 'throws') throw new Error('secret text of a record');
          if (request.question === 'ends without an answer') return;
          yield { type: 'answer', answer: { ...blankAnswer, values: [{ label: 'x', value: 1 }] } };
        },
      } satisfies Copilot;
    },
  );
  expect(run.graded.map((g) => [g.id, g.right, g.outcome])).toEqual([
    ['first', true, 'answered'],
    ['throws', false, 'failed'],
    ['ends without an answer', false, 'failed'],
    ['second', true, 'answered'],
  ]);
  expect(JSON.stringify(run)).not.toContain('secret text');
  expect(run.skipped.map((s) => [s.case.id, s.reason])).toEqual([['gone', 'fhir/none is not under EVAL_DATA']]);
  expect(new Set(folders).size).toBe(4);
  expect(folders.some((folder) => existsSync(folder))).toBe(false);
  expect(requests[0]).toMatchObject({ patient: 'DEMO-0001', asOf: '2026-03-16T08:00:00-04:00', way: 'eval' });
  expect(requests[3]).not.toHaveProperty('asOf');
});
