// What stands between a draft and the answer: another patient's data refuses it, unasked flags join it, grounding decides what is shown.
import { asCopilotError, CopilotError } from '../errors.ts';
import { mergeResults, type ToolContext, type ToolResult } from '../tools/index.ts';
import { safetyOf } from '../tools/record/safety.ts';
import type { Asking, Drafted } from './asking.ts';
import { isBeforeRecord } from './before-record.ts';
import { type Composed, compose } from './compose.ts';
import { ending } from './ending.ts';
import type { Draft } from './types.ts';

/** Tool failures that the reader of the answer must know of; the rest is between the model and the tool. */
const TOLD_FAILURES = new Set(['unavailable', 'internal', 'not_found']);

/** @param refusedBefore the question ended before any tool was called. */
export async function check(
  asking: Asking,
  context: ToolContext,
  { draft, uncited, calls }: Drafted,
  refusedBefore: boolean,
): Promise<Composed> {
  const { house, request } = asking;
  // In the record's offset, as the draft has it.
  const { asOf } = context;
  const results = calls.map((c) => c.result).filter((r) => r !== null);
  const common = { uncited, readValues: house.chat.spoken, question: request.question, asOf };
  const refused = (said: Draft) =>
    compose({ ...common, draft: said, uncited: [], readValues: false, result: mergeResults([]), failures: [] });
  // Another patient's data in the source's answer: nothing else from this source is shown.
  const deny = (error: CopilotError) => refused(ending('refused', 'not_allowed', error.message));
  if (refusedBefore) return refused(draft);
  const denied = calls.find((c) => c.error?.code === 'not_allowed');
  if (denied !== undefined) return deny(denied.error!);
  const failures = new Set(calls.filter((c) => c.error !== null && TOLD_FAILURES.has(c.error.code)).map((c) => c.error!.message));
  if (asking.deadline.aborted) return compose({ ...common, draft, result: mergeResults(results), failures: [...failures] });
  const safety = context.patient === null ? mergeResults([]) : await unasked(context, failures);
  if (safety instanceof CopilotError) return deny(safety);
  const result = mergeResults([...results, safety]);
  const safetyIds = new Set(safety.completeness.map((c) => c.id));
  const looked = result.completeness.filter((c) => !safetyIds.has(c.id));
  const before = await isBeforeRecord(context, looked);
  return compose({
    ...common,
    draft: before ? beforeRecord(draft, asOf, looked) : draft,
    uncited: before ? [] : uncited,
    result,
    unasked: safetyIds,
    failures: [...failures],
  });
}

/** The flags stand on every answer, also where the model called no tool. */
async function unasked(context: ToolContext, failures: Set<string>): Promise<ToolResult | CopilotError> {
  try {
    return await safetyOf(context);
  } catch (error) {
    context.signal.throwIfAborted();
    const known = asCopilotError(error);
    if (known.code === 'not_allowed') return known;
    failures.add(known.message);
    return mergeResults([]);
  }
}

function beforeRecord(draft: Draft, asOf: string, looked: ToolResult['completeness']): Draft {
  if (draft.outcome === 'failed' || draft.outcome === 'refused') return draft;
  const text = `All that this record holds lies after the as-of time ${asOf}; nothing was known yet.`;
  return {
    outcome: 'abstained',
    reason: 'as_of_before_record',
    sentences: [{ text, citations: looked.map((c) => c.id), kind: 'limit' }],
    values: [],
  };
}
