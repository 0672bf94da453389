// Reads the Observations that may hold what was asked: by LOINC and by name, as narrow as the source allows.
import type { Observation, Resource } from 'fhir/r4.js';
import { type Analyte, codesOf, namesOf, type ResolvedTest } from '../../knowledge/index.ts';
import { type ToolContext, ToolError } from '../../tool.ts';
import { type Read, readRecord } from '../read.ts';
import { LOINC } from './item.ts';

const CODES_A_SEARCH = 60;
const NAMES_A_SEARCH = 40;

const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));

/** Names to look for as text: short ones that begin a longer one serve for it; what is shorter than three letters is left to codes. */
function searchNames(analytes: readonly Analyte[]): string[] {
  const all = [...new Set(analytes.flatMap(namesOf))].filter((name) => name.length >= 3).sort((a, b) => a.length - b.length);
  const kept: string[] = [];
  for (const name of all) if (!kept.some((k) => name.startsWith(k))) kept.push(name);
  return kept;
}

const escaped = (text: string) => text.replace(/[\\,$|]/g, (c) => `\\${c}`);

/** One read of all that the tests ask for, each Observation once. A source that cannot search by code or text is read by category. */
export async function readObservations(
  context: ToolContext,
  tests: readonly ResolvedTest[],
  kind: 'lab' | 'vital',
): Promise<Read<Observation>> {
  const analytes = [...new Set(tests.flatMap((t) => (t.loinc === null ? t.analytes : [])))];
  const codes = [...new Set([...tests.flatMap((t) => (t.loinc === null ? [] : [t.loinc])), ...analytes.flatMap(codesOf)])];
  const names = [...searchNames(analytes), ...tests.filter((t) => t.analytes.length === 0 && t.loinc === null).map((t) => t.asked)];
  const searches = [
    ...chunks(codes, CODES_A_SEARCH).map((list) => [['code', list.map((code) => `${LOINC}|${code}`).join(',')]] as const),
    ...chunks(names, NAMES_A_SEARCH).map((list) => [['code:text', list.map(escaped).join(',')]] as const),
  ];
  try {
    return combine(await Promise.all(searches.map((parameters) => readRecord<Observation>(context, { type: 'Observation', parameters }))));
  } catch (error) {
    if (!(error instanceof ToolError) || error.code !== 'unsupported') throw error;
    return readWhole(context, kind);
  }
}

async function readWhole(context: ToolContext, kind: 'lab' | 'vital'): Promise<Read<Observation>> {
  // ICU charts keep FiO2, PEEP and the coma scale in categories of their own, so bedside values are read without one.
  if (kind === 'vital') return readRecord<Observation>(context, { type: 'Observation' });
  try {
    return await readRecord<Observation>(context, { type: 'Observation', parameters: [['category', 'laboratory']] });
  } catch (error) {
    if (!(error instanceof ToolError) || error.code !== 'unsupported') throw error;
    return readRecord<Observation>(context, { type: 'Observation' });
  }
}

const RANK = { complete: 0, partial: 1, absent_from_source: 2, unavailable: 3 } as const;

/** Several reads as one; the whole is as complete as its least complete part (something read and something not: partial). */
export function combine<R extends Resource>(reads: readonly Read<R>[]): Read<R> {
  const once = <T extends Resource>(lists: readonly (readonly T[])[]) => [
    ...new Map(lists.flat().map((r) => [`${r.resourceType}/${r.id}`, r])).values(),
  ];
  const worst = reads.reduce((a, b) => (RANK[b.search.status] > RANK[a.search.status] ? b : a));
  const anyRead = reads.some((r) => r.search.status === 'complete' || r.search.status === 'partial');
  const status = anyRead && worst.search.status === 'unavailable' ? 'partial' : worst.search.status;
  const reasons = [...new Set(reads.map((r) => r.search.reason).filter((r) => r !== null))];
  return {
    resources: once(reads.map((r) => r.resources)),
    pending: once(reads.map((r) => r.pending)),
    included: once(reads.map((r) => r.included)),
    enteredInError: once(reads.map((r) => r.enteredInError)),
    unreadable: once(reads.map((r) => r.unreadable)),
    later: reads.reduce((n, r) => n + r.later, 0),
    search: {
      ...worst.search,
      status,
      reason: reasons.length === 0 ? null : reasons.join('; '),
      resources: once(reads.map((r) => r.search.resources)),
      total: null,
    },
  };
}
