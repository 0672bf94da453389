// `npm start` as a process: what it refuses ends it, with the reason.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'copilot-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(env: Record<string, string>): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const main = join(import.meta.dirname, '../../src/cli/main.ts');
  const flags = ['--disable-warning=ExperimentalWarning', main, 'start'];
  const child = spawn(process.execPath, flags, { env: { ...process.env, DATA_DIR: folder, ...env } });
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => (out.stdout += data));
  child.stderr.on('data', (data) => (out.stderr += data));
  return new Promise((resolve) => child.on('exit', (code) => resolve({ code, ...out })));
}

test('a HOST beyond loopback ends the start with the reason, AUTH_ISSUER or not', async () => {
  const { code, stdout, stderr } = await start({ HOST: '0.0.0.0', PORT: '0', AUTH_ISSUER: 'https://login.example.org' });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('tokens are not checked yet');
});

test('a port that is taken ends the start, and says what to set', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await start({ PORT: String(port) });
  other.close();
  expect(code).toBe(2);
  expect(stderr).toContain(`Port ${port} is in use; set PORT to another`);
});
