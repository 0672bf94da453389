// One question's way through the house: patient, tools, draft, grounding, audit, then shown.
import { randomUUID } from 'node:crypto';
import type { Audit } from '../audit/index.ts';
import type { Config } from '../config.ts';
import { asCopilotError, CopilotError } from '../errors.ts';
import { type Answer, offsetOf, type PatientLock, precisionOf } from '../evidence/index.ts';
import type { Store } from '../store/index.ts';
import { asOfTime, makeContext } from '../tools/context.ts';
import { mergeResults, type Sources, type Tool, type ToolContext, type ToolResult } from '../tools/index.ts';
import { safetyOf } from '../tools/record/safety.ts';
import { isBeforeRecord } from './before-record.ts';
import type { ChatModel } from './chat-model.ts';
import { type Composed, citedEvidence, compose, inputsOf, WITHHELD } from './compose.ts';
import { checkConversationId, MAX_TURNS } from './conversation.ts';
import { type ParsedDraft, parseDraft } from './draft.ts';
import { ending } from './ending.ts';
import type { Run, ToolCall } from './langchain-tools.ts';
import type { Loop } from './loop.ts';
import { explainModelError, ModelError } from './model-error.ts';
import { askForPatient, choosePatient } from './patient.ts';
import type { Prompt } from './prompt.ts';
import { timeSource } from './timed-source.ts';
import type { AskEvent, AskRequest, Draft } from './types.ts';

export type House = {
  config: Config;
  sources: Sources;
  store: Store;
  audit: Audit;
  tools: readonly Tool[];
  prompt: Prompt;
  chat: ChatModel;
  /** The loop over all tools, or over those that need no patient. */
  loop: (withPatient: boolean) => Promise<Loop>;
  /** A question may take this long in all. */
  maxMs: number;
};

const MAX_QUESTION = 20_000;
/** Characters of a language model's answer. */
const MAX_TEXT = 20_000;

/** One question under way. */
type Asking = {
  house: House;
  request: AskRequest;
  id: string;
  conversation: string;
  asOf: string;
  begun: number;
  sourcesMs: () => number;
  /** Aborts when the caller stops, the time is over (`deadline`), or the audit fails. */
  signal: AbortSignal;
  deadline: AbortSignal;
  write: (event: Parameters<Audit['write']>[0]['event'], patient: string | null, detail: unknown) => Promise<void>;
};

type Drafted = { draft: Draft; uncited: string[]; calls: ToolCall[] };

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
    const context = makeContext({ patient: lock, asOf, sources: asking.house.sources, signal: asking.signal });
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

/** Lets the model call tools until it has a draft. Tool calls are told as they end. */
async function* draftAnswer(asking: Asking, context: ToolContext): AsyncGenerator<AskEvent, Drafted> {
  const { house, request } = asking;
  const calls: ToolCall[] = [];
  const noTools = context.patient === null && house.tools.every((t) => t.needsPatient);
  // Without a patient and without a tool that needs none, a language model could only guess.
  if (noTools && house.chat.spoken) return { draft: await askWhich(asking), uncited: [], calls };
  const run: Run = {
    context,
    calls,
    ended: (call) =>
      asking.write('tool', context.patient?.id ?? null, {
        name: call.name,
        input: call.input,
        ms: call.ms,
        evidence: call.result?.evidence.map((e) => e.id) ?? [],
        completeness: call.result?.completeness.map((c) => c.id) ?? [],
        error: call.error === null ? null : { code: call.error.code, message: call.error.message },
      }),
  };
  const drafted: Drafted = { draft: ending('failed', 'error', 'The copilot failed while it worked on this question.'), uncited: [], calls };
  let told = 0;
  try {
    const { readerMessages, spokenMessages } = await import('./messages.ts');
    const turns = await house.store.turns(asking.conversation, request.principal, MAX_TURNS);
    const situation = { asOf: asking.asOf, patient: context.patient, turns, question: request.question };
    const messages = house.chat.spoken ? spokenMessages(house.prompt, situation) : readerMessages(situation);
    const loop = await house.loop(context.patient !== null);
    const steps = loop.run(messages, run);
    for (;;) {
      const step = await steps.next();
      for (const call of calls.slice(told)) yield { type: 'tool', tool: toldCall(call) };
      told = calls.length;
      if (!step.done) continue;
      if (house.chat.spoken && step.value.text.length > MAX_TEXT)
        throw new ModelError('The language model answered at a length that cannot be checked; ask a narrower question.');
      const draft = house.chat.spoken ? null : (step.value.response_metadata['draft'] as Draft | undefined);
      Object.assign(drafted, draft === undefined || draft === null ? split(parseDraft(step.value.text)) : { draft, uncited: [] });
      break;
    }
  } catch (error) {
    if (request.signal.aborted || (asking.signal.aborted && !asking.deadline.aborted)) throw error;
    const late = 'The question took longer than allowed and was stopped; ask a narrower one.';
    const told = asking.deadline.aborted ? { reason: 'unreachable' as const, text: late } : explainModelError(error);
    if (told === null) throw error;
    drafted.draft = ending('failed', told.reason, told.text);
  }
  if (context.patient === null && !['answered', 'partial', 'abstained'].includes(drafted.draft.outcome))
    drafted.draft = await askWhich(asking);
  return drafted;
}

const split = ({ uncited, ...draft }: ParsedDraft) => ({ draft, uncited });
const askWhich = ({ house, signal }: Asking) => askForPatient(house.sources.record, house.config.FHIR_BASE_URL === undefined, signal);
const toldCall = (call: ToolCall): Answer['tools'][number] => ({
  name: call.name,
  input: call.input,
  ms: call.ms,
  evidence: call.result?.evidence.length ?? 0,
});

/** Tool failures that the reader of the answer must know of; the rest is between the model and the tool. */
const TOLD_FAILURES = new Set(['unavailable', 'internal', 'not_found']);

async function check(asking: Asking, context: ToolContext, { draft, uncited, calls }: Drafted, refusedBefore: boolean): Promise<Composed> {
  const { house, asOf, request } = asking;
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
