import { Writable } from 'node:stream';
import pino from 'pino';
import { expect, test } from 'vitest';
import { createServer } from '../../src/server/index.ts';
import { makeParts, postJson } from './fakes.ts';

test('the log tells method, route, status, time and answer, and nothing of a patient or a question', async () => {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const made = await makeParts({
    before: async ({ question }) => {
      if (question === 'Break.') throw new Error('cannot read the note of Ottilie Fictiva');
    },
  });
  const app = createServer({ ...made.parts, log: pino({ level: 'info', base: null }, sink) });
  const asked = await app.request('/api/ask', postJson({ question: 'Does Fictiva have HIV?', patient: '1001' }));
  const { id, evidence } = (await asked.json()) as { id: string; evidence: object };
  await app.request('/api/patients?q=Fictiva');
  await app.request('/api/patients/1001');
  await app.request(`/api/evidence/${Object.keys(evidence)[0]}`);
  await app.request('/api/ask', postJson({ question: 'Break.', patient: '1001' }));
  await app.request('/Fictiva/1001');
  await app.request('/api/ask', postJson({ question: 'Fictiva', patinet: '1001' }));

  const entries = lines.map((line) => JSON.parse(line));
  expect(
    entries.filter((entry) => entry.msg === 'request').map(({ method, route, status, answer }) => [method, route, status, answer]),
  ).toEqual([
    ['POST', '/api/ask', 200, id],
    ['GET', '/api/patients', 200, undefined],
    ['GET', '/api/patients/:id', 200, undefined],
    ['GET', '/api/evidence/:id', 200, undefined],
    ['POST', '/api/ask', 500, expect.any(String)],
    ['GET', 'none', 404, undefined],
    ['POST', '/api/ask', 400, undefined],
  ]);
  const failed = entries.find((entry) => entry.msg === 'failed');
  expect(failed).toMatchObject({ code: 'internal', error: 'Error', at: expect.arrayContaining([expect.stringMatching(/^at /)]) });
  expect(lines.join('')).not.toMatch(/Fictiva|HIV|1001|Break|note/);
  await made.close();
});

test('what is shown of a patient is in the audit', async () => {
  const made = await makeParts();
  const written: unknown[] = [];
  const audit = { write: async (entry: object) => String(written.push(entry)) };
  const app = createServer({ ...made.parts, audit });
  await app.request('/api/patients/1001');
  const asked = await app.request('/api/ask', postJson({ question: 'Creatinine?', patient: '1001' }));
  const { evidence } = (await asked.json()) as { evidence: object };
  const [id] = Object.keys(evidence);
  await app.request(`/api/evidence/${id}`);
  expect(written).toMatchObject([
    { event: 'patients', patient: 'p-one', principal: 'local', way: 'api' },
    { event: 'evidence', patient: 'p-one', detail: { id } },
  ]);
  const broken = createServer({
    ...made.parts,
    audit: {
      write: async () => {
        throw new Error('disk full');
      },
    },
  });
  for (const path of ['/api/patients', '/api/patients/1001', `/api/evidence/${id}`]) {
    const refused = await broken.request(path);
    expect(refused.status).toBe(500);
    expect(await refused.text()).not.toMatch(/Fictiva|1.3/);
  }
  await made.close();
});
