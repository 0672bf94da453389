// What the ways in know of the agent: a request, and events up to the answer.
import type { Answer, AnswerValue, Outcome, Reason, Sentence } from '../evidence/index.ts';

export type AskRequest = {
  question: string;
  /** Patient.id, identifier, or `system|value`, as the way in gives it; null when none is chosen. */
  patient: string | null;
  /** ISO time with offset; overrides AS_OF. */
  asOf?: string;
  conversation?: string;
  /** Who asks: `local` on loopback without tokens. */
  principal: string;
  way: 'cli' | 'api' | 'chat' | 'eval';
  /** The answer's id where the way in must know it before the answer comes (a stream names its events by it); else the copilot makes one. */
  answerId?: string;
  signal: AbortSignal;
};

/** In this order: tool*, (flag | sentence)*, answer. Flags and incomplete sources stand before the first finding. */
export type AskEvent =
  | { type: 'tool'; tool: Answer['tools'][number] }
  | { type: 'flag' | 'sentence'; sentence: Sentence; index: number }
  | { type: 'answer'; answer: Answer };

/** What a chat model drafted, before grounding. The reader gives it whole; a language model's text is parsed into it. */
export type Draft = {
  outcome: Outcome;
  reason: Reason | null;
  sentences: Sentence[];
  values: AnswerValue[];
};

export interface Copilot {
  /**
   * Answers one question. Never throws for what the question or the record holds (that is an outcome);
   * throws CopilotError `bad_input` for a question that is empty or over 20,000 characters, `cancelled` when the signal aborts.
   * The audit is written before the first sentence is given out.
   */
  ask(request: AskRequest): AsyncIterable<AskEvent>;
  readonly model: Answer['model'];
  /** Loads what the first question would wait for; a server calls it once it listens. */
  warm?(): Promise<void>;
}
