import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Asking, all, creatinineSaid, openAsking, request } from '../../test/fixtures/asking.ts';
import type { Store } from '../store/index.ts';
import type { AskEvent } from './index.ts';

let asking: Asking;
beforeAll(async () => {
  asking = await openAsking();
});
afterAll(() => asking.close());

test('stopping the question stops the work, and it is told as stopped', async () => {
  const stop = new AbortController();
  const copilot = await asking.copilotWith(async () => {
    stop.abort();
    await new Promise(() => {}); // a model that never answers
    return {};
  });
  const id = '00000000-0000-4000-8000-000000000001';
  await expect(all(copilot.ask(request('Creatinine?', { signal: stop.signal, answerId: id })))).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect((await asking.store.audit(id)).map((r) => r.event)).toEqual(['question', 'error']);
  expect(await asking.store.answer(id, 'local')).toBeNull();
  await expect(all(copilot.ask(request('Creatinine?', { signal: stop.signal })))).rejects.toMatchObject({ code: 'cancelled' });
});

test.each(['question', 'tool', 'draft', 'answer'])('nothing is shown when the audit cannot write the %s', async (event) => {
  const failing: Pick<Store, 'appendAudit'> = {
    appendAudit: (r) => (r.event === event ? Promise.reject(new Error('disk full')) : asking.store.appendAudit(r)),
  };
  const plan = event === 'draft' ? creatinineSaid('4.7 mg/dL') : creatinineSaid('0.5 mg/dL');
  const copilot = await asking.copilotWith(plan, { audit: failing });
  const shown: AskEvent[] = [];
  const run = async () => {
    for await (const e of copilot.ask(request('Creatinine?'))) shown.push(e);
  };
  await expect(run()).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('nothing is shown') });
  expect(shown.filter((e) => e.type !== 'tool')).toEqual([]);
  if (event === 'question' || event === 'tool') expect(shown).toEqual([]);
});

test('the audit of an answer holds the question, each tool call and the answer before the first sentence is given out', async () => {
  const copilot = await asking.copilotWith(creatinineSaid('0.5 mg/dL'));
  const id = '00000000-0000-4000-8000-000000000002';
  for await (const event of copilot.ask(request('Creatinine?', { answerId: id }))) {
    if (event.type !== 'sentence') continue;
    const records = await asking.store.audit(id);
    expect(records.map((r) => r.event)).toEqual(['question', 'tool', 'answer']);
    expect(records[1]!.detail).toMatchObject({
      name: 'fetch_tests',
      input: { name: 'creatinine' },
      evidence: [expect.any(String), expect.any(String)],
    });
    expect(await asking.store.answer(id, 'local')).not.toBeNull();
  }
});
