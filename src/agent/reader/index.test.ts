import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { createAgent, tool } from 'langchain';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { makeCompleteness, makeEvidence } from '../../evidence/index.ts';
import type { ToolResult } from '../../tools/index.ts';
import type { Draft } from '../types.ts';
import { ReaderModel } from './index.ts';

const AS_OF = '2166-08-26T12:00:00-04:00';
const situation = new SystemMessage({
  content: '',
  additional_kwargs: { situation: { asOf: AS_OF, patient: { name: 'Anna Invented', identifier: 'A-1' } } },
});

function creatinine(value: number): ToolResult {
  const time = { start: '2166-08-26T05:40:00-04:00', end: null, kind: 'effective' as const };
  const evidence = makeEvidence({
    kind: 'observation',
    patient: 'p',
    concept: { name: 'Creatinine', codings: [] },
    value: { type: 'quantity', value, unit: 'mg/dL' },
    time,
    status: 'final',
    qualifiers: { analyte: 'creatinine' },
    source: { type: 'fhir', server: 'test', reference: 'Observation/1', version: '1' },
  });
  const completeness = makeCompleteness({
    what: 'labs: creatinine',
    source: 'test',
    window: [null, AS_OF],
    status: 'complete',
    read: 1,
    found: 1,
    later: 0,
    reason: null,
  });
  return { evidence: [evidence], completeness: [completeness], flags: [] };
}

/** createAgent with a tool that answers as ours do: text for a model, the whole result as artifact. */
function agentWith(answer: () => ToolResult, inputs: unknown[]) {
  const labs = tool(
    async (input) => {
      inputs.push(input);
      return ['for a language model', answer()];
    },
    {
      name: 'fetch_labs',
      description: 'labs',
      schema: z.looseObject({ tests: z.array(z.string()) }),
      responseFormat: 'content_and_artifact',
    },
  );
  return createAgent({ model: new ReaderModel(), tools: [labs] });
}

const draftOf = (message: BaseMessage | undefined) => (message!.response_metadata as { draft: Draft }).draft;

describe('in the loop of createAgent', () => {
  test('one turn calls the tools, the next composes from what they returned', async () => {
    const inputs: unknown[] = [];
    const { messages } = await agentWith(() => creatinine(0.5), inputs).invoke({
      messages: [situation, new HumanMessage('What was the last creatinine?')],
    });
    expect(inputs).toEqual([{ tests: ['Creatinine'] }]);
    const { id } = creatinine(0.5).evidence[0]!;
    expect(draftOf(messages.at(-1))).toMatchObject({ outcome: 'answered', values: [{ value: 0.5, unit: 'mg/dL', evidence: id }] });
    expect(messages.at(-1)!.text).toBe(
      `The last creatinine was 0.5 mg/dL at 2166-08-26 05:40. [${id}][${creatinine(0.5).completeness[0]!.id}]`,
    );
  });
  test('a follow-up takes its shape from the questions before, not from what is said to have been answered', async () => {
    const inputs: unknown[] = [];
    const earlier = [new HumanMessage('lowest creatinine this week'), new AIMessage('The lowest potassium was 99.')];
    await agentWith(() => creatinine(0.5), inputs).invoke({ messages: [situation, ...earlier, new HumanMessage('and the sodium?')] });
    expect(inputs).toEqual([{ tests: ['Sodium'], from: '2166-08-25T00:00:00-04:00', to: '2166-08-31T23:59:59-04:00' }]);
  });
  test('what needs no tool is answered without one', async () => {
    const inputs: unknown[] = [];
    const { messages } = await agentWith(() => creatinine(0.5), inputs).invoke({
      messages: [situation, new HumanMessage('Should I start dialysis?')],
    });
    expect(inputs).toEqual([]);
    expect(draftOf(messages.at(-1)).outcome).toBe('abstained');
  });
  test('a tool that always fails ends in an answer, not in a loop', async () => {
    const failing = agentWith(() => {
      throw new Error('database down');
    }, []);
    const { messages } = await failing.invoke({ messages: [situation, new HumanMessage('last creatinine')] });
    expect(draftOf(messages.at(-1)).outcome).toBe('failed');
    expect(messages.at(-1)!.text).not.toMatch(/database/);
    const reader = new ReaderModel().bindTools([{ name: 'fetch_labs' } as never]);
    const call = await reader.invoke([situation, new HumanMessage('last creatinine')]);
    const error = { code: 'unavailable', message: 'The server could not be reached; try again.' };
    const answer = await reader.invoke([
      situation,
      new HumanMessage('last creatinine'),
      call,
      new ToolMessage({
        tool_call_id: call.tool_calls![0]!.id!,
        content: '',
        status: 'error',
        artifact: { evidence: [], completeness: [], flags: [], error },
      }),
    ]);
    expect(draftOf(answer)).toMatchObject({
      outcome: 'abstained',
      reason: 'unreachable',
      sentences: [{ text: error.message, kind: 'limit' }],
    });
  });
  test('an aborted question ends at once', async () => {
    await expect(
      new ReaderModel().invoke([situation, new HumanMessage('last creatinine')], { signal: AbortSignal.abort() }),
    ).rejects.toThrow();
  });
});

test('a tool that is not offered is not called, and that is said', async () => {
  const answer = await new ReaderModel()
    .bindTools([{ name: 'something_else' } as never])
    .invoke([situation, new HumanMessage('last creatinine')]);
  expect(answer.tool_calls).toEqual([]);
  expect(draftOf(answer)).toMatchObject({ outcome: 'abstained', reason: 'unsupported' });
});

test('without any question it says that it did not understand', async () => {
  for (const messages of [[situation], [situation, new HumanMessage('')]]) {
    expect(draftOf(await new ReaderModel().invoke(messages)).outcome).toBe('abstained');
  }
});
