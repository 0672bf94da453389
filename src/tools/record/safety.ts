// What must be said of the patient unasked, on every answer: read once per question (ToolContext) and shared by all tools.
import type { ToolContext, ToolResult } from '../tool.ts';

const shared = new WeakMap<ToolContext, Promise<ToolResult>>();

export function safetyOf(context: ToolContext): Promise<ToolResult> {
  let found = shared.get(context);
  if (found === undefined) {
    found = readSafety(context);
    shared.set(context, found);
  }
  return found;
}

async function readSafety(_context: ToolContext): Promise<ToolResult> {
  return { evidence: [], completeness: [], flags: [] };
}
