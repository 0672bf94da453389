// Answers that are made without a model: asking back, refusing, saying what could not be done.
import { CopilotError, type ToolError } from '../errors.ts';
import type { AnswerValue, Outcome, Reason, SentenceKind } from '../evidence/index.ts';
import type { Draft } from './types.ts';

export function ending(outcome: Outcome, reason: Reason | null, text: string, values: AnswerValue[] = []): Draft {
  const kind: SentenceKind = outcome === 'clarify' ? 'question' : 'limit';
  return { outcome, reason, sentences: [{ text, citations: [], kind }], values };
}

/** What a ToolError met outside the loop means for the answer. `bad_input` is the caller's mistake and stays an error. */
export function endingOf(error: ToolError): Draft {
  switch (error.code) {
    case 'ambiguous':
      return ending(
        'clarify',
        'ambiguous',
        error.message,
        error.candidates.map(({ label, value }) => ({ label, value })),
      );
    case 'unavailable':
      return ending('abstained', 'unreachable', error.message);
    case 'not_allowed':
      return ending('refused', 'not_allowed', error.message);
    case 'unsupported':
    case 'not_applicable':
      return ending('abstained', error.code, error.message);
    case 'not_found':
      return ending('failed', 'error', error.message);
    case 'bad_input':
      throw new CopilotError('bad_input', error.message, { cause: error });
  }
}
