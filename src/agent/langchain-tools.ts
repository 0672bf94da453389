// Our tools as LangChain's, as they are: a line for each piece of evidence goes to the model, the whole result travels beside it
// as the message's artifact. The patient lock is in the run, which the model never sees.
import { ToolMessage } from '@langchain/core/messages';
import { createMiddleware, type ToolRuntime, tool } from 'langchain';
import * as z from 'zod';
import { asCopilotError, type CopilotError, ToolError } from '../errors.ts';
import { describeCompleteness, describeEvidence } from '../evidence/index.ts';
import { type CalledTool, runTool, type Tool, type ToolContext, type ToolResult } from '../tools/index.ts';

/** One ended tool call of a question; `result` is the tool's own, without what is said unasked. */
export type ToolCall = { name: string; input: unknown; ms: number; result: ToolResult | null; error: CopilotError | null };

/** What the tool calls of one question share. Passed by reference as the agent's context. */
export type Run = {
  context: ToolContext;
  calls: ToolCall[];
  /** Audits the call. When that fails it stops the run: the model gets nothing more. */
  ended: (call: ToolCall) => Promise<void>;
};

export const runSchema = z.object({ run: z.custom<Run>((value) => typeof value === 'object' && value !== null) });
type Runtime = ToolRuntime<unknown, typeof runSchema>;

/** A model that keeps calling tools is told to stop and answer from what it has. */
const MAX_CALLS = 40;
/** Lines of evidence that a language model is given of one result; the rest is in the result and counted. */
const MAX_LINES = 120;

export function toLangchainTool(ours: Tool) {
  const run = async (input: unknown, runtime: Runtime): Promise<[string, ToolResult]> => {
    const { safety, ...own } = await timed(ours, input, runtime.context.run);
    return [describeResult(own, safety), own];
  };
  // As JSON Schema, so that the input arrives as the model gave it and runTool is the only one to read it.
  const schema = z.toJSONSchema(ours.input, { io: 'input' }) as Record<string, unknown>;
  return tool(run as never, { name: ours.name, description: ours.description, schema, responseFormat: 'content_and_artifact' });
}

async function timed(ours: Tool, input: unknown, run: Run): Promise<CalledTool> {
  const begin = performance.now();
  const end = async (result: ToolResult | null, error: CopilotError | null) => {
    const call: ToolCall = { name: ours.name, input, ms: Math.round(performance.now() - begin), result, error };
    run.calls.push(call);
    await run.ended(call);
  };
  let result: CalledTool;
  try {
    if (run.calls.length >= MAX_CALLS)
      throw new ToolError('bad_input', `${MAX_CALLS} tool calls were made for this question; answer from what they returned.`);
    result = await runTool(ours, input, run.context);
  } catch (error) {
    const known = asCopilotError(error);
    await end(null, known);
    throw known;
  }
  const { safety: _safety, ...own } = result;
  await end(own, null);
  return result;
}

/** Calculations first: they sum up the rest. Of what is said unasked only the flags are told, so that nothing else looks asked for. */
function describeResult({ evidence, completeness, flags }: ToolResult, safety: ToolResult): string {
  const sorted = [...evidence].sort((a, b) => Number(b.kind === 'calculation') - Number(a.kind === 'calculation'));
  const lines = sorted.slice(0, MAX_LINES).map((e) => `[${e.id}] ${describeEvidence(e)}`);
  if (sorted.length > MAX_LINES) lines.push(`${sorted.length - MAX_LINES} more are not listed; narrow the window to see them.`);
  for (const c of completeness) lines.push(`[${c.id}] ${describeCompleteness(c)}`);
  const told = new Map([...safety.flags, ...flags].map((f) => [f.id, f]));
  for (const f of told.values()) lines.push(`flag (${f.kind}, shown to the reader already): ${f.text} [${f.citations.join(' ')}]`);
  return lines.join('\n');
}

/** Errors of a tool reach the model as its result: code and sentence, never a stack or a foreign text. */
export function toolErrors(tools: readonly Tool[]) {
  return createMiddleware({
    name: 'tool_errors',
    contextSchema: runSchema,
    wrapToolCall: async (request, handler) => {
      const { toolCall, runtime } = request;
      const { run } = runtime.context as z.output<typeof runSchema>;
      const answer = (error: CopilotError) =>
        new ToolMessage({
          tool_call_id: toolCall.id ?? '',
          name: toolCall.name,
          status: 'error',
          content: `${error.code}: ${error.message}`,
          artifact: { evidence: [], completeness: [], flags: [], error: { code: error.code, message: error.message } },
        });
      const ours = tools.find((t) => t.name === toolCall.name);
      if (ours === undefined)
        return answer(new ToolError('bad_input', `There is no tool of this name; there are ${tools.map((t) => t.name).join(', ')}.`));
      try {
        return await handler(request);
      } catch (error) {
        run.context.signal.throwIfAborted();
        if (asCopilotError(error).code !== 'internal' || run.calls.at(-1)?.error === error) return answer(asCopilotError(error));
        // LangChain refused the input before our tool saw it: our own sentence names the field.
        return await timed(ours, toolCall.args, run).then(
          () => answer(new ToolError('bad_input', `${ours.name}: the input does not fit its schema.`)),
          (ownError) => answer(asCopilotError(ownError)),
        );
      }
    },
  });
}
