// The one shape of a tool. Tools are read-only, take no patient id, and return evidence, never prose.
import type * as z from 'zod';
import type { Completeness, Evidence, Flag, PatientLock } from '../evidence/index.ts';
import type { Knowledge } from './knowledge/index.ts';
import type { RecordSource } from './record/source.ts';

export { ToolError } from '../errors.ts';

export type ToolResult = { evidence: Evidence[]; completeness: Completeness[]; flags: Flag[] };

/** All that a tool may reach. Made once per question (or MCP call); reads are shared within it. */
export type ToolContext = {
  /** Null only where the tool's `needsPatient` is false. */
  patient: PatientLock | null;
  /** ISO time with offset. What lies later does not exist yet. */
  asOf: string;
  sources: Sources;
  signal: AbortSignal;
  progress: (done: number, total: number, message: string) => void;
};

/** The open sources of this process; later rooms (images, genome, models) add theirs. */
export type Sources = {
  record: RecordSource;
  /** The tables in use (KNOWLEDGE_DIR); ours when missing. */
  knowledge?: Knowledge;
};

export type Tool<Input extends z.ZodObject = z.ZodObject> = {
  /** snake_case, stable: scripts and assistants call it by this name. */
  name: string;
  title: string;
  /** For a language model: what it returns, when to use it, what it cannot do. */
  description: string;
  needsPatient: boolean;
  input: Input;
  /** A method, so that tools of different inputs fit one list. */
  run(input: z.output<Input>, context: ToolContext): Promise<ToolResult>;
};

/** Checks at start what the contract suite checks of every tool, so that a wrong tool cannot be registered. */
export function defineTool<Input extends z.ZodObject>(tool: Tool<Input>): Tool<Input> {
  if (!/^[a-z]+(_[a-z]+)*$/.test(tool.name)) throw new Error(`Tool name ${tool.name} is not snake_case`);
  for (const key of Object.keys(tool.input.shape)) {
    if (/patient/i.test(key)) throw new Error(`Tool ${tool.name} takes ${key}: a tool cannot name a patient`);
  }
  return Object.freeze(tool);
}
