// What a FHIR file holds and whether the embedded server could serve it, told from its bytes alone.
import type { Patient } from 'fhir/r4.js';
import { plain } from './file-index.ts';
import { Resources } from './references.ts';
import { NotFhir, type Scan, scan } from './scan.ts';
import { makeRow, type Row, textOf } from './tables.ts';

export type Problem = { code: string; message: string; where?: string };
export type FhirFacts = {
  format: Scan['format'];
  bundleType: string | null;
  resources: number;
  counts: Record<string, number>;
  patientCount: number;
  /** The first 100. */
  patients: { id: string; identifier: string | null }[];
  /** Earliest and latest day of the resources' own dates (when measured, ordered, given, begun), or null without any. */
  dateRange: { from: string; to: string } | null;
  /** Distinct references that nothing in this file answers to; another file of the folder may. */
  danglingReferences: number;
};
export type Inspected = { isFhir: boolean; usable: boolean; problems: Problem[]; facts: FhirFacts | null };

const PATIENTS_SHOWN = 100;
const PROBLEMS_SHOWN = 20;

/** @param lines whether the file's name says ndjson. */
export function inspectFhir(raw: Buffer, lines: boolean): Inspected {
  const bytes = plain(raw, lines);
  const isFhir = bytes.includes('"resourceType"');
  const broken = (message: string): Inspected => ({
    isFhir,
    usable: false,
    problems: [{ code: isFhir ? 'broken' : 'not_fhir', message: `This file cannot be used: ${message}.` }],
    facts: null,
  });
  let found: Scan;
  try {
    found = scan(bytes, lines);
  } catch (error) {
    if (error instanceof NotFhir) return broken(error.message);
    throw error;
  }
  const resources = new Resources(bytes, found, () => null);
  const bad = [...found.bad];
  const rows: Row[] = [];
  for (let i = 0; i < resources.slices.length; i++) {
    try {
      rows.push(makeRow(resources.slices[i]!.type, resources.id(i), resources.located(i), i));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      if (found.format !== 'ndjson') return broken(`resource ${i} is not JSON`);
      bad.push({ where: `resource ${i}`, reason: 'not JSON' });
    }
  }
  return { isFhir: true, usable: rows.length > 0, ...describe(found, rows, bad) };
}

function describe(found: Scan, rows: Row[], bad: Scan['bad']): { problems: Problem[]; facts: FhirFacts } {
  const counts: Record<string, number> = {};
  for (const { type } of rows) counts[type] = (counts[type] ?? 0) + 1;
  const patients = [...new Map(rows.filter(({ type }) => type === 'Patient').map((row) => [row.id, row])).values()];
  const dangling = danglingIn(rows);
  const problems: Problem[] = bad
    .slice(0, PROBLEMS_SHOWN)
    .map(({ where, reason }) => ({ code: 'left_out', message: `Left out: ${reason}.`, where }));
  if (bad.length > PROBLEMS_SHOWN) problems.push({ code: 'left_out', message: `${bad.length - PROBLEMS_SHOWN} more parts are left out.` });
  if (rows.length === 0) problems.push({ code: 'empty', message: 'There is no resource in this file.' });
  else if (patients.length === 0)
    problems.push({ code: 'no_patient', message: 'No Patient is in this file; it can serve beside files that have one.' });
  if (dangling > 0 && found.format === 'bundle')
    problems.push({ code: 'dangling_references', message: `${dangling} references lead to nothing in this bundle.` });
  return {
    problems,
    facts: {
      format: found.format,
      bundleType: found.bundleType,
      resources: rows.length,
      counts,
      patientCount: patients.length,
      patients: patients.slice(0, PATIENTS_SHOWN).map((row) => ({ id: row.id, identifier: identifierOf(row) })),
      dateRange: datesIn(rows),
      danglingReferences: dangling,
    },
  };
}

function identifierOf(row: Row): string | null {
  const first = (JSON.parse(textOf(row)) as Patient).identifier?.find(({ value }) => value !== undefined);
  return first === undefined ? null : first.system === undefined ? first.value! : `${first.system}|${first.value}`;
}

function datesIn(rows: Row[]): FhirFacts['dateRange'] {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { dates } of rows) {
    for (const { startWall, endWall } of dates) {
      if (Number.isFinite(startWall)) [from, to] = [Math.min(from, startWall), Math.max(to, startWall)];
      if (Number.isFinite(endWall)) to = Math.max(to, endWall - 1);
    }
  }
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return from > to ? null : { from: day(from), to: day(to) };
}

const REFERENCE = /"reference"\s*:\s*"((?:[^"\\]|\\.)*)"/g;

function danglingIn(rows: Row[]): number {
  const keys = new Set(rows.map(({ type, id }) => `${type}/${id}`));
  const dangling = new Set<string>();
  for (const row of rows) {
    for (const [, reference = ''] of textOf(row).matchAll(REFERENCE)) {
      if (reference.startsWith('#') || keys.has(reference.replace(/\/_history\/[^/]*$/, ''))) continue;
      dangling.add(reference);
    }
  }
  return dangling.size;
}
