// The built-in reader: a LangChain chat model that needs no network. It understands a question by a grammar, calls the tools that
// the question needs, and composes sentences that are cited by construction. The same words give the same answer.
import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import { BaseChatModel, type BaseChatModelParams, type BindToolsInput } from '@langchain/core/language_models/chat_models';
import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import type { ToolResult } from '../../tools/index.ts';
import type { Draft } from '../types.ts';
import { type Call, callKey } from './calls.ts';
import { type CallOutcome, composeDraft } from './compose/index.ts';
import { knowledgeEntries } from './entries.ts';
import type { Need, Understanding } from './needs.ts';
import { type Planned, plan } from './plan.ts';
import { lastTopic, Reader, type Situation } from './understand.ts';

/** Earlier questions that a follow-up may refer to. */
const MEMORY = 6;
/** Rounds of tool calls for one question: stays, results, results of another stay, and further pages of them. */
const MAX_ROUNDS = 12;

let shared: Reader | null = null;
/** The index of names is built once for the process. */
const reader = (): Reader => {
  shared ??= new Reader(knowledgeEntries());
  return shared;
};

export class ReaderModel extends BaseChatModel {
  private readonly tools: ReadonlySet<string> | null;

  constructor(fields: BaseChatModelParams & { tools?: ReadonlySet<string> } = {}) {
    super(fields);
    this.tools = fields.tools ?? null;
  }

  _llmType(): string {
    return 'reader';
  }

  override bindTools(tools: BindToolsInput[]): ReaderModel {
    const names = tools.map((t) => (t as { name?: string }).name ?? (t as { function?: { name?: string } }).function?.name ?? '');
    return new ReaderModel({ tools: new Set(names) });
  }

  async _generate(messages: BaseMessage[], options: this['ParsedCallOptions'], _run?: CallbackManagerForLLMRun): Promise<ChatResult> {
    options.signal?.throwIfAborted();
    const message = this.answer(messages);
    return { generations: [{ text: String(message.content), message }] };
  }

  private answer(messages: readonly BaseMessage[]): AIMessage {
    const situation = situationOf(messages);
    const at = messages.findLastIndex((m) => HumanMessage.isInstance(m));
    const question = at < 0 ? '' : textOf(messages[at]!);
    const understanding = reader().understand(question, situation, memoryOf(messages.slice(0, Math.max(at, 0)), situation));
    const turn = messages.slice(at + 1);
    const outcomes = outcomesOf(turn);
    const planned = understanding.needs.map((need) => plan(need, outcomes));
    const missing = missingCalls(planned, outcomes, this.tools);
    const rounds = turn.filter((m) => AIMessage.isInstance(m)).length;
    if (missing.length > 0 && rounds < MAX_ROUNDS) return callMessage(missing, rounds);
    return draftMessage(composeDraft(understanding, planned, outcomes), understanding);
  }
}

function missingCalls(planned: readonly Planned[], outcomes: ReadonlyMap<string, CallOutcome>, tools: ReadonlySet<string> | null): Call[] {
  const calls = new Map<string, Call>();
  for (const call of planned.flatMap((p) => p.calls)) {
    const key = callKey(call);
    if (!outcomes.has(key) && (tools === null || tools.has(call.name))) calls.set(key, call);
  }
  return [...calls.values()];
}

const callMessage = (calls: readonly Call[], round: number) =>
  new AIMessage({
    content: '',
    tool_calls: calls.map(({ name, args }, i) => ({ name, args, id: `reader_${round}_${i}`, type: 'tool_call' as const })),
  });

/** One sentence a line, each with the ids that it rests on; the draft itself travels beside it. */
function draftMessage(draft: Draft, { needs }: Understanding): AIMessage {
  const content = draft.sentences
    .map((s) => [s.text, s.citations.map((id) => `[${id}]`).join('')].filter((p) => p !== '').join(' '))
    .join('\n');
  return new AIMessage({ content, additional_kwargs: { needs }, response_metadata: { draft } });
}

function situationOf(messages: readonly BaseMessage[]): Situation {
  const given = messages
    .filter((m) => SystemMessage.isInstance(m))
    .map((m) => m.additional_kwargs['situation'] as Partial<Situation> | undefined);
  const situation = given.findLast((s) => s !== undefined);
  return { asOf: situation?.asOf ?? new Date().toISOString(), patient: situation?.patient ?? null };
}

/** The needs of earlier questions, understood again in their order: what a client says that we answered is not read. */
function memoryOf(messages: readonly BaseMessage[], situation: Situation): Need[] {
  let needs: Need[] = [];
  for (const message of messages.filter((m) => HumanMessage.isInstance(m)).slice(-MEMORY)) {
    const next = reader().understand(textOf(message), situation, needs).needs;
    if (lastTopic(next) !== null) needs = next;
  }
  return needs;
}

const textOf = (message: BaseMessage): string => message.text;

/** What the tool calls of this turn came to, by name and input. */
function outcomesOf(turn: readonly BaseMessage[]): Map<string, CallOutcome> {
  const calls = new Map<string, Call>();
  for (const message of turn) {
    if (!AIMessage.isInstance(message)) continue;
    for (const { id, name, args } of message.tool_calls ?? []) if (id !== undefined) calls.set(`${id}`, { name, args });
  }
  const outcomes = new Map<string, CallOutcome>();
  for (const message of turn) {
    if (!ToolMessage.isInstance(message)) continue;
    const call = calls.get(message.tool_call_id);
    if (call) outcomes.set(callKey(call), outcomeOf(message));
  }
  return outcomes;
}

type Artifact = Partial<ToolResult> & { error?: { code?: string; message?: string; candidates?: { value: string; label: string }[] } };

function outcomeOf(message: ToolMessage): CallOutcome {
  const artifact = (message.artifact ?? {}) as Artifact;
  const error = artifact.error ?? (message.additional_kwargs['error'] as Artifact['error']);
  if (message.status === 'error' || error !== undefined)
    return { ok: false, code: error?.code ?? 'internal', message: error?.message ?? 'A tool failed.', candidates: error?.candidates ?? [] };
  return {
    ok: true,
    result: { evidence: artifact.evidence ?? [], completeness: artifact.completeness ?? [], flags: artifact.flags ?? [] },
  };
}
