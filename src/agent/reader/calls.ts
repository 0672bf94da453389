// A tool call of the reader, and what the calls of this question have come to.
import { canonicalJson } from '../../evidence/index.ts';
import type { CallOutcome } from './compose/outcome.ts';

export type Call = { name: string; args: Record<string, unknown> };
export type Outcomes = ReadonlyMap<string, CallOutcome>;

/** Equal calls have equal keys. */
export const callKey = ({ name, args }: Call) => canonicalJson([name, args]);
