// MCP on standard input and output, by the command that an assistant's configuration names, on the demo hospital.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client as NewClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as NewTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, expect, test } from 'vitest';
import { TOOLS } from '../../src/tools/index.ts';

const root = resolve(import.meta.dirname, '../..');
const dataDir = mkdtempSync(join(tmpdir(), 'copilot-stdio-'));
const env = { PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir };
const server = (...args: string[]) => ({
  command: process.execPath,
  args: [join(root, 'src/cli/main.ts'), 'mcp', ...args],
  env,
  cwd: root,
  stderr: 'ignore' as const,
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test('a client of 2025-11-25 finds the demo patients, selects one and reads a lab value with its evidence', async () => {
  const client = new OldClient({ name: 'test', version: '1' });
  await client.connect(new OldTransport(server()));
  const { tools } = await client.listTools();
  expect(tools.map((t) => t.name)).toEqual(['find_patients', 'select_patient', ...TOOLS.map((t) => t.name)]);
  const found = (await client.callTool({ name: 'find_patients', arguments: { query: '' } })).structuredContent as {
    evidence: { source: { reference: string } }[];
  };
  const ids = found.evidence.map((e) => e.source.reference.replace('Patient/', ''));
  expect(ids.length).toBeGreaterThanOrEqual(2);
  await client.callTool({ name: 'select_patient', arguments: { patient: ids[0] } });
  const labs = (await client.callTool({ name: 'fetch_labs', arguments: { tests: ['creatinine'] } })).structuredContent as {
    patient: { id: string };
    evidence: { source: { type: string } }[];
    completeness: unknown[];
  };
  expect(labs.patient.id).toBe(ids[0]);
  expect(labs.completeness.length).toBeGreaterThan(0);
  await client.close();
});

test('tools/list is stable over two connections and stays under 24,000 bytes in either revision', async () => {
  const lists: string[] = [];
  for (const negotiation of [undefined, undefined, { mode: 'auto' as const }]) {
    const client = new NewClient({ name: 'test', version: '1' }, negotiation ? { versionNegotiation: negotiation } : {});
    await client.connect(new NewTransport(server()));
    lists.push(JSON.stringify((await client.listTools()).tools));
    await client.close();
  }
  expect(lists[1]).toBe(lists[0]);
  for (const list of lists) expect(Buffer.byteLength(list)).toBeLessThan(24_000);
});

test('the patient that the command fixes cannot be changed', async () => {
  const chooser = new NewClient({ name: 'test', version: '1' });
  await chooser.connect(new NewTransport(server()));
  const found = (await chooser.callTool({ name: 'find_patients', arguments: { query: '' } })).structuredContent as {
    evidence: { source: { reference: string } }[];
  };
  await chooser.close();
  const id = found.evidence[0]!.source.reference.replace('Patient/', '');
  const client = new NewClient({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new NewTransport(server('--patient', id)));
  expect((await client.listTools()).tools.map((t) => t.name)).toEqual(TOOLS.map((t) => t.name));
  const summary = (await client.callTool({ name: 'get_patient_summary', arguments: {} })).structuredContent as { patient: { id: string } };
  expect(summary.patient.id).toBe(id);
  await client.close();
});

test('standard output carries the protocol from its first byte, and ends with the input', async () => {
  const { command, args } = server();
  const child = spawn(command, args, { env, cwd: root });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  const initialize = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
  };
  child.stdin.write(`${JSON.stringify(initialize)}\n`);
  while (!out.includes('\n')) await new Promise((resolve) => child.stdout.once('data', resolve));
  child.stdin.end();
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(JSON.parse(out.split('\n')[0]!)).toMatchObject({ id: 1, result: { serverInfo: { name: 'open-clinical-copilot' } } });
  expect(code).toBe(0);
});
