// A Patient resource as a lock, and the set of records that Patient.link joins to it (R4 patient.html#linking).
// All four link types say "the same person": replaced-by and replaces join a merged record, refer and seealso join records that are
// both in use. All are read as this patient's data; which of them are linked is for the merged flag to say.
import type { HumanName, Identifier, Patient, Resource } from 'fhir/r4.js';
import type { PatientLock } from '../../../evidence/index.ts';
import { ToolError } from '../../tool.ts';
import type { RecordSource } from '../source.ts';
import { parseReference } from './compartment.ts';

/** An id stands in search parameters later: anything else could widen the search. */
export const FHIR_ID = /^[A-Za-z0-9\-.]{1,64}$/;
/** Far above any real merge; a longer chain is a fault of the record. */
const MOST_LINKED = 30;

/** A lock over this resource alone. */
export function lockFrom(patient: Patient, ids: readonly string[] = [idOf(patient)]): PatientLock {
  return {
    id: idOf(patient),
    ids: [...ids],
    identifier: chosenIdentifier(listOf(patient.identifier))?.value ?? null,
    name: nameOf(listOf(patient.name)),
    birthDate: typeof patient.birthDate === 'string' ? patient.birthDate : null,
    sex: typeof patient.gender === 'string' ? patient.gender : null,
  };
}

/**
 * The lock over all records of one person; its `id` is the surviving record's.
 * Throws ToolError `unavailable` when a linked record cannot be read, `ambiguous` when a record was replaced by two others.
 */
export async function resolveLinks(source: RecordSource, start: Patient, signal: AbortSignal): Promise<PatientLock> {
  const known = new Map<string, Patient | null>([[idOf(start), start]]);
  /** By id: the records that stand in its place. */
  const successors = new Map<string, Set<string>>();
  const succeed = (old: string, by: string) => successors.set(old, (successors.get(old) ?? new Set()).add(by));
  let frontier: Patient[] = [start];
  while (frontier.length > 0) {
    const pointing = (await Promise.all(frontier.map((patient) => pointingAt(source, idOf(patient), signal)))).flat();
    for (const patient of pointing) if (!known.has(idOf(patient))) known.set(idOf(patient), patient);
    const fresh = pointing.filter((patient) => known.get(idOf(patient)) === patient);
    const named = new Set<string>();
    for (const patient of [...frontier, ...fresh]) {
      for (const { id, type } of linksOf(patient)) {
        if (type === 'replaced-by') succeed(idOf(patient), id);
        if (type === 'replaces') succeed(id, idOf(patient));
        if (!known.has(id)) named.add(id);
      }
    }
    if (known.size + named.size > MOST_LINKED)
      throw new ToolError(
        'unsupported',
        `More than ${MOST_LINKED} patient records are linked to this one; it cannot be read as one record.`,
      );
    const read = await Promise.all(
      [...named].map(async (id) => [id, (await source.read(`Patient/${id}`, { signal, patient: null })) as Patient | null] as const),
    );
    // A merged record may be gone while results still name it: its id stays in the set.
    for (const [id, patient] of read) known.set(id, patient);
    frontier = [...fresh, ...read.flatMap(([, patient]) => (patient === null ? [] : [patient]))];
  }
  const survivor = surviving(idOf(start), successors, known);
  return lockFrom(known.get(survivor) ?? start, [survivor, ...[...known.keys()].filter((id) => id !== survivor).sort()]);
}

/** Patients whose own link names this one; none where the server does not support the search. */
async function pointingAt(source: RecordSource, id: string, signal: AbortSignal): Promise<Patient[]> {
  if ((await source.supports('Patient', 'link')) === false) return [];
  try {
    const found = await source.search('Patient', [['link', `Patient/${id}`]], { signal, patient: null, limit: MOST_LINKED + 1 });
    if (found.status === 'unavailable')
      throw new ToolError('unavailable', `Linked patient records could not be searched: the source ${found.reason ?? 'failed'}.`);
    return found.resources.filter(isPatient).filter((patient) => linksOf(patient).some((link) => link.id === id));
  } catch (error) {
    if (error instanceof ToolError && error.code === 'unsupported') return [];
    throw error;
  }
}

