// The files of FHIR_BUNDLES: which there are, and their bytes, inflated in the thread pool.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { gunzip as gunzipCallback } from 'node:zlib';
import { NotFhir } from './scan.ts';

const gunzip = promisify(gunzipCallback);

export type BundleFile = { path: string; name: string; size: number; mtimeMs: number; lines: boolean };

const FHIR_FILE = /\.(json|ndjson)(\.gz)?$/i;
/** The demo hospital's own facts (its date), beside its bundles. */
export const HOSPITAL_FILE = 'hospital.json';

/** All FHIR files at a path (a file or a folder, walked), in a stable order. `name` is relative to the folder, with slashes. */
export async function listFiles(path: string): Promise<BundleFile[]> {
  const top = await stat(path);
  if (top.isFile()) return [describe(path, basename(path), top)];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files: BundleFile[] = [];
  for (const entry of entries) {
    if (!FHIR_FILE.test(entry.name) || entry.name === HOSPITAL_FILE || entry.name.startsWith('.')) continue;
    const full = join(entry.parentPath, entry.name);
    const found = await stat(full).catch(() => null);
    if (found?.isFile()) files.push(describe(full, relative(path, full).replaceAll('\\', '/'), found));
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

const describe = (path: string, name: string, { size, mtimeMs }: { size: number; mtimeMs: number }): BundleFile => ({
  path,
  name,
  size,
  mtimeMs,
  lines: /\.ndjson(\.gz)?$/i.test(name),
});

/** A file's bytes, inflated when they are gzip (by content, not by name). Throws NotFhir when they cannot be had whole. */
export async function readBytes(path: string): Promise<Buffer> {
  let raw: Buffer;
  try {
    raw = await readFile(path);
  } catch (error) {
    throw new NotFhir(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`);
  }
  if (raw[0] !== 0x1f || raw[1] !== 0x8b) return raw;
  try {
    // The last four bytes tell the inflated size (RFC 1952 2.3.1): one chunk of that size spares joining many.
    const told = raw.length >= 18 ? raw.readUInt32LE(raw.length - 4) : 0;
    return await gunzip(raw, { chunkSize: Math.min(Math.max(told + 1, 65_536), 1 << 28, raw.length * 1100 + 65_536) });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new NotFhir(code === 'Z_BUF_ERROR' ? 'a truncated gzip file' : `a broken gzip file (${code ?? 'error'})`);
  }
}
