// What a way in needs before it can call a tool: the as-of time, and a context for one question.
import type { Config } from '../config.ts';
import type { PatientLock } from '../evidence/index.ts';
import type { Sources, ToolContext } from './tool.ts';

/** The as-of time of a question: what was asked, else AS_OF, else the source's own date (demo hospital), else now. A date is its last second, UTC. */
export function asOfTime(config: Pick<Config, 'AS_OF'>, sources: Sources, asked?: string): string {
  const time = asked ?? config.AS_OF ?? sources.record.ownDate ?? `${new Date().toISOString().slice(0, 19)}Z`;
  return time.length === 10 ? `${time}T23:59:59Z` : time;
}

export function makeContext(parts: {
  patient: PatientLock | null;
  asOf: string;
  sources: Sources;
  signal: AbortSignal;
  progress?: ToolContext['progress'];
}): ToolContext {
  return { progress: () => {}, ...parts };
}
