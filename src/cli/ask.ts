// `npm run ask`: one answer, as text or as the answer object of contract.md.
import { createCopilot } from '../agent/index.ts';
import { CopilotError } from '../errors.ts';
import { type Answer, describeCompleteness, describeEvidence, readableTime } from '../evidence/index.ts';
import { interruptSignal, openHouse } from './open.ts';
import { describeOptions, parseOptions } from './options.ts';

const OPTIONS = {
  patient: { type: 'string', describe: 'Patient.id or identifier (system|value or the bare value)', value: 'P' },
  'as-of': { type: 'string', describe: 'ISO 8601 time with offset; what lies later does not exist yet', value: 'TIME' },
  conversation: { type: 'string', describe: 'goes on with a conversation', value: 'ID' },
  json: { type: 'boolean', describe: 'the answer object' },
} as const;

export async function ask(argv: string[]): Promise<number> {
  const { values, positionals } = parseOptions('ask', argv, OPTIONS);
  if (values.help) {
    process.stdout.write(`npm run ask -- "QUESTION" [options]\n\n${describeOptions(OPTIONS)}\n`);
    return 0;
  }
  if (positionals.length !== 1)
    throw new CopilotError(
      'usage',
      positionals.length === 0 ? 'ask needs a question in quotation marks.' : 'ask takes one question; put it in quotation marks.',
    );
  const asOf = values['as-of'];
  const house = await openHouse(asOf === undefined ? process.env : { ...process.env, AS_OF: asOf });
  try {
    const copilot = await createCopilot(house);
    const request = {
      question: positionals[0]!,
      patient: values.patient ?? null,
      principal: 'local',
      way: 'cli',
      signal: interruptSignal(),
    } as const;
    for await (const event of copilot.ask({
      ...request,
      ...(values.conversation === undefined ? {} : { conversation: values.conversation }),
    })) {
      if (event.type !== 'answer') continue;
      process.stdout.write(values.json ? `${JSON.stringify(event.answer, null, 2)}\n` : answerText(event.answer));
      return exitCode(event.answer);
    }
    throw new CopilotError('internal', 'The copilot ended without an answer.');
  } finally {
    await house.close();
  }
}

/** contract.md: 0 answered, partial, abstained or clarify; 1 failed or a source out of reach; 3 refused. */
export function exitCode({ outcome, reason }: Pick<Answer, 'outcome' | 'reason'>): number {
  if (outcome === 'refused') return 3;
  return outcome === 'failed' || (outcome === 'abstained' && reason === 'unreachable') ? 1 : 0;
}

/** The patient's line, the sentences with [1] marks, the numbered evidence, then what was not complete. */
export function answerText(answer: Answer): string {
  const { patient, asOf } = answer;
  const completeness = new Map(answer.completeness.map((c) => [c.id, c]));
  const cited = [...new Set(answer.sentences.flatMap((s) => s.citations))];
  const lines = [
    patient === null
      ? `No patient · as of ${readableTime(asOf)}`
      : [
          patient.name ?? 'name not recorded',
          `born ${patient.birthDate ?? 'not recorded'}`,
          patient.sex ?? 'sex not recorded',
          patient.identifier ?? patient.id,
          `as of ${readableTime(asOf)}`,
        ].join(' · '),
    '',
    ...answer.sentences.map((s) =>
      [s.kind === 'flag' ? `! ${s.text}` : s.text, ...s.citations.map((id) => `[${cited.indexOf(id) + 1}]`)].join(' '),
    ),
  ];
  if (answer.outcome === 'clarify') lines.push(...answer.values.map((v) => `  ${String(v.value)}  ${v.label}`));
  if (cited.length > 0) lines.push('');
  for (const [i, id] of cited.entries()) {
    const evidence = answer.evidence[id];
    const looked = completeness.get(id);
    lines.push(`[${i + 1}] ${evidence ? describeEvidence(evidence) : looked ? describeCompleteness(looked) : id}`);
  }
  const incomplete = answer.completeness.filter((c) => c.status !== 'complete');
  if (incomplete.length > 0) lines.push('', 'Not complete:', ...incomplete.map((c) => `- ${describeCompleteness(c)}`));
  if (answer.withheld.length > 0)
    lines.push(
      '',
      `${answer.withheld.length} sentence${answer.withheld.length === 1 ? ' was' : 's were'} withheld: not supported by what was cited.`,
    );
  return `${lines.join('\n')}\n`;
}
