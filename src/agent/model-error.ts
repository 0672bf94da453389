// Why a chat model gave no answer, in one sentence with what to do. Foreign error texts are not shown: they may quote the record.
import type { Reason } from '../evidence/index.ts';

/** What the model returned cannot be used: cut, broken, or no chat completion. */
export class ModelError extends Error {}

type Loose = { status?: unknown; code?: unknown; name?: unknown; lc_error_code?: unknown; cause?: unknown; message?: unknown };

/** A known failure of a language model, or null when the error is something else (a fault of our own). */
export function explainModelError(error: unknown): { reason: Reason; text: string } | null {
  for (let e = error as Loose | undefined; typeof e === 'object' && e !== null; e = e.cause as Loose | undefined) {
    if (e instanceof ModelError) return { reason: 'error', text: e.message };
    if (e.lc_error_code === 'GRAPH_RECURSION_LIMIT')
      return { reason: 'error', text: 'The language model did not come to an answer within the allowed steps; ask a narrower question.' };
    if (typeof e.status === 'number') return byStatus(e.status);
    if (e.name === 'TimeoutError' || e.message === 'Request timed out.')
      return { reason: 'unreachable', text: 'The language model did not answer in time; try again.' };
    if (
      e.message === 'Connection error.' ||
      e.message === 'fetch failed' ||
      e.message === 'terminated' ||
      /^(ECONN|ENOTFOUND|EAI_|UND_ERR)/.test(String(e.code))
    )
      return { reason: 'unreachable', text: 'The language model could not be reached; check OPENAI_BASE_URL, or try again.' };
  }
  return null;
}

function byStatus(status: number): { reason: Reason; text: string } {
  const code = `(HTTP ${status})`;
  if (status === 401 || status === 403)
    return { reason: 'error', text: `The language model refused the key ${code}; check OPENAI_API_KEY.` };
  if (status === 404) return { reason: 'error', text: `The language model was not found ${code}; check MODEL and OPENAI_BASE_URL.` };
  if (status === 429) return { reason: 'unreachable', text: `The language model is busy or out of quota ${code}; try again later.` };
  if (status >= 500) return { reason: 'unreachable', text: `The language model's server failed ${code}; try again later.` };
  return { reason: 'error', text: `The language model refused the request ${code}; check MODEL and OPENAI_BASE_URL.` };
}
