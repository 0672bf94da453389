// What a frame is: it reads one clause as one family of needs, or passes.
import type { Item } from '../annotate.ts';
import type { Need } from '../needs.ts';
import type { Clause } from './clause.ts';

export type FrameContext = {
  /** The need before this clause, in this question or the one before: what "it" and a bare "yesterday?" refer to. */
  topic: Need | null;
  /** The clause is a continuation and names nothing of its own. */
  inherits: boolean;
};

/** `left` are the items that the reading does not account for: with any left, the clause is not answered. */
export type Frame = (clause: Clause, context: FrameContext) => { need: Need; left: Item[] } | null;
