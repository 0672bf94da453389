// One question's way through the house: patient, tools, draft, grounding, audit, then shown.
import { randomUUID } from 'node:crypto';
import { asCopilotError, CopilotError } from '../errors.ts';
import { type Answer, offsetOf, type PatientLock, precisionOf } from '../evidence/index.ts';
import { asOfTime, makeContext } from '../tools/context.ts';
import { inRecordOffset } from '../tools/record/offset.ts';
import type { Asking, House } from './asking.ts';
import { check } from './check.ts';
import { type Composed, citedEvidence, inputsOf, WITHHELD } from './compose.ts';
import { checkConversationId } from './conversation.ts';
import { draftAnswer, toldCall } from './draft-answer.ts';
import type { ToolCall } from './langchain-tools.ts';
import { choosePatient } from './patient.ts';
import { timeSource } from './timed-source.ts';
import type { AskEvent, AskRequest } from './types.ts';

const MAX_QUESTION = 20_000;

export async function* ask(house: House, request: AskRequest): AsyncGenerator<AskEvent> {
  const question = checkQuestion(request);
  const conversation = request.conversation === undefined ? randomUUID() : checkConversationId(request.conversation);
  const asOf = asOfTime(house.config, house.sources, request.asOf);
  const id = request.answerId ?? randomUUID();
  const stop = new AbortController();
  const deadline = AbortSignal.timeout(house.maxMs);
  const { source, ms } = timeSource(house.sources.record);
  const asking: Asking = {
    house: { ...house, sources: { ...house.sources, record: source } },
    request,
    id,
    conversation,
    asOf,
    begun: performance.now(),
    sourcesMs: ms,
    signal: AbortSignal.any([request.signal, stop.signal, deadline]),
    deadline,
    write: async (event, patient, detail) => {
      try {
        await house.audit.write({ principal: request.principal, way: request.way, patient, answer: id, event, detail });
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    },
  };
  let lock: PatientLock | null = null;
  try {
    await asking.write('question', null, { question, patient: request.patient, asOf, conversation });
    const held = await house.store.conversationPatient(conversation, request.principal);
    const chosen = await choosePatient({ ...request, signal: asking.signal }, held ?? null, source);
    lock = chosen.lock;
    const asked = makeContext({ patient: lock, asOf, sources: asking.house.sources, signal: asking.signal });
    const context = chosen.ending === null ? await inRecordOffset(asked) : asked;
    const drafted =
      chosen.ending === null ? yield* draftAnswer(asking, context) : { draft: chosen.ending, uncited: [], calls: [] as ToolCall[] };
    const composed = await check(asking, context, drafted, chosen.ending !== null);
    const answer = toAnswer(asking, lock, composed, drafted.calls);
    await keep(asking, lock, answer, composed);
    let index = 0;
    for (const sentence of answer.sentences) yield { type: sentence.kind === 'flag' ? 'flag' : 'sentence', sentence, index: index++ };
    yield { type: 'answer', answer };
  } catch (error) {
    const known = request.signal.aborted
      ? new CopilotError('cancelled', 'The question was stopped.', { cause: error })
      : asCopilotError(stop.signal.aborted ? stop.signal.reason : error);
    // The audit itself may be what failed; then the caller still gets the first error.
    await asking.write('error', lock?.id ?? null, { code: known.code, message: known.message }).catch(() => {});
    throw known;
  } finally {
    // A caller that stops listening stops the work too.
    stop.abort();
  }
}

function checkQuestion(request: AskRequest): string {
  const { question, asOf, signal } = request;
  if (signal.aborted) throw new CopilotError('cancelled', 'The question was stopped.');
  if (typeof question !== 'string' || question.trim() === '') throw new CopilotError('bad_input', 'question is empty; ask something.');
  if (question.length > MAX_QUESTION)
    throw new CopilotError('bad_input', `question has ${question.length} characters; at most ${MAX_QUESTION} are taken.`);
  if (asOf !== undefined && (precisionOf(asOf) === null || (offsetOf(asOf) === null && asOf.length !== 10)))
    throw new CopilotError('bad_input', 'asOf must be an ISO 8601 time with an offset, such as 2166-08-26T12:00:00-04:00.');
  return question;
}

function toAnswer(asking: Asking, lock: PatientLock | null, composed: Composed, calls: readonly ToolCall[]): Answer {
  const { house, request, id, conversation, asOf, begun, sourcesMs } = asking;
  const { ids: _ids, ...patient } = lock ?? { ids: [] };
  return {
    id,
    conversation,
    question: request.question,
    asOf,
    patient: lock === null ? null : (patient as Answer['patient']),
    outcome: composed.outcome,
    reason: composed.reason,
    sentences: composed.sentences,
    values: composed.values,
    evidence: citedEvidence(composed),
    completeness: [...composed.known.completeness.values()],
    withheld: composed.withheld.map(({ kind }) => ({ reason: WITHHELD[kind], kind })),
    model: house.chat.info,
    tools: calls.map(toldCall),
    timing: { ms: Math.round(performance.now() - begun), sourcesMs: sourcesMs() },
  };
}

/** Written before anything is shown; if it cannot be, the question fails. */
async function keep(asking: Asking, lock: PatientLock | null, answer: Answer, { withheld, known }: Composed): Promise<void> {
  const { house, request } = asking;
  const patient = lock?.id ?? null;
  if (withheld.length > 0) await asking.write('draft', patient, { withheld });
  const inputs = inputsOf(answer.evidence, known).map((item) => ({
    item,
    type: 'evidence' as const,
    patients: item.patient === null ? [] : (lock?.ids ?? []),
  }));
  await house.store.saveAnswer(answer, request.principal, lock, inputs);
  const { outcome, reason, sentences, values, asOf, conversation, model, timing } = answer;
  const event = outcome === 'refused' ? 'refusal' : outcome === 'failed' ? 'error' : 'answer';
  await asking.write(event, patient, { outcome, reason, sentences, values, asOf, conversation, model, timing });
}