function surviving(
  start: string,
  successors: ReadonlyMap<string, ReadonlySet<string>>,
  known: ReadonlyMap<string, Patient | null>,
): string {
  const ends = new Set<string>();
  const visited = new Set<string>();
  const follow = (id: string) => {
    if (visited.has(id)) return;
    visited.add(id);
    const next = [...(successors.get(id) ?? [])].filter((by) => known.get(by) !== null);
    if (next.length === 0) ends.add(id);
    for (const by of next) follow(by);
  };
  follow(start);
  // A circle of replacements has no end: the record that is in use, else the one asked for.
  if (ends.size === 0) return [...visited].find((id) => known.get(id)?.active !== false) ?? start;
  if (ends.size > 1) {
    const candidates = [...ends].flatMap((id) => candidateOf(known.get(id) ?? null));
    throw new ToolError('ambiguous', 'This patient record was replaced by more than one other; name the one that is meant.', {
      candidates,
    });
  }
  return [...ends][0]!;
}

function linksOf(patient: Patient): { id: string; type: string }[] {
  return listOf(patient.link).flatMap((link) => {
    const parsed = parseReference(link?.other?.reference ?? '');
    // A link may also name a RelatedPerson, which is no record of the patient's.
    return parsed !== null && parsed.type === 'Patient' ? [{ id: parsed.id, type: link.type }] : [];
  });
}

export const isPatient = (resource: Resource): resource is Patient =>
  resource.resourceType === 'Patient' && FHIR_ID.test(resource.id ?? '');
export const isReplaced = (patient: Patient): boolean => listOf(patient.link).some((link) => link?.type === 'replaced-by');

/** What an ambiguous answer offers: the identifier (else the id) as value; name and birth date as label. */
export function candidateOf(patient: Patient | null, by: 'identifier' | 'id' = 'identifier'): { value: string; label: string }[] {
  if (patient === null) return [];
  const lock = lockFrom(patient);
  const label = [lock.name ?? 'name not recorded', lock.birthDate === null ? 'birth date not recorded' : `born ${lock.birthDate}`].join(
    ', ',
  );
  return [{ value: by === 'id' ? lock.id : (lock.identifier ?? lock.id), label }];
}

/** What the standard makes a list, whatever the source sent. */
export const listOf = <T>(value: T[] | undefined): T[] =>
  Array.isArray(value) ? value.filter((item) => item !== null && item !== undefined) : [];
const idOf = (patient: Patient): string => patient.id ?? '';

/** The medical record number (v2-0203 MR) first, else the one in usual or official use, else the first. */
function chosenIdentifier(identifiers: readonly Identifier[]): Identifier | undefined {
  const inUse = identifiers.filter((i) => typeof i?.value === 'string' && i.value !== '');
  const current = inUse.filter((i) => i.use !== 'old');
  const ofType = (code: string) => current.find((i) => listOf(i.type?.coding).some((c) => c?.code === code));
  return ofType('MR') ?? current.find((i) => i.use === 'usual') ?? current.find((i) => i.use === 'official') ?? current[0] ?? inUse[0];
}

/** `Given Family`, official before usual before any other that is not old. */
function nameOf(names: readonly HumanName[]): string | null {
  const current = names.filter((name) => name?.use !== 'old');
  const name = current.find((n) => n.use === 'official') ?? current.find((n) => n.use === 'usual') ?? current[0] ?? names[0];
  if (name === undefined || name === null) return null;
  const parts = [...listOf(name.given), name.family].filter((part) => typeof part === 'string' && part !== '');
  const text = parts.length > 0 ? parts.join(' ') : typeof name.text === 'string' ? name.text : '';
  // A name is one line whatever the source holds.
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line === '' ? null : line.slice(0, 200);
}
