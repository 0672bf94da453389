// Which chat model drafts answers: the built-in reader, unless a language model is configured.
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { Config } from '../config.ts';
import { CopilotError } from '../errors.ts';
import type { Answer } from '../evidence/index.ts';
import type { Prompt } from './prompt.ts';

export type ChatModel = {
  info: Answer['model'];
  /** True for a language model: its text is parsed, and it gets the prompt in words. */
  spoken: boolean;
  open: () => Promise<BaseChatModel>;
};

/** A try of a language model may take this long, in ms; a busy or failing server is asked again twice. */
const TIMEOUT_MS = 60_000;
const MAX_RETRIES = 2;

/** Throws CopilotError `config` when a language model is configured by half. Loads nothing yet. */
export function chooseChatModel(config: Config, prompt: Prompt, retries = MAX_RETRIES): ChatModel {
  const { OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: apiKey, MODEL: model } = config;
  if (baseURL === undefined && apiKey === undefined && model === undefined) {
    return {
      info: { provider: 'reader', name: 'reader', prompt: 'none' },
      spoken: false,
      open: async () => new (await import('./reader/index.ts')).ReaderModel({}),
    };
  }
  // A key that lies in the environment for other programs must not send a record away: the model has to be named.
  if (model === undefined)
    throw new CopilotError(
      'config',
      'MODEL is not set, but OPENAI_BASE_URL or OPENAI_API_KEY is; set MODEL, or unset them to use the reader.',
    );
  if (baseURL === undefined && apiKey === undefined)
    throw new CopilotError(
      'config',
      'MODEL is set, but neither OPENAI_BASE_URL nor OPENAI_API_KEY; set one, or unset MODEL to use the reader.',
    );
  return {
    info: {
      provider: baseURL === undefined ? 'openai' : 'openai-compatible',
      name: model,
      prompt: `${prompt.name}@${prompt.version}:${prompt.hash}`,
    },
    spoken: true,
    open: async () => {
      // Never the /v1/responses way, whatever the model's name: hospitals' gateways speak chat completions.
      const { ChatOpenAICompletions } = await import('@langchain/openai');
      return new ChatOpenAICompletions({
        model,
        apiKey: apiKey ?? 'none',
        configuration: { baseURL: baseURL ?? 'https://api.openai.com/v1' },
        timeout: TIMEOUT_MS,
        maxRetries: retries,
      }) as BaseChatModel;
    },
  };
}

/** Variables by which LangChain would send the record to a tracing service, or it and the OpenAI client print it. */
const DISCLOSING = [
  'LANGSMITH_TRACING_V2',
  'LANGCHAIN_TRACING_V2',
  'LANGSMITH_TRACING',
  'LANGCHAIN_TRACING',
  'LANGCHAIN_VERBOSE',
  'OPENAI_LOG',
];

/** Before LangChain is loaded: it reads the environment by itself. */
export function forbidDisclosure(env: Record<string, string | undefined> = process.env): void {
  for (const name of DISCLOSING) delete env[name];
}
