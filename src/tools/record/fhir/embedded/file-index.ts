// What each file holds, told from its bytes without parsing them: which patients, which types, what is broken.
// Kept under DATA_DIR so that the next start need not read every file; it is a cache, and only ever written whole.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BundleFile, readBytes } from './bundle-files.ts';
import { firstBase, Resources } from './references.ts';
import { NotFhir, type Scan, scan } from './scan.ts';

/** Rises with each change of what is kept. */
const VERSION = 3;

type PatientEntry = { id: string; fullUrl: string | null; json: string };
export type FileFacts = {
  name: string;
  size: number;
  mtimeMs: number;
  format: Scan['format'] | null;
  bundleType: string | null;
  counts: Record<string, number>;
  patients: PatientEntry[];
  /** Ids of all patients that the file holds or refers to. */
  mentions: string[];
  /** Refers to patients by an identifier, so that it may concern anybody. */
  anybody: boolean;
  /** Servers by which a file without addresses of its own (no fullUrl) calls patients: an export with absolute references. */
  bases: string[];
  /** Parts that were left out. */
  bad: Scan['bad'];
  /** Why the whole file was left out, or null. */
  broken: string | null;
};

const MENTION = Buffer.from('Patient/');
const CONDITIONAL = Buffer.from('Patient?');

// Letters, digits, hyphen, full stop; and the underscore, which R4 does not allow and files have.
const isIdByte = (c: number | undefined) =>
  c !== undefined && ((c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 45 || c === 46 || c === 95);

/** Every id that follows `Patient/` in the bytes: more than is referred to perhaps, never less. */
export function mentionsIn(bytes: Buffer): Set<string> {
  const found = new Set<string>();
  let last: Buffer | null = null;
  for (let at = bytes.indexOf(MENTION); at >= 0; at = bytes.indexOf(MENTION, at)) {
    at += MENTION.length;
    // Mostly the same patient as before.
    if (
      last !== null &&
      !isIdByte(bytes[at + last.length]) &&
      bytes.compare(last, 0, last.length, at, Math.min(at + last.length, bytes.length)) === 0
    )
      continue;
    let end = at;
    while (isIdByte(bytes[end])) end += 1;
    if (end === at) continue;
    last = bytes.subarray(at, end);
    found.add(last.toString('latin1'));
  }
  return found;
}

const REFERENCE_BEFORE = /"reference"\s*:\s*"(https?:\/\/[^"\\?#]{1,500})$/;

/** Bases of absolute references to patients; more than a few are not told apart further. */
function basesIn(bytes: Buffer): Set<string> {
  const found = new Set<string>();
  let last: Buffer | null = null;
  const slashed = Buffer.from('/Patient/');
  for (let at = bytes.indexOf(slashed); at >= 0 && found.size < 3; at = bytes.indexOf(slashed, at + 1)) {
    if (last !== null && at >= last.length && bytes.compare(last, 0, last.length, at - last.length, at) === 0) continue;
    const base = REFERENCE_BEFORE.exec(bytes.toString('latin1', Math.max(0, at - 540), at))?.[1];
    if (base === undefined) continue;
    last = Buffer.from(`"${base}`);
    found.add(base);
  }
  return found;
}

/** A solidus may be escaped in JSON; such a file is written anew so that references are found in its bytes. */
export function plain(bytes: Buffer, lines: boolean): Buffer {
  if (!bytes.includes('\\/')) return bytes;
  const rewrite = (text: string) => {
    try {
      return JSON.stringify(JSON.parse(text));
    } catch {
      return text;
    }
  };
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  return Buffer.from(lines ? text.split('\n').map(rewrite).join('\n') : rewrite(text));
}

export type Held = { bytes: Buffer; found: Scan };

/** `held`: the bytes that were read for it; null when they are of no use. */
export async function readFacts(file: BundleFile): Promise<{ facts: FileFacts; held: Held | null }> {
  const facts: FileFacts = {
    name: file.name,
    size: file.size,
    mtimeMs: file.mtimeMs,
    format: null,
    bundleType: null,
    counts: {},
    patients: [],
    mentions: [],
    anybody: false,
    bases: [],
    bad: [],
    broken: null,
  };
  let bytes: Buffer | null = null;
  let held: Held | null = null;
  try {
    bytes = plain(await readBytes(file.path), file.lines);
    const found = scan(bytes, file.lines);
    held = { bytes, found };
    Object.assign(facts, { format: found.format, bundleType: found.bundleType, bad: found.bad });
    for (const { type } of found.slices) facts.counts[type] = (facts.counts[type] ?? 0) + 1;
    facts.patients = patientsIn(bytes, found);
    if (firstBase(bytes, found.slices) === null) facts.bases = [...basesIn(bytes)];
  } catch (error) {
    if (!(error instanceof NotFhir)) throw error;
    facts.broken = error.message;
    held = null;
  }
  const mentions = bytes === null ? new Set<string>() : mentionsIn(bytes);
  for (const { id } of facts.patients) mentions.add(id);
  facts.mentions = [...mentions];
  facts.anybody = bytes?.includes(CONDITIONAL) ?? false;
  return { facts, held };
}

function patientsIn(bytes: Buffer, found: Scan): PatientEntry[] {
  if (!found.slices.some(({ type }) => type === 'Patient')) return [];
  const resources = new Resources(bytes, found, () => null);
  return found.slices.flatMap((slice, i) => {
    if (slice.type !== 'Patient') return [];
    const at = resources.located(i);
    const json = at.bytes.toString('utf8', at.start, at.end);
    try {
      JSON.parse(json);
    } catch {
      // The file is parsed whole before it is used, and named then; a line of its own is told now.
      if (found.format !== 'ndjson') throw new NotFhir('not JSON');
      return [];
    }
    return [{ id: resources.id(i), fullUrl: resources.fullUrl(i), json }];
  });
}

const indexPath = (dataDir: string, path: string) =>
  join(dataDir, `fhir-index-${createHash('sha256').update(path).digest('hex').slice(0, 16)}.json`);

/** What is known of unchanged files, by name; nothing when there is no index or it cannot be used. */
export async function loadIndex(dataDir: string, path: string): Promise<Map<string, FileFacts>> {
  try {
    const index = JSON.parse(await readFile(indexPath(dataDir, path), 'utf8'));
    if (index.version !== VERSION || index.path !== path) return new Map();
    return new Map((index.files as FileFacts[]).map((facts) => [facts.name, facts]));
  } catch {
    return new Map();
  }
}

/** Written beside and renamed: two processes that write leave the one or the other, never half. A folder that cannot be written costs speed alone. */
export async function saveIndex(dataDir: string, path: string, files: FileFacts[]): Promise<void> {
  const target = indexPath(dataDir, path);
  const beside = `${target}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dataDir, { recursive: true });
    await writeFile(beside, JSON.stringify({ version: VERSION, path, files }), { mode: 0o600 });
    await rename(beside, target);
  } catch {
    await rm(beside, { force: true }).catch(() => {});
  }
}
