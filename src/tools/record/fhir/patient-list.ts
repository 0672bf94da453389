// Who can be asked about: patients by name, identifier or birth date, bounded.
import type { Patient } from 'fhir/r4.js';
import { type PatientLock, precisionOf } from '../../../evidence/index.ts';
import { ToolError } from '../../tool.ts';
import type { ReadStatus, RecordSource, SearchParameters } from '../source.ts';
import { isPatient, isReplaced, listOf, lockFrom, resolveLinks } from './patient-lock.ts';

const MOST_LISTED = 200;
/** An embedded source is read whole, so that fragments are found too. */
const MOST_EMBEDDED = 5000;

export type FoundPatient = { patient: Patient; lock: PatientLock };
export type PatientSearch = ReadStatus & { patients: FoundPatient[]; read: number };

/**
 * Every word of the query must fit a name, an identifier or the birth date; an empty query lists all.
 * Never throws for an unreachable server (`status` says so). A replaced record is listed as the one that replaced it.
 */
export async function searchPatients(
  source: RecordSource,
  query: string,
  birthDate: string | null,
  signal: AbortSignal,
): Promise<PatientSearch> {
  const words = query
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 10);
  const isEmbedded = source.server === 'demo' || source.server === 'bundles';
  const found = isEmbedded ? await everyone(source, signal) : await asked(source, words, birthDate, signal);
  const fitting = found.patients.filter((p) => (!isEmbedded || words.every((word) => fits(p, word))) && fitsBirth(p, birthDate));
  fitting.sort((a, b) => (lockFrom(a).name ?? '').localeCompare(lockFrom(b).name ?? '') || (a.id! < b.id! ? -1 : 1));
  const patients = await surviving(source, fitting.slice(0, MOST_LISTED), signal);
  if (fitting.length <= MOST_LISTED) return { ...found, patients };
  const reason = [`first ${MOST_LISTED} of ${fitting.length}`, found.reason].filter((r) => r !== null).join('; ');
  return { status: found.status === 'complete' ? 'partial' : found.status, reason, patients, read: found.read };
}

/** The first 200. `ids` holds what one listing can tell; resolvePatient makes the whole lock. Throws ToolError `unavailable`. */
export async function listPatients(source: RecordSource, query: string, signal: AbortSignal): Promise<PatientLock[]> {
  const found = await searchPatients(source, query, null, signal);
  if (found.status === 'unavailable' || found.status === 'absent_from_source')
    throw new ToolError('unavailable', `Patients could not be searched: ${found.reason ?? 'the source failed'}.`);
  return found.patients.map(({ lock }) => lock);
}

type Hits = ReadStatus & { patients: Patient[]; read: number };

async function everyone(source: RecordSource, signal: AbortSignal): Promise<Hits> {
  const { status, reason, resources } = await source.search('Patient', [], { signal, patient: null, limit: MOST_EMBEDDED });
  return { status, reason, patients: resources.filter(isPatient), read: resources.length };
}

/** A hospital's server finds by name (each word), and by identifier and birth date where the query looks like one. */
async function asked(source: RecordSource, words: readonly string[], birthDate: string | null, signal: AbortSignal): Promise<Hits> {
  const dates = words.filter((word) => precisionOf(word) !== null && word.length >= 8);
  const rest = words.filter((word) => !dates.includes(word));
  const born: [string, string][] = [...dates, ...(birthDate === null ? [] : [birthDate])].map((date) => ['birthdate', date]);
  const searches: SearchParameters[] = [[...rest.map((word) => ['name', token(word)] as const), ...born]];
  if (rest.length === 1) searches.push([['identifier', token(rest[0]!)], ...born]);
  const results = await Promise.all(
    searches.map(async (parameters): Promise<Hits | null> => {
      try {
        const { status, reason, resources } = await source.search('Patient', parameters, { signal, patient: null, limit: MOST_LISTED });
        return { status, reason, patients: resources.filter(isPatient), read: resources.length };
      } catch (error) {
        if (error instanceof ToolError && error.code === 'unsupported' && searches.length > 1) return null;
        throw error;
      }
    }),
  );
  const answered = results.filter((result) => result !== null);
  if (answered.length === 0)
    throw new ToolError('unsupported', 'The source finds patients neither by name nor by identifier; give the Patient.id.');
  const isHalf = answered.length < results.length;
  const patients = [...new Map(answered.flatMap((result) => result.patients).map((patient) => [patient.id, patient])).values()];
  const reasons = [...answered.map((result) => result.reason), isHalf ? 'the source supports only one of name and identifier' : null];
  const failed = answered.find((result) => result.status === 'unavailable' || result.status === 'absent_from_source');
  const isWhole = !isHalf && answered.every((result) => result.status === 'complete');
  return {
    status: isWhole ? 'complete' : failed !== undefined && patients.length === 0 ? failed.status : 'partial',
    reason: [...new Set(reasons.filter((reason) => reason !== null))].join('; ') || null,
    patients,
    read: answered.reduce((sum, result) => sum + result.read, 0),
  };
}

const token = (text: string) => text.replace(/[\\,$|]/g, (c) => `\\${c}`);
const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

function fits(patient: Patient, word: string): boolean {
  const names = listOf(patient.name).flatMap((name) => [name?.text, name?.family, ...listOf(name?.given)]);
  const texts = [...names, ...listOf(patient.identifier).map((i) => i?.value), patient.id, patient.birthDate];
  return texts.some((text) => typeof text === 'string' && plain(text).includes(plain(word)));
}

const fitsBirth = (patient: Patient, birthDate: string | null): boolean =>
  birthDate === null || String(patient.birthDate ?? '').startsWith(birthDate);

/** A record that was replaced is listed as its survivor, once. */
async function surviving(source: RecordSource, patients: readonly Patient[], signal: AbortSignal): Promise<FoundPatient[]> {
  const found = new Map<string, FoundPatient>();
  for (const patient of patients) {
    const one = isReplaced(patient) ? await survivorOf(source, patient, signal) : { patient, lock: lockFrom(patient) };
    const listed = found.get(one.lock.id)?.lock.ids.length ?? 0;
    if (one.lock.ids.length > listed) found.set(one.lock.id, one);
  }
  return [...found.values()];
}

/** The record itself where its survivor cannot be told: choosing it resolves again, and says why. */
async function survivorOf(source: RecordSource, patient: Patient, signal: AbortSignal): Promise<FoundPatient> {
  try {
    const lock = await resolveLinks(source, patient, signal);
    const survivor = await source.read(`Patient/${lock.id}`, { signal, patient: null });
    if (survivor !== null && isPatient(survivor)) return { patient: survivor, lock };
  } catch {
    signal.throwIfAborted();
  }
  return { patient, lock: lockFrom(patient) };
}
