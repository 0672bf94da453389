import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ToolMessage } from '@langchain/core/messages';
import type { Observation } from 'fhir/r4.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { arraySource, observation } from '../../test/fixtures/array-source.ts';
import { type Plan, PlanModel } from '../../test/fixtures/plan-model.ts';
import { openAudit } from '../audit/index.ts';
import { readConfig } from '../config.ts';
import { type Evidence, makeEvidence } from '../evidence/index.ts';
import { openStore, type Store } from '../store/index.ts';
import { completenessOf, fhirSource, readRecord } from '../tools/record/read.ts';
import { defineTool, ToolError } from '../tools/tool.ts';
import { type AskEvent, type AskRequest, createCopilot } from './index.ts';

const AS_OF = '2166-08-26T12:00:00-04:00';
let folder: string;
let store: Store;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agent-'));
  store = await openStore({ DATA_DIR: folder });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const patients = ['p1', 'p2'].map((id) => ({
  resourceType: 'Patient' as const,
  id,
  identifier: [{ value: `100${id}` }],
  gender: 'male' as const,
}));
const creatinine = (patient: string, id: string, value: number, time: string, more: Partial<Observation> = {}) =>
  observation(
    id,
    'Creatinine',
    time,
    { valueQuantity: { value, unit: 'mg/dL' } },
    { subject: { reference: `Patient/${patient}` }, ...more },
  );
const record = [
  ...patients,
  creatinine('p1', 'o1', 0.5, '2166-08-26T05:00:00-04:00'),
  creatinine('p1', 'o2', 0.6, '2166-08-25T05:00:00-04:00'),
  creatinine('p2', 'o3', 3.4, '2166-08-26T06:00:00-04:00'),
];

/** A small tool of the test's own: the loop is what is tested here, not the tools. */
const fetchTests = defineTool({
  name: 'fetch_tests',
  title: 'Tests',
  description: 'Results of one test, newest first.',
  needsPatient: true,
  input: z.strictObject({ name: z.string() }),
  run: async ({ name }, context) => {
    if (name === 'broken') throw new ToolError('unavailable', 'The laboratory could not be reached.');
    const read = await readRecord<Observation>(context, { type: 'Observation', parameters: [['code:text', name]] });
    const evidence: Evidence[] = read.resources.map((r) =>
      makeEvidence({
        kind: 'observation',
        patient: context.patient!.id,
        concept: { name: r.code.text!, codings: [] },
        value: { type: 'quantity', value: r.valueQuantity!.value!, unit: r.valueQuantity!.unit! },
        time: { start: r.effectiveDateTime!, end: null, kind: 'effective' },
        ...(r.note ? { comments: r.note.map((n) => n.text) } : {}),
        source: fhirSource(context.sources.record.server, r),
      }),
    );
    return { evidence, completeness: [completenessOf(context, read, `labs: ${name}`)], flags: [] };
  },
});

type Options = { resources?: Parameters<typeof arraySource>[0]; spoken?: boolean; array?: Parameters<typeof arraySource>[1] };
async function copilotWith(plan: Plan, { resources = record, spoken = true, array = {} }: Options = {}) {
  const config = readConfig({ DATA_DIR: folder, AS_OF });
  const sources = { record: arraySource(resources, array) };
  return createCopilot({
    config,
    sources,
    store,
    audit: openAudit(store),
    tools: [fetchTests],
    chat: { model: new PlanModel(plan), spoken },
  });
}

const request = (question: string, more: Partial<AskRequest> = {}): AskRequest => ({
  question,
  patient: 'p1',
  principal: 'local',
  way: 'eval',
  signal: new AbortController().signal,
  ...more,
});

async function all(events: AsyncIterable<AskEvent>): Promise<AskEvent[]> {
  const list: AskEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}
async function answered(events: AsyncIterable<AskEvent>) {
  const last = (await all(events)).at(-1);
  if (last?.type !== 'answer') throw new Error('no answer');
  return last.answer;
}

/** Calls the tool once, then says what `say` makes of its lines. */
const lookThenSay =
  (say: (lines: string[]) => string, name = 'creatinine'): Plan =>
  (messages) => {
    const results = messages.filter((m) => ToolMessage.isInstance(m));
    if (results.length === 0) return { calls: [{ name: 'fetch_tests', args: { name } }] };
    return { text: say(results.flatMap((m) => m.text.split('\n'))) };
  };
const idOf = (lines: string[], words: string) =>
  /\[([ec][0-9a-f]{16})\]/.exec(lines.find((line) => line.includes(words)) ?? '')?.[1] ?? 'e0000000000000000';

test('a cited answer with its evidence, values and tool call', async () => {
  const copilot = await copilotWith(
    lookThenSay(
      (lines) =>
        `The last creatinine was **0.5 mg/dL** on 2166-08-26 05:00. [${idOf(lines, '0.5 mg/dL')}][${idOf(lines, 'labs: creatinine')}]\nOutcome: answered`,
    ),
  );
  const events = await all(copilot.ask(request('What was the last creatinine?')));
  expect(events.map((e) => e.type)).toEqual(['tool', 'sentence', 'answer']);
  const answer = await answered(copilot.ask(request('What was the last creatinine?')));
  expect(answer).toMatchObject({
    outcome: 'answered',
    asOf: AS_OF,
    patient: { id: 'p1' },
    sentences: [{ text: 'The last creatinine was 0.5 mg/dL on 2166-08-26 05:00.', kind: 'finding' }],
    values: [{ value: 0.5, unit: 'mg/dL' }],
    withheld: [],
    tools: [{ name: 'fetch_tests', input: { name: 'creatinine' }, evidence: 2 }],
  });
  expect(Object.keys(answer.evidence)).toHaveLength(1);
});
