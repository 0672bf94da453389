// The examples are run as they stand, against a server that `start` started.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

test('ask-one-patient prints sentences with addresses at which their evidence opens', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-example-'));
  const env = { PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir, PORT: '0' };
  const server = spawn(process.execPath, [join(root, 'src/cli/main.ts'), 'start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const line = await new Promise<string>((done) => server.stdout.once('data', (chunk) => done(String(chunk))));
    const base = /http:\/\/[\d.:]+/.exec(line)![0];
    const { stdout, status } = spawnSync(process.execPath, [join(root, 'examples/ask-one-patient.ts'), base], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^(answered|partial): .*Testpatient/);
    const address = /http:\S+\/api\/evidence\/\w+/.exec(stdout)![0];
    expect(await (await fetch(address, { headers: { Accept: 'application/json' } })).json()).toHaveProperty(
      'id',
      address.split('/').at(-1),
    );
  } finally {
    server.kill();
    await new Promise((done) => server.once('close', done));
    rmSync(dataDir, { recursive: true, force: true });
  }
});
