// The command itself, as `npm run demo` starts it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { files } from './hospital.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-main-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...argv: string[]) => spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...argv], { encoding: 'utf8' });

it('writes the hospital, and leaves what is already right as it is', () => {
  expect(run('--out', folder)).toMatchObject({ status: 0, stdout: expect.stringContaining('written') });
  const before = readdirSync(folder).map((name) => [
    name,
    readFileSync(join(folder, name)).toString('hex'),
    statSync(join(folder, name)).mtimeMs,
  ]);
  expect(before.map(([name]) => name).sort()).toEqual([...files().keys()].sort());
  expect(run('--out', folder)).toMatchObject({ status: 0, stdout: expect.not.stringContaining('written') });
  expect(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('hex'), statSync(join(folder, name)).mtimeMs]),
  ).toEqual(before);
});

it('refuses an unknown option', () => {
  expect(run('--seed', '4')).toMatchObject({ status: 2, stderr: expect.stringContaining('--seed') });
  expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--out DIR') });
});
