// From end to end: the demo hospital, the built-in reader, the real store and audit, the official clients.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCopilot } from '../../src/agent/index.ts';
import { openAudit } from '../../src/audit/index.ts';
import { readConfig } from '../../src/config.ts';
import type { Answer } from '../../src/evidence/index.ts';
import { createMcpHttp } from '../../src/mcp/index.ts';
import { createServer, type Listening, listen } from '../../src/server/index.ts';
import { openStore } from '../../src/store/index.ts';
import { openRecordSource } from '../../src/tools/record/fhir/index.ts';

let server: Listening;
let close: () => Promise<void>;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'copilot-demo-'));
  const config = readConfig({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' });
  const [store, record] = [await openStore(config), await openRecordSource(config)];
  const house = { config, store, audit: openAudit(store), sources: { record } };
  const mcp = createMcpHttp(house);
  server = await listen(createServer({ ...house, copilot: await createCopilot(house), mcp: mcp.fetch }), config);
  close = async () => {
    await server.close();
    await mcp.close();
    await record.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  };
});
afterAll(() => close?.());

/** demo/data/kidney.json.gz: the newest creatinine before the hospital's as-of time is 2.71 mg/dL, drawn 2026-03-17 05:25 (demo/hospital.test.ts). */
const QUESTION = 'What was the last creatinine?';

describe('the demo hospital over HTTP', () => {
  test('the official client gets a cited answer, and every link opens as JSON and as a page that names the patient', async () => {
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 });
    const completion = await client.chat.completions.create({
      model: 'open-clinical-copilot',
      messages: [{ role: 'user', content: QUESTION }],
      metadata: { patient: 'DEMO-0001' },
    });
    const message = completion.choices[0]!.message as OpenAI.ChatCompletionMessage & { copilot: Answer };
    expect(message.content).toContain('2.71 mg/dL');
    expect(message.copilot.values[0]).toMatchObject({ value: 2.71, unit: 'mg/dL' });
    const links = [...message.content!.matchAll(/\]\((http[^)]+)\)/g)].map((match) => match[1]!);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) {
      expect((await fetch(link)).headers.get('content-type')).toBe('application/json');
      const page = await (await fetch(link, { headers: { Accept: 'text/html' } })).text();
      expect(page).toContain('Nephra Testpatient');
    }
  });

  test("a follow-up stays with the conversation's patient, and another patient there is refused", async () => {
    const ask = async (body: object) => {
      const headers = { 'Content-Type': 'application/json' };
      return (await (await fetch(`${server.url}/api/ask`, { method: 'POST', headers, body: JSON.stringify(body) })).json()) as Answer;
    };
    const first = await ask({ question: QUESTION, patient: 'DEMO-0001' });
    const next = await ask({ question: 'And the potassium?', conversation: first.conversation });
    expect(next.patient?.identifier).toBe('DEMO-0001');
    expect(next.sentences.map((sentence) => sentence.text).join(' ')).toMatch(/potassium/i);
    const other = await ask({ question: QUESTION, patient: 'DEMO-0002', conversation: first.conversation });
    expect(other).toMatchObject({ outcome: 'refused', evidence: {} });
  });

  test('an unknown patient is an answer that says so, and a name that two share is asked back', async () => {
    const ask = async (patient: string) => {
      const body = JSON.stringify({ question: QUESTION, patient });
      const response = await fetch(`${server.url}/api/ask`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
      return (await response.json()) as Answer;
    };
    const unknown = await ask('DEMO-9999');
    expect(unknown).toMatchObject({ patient: null, evidence: {}, values: [] });
    expect(unknown.sentences.map((sentence) => sentence.text).join(' ')).toContain('No patient');
    const { patients } = (await (await fetch(`${server.url}/api/patients?q=exampleman`)).json()) as { patients: { birthDate: string }[] };
    expect(new Set(patients.map((each) => each.birthDate)).size).toBe(2);
  });

  test('an MCP client at the address of a patient is locked to that patient', async () => {
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp/patients/DEMO-0001`)));
    const names = (await client.listTools()).tools.map((tool) => tool.name);
    expect(names).toContain('fetch_labs');
    expect(names).not.toContain('select_patient');
    const result = await client.callTool({ name: 'fetch_labs', arguments: { tests: ['creatinine'] } });
    const { evidence } = result.structuredContent as { evidence: { id: string; patient: string | null }[] };
    expect(new Set(evidence.flatMap((each) => each.patient ?? []))).toEqual(new Set(['kidney']));
    // What a client was shown over MCP opens over HTTP too.
    expect((await fetch(`${server.url}/api/evidence/${evidence[0]!.id}`)).status).toBe(200);
    await client.close();
  });

  test('it is ready, and names the record', async () => {
    expect(await (await fetch(`${server.url}/readyz`)).json()).toMatchObject({ ready: true, checks: { record: { ok: true } } });
  });
});
