// MCP over Streamable HTTP through the real server on a real port, with the official clients: the SDK's first generation
// (revisions up to 2025-11-25) and its second (2025-11-25 by default, 2026-07-28 where it negotiates).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as NewClient, StreamableHTTPClientTransport as NewTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { openAudit } from '../../src/audit/index.ts';
import { readConfig } from '../../src/config.ts';
import { makeCompleteness, makeEvidence } from '../../src/evidence/index.ts';
import { createMcpHttp, type McpHttp } from '../../src/mcp/index.ts';
import { createServer, listen } from '../../src/server/index.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { lockOf } from '../../src/tools/record/read.ts';
import { defineTool, type Tool, ToolError } from '../../src/tools/tool.ts';
import { arraySource } from '../fixtures/array-source.ts';

const patient = (id: string, number: string, family: string) => ({
  resourceType: 'Patient' as const,
  id,
  identifier: [{ system: 'urn:mrn', value: number }],
  name: [{ family, given: ['Test'] }],
  birthDate: '1960-01-01',
});

const answer = defineTool({
  name: 'read_weight',
  title: 'Weight',
  description: 'The weight of the patient, for the tests of this file.',
  needsPatient: true,
  input: z.strictObject({ days: z.number().optional() }),
  run: async (_input, context) => {
    const { id } = lockOf(context);
    const evidence = makeEvidence({
      kind: 'observation',
      patient: id,
      concept: { name: 'Weight', codings: [] },
      value: { type: 'quantity', value: id === 'a' ? 70 : 80, unit: 'kg' },
      source: { type: 'fhir', server: 'test', reference: `Observation/w-${id}`, version: '1' },
    });
    const completeness = makeCompleteness({
      what: 'vitals: weight',
      source: 'test',
      window: [null, context.asOf],
      status: 'complete',
      read: 1,
      found: 1,
      later: 0,
      reason: null,
    });
    return { evidence: [evidence], completeness: [completeness], flags: [] };
  },
});
const failing = defineTool({
  name: 'always_fails',
  title: 'Fails',
  description: 'Throws, for the tests of this file: with a ToolError or with a raw error that holds a secret.',
  needsPatient: false,
  input: z.strictObject({ raw: z.boolean() }),
  run: async ({ raw }) => {
    if (raw) throw new Error('secret of the database');
    throw new ToolError('unavailable', 'The archive could not be reached.');
  },
});
let stopped: Promise<unknown>;
const slow = defineTool({
  name: 'slow_tool',
  title: 'Slow',
  description: 'Tells its progress, then waits until it is stopped, for the tests of this file.',
  needsPatient: false,
  input: z.strictObject({ wait: z.boolean() }),
  run: async ({ wait }, { progress, signal }) => {
    progress(1, 2, 'half');
    if (wait) {
      stopped = new Promise((resolve) => signal.addEventListener('abort', resolve));
      entered();
      await stopped;
      signal.throwIfAborted();
    }
    return {
      evidence: [],
      completeness: [
        makeCompleteness({
          what: 'slow',
          source: 'test',
          window: [null, null],
          status: 'complete',
          read: 0,
          found: 0,
          later: 0,
          reason: null,
        }),
      ],
      flags: [],
    };
  },
});
let entered = () => {};

const dataDir = mkdtempSync(join(tmpdir(), 'copilot-mcp-'));
let store: Store;
let mcp: McpHttp;
let listening: { url: string; close(): Promise<void> };
let audits: Awaited<ReturnType<Store['audit']>>[number][] = [];
let auditFails = false;

