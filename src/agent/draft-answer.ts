// Lets the model call tools until it has drafted an answer; its failures become an answer that says so.
import type { Answer } from '../evidence/index.ts';
import type { ToolContext } from '../tools/index.ts';
import type { Asking, Drafted } from './asking.ts';
import { MAX_TURNS } from './conversation.ts';
import { type ParsedDraft, parseDraft } from './draft.ts';
import { ending } from './ending.ts';
import type { Run, ToolCall } from './langchain-tools.ts';
import { explainModelError, ModelError } from './model-error.ts';
import { askForPatient } from './patient.ts';
import type { AskEvent, Draft } from './types.ts';

/** Characters of a language model's answer. */
const MAX_TEXT = 20_000;

/** Tool calls are told as they end. */
export async function* draftAnswer(asking: Asking, context: ToolContext): AsyncGenerator<AskEvent, Drafted> {
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
  const drafted: Drafted = {
    draft: ending('failed', 'error', 'The copilot failed while it worked on this question; nothing unchecked is shown.'),
    uncited: [],
    calls,
  };
  let told = 0;
  try {
    const { readerMessages, spokenMessages } = await import('./messages.ts');
    const earlier = await house.store.turns(asking.conversation, request.principal, MAX_TURNS);
    const turns = earlier.filter(({ answer }) => answer.outcome !== 'failed' && answer.outcome !== 'refused');
    const situation = { asOf: context.asOf, patient: context.patient, turns, question: request.question };
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
    // A fault of our own: the audit keeps where, the answer says only that.
    if (told === null)
      await asking.write('error', context.patient?.id ?? null, {
        code: 'internal',
        stack: error instanceof Error ? error.stack : String(error),
      });
    if (told !== null) drafted.draft = ending('failed', told.reason, told.text);
  }
  // What needs no patient was answered; anything else needs one.
  if (context.patient === null && !['answered', 'partial', 'failed'].includes(drafted.draft.outcome))
    drafted.draft = await askWhich(asking);
  return drafted;
}

const split = ({ uncited, ...draft }: ParsedDraft) => ({ draft, uncited });
const askWhich = ({ house, signal }: Asking) => askForPatient(house.sources.record, house.config.FHIR_BASE_URL === undefined, signal);
export const toldCall = (call: ToolCall): Answer['tools'][number] => ({
  name: call.name,
  input: call.input,
  ms: call.ms,
  evidence: call.result?.evidence.length ?? 0,
});
