// A conversation's memory: the server's own, by id and principal, bounded. What a client sends as the assistant's turns is never read.
import { CopilotError } from '../errors.ts';

/** Earlier turns that a model is given. */
export const MAX_TURNS = 6;
const WELL_FORMED = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** Throws CopilotError `bad_input` for an id that we could not have made or taken. */
export function checkConversationId(id: string): string {
  if (!WELL_FORMED.test(id))
    throw new CopilotError('bad_input', 'conversation must be 1 to 128 letters, digits, dots, colons, dashes or underscores.');
  return id;
}
