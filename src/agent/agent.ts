// Puts the copilot together. What is slow to load (LangChain: 0.75 s) is loaded at the first question, or by warm().
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { Audit } from '../audit/index.ts';
import type { Config } from '../config.ts';
import type { Store } from '../store/index.ts';
import { type Sources, TOOLS, type Tool } from '../tools/index.ts';
import { ask } from './ask.ts';
import { type ChatModel, chooseChatModel, forbidDisclosure } from './chat-model.ts';
import type { Loop } from './loop.ts';
import { readPrompt } from './prompt.ts';
import type { Copilot } from './types.ts';

export type CopilotParts = {
  config: Config;
  sources: Sources;
  store: Store;
  audit: Audit;
  /** Default: all tools of the house. */
  tools?: readonly Tool[];
  /** In place of the configured one. `spoken`: its text is parsed; else its last message carries the draft. */
  chat?: { model: BaseChatModel; spoken: boolean };
  /** How often a language model that is busy or fails is asked again (2), and how long a question may take, in ms (180,000). */
  limits?: { retries?: number; ms?: number };
};

/** A question may take this long in all, in ms. */
const MAX_MS = 180_000;

/** Throws CopilotError `config` when the language model is configured by half. */
export async function createCopilot({ config, sources, store, audit, tools = TOOLS, chat, limits = {} }: CopilotParts): Promise<Copilot> {
  const prompt = readPrompt();
  const chosen: ChatModel =
    chat === undefined
      ? chooseChatModel(config, prompt, limits.retries)
      : {
          info: { provider: 'given', name: chat.model._llmType(), prompt: prompt.hash },
          spoken: chat.spoken,
          open: async () => chat.model,
        };
  const loops = new Map<boolean, Promise<Loop>>();
  const openLoop = async (withPatient: boolean): Promise<Loop> => {
    forbidDisclosure();
    const [{ makeLoop }, model] = await Promise.all([import('./loop.ts'), chosen.open()]);
    return makeLoop(model, withPatient ? tools : tools.filter((t) => !t.needsPatient), chosen.spoken);
  };
  const loop = (withPatient: boolean): Promise<Loop> => {
    let opened = loops.get(withPatient);
    if (opened === undefined) {
      opened = openLoop(withPatient).catch((error: unknown) => {
        loops.delete(withPatient);
        throw error;
      });
      loops.set(withPatient, opened);
    }
    return opened;
  };
  const house = { config, sources, store, audit, tools, prompt, chat: chosen, loop, maxMs: limits.ms ?? MAX_MS };
  return {
    model: chosen.info,
    ask: (request) => ask(house, request),
    warm: async () => {
      await Promise.all([loop(true), loop(false)]);
    },
  };
}
