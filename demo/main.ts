// `npm run demo`: makes the demo hospital's files again.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { files, gzip } from './hospital.ts';

const HELP = `Usage: npm run demo [-- --out DIR]

Writes the demo hospital (FHIR R4 bundles of invented patients) to demo/data, or to DIR.
The same content always gives the same bytes; a file that already holds it is left as it is.`;

/** Compressed bytes may differ between builds of zlib: a file whose content is right is not written again. */
function write(path: string, content: string): boolean {
  const zipped = path.endsWith('.gz');
  if (existsSync(path)) {
    const bytes = readFileSync(path);
    try {
      if ((zipped ? gunzipSync(bytes) : bytes).toString('utf8') === content) return false;
    } catch {
      // Not gzip: written anew below.
    }
  }
  writeFileSync(path, zipped ? gzip(content) : content);
  return true;
}

function main(): number {
  let options: { out?: string; help?: boolean };
  try {
    options = parseArgs({ options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const folder = options.out ?? join(import.meta.dirname, 'data');
  mkdirSync(folder, { recursive: true });
  const made = files();
  for (const name of readdirSync(folder))
    if (/\.json(\.gz)?$/.test(name) && !made.has(name) && options.out === undefined) rmSync(join(folder, name));
  for (const [name, content] of made) console.log(`${write(join(folder, name), content) ? 'written' : 'as it was'}  ${name}`);
  return 0;
}

process.exitCode = main();
