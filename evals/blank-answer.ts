// An answer that says nothing, for tests of the scorers to fill in.
import type { Answer } from '../src/evidence/index.ts';

export const blankAnswer: Answer = {
  id: 'a1',
  conversation: 'v1',
  question: 'What was the last creatinine?',
  asOf: '2026-03-17T10:00:00-04:00',
  patient: null,
  outcome: 'answered',
  reason: null,
  sentences: [],
  values: [],
  evidence: {},
  completeness: [],
  withheld: [],
  model: { provider: 'reader', name: 'fake', prompt: 'none' },
  tools: [],
  timing: { ms: 10, sourcesMs: 5 },
};
