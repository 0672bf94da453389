// A question with what came before it, as a chat model reads it.
import { AIMessage, type BaseMessage, HumanMessage, SystemMessage } from '@langchain/core/messages';
import type { PatientLock } from '../evidence/index.ts';
import type { Turn } from '../store/index.ts';
import { type Prompt, situationInWords } from './prompt.ts';
import type { Draft } from './types.ts';

type Situation = { asOf: string; patient: PatientLock | null; turns: readonly Turn[]; question: string };

/** For a language model: the prompt, age and sex, and earlier turns in words without ids (it must look again). */
export function spokenMessages(prompt: Prompt, { asOf, patient, turns, question }: Situation): BaseMessage[] {
  const earlier = turns.flatMap((turn) => [
    new HumanMessage(turn.question),
    new AIMessage(turn.answer.sentences.map((s) => s.text).join('\n')),
  ]);
  return [new SystemMessage(`${prompt.text}\n\n${situationInWords(asOf, patient)}`), ...earlier, new HumanMessage(question)];
}

/** For the reader: the situation as data, and earlier turns with their draft and tool calls. */
export function readerMessages({ asOf, patient, turns, question }: Situation): BaseMessage[] {
  const situation = {
    asOf,
    patient:
      patient === null ? null : { name: patient.name, birthDate: patient.birthDate, sex: patient.sex, identifier: patient.identifier },
  };
  const earlier = turns.flatMap(({ question: asked, answer: { outcome, reason, sentences, values, tools } }) => {
    const draft: Draft = { outcome, reason, sentences, values };
    const calls = tools.map(({ name, input }) => ({ name, input }));
    return [
      new HumanMessage(asked),
      new AIMessage({ content: sentences.map((s) => s.text).join('\n'), response_metadata: { draft, tools: calls } }),
    ];
  });
  return [new SystemMessage({ content: '', additional_kwargs: { situation } }), ...earlier, new HumanMessage(question)];
}