beforeAll(async () => {
  const config = readConfig({ DATA_DIR: dataDir, PORT: '0', AS_OF: '2026-01-01T12:00:00Z', LOG_LEVEL: 'silent' });
  store = await openStore(config);
  const sources = { record: arraySource([patient('a', '111', 'Ash'), patient('b', '222', 'Birch')]) };
  const audit = openAudit({
    appendAudit: async (record) => {
      if (auditFails) throw new Error('disk full');
      audits.push({ id: '', ...record });
      return store.appendAudit(record);
    },
  });
  mcp = createMcpHttp({ config, sources, store, audit, tools: [answer, failing, slow] as Tool[] });
  const copilot = { model: { provider: 'reader', name: 'reader', prompt: '' }, ask: () => (async function* () {})() };
  listening = await listen(createServer({ config, sources, store, audit, copilot, mcp: mcp.fetch }), config);
});
afterAll(async () => {
  await mcp?.close();
  await listening?.close();
  await store?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

type AnyClient = Pick<NewClient, 'callTool' | 'listTools' | 'close'>;
const CLIENTS = {
  'first generation (≤ 2025-11-25)': async (path: string) => {
    const client = new OldClient({ name: 'test', version: '1' });
    await client.connect(new OldTransport(new URL(listening.url + path)) as Parameters<OldClient['connect']>[0]);
    return client as unknown as AnyClient;
  },
  'second generation (2025-11-25)': async (path: string) => {
    const client = new NewClient({ name: 'test', version: '1' });
    await client.connect(new NewTransport(new URL(listening.url + path)));
    return client as AnyClient;
  },
  'second generation (2026-07-28)': async (path: string) => {
    const client = new NewClient({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new NewTransport(new URL(listening.url + path)));
    return client as AnyClient;
  },
};
type CallOptions = { onprogress?: (progress: unknown) => void; signal?: AbortSignal };
/** The first generation takes a result schema before the options. */
const withOptions = (
  client: AnyClient,
  params: { name: string; arguments: Record<string, unknown> },
  options: CallOptions,
): Promise<unknown> =>
  (client as unknown) instanceof OldClient
    ? (client as unknown as OldClient).callTool(params, undefined, options)
    : client.callTool(params, options as Parameters<NewClient['callTool']>[1]);
type Structured = {
  evidence: { id: string; value: { value: number } }[];
  completeness: unknown[];
  flags: unknown[];
  patient: { id: string; name: string } | null;
  error?: { code: string; message: string };
  patient_handle?: string;
};
const call = async (client: AnyClient, name: string, args: Record<string, unknown>) => {
  const result = await client.callTool({ name, arguments: args });
  return {
    isError: result.isError === true,
    text: (result.content as { text: string }[])[0]?.text ?? '',
    structured: result.structuredContent as Structured,
  };
};

describe.each(Object.entries(CLIENTS))('%s', (era, connect) => {
  const stateless = era.includes('2026');

  test('an address that fixes the patient offers no choice of another, and every result names the patient', async () => {
    const client = await connect('/mcp/patients/111');
    const { tools } = await client.listTools();
    expect(tools.map((t) => t.name)).toEqual(['read_weight', 'always_fails', 'slow_tool']);
    expect(tools.every((t) => t.annotations?.readOnlyHint === true && t.title && t.outputSchema)).toBe(true);
    const { structured, text } = await call(client, 'read_weight', {});
    expect(structured.patient).toMatchObject({ id: 'a' });
    expect(structured.evidence[0]?.value.value).toBe(70);
    expect(text).toMatch(/^Patient: .*Ash.*111/);
    expect(text).toContain(structured.evidence[0]!.id);
    await client.close();
  });

  test('without a fixed patient one is selected first; two clients with two patients do not mix', async () => {
    const [first, second] = [await connect('/mcp'), await connect('/mcp')];
    expect((await first.listTools()).tools.map((t) => t.name).slice(0, 2)).toEqual(['find_patients', 'select_patient']);
    expect(await call(first, 'read_weight', {})).toMatchObject({
      isError: true,
      structured: { evidence: [], completeness: [], flags: [], error: { code: 'bad_input' } },
    });
    const handles = await Promise.all([
      call(first, 'select_patient', { patient: '111' }),
      call(second, 'select_patient', { patient: 'urn:mrn|222' }),
    ]);
    expect(handles.map((h) => h.structured.patient?.id)).toEqual(['a', 'b']);
    expect(handles.every((h) => (typeof h.structured.patient_handle === 'string') === stateless)).toBe(true);
    const args = handles.map((h) => (stateless ? { patient_handle: h.structured.patient_handle } : {}));
    const values = await Promise.all([call(first, 'read_weight', args[0]!), call(second, 'read_weight', args[1]!)]);
    expect(values.map((v) => [v.structured.patient?.id, v.structured.evidence[0]?.value.value])).toEqual([
      ['a', 70],
      ['b', 80],
    ]);
    await first.close();
    await second.close();
  });

  test('errors can be read: a ToolError with its code, a wrong field by name, and a raw error without its text', async () => {
    const client = await connect('/mcp/patients/a');
    expect(await call(client, 'always_fails', { raw: false })).toMatchObject({
      isError: true,
      structured: { evidence: [], error: { code: 'unavailable', message: 'The archive could not be reached.' } },
    });
    const wrong = await call(client, 'read_weight', { dayz: 3 });
    expect(wrong).toMatchObject({ isError: true, structured: { error: { code: 'bad_input' } } });
    expect(wrong.text).toContain('dayz');
    const raw = await call(client, 'always_fails', { raw: true });
    expect(raw.structured.error?.code).toBe('internal');
    expect(JSON.stringify(raw)).not.toContain('secret');
    await client.close();
  });

  test('an unknown patient at the address is an error, not an empty result', async () => {
    const client = await connect('/mcp/patients/999');
    expect(await call(client, 'read_weight', {})).toMatchObject({ isError: true, structured: { error: { code: 'not_found' } } });
    await client.close();
  });

  test('a call is audited before its result leaves, and nothing leaves when it cannot be', async () => {
    const client = await connect('/mcp/patients/a');
    audits = [];
    const { structured } = await call(client, 'read_weight', {});
    expect(audits.at(-1)).toMatchObject({
      way: 'mcp',
      patient: 'a',
      event: 'mcp',
      detail: { tool: 'read_weight', evidence: structured.evidence.map((e) => e.id) },
    });
    auditFails = true;
    const unaudited = await call(client, 'read_weight', {}).finally(() => {
      auditFails = false;
    });
    expect(unaudited.structured.error?.code).toBe('internal');
    expect(JSON.stringify(unaudited)).not.toContain('70');
    await client.close();
  });

  test('progress is told, and a cancelled call stops the tool', async () => {
    const client = await connect('/mcp/patients/a');
    const told: unknown[] = [];
    await withOptions(client, { name: 'slow_tool', arguments: { wait: false } }, { onprogress: (p) => told.push(p) });
    expect(told).toEqual([expect.objectContaining({ progress: 1, total: 2, message: 'half' })]);
    const controller = new AbortController();
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const cancelled = withOptions(client, { name: 'slow_tool', arguments: { wait: true } }, { signal: controller.signal }).catch(
      (error: unknown) => error,
    );
    await inside;
    controller.abort();
    expect(await cancelled).toBeInstanceOf(Error);
    await stopped;
    await client.close();
  });
});

test('in a session a second, different patient is refused, and allowed once the person confirms', async () => {
  const plain = await CLIENTS['first generation (≤ 2025-11-25)']('/mcp');
  await call(plain, 'select_patient', { patient: 'a' });
  expect(await call(plain, 'select_patient', { patient: 'a' })).toMatchObject({ isError: false });
  expect(await call(plain, 'select_patient', { patient: 'b' })).toMatchObject({
    isError: true,
    structured: { error: { code: 'not_allowed' } },
  });
  expect((await call(plain, 'read_weight', {})).structured.patient?.id).toBe('a');
  await plain.close();

  for (const confirm of [false, true]) {
    const asked: string[] = [];
    const asking = new OldClient({ name: 'test', version: '1' }, { capabilities: { elicitation: {} } });
    asking.setRequestHandler(ElicitRequestSchema, async (request) => {
      asked.push(request.params.message);
      return { action: 'accept' as const, content: { confirm } };
    });
    await asking.connect(new OldTransport(new URL(`${listening.url}/mcp`)) as Parameters<OldClient['connect']>[0]);
    const client = asking as unknown as AnyClient;
    await call(client, 'select_patient', { patient: 'a' });
    const changed = await call(client, 'select_patient', { patient: 'b' });
    expect(asked).toHaveLength(1);
    expect(changed.isError).toBe(!confirm);
    expect((await call(client, 'read_weight', {})).structured.patient?.id).toBe(confirm ? 'b' : 'a');
    await client.close();
  }
});

test('a handle is bound and cannot be guessed or altered', async () => {
  const client = await CLIENTS['second generation (2026-07-28)']('/mcp');
  const { structured } = await call(client, 'select_patient', { patient: 'a' });
  const handle = structured.patient_handle!;
  expect(handle).not.toContain(Buffer.from('"a"').toString('base64url'));
  for (const wrong of ['a', `${handle.slice(0, -2)}AA`, ''])
    expect((await call(client, 'read_weight', { patient_handle: wrong })).isError).toBe(true);
  await client.close();
});

test('evidence opens by its id, and only for who was shown it', async () => {
  const client = await CLIENTS['second generation (2025-11-25)']('/mcp/patients/a');
  const { structured } = await call(client, 'read_weight', {});
  const read = await (client as NewClient).readResource({ uri: `evidence://${structured.evidence[0]!.id}` });
  expect(JSON.parse((read.contents[0] as { text: string }).text)).toMatchObject({ patient: 'a', value: { value: 70 } });
  await expect((client as NewClient).readResource({ uri: 'evidence://e0000000000000000' })).rejects.toThrow();
  const schema = await (client as NewClient).readResource({ uri: 'schema://evidence' });
  expect(JSON.parse((schema.contents[0] as { text: string }).text).properties).toHaveProperty('completeness');
  await client.close();
  const other = await CLIENTS['second generation (2025-11-25)']('/mcp/patients/b');
  await call(other, 'read_weight', {});
  await expect((other as NewClient).readResource({ uri: `evidence://${structured.evidence[0]!.id}` })).rejects.toThrow();
  await other.close();
});

test.each(Object.keys(CLIENTS) as (keyof typeof CLIENTS)[])(
  '%s: at a fixed address evidence opens for its patient alone, and is audited first',
  async (era) => {
    const client = (await CLIENTS[era]('/mcp/patients/a')) as NewClient;
    const uri = `evidence://${(await call(client, 'read_weight', {})).structured.evidence[0]!.id}`;
    audits = [];
    expect((await client.readResource({ uri })).contents).toHaveLength(1);
    expect(audits).toMatchObject([{ way: 'mcp', patient: 'a', event: 'evidence' }]);
    await client.close();
    const other = (await CLIENTS[era]('/mcp/patients/b')) as NewClient;
    await expect(other.readResource({ uri })).rejects.toThrow();
    await other.close();
  },
);

test('a session that chose one patient does not open evidence of another', async () => {
  const first = (await CLIENTS['second generation (2025-11-25)']('/mcp')) as NewClient;
  await call(first, 'select_patient', { patient: 'a' });
  const uri = `evidence://${(await call(first, 'read_weight', {})).structured.evidence[0]!.id}`;
  expect((await first.readResource({ uri })).contents).toHaveLength(1);
  await first.close();
  const second = (await CLIENTS['second generation (2025-11-25)']('/mcp')) as NewClient;
  await expect(second.readResource({ uri })).rejects.toThrow();
  await call(second, 'select_patient', { patient: 'b' });
  await expect(second.readResource({ uri })).rejects.toThrow();
  await second.close();
});

test('a result about a patient is private to caches; a foreign Host or Origin, a session of another address, and invalid JSON are refused', async () => {
  const initialize = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
  };
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
  const opened = await fetch(`${listening.url}/mcp/patients/a`, { method: 'POST', headers, body: JSON.stringify(initialize) });
  expect(opened.headers.get('cache-control')).toMatch(/no-store|private/);
  const id = opened.headers.get('mcp-session-id')!;
  await opened.body?.cancel();
  const list = {
    method: 'POST',
    headers: { ...headers, 'Mcp-Session-Id': id },
    body: JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' }),
  };
  expect((await fetch(`${listening.url}/mcp/patients/b`, list)).status).toBe(404);
  expect((await fetch(`${listening.url}/mcp/patients/a`, { method: 'POST', headers, body: '{' })).status).toBe(400);
  const foreign = await fetch(`${listening.url}/mcp`, {
    method: 'POST',
    headers: { ...headers, Origin: 'https://evil.example' },
    body: JSON.stringify(initialize),
  });
  expect(foreign.status).toBe(403);
});
