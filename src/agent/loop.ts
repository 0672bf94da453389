// The one loop: LangChain's createAgent lets a chat model (the reader or a language model) call tools until it has drafted an answer.
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages';
import { createAgent, createMiddleware } from 'langchain';
import type { Tool } from '../tools/index.ts';
import { type Run, runSchema, toLangchainTool, toolErrors } from './langchain-tools.ts';
import { explainModelError, ModelError } from './model-error.ts';

/** Steps of the graph: a turn of the model takes up to three. */
const MAX_STEPS = 48;
const MAX_REPAIRS = 2;

export type Loop = {
  /** Yields after each step, so that the caller can tell how far it is; returns the model's last message. */
  run: (messages: BaseMessage[], run: Run) => AsyncGenerator<void, AIMessage>;
};

/** @param spoken true for a language model over the wire, whose messages may come cut or broken. */
export function makeLoop(model: BaseChatModel, tools: readonly Tool[], spoken: boolean): Loop {
  const agent = createAgent({
    model,
    tools: tools.map(toLangchainTool),
    middleware: spoken ? [toolErrors(tools), wholeMessages()] : [toolErrors(tools)],
    contextSchema: runSchema,
  });
  return {
    async *run(messages, run) {
      const { signal } = run.context;
      const options = { context: { run }, signal, recursionLimit: MAX_STEPS, streamMode: 'values' as const };
      let last: BaseMessage | undefined;
      for await (const state of await agent.stream({ messages }, options)) {
        last = (state as { messages: BaseMessage[] }).messages.at(-1);
        yield;
      }
      if (!AIMessage.isInstance(last)) throw new ModelError('The language model ended without an answer; try again.');
      return last;
    },
  };
}

/** A message that was cut is no answer; a tool call that is no JSON is asked for again, at most twice. */
function wholeMessages() {
  return createMiddleware({
    name: 'whole_messages',
    contextSchema: runSchema,
    wrapModelCall: async (request, handler) => {
      try {
        return await handler(request);
      } catch (error) {
        if (request.runtime.signal?.aborted || explainModelError(error) !== null) throw error;
        // LangChain stumbles over a page of HTML or foreign JSON with a TypeError of its own.
        throw new ModelError("The language model's server answered with something that is no chat completion; check OPENAI_BASE_URL.", {
          cause: error,
        });
      }
    },
    afterModel: {
      canJumpTo: ['model'],
      hook: (state) => {
        const message = state.messages.at(-1);
        if (!AIMessage.isInstance(message)) return;
        const finish = message.response_metadata['finish_reason'];
        if (finish !== 'stop' && finish !== 'tool_calls')
          throw new ModelError('The language model broke off in the middle of its answer; nothing of it is shown. Ask again.');
        if ((message.tool_calls?.length ?? 0) > 0 || (message.invalid_tool_calls?.length ?? 0) === 0) return;
        const repairs = state.messages.filter((m) => m.additional_kwargs['repair'] === true).length;
        if (repairs >= MAX_REPAIRS)
          throw new ModelError('The language model called tools with arguments that are no JSON; try another MODEL.');
        const names = message.invalid_tool_calls!.map((call) => call.name ?? 'a tool').join(', ');
        const content = `The arguments of ${names} were no valid JSON. Call it again with a JSON object.`;
        return { messages: [new HumanMessage({ content, additional_kwargs: { repair: true } })], jumpTo: 'model' as const };
      },
    },
  });
}
