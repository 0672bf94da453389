// What a copilot is made of, and what one question carries on its way through it.
import type { Audit } from '../audit/index.ts';
import type { Config } from '../config.ts';
import type { Store } from '../store/index.ts';
import type { Sources, Tool } from '../tools/index.ts';
import type { ChatModel } from './chat-model.ts';
import type { ToolCall } from './langchain-tools.ts';
import type { Loop } from './loop.ts';
import type { Prompt } from './prompt.ts';
import type { AskRequest, Draft } from './types.ts';

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

/** One question under way. */
export type Asking = {
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

export type Drafted = { draft: Draft; uncited: string[]; calls: ToolCall[] };
