// A stranger's first command on a fresh clone: the tracked files in a new folder, no node_modules, whatever Node the system has.
// It installs from the npm registry (or npm's cache), as the stranger's would.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const clone = mkdtempSync(join(tmpdir(), 'copilot-clone-'));

// Without the path and variables that npm gave this process: the stranger has none of them.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|NODE_|FHIR_|AS_OF)/i.test(name))) as Record<
  string,
  string
>;
env['PATH'] = (env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);
env['npm_config_prefer_offline'] = 'true';

const npm = (...args: string[]) =>
  spawnSync('npm', args, { cwd: clone, env, encoding: 'utf8', shell: process.platform === 'win32', timeout: 240_000 });

beforeAll(() => {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter(Boolean);
  for (const file of files) {
    if (!existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    cpSync(join(root, file), join(clone, file));
  }
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

test('the first command of all installs what it needs, and prints JSON and nothing else on standard output', { timeout: 300_000 }, () => {
  expect(existsSync(join(clone, 'node_modules'))).toBe(false);
  const first = npm('run', '--silent', 'ask', '--', 'What was the last creatinine?', '--patient', 'DEMO-0001', '--json');
  expect(first.status, first.stderr.slice(-2000)).toBe(0);
  const answer = JSON.parse(first.stdout) as { outcome: string; sentences: { citations: string[] }[] };
  expect(answer.outcome).toBe('answered');
  expect(answer.sentences.flatMap((s) => s.citations).length).toBeGreaterThan(0);

  const initialize = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } } })}\n`;
  // As an MCP client's configuration starts it: the package's own command.
  const mcp = spawnSync('npx', ['--no-install', 'copilot', 'mcp'], {
    cwd: clone,
    env,
    encoding: 'utf8',
    input: initialize,
    shell: process.platform === 'win32',
    timeout: 60_000,
  });
  expect(JSON.parse(mcp.stdout.split('\n')[0]!)).toMatchObject({ id: 1, result: { serverInfo: { name: 'open-clinical-copilot' } } });
});
