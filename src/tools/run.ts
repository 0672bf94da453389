// How every way in calls a tool: input checked, patient required where the tool needs one, bare dates taken in the record's offset,
// and what must be said of the patient unasked read beside it.
import type * as z from 'zod';
import { asCopilotError, CopilotError, ToolError } from '../errors.ts';
import { inRecordOffset } from './record/offset.ts';
import { safetyOf } from './record/safety.ts';
import type { Tool, ToolContext, ToolResult } from './tool.ts';

export const EMPTY: ToolResult = { evidence: [], completeness: [], flags: [] };

/** The tool's own result, which is what was asked for; and apart from it what must be said unasked, with the evidence of that. */
export type CalledTool = ToolResult & { safety: ToolResult };

/** Throws ToolError (the tool's own), or CopilotError `cancelled` or `internal`; never anything else. */
export async function runTool(tool: Tool, rawInput: unknown, context: ToolContext): Promise<CalledTool> {
  const parsed = tool.input.safeParse(rawInput ?? {});
  if (!parsed.success) throw new ToolError('bad_input', `${tool.name}: ${describeIssues(parsed.error)}`);
  if (tool.needsPatient && context.patient === null) throw new ToolError('bad_input', `${tool.name} needs a patient; choose one first.`);
  try {
    context.signal.throwIfAborted();
    const local = await inRecordOffset(context);
    const [result, safety] = await Promise.all([tool.run(parsed.data, local), local.patient === null ? EMPTY : safetyOf(local)]);
    context.signal.throwIfAborted();
    return { ...mergeResults([result]), safety };
  } catch (error) {
    if (context.signal.aborted) throw new CopilotError('cancelled', `${tool.name} was stopped.`, { cause: error });
    throw asCopilotError(error);
  }
}

/** Several results as one; the same id counts once. */
export function mergeResults(results: readonly ToolResult[]): ToolResult {
  const unique = <T extends { id: string }>(items: T[]) => [...new Map(items.map((item) => [item.id, item])).values()];
  return {
    evidence: unique(results.flatMap((r) => r.evidence)),
    completeness: unique(results.flatMap((r) => r.completeness)),
    flags: unique(results.flatMap((r) => r.flags)),
  };
}

/** `days: expected number, received string; unknown field "windwo"`: names each wrong field. */
function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}`).join('; ');
}
