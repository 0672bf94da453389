import { ToolMessage } from '@langchain/core/messages';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arraySource } from '../../test/fixtures/array-source.ts';
import {
  AS_OF,
  type Asking,
  all,
  answered,
  creatinine,
  creatinineSaid,
  idOf,
  lookThenSay,
  openAsking,
  patients,
  record,
  request,
} from '../../test/fixtures/asking.ts';
import type { Plan } from '../../test/fixtures/plan-model.ts';
import type { Evidence } from '../evidence/index.ts';

let asking: Asking;
beforeAll(async () => {
  asking = await openAsking();
});
afterAll(() => asking.close());

test('a cited answer with its evidence, values and tool call', async () => {
  const copilot = await asking.copilotWith(
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

test('an invented number is withheld and counted; its text stands in the audit alone', async () => {
  const copilot = await asking.copilotWith(creatinineSaid('4.7 mg/dL'));
  const events = await all(copilot.ask(request('What was the last creatinine?')));
  const answer = await answered(copilot.ask(request('What was the last creatinine?')));
  for (const shown of [JSON.stringify(events), JSON.stringify(answer)]) expect(shown).not.toContain('4.7');
  expect(answer).toMatchObject({ outcome: 'abstained', reason: 'low_confidence', values: [], evidence: {}, withheld: [{ kind: 'value' }] });
  expect(answer.sentences).toHaveLength(1);
  const drafts = (await asking.store.audit(answer.id)).filter((r) => r.event === 'draft');
  expect(JSON.stringify(drafts)).toContain('4.7 mg/dL');
});

test('a supported sentence beside an invented one is shown, and the answer is partial', async () => {
  const copilot = await asking.copilotWith(
    lookThenSay((lines) => {
      const id = idOf(lines, '0.5 mg/dL');
      return `Creatinine was 0.5 mg/dL. [${id}]\nPotassium was 6.2 mmol/L. [${id}]\nThe patient is well.\nOutcome: answered`;
    }),
  );
  const answer = await answered(copilot.ask(request('How is creatinine?')));
  expect(answer.outcome).toBe('partial');
  expect(answer.withheld.map((w) => w.kind).sort()).toEqual(['citation', 'value']);
  expect(answer.sentences.map((s) => s.kind)).toEqual(['limit', 'finding']);
  expect(JSON.stringify(answer)).not.toMatch(/\b6\.2\b|is well/);
});

test('flags and incomplete sources stand before the first finding', async () => {
  const resources = [...record, creatinine('p1', 'o9', 9.8, '2166-08-26T09:00:00-04:00')];
  const array = { status: { Observation: { status: 'partial' as const, reason: 'page 3 of 5 failed' } } };
  const plan = lookThenSay((lines) => `Creatinine was 9.8 mg/dL. [${idOf(lines, '9.8 mg/dL')}]`);
  const copilot = await asking.copilotWith(plan, { source: arraySource(resources, array) });
  const events = await all(copilot.ask(request('Creatinine?')));
  expect([...new Set(events.map((e) => e.type))]).toEqual(['tool', 'flag', 'sentence', 'answer']);
  const answer = await answered(copilot.ask(request('Creatinine?')));
  expect(answer.outcome).toBe('partial');
  const first = answer.sentences.findIndex((s) => s.kind !== 'flag');
  expect(answer.sentences.slice(0, first).map((s) => s.text)).toContain('A critical creatinine is on file.');
  expect(answer.sentences.slice(first).map((s) => [s.kind, s.text])).toEqual([
    ['limit', expect.stringMatching(/^Labs: creatinine.*: read only in part \(page 3 of 5 failed\)\.$/)],
    ['finding', 'Creatinine was 9.8 mg/dL.'],
  ]);
});

test('what must be said unasked stands on an answer for which no tool was called', async () => {
  const late = { ...patients[0]!, deceasedDateTime: '2166-08-26T03:00:00-04:00' };
  const copilot = await asking.copilotWith(() => ({ text: 'Which test do you mean?' }), { source: arraySource([late]) });
  const answer = await answered(copilot.ask(request('How is it?')));
  expect(answer.outcome).toBe('clarify');
  expect(answer.sentences[0]).toMatchObject({ kind: 'flag', text: expect.stringContaining('deceased') });
  expect(Object.keys(answer.evidence)).toEqual(answer.sentences[0]!.citations);
});

test('a tool’s result holds what was asked, the flag of another result reaches the answer beside it', async () => {
  const potassium = { ...creatinine('p1', 'k1', 6.9, '2166-08-26T05:00:00-04:00') };
  potassium.code = { text: 'Potassium', coding: [{ system: 'http://loinc.org', code: '2823-3' }] };
  potassium.valueQuantity = { value: 6.9, unit: 'mmol/L' };
  const artifacts: { evidence: Evidence[]; flags: unknown[] }[] = [];
  const look = lookThenSay((lines) => `Creatinine was 0.5 mg/dL. [${idOf(lines, '0.5 mg/dL')}]`);
  const plan: Plan = (messages) => {
    artifacts.push(...messages.filter((m) => ToolMessage.isInstance(m)).map((m) => m.artifact));
    return look(messages);
  };
  const copilot = await asking.copilotWith(plan, { source: arraySource([...record, potassium]) });
  const answer = await answered(copilot.ask(request('Creatinine?')));
  expect(answer.sentences[0]).toMatchObject({ kind: 'flag', text: expect.stringMatching(/^Critical: Potassium 6\.9 mmol\/L/) });
  expect(Object.keys(answer.evidence)).toEqual(expect.arrayContaining(answer.sentences[0]!.citations));
  expect(artifacts[0]!.evidence.filter((e) => e.concept.name === 'Potassium')).toEqual([]);
  expect(artifacts[0]!.flags).toEqual([]);
});

test('an as-of time in UTC reaches the model in the offset of the record, and the answer as asked', async () => {
  const seen: string[] = [];
  const copilot = await asking.copilotWith((messages) => {
    seen.push(messages[0]!.text);
    return { text: 'Which test do you mean?' };
  });
  const answer = await answered(copilot.ask({ ...request('Creatinine?'), asOf: '2166-08-26T16:00:00Z' }));
  expect(seen[0]).toContain('As of 2166-08-26T12:00:00-04:00');
  expect(answer.asOf).toBe('2166-08-26T16:00:00Z');
});

test('a tool that fails is said, never taken for an empty record', async () => {
  const copilot = await asking.copilotWith(lookThenSay(() => 'No results are recorded.', 'broken'));
  const answer = await answered(copilot.ask(request('Creatinine?')));
  expect(answer).toMatchObject({ outcome: 'abstained', withheld: [{ kind: 'citation' }] });
  expect(answer.sentences.map((s) => s.text)).toContain('The laboratory could not be reached.');
});

test('wrong input of a tool comes back to the model with the field, and it can mend it', async () => {
  const seen: string[] = [];
  const copilot = await asking.copilotWith((messages) => {
    const results = messages.filter((m) => ToolMessage.isInstance(m));
    seen.push(...results.slice(seen.length).map((m) => `${m.status} ${m.text}`));
    if (results.length === 0) return { calls: [{ name: 'fetch_tests', args: { test: 'creatinine' } }] };
    if (results.length === 1) return { calls: [{ name: 'fetch_labs', args: {} }] };
    if (results.length === 2) return { calls: [{ name: 'fetch_tests', args: { name: 'creatinine' } }] };
    return {
      text: `Creatinine was 0.5 mg/dL. [${idOf(
        results.flatMap((m) => m.text.split('\n')),
        '0.5 mg/dL',
      )}]`,
    };
  });
  const answer = await answered(copilot.ask(request('Creatinine?')));
  expect(answer.outcome).toBe('answered');
  expect(seen[0]).toMatch(/^error bad_input: fetch_tests: .*name/);
  expect(seen[1]).toMatch(/^error bad_input: There is no tool of this name; there are fetch_tests\./);
});

test('a model that never stops calling tools ends as a failed answer', async () => {
  const copilot = await asking.copilotWith(() => ({ calls: [{ name: 'fetch_tests', args: { name: 'creatinine' } }] }));
  const answer = await answered(copilot.ask(request('Creatinine?')));
  expect(answer).toMatchObject({ outcome: 'failed', reason: 'error', values: [] });
  expect(answer.tools.length).toBeLessThanOrEqual(40);
});

test('a fault in the model is a failed answer; where it happened stands in the audit alone', async () => {
  const copilot = await asking.copilotWith(
    () => {
      throw new RangeError('while reading Holloway');
    },
    { spoken: false },
  );
  const answer = await answered(copilot.ask(request('Creatinine?')));
  expect(answer).toMatchObject({ outcome: 'failed', reason: 'error', sentences: [{ text: expect.stringContaining('failed') }] });
  expect(JSON.stringify(answer)).not.toContain('Holloway');
  expect(JSON.stringify(await asking.store.audit(answer.id))).toContain('RangeError');
});

test('an answer that broke off is no answer', async () => {
  const copilot = await asking.copilotWith(() => ({ text: 'Creatinine was', finish: 'length' }));
  const answer = await answered(copilot.ask(request('Creatinine?')));
  expect(answer).toMatchObject({ outcome: 'failed', reason: 'error', sentences: [{ text: expect.stringContaining('broke off') }] });
});

test('a tool call that is no JSON is asked for again, and given up after two repairs', async () => {
  let turns = 0;
  const mended = await asking.copilotWith((messages) => {
    turns += 1;
    if (turns === 1) return { invalid: [{ name: 'fetch_tests', args: '{"name": "creat' }], finish: 'tool_calls' };
    return lookThenSay((lines) => `Creatinine was 0.5 mg/dL. [${idOf(lines, '0.5 mg/dL')}]`)(messages);
  });
  expect(await answered(mended.ask(request('Creatinine?')))).toMatchObject({ outcome: 'answered' });
  const broken = await asking.copilotWith(() => ({ invalid: [{ name: 'fetch_tests', args: '{' }], finish: 'tool_calls' }));
  expect(await answered(broken.ask(request('Creatinine?')))).toMatchObject({ outcome: 'failed', reason: 'error' });
});

test('the draft of the reader is checked like any other', async () => {
  const plan: Plan = (messages) => {
    const result = messages.findLast((m) => ToolMessage.isInstance(m));
    if (result === undefined) return { calls: [{ name: 'fetch_tests', args: { name: 'creatinine' } }] };
    const [evidence] = (result.artifact as { evidence: Evidence[] }).evidence;
    const citations = [evidence!.id];
    return {
      draft: {
        outcome: 'answered',
        reason: null,
        sentences: [
          { text: 'Creatinine was 0.5 mg/dL.', citations, kind: 'finding' },
          { text: 'Creatinine was 0.9 mg/dL.', citations, kind: 'finding' },
        ],
        values: [
          { label: 'creatinine', value: 0.5, unit: 'mg/dL', evidence: evidence!.id },
          { label: 'creatinine', value: 0.9, unit: 'mg/dL', evidence: evidence!.id },
        ],
      },
    };
  };
  const answer = await answered((await asking.copilotWith(plan, { spoken: false })).ask(request('Creatinine?')));
  expect(answer.outcome).toBe('partial');
  expect(answer.values.map((v) => v.value)).toEqual([0.5]);
  expect(answer.sentences.filter((s) => s.kind === 'finding').map((s) => s.text)).toEqual(['Creatinine was 0.5 mg/dL.']);
  expect(answer.withheld.map((w) => w.kind)).toEqual(['value', 'value']);
});
