// `npm run inspect -- PATH…`: what a file or folder is and whether the product could answer from it (contract.md, "inspect --json").
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CopilotError } from '../errors.ts';
import { type FhirFacts, inspectFhir, NotFhir, type Problem, readBytes } from '../tools/record/fhir/embedded/index.ts';
import { describeOptions, parseOptions } from './options.ts';

const OPTIONS = { json: { type: 'boolean', describe: 'one JSON object a line, for programs' } } as const;

type Kind = 'fhir' | 'dicom' | 'codestream' | 'vcf' | 'model' | 'table' | 'unknown';
type Inspection = { path: string; kind: Kind; usable: boolean; problems: Problem[]; facts: Partial<FhirFacts> };

/** Returns the exit code: 0 when all can be used, 1 when one cannot. Throws CopilotError `usage`. */
export async function inspect(argv: string[]): Promise<number> {
  const { values, positionals } = parseOptions('inspect', argv, OPTIONS);
  if (values.help) {
    process.stdout.write(
      `npm run inspect -- PATH… [options]\n\nA folder is walked; .gz files are looked into.\n\n${describeOptions(OPTIONS)}\n`,
    );
    return 0;
  }
  if (positionals.length === 0) throw new CopilotError('usage', 'inspect needs a file or a folder: npm run inspect -- PATH…');
  let usable = true;
  for (const given of positionals) {
    for await (const path of filesUnder(given)) {
      const found = await inspectFile(path);
      usable &&= found.usable;
      process.stdout.write(values.json ? `${JSON.stringify(found)}\n` : asText(found));
    }
  }
  return usable ? 0 : 1;
}

/** The files to look at, in order; a path that is not there is given back as it is, to be told of. */
async function* filesUnder(path: string): AsyncGenerator<string> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isDirectory()) {
    yield path;
    return;
  }
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.') && entry.name !== 'hospital.json');
  if (files.length === 0) yield path;
  for (const file of files.map((entry) => join(entry.parentPath, entry.name)).sort()) yield file;
}

const unusable = (path: string, kind: Kind, code: string, message: string): Inspection => ({
  path,
  kind,
  usable: false,
  problems: [{ code, message }],
  facts: {},
});

async function inspectFile(path: string): Promise<Inspection> {
  const found = await stat(path).catch(() => null);
  if (found === null) return unusable(path, 'unknown', 'not_found', 'There is no such file or folder.');
  if (found.isDirectory()) return unusable(path, 'unknown', 'empty', 'There is no file in this folder.');
  const named = /\.(json|ndjson)(\.gz)?$/i.exec(basename(path));
  let bytes: Buffer;
  try {
    bytes = await readBytes(path);
  } catch (error) {
    if (!(error instanceof NotFhir)) throw error;
    return unusable(path, named === null ? 'unknown' : 'fhir', 'unreadable', `This file cannot be used: ${error.message}.`);
  }
  const other = sniff(bytes, path);
  if (other !== null)
    return unusable(path, other.kind, 'not_yet_supported', `This is ${other.name}; inspect cannot look into it in this version.`);
  if (bytes.length === 0) return unusable(path, 'unknown', 'empty', 'This file is empty.');
  const first = bytes
    .subarray(0, 4096)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()[0];
  if (first !== '{' && first !== '[' && named === null)
    return unusable(path, 'unknown', 'unknown_kind', 'What this file is cannot be told from its content.');
  const { isFhir, usable, problems, facts } = inspectFhir(bytes, named?.[1]?.toLowerCase() === 'ndjson');
  return { path, kind: isFhir ? 'fhir' : 'unknown', usable, problems, facts: facts ?? {} };
}

/** By content: PS3.10 7.1 (DICM after 128 bytes), VCF 4.x 1.2 (its first line), JPEG and JPEG 2000 start markers. */
function sniff(bytes: Buffer, path: string): { kind: Kind; name: string } | null {
  // Old DICOM files begin with the first element, without a mark.
  const begins = bytes[1] === 0 && (bytes[0] === 2 || bytes[0] === 8) && /\.dcm(\.gz)?$/i.test(path);
  if (begins || bytes.subarray(128, 132).toString('latin1') === 'DICM') return { kind: 'dicom', name: 'a DICOM file' };
  if (bytes.subarray(0, 16).toString('latin1') === '##fileformat=VCF') return { kind: 'vcf', name: 'a VCF file' };
  const start = bytes.subarray(0, 4).toString('hex');
  if (start.startsWith('ffd8ff') || start === 'ff4fff51') return { kind: 'codestream', name: 'a compressed picture' };
  return null;
}

function asText({ path, kind, usable, problems, facts }: Inspection): string {
  const lines = [`${path}: ${kind === 'unknown' ? 'unknown kind' : kind}, ${usable ? 'usable' : 'cannot be used'}`];
  if (facts.counts !== undefined) {
    const { format, bundleType, resources, patientCount = 0, patients = [], dateRange, danglingReferences } = facts;
    lines.push(`  ${format}${bundleType ? ` of type ${bundleType}` : ''}, ${resources} resource${resources === 1 ? '' : 's'}`);
    const counts = Object.entries(facts.counts).sort(([, a], [, b]) => b - a);
    if (counts.length > 0) lines.push(`  ${counts.map(([type, count]) => `${type} ${count}`).join(', ')}`);
    const shown = patients.slice(0, 10).map(({ id, identifier }) => (identifier === null ? id : `${id} (${identifier})`));
    if (patientCount > 0) lines.push(`  patients: ${shown.join(', ')}${patientCount > shown.length ? `, … ${patientCount} in all` : ''}`);
    if (dateRange) lines.push(`  from ${dateRange.from} to ${dateRange.to}`);
    if (danglingReferences) lines.push(`  references that lead to nothing in this file: ${danglingReferences}`);
  }
  for (const { message, where } of problems) lines.push(`  ! ${where === undefined ? '' : `${where}: `}${message}`);
  return `${lines.join('\n')}\n`;
}
