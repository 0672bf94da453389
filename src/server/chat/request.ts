// What of OpenAI's chat request we take: the last user message is the question. All else that a client sends as
// conversation is data of its own making, never evidence; memory is ours, by metadata.conversation.
import * as z from 'zod';
import { CopilotError } from '../../errors.ts';
import { describeIssues } from '../body.ts';

/** An error that names the request's field, as OpenAI's `param`. */
class ParameterError extends CopilotError {
  readonly param: string;
  constructor(param: string, message: string) {
    super('bad_input', message);
    this.param = param;
  }
}

const Part = z.looseObject({ type: z.string(), text: z.string().optional() });
const Message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.string(), z.array(Part)]).nullish(),
});
const Body = z.looseObject({
  model: z.string().nullish(),
  messages: z.array(Message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

/** What would change the answer's shape and that we do not do: refused by name rather than ignored. */
const REFUSED: Record<string, (value: unknown) => boolean> = {
  tools: (value) => !(Array.isArray(value) && value.length === 0),
  functions: (value) => !(Array.isArray(value) && value.length === 0),
  n: (value) => value !== 1,
  logprobs: (value) => value !== false,
  top_logprobs: (value) => value !== 0,
  response_format: (value) => (value as { type?: unknown }).type !== 'text',
  modalities: (value) => !(Array.isArray(value) && value.every((each) => each === 'text')),
  audio: () => true,
};

export type ChatRequest = { question: string; patient: string | null; conversation: string | null; stream: boolean; includeUsage: boolean };

/** @param header the X-Patient header. Throws CopilotError `bad_input` with `param`. */
export function readChatRequest(json: unknown, header: string | undefined): ChatRequest {
  const parsed = Body.safeParse(json);
  if (!parsed.success) throw new ParameterError(parsed.error.issues[0]?.path.join('.') || 'body', `${describeIssues(parsed.error)}.`);
  const body = parsed.data;
  for (const [name, refuse] of Object.entries(REFUSED)) {
    const value = body[name];
    if (value !== undefined && value !== null && refuse(value))
      throw new ParameterError(name, `${name} is not supported: the answer is one message of cited text; leave ${name} out.`);
  }
  const metadata = (name: string): string | null => {
    const value = body.metadata?.[name];
    if (value === undefined || value === null || value === '') return null;
    if (typeof value !== 'string') throw new ParameterError(`metadata.${name}`, `metadata.${name} must be a text.`);
    return value;
  };
  const patient = metadata('patient');
  if (header && patient !== null && header !== patient)
    throw new ParameterError('metadata.patient', 'X-Patient and metadata.patient name different patients; send one of them.');
  return {
    question: questionOf(body.messages),
    patient: header || patient,
    conversation: metadata('conversation'),
    stream: body.stream ?? false,
    includeUsage: body.stream_options?.include_usage ?? false,
  };
}

function questionOf(messages: z.output<typeof Message>[]): string {
  for (const [i, message] of messages.entries()) {
    if (message.role !== 'user' || !Array.isArray(message.content)) continue;
    const other = message.content.findIndex((part) => part.type !== 'text' || part.text === undefined);
    if (other >= 0)
      throw new ParameterError(
        `messages.${i}.content.${other}`,
        `messages.${i}.content.${other} is no text: a question is text; what a picture shows is read from the record.`,
      );
  }
  const content = messages.findLast((message) => message.role === 'user')?.content;
  if (content === undefined || content === null)
    throw new ParameterError('messages', 'messages holds no user message, so there is no question.');
  return typeof content === 'string' ? content : content.map((part) => part.text).join('\n');
}
