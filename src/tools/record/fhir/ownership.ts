// The lock's last line: nothing of the patient compartment passes unless it names the locked patient.
import type { Identifier, Patient, Resource } from 'fhir/r4.js';
import type { PatientLock } from '../../../evidence/index.ts';
import { ToolError } from '../../tool.ts';
import { subjectsOf } from './compartment.ts';

/** The identifiers of the locked patients, read only when a resource names its patient by identifier alone. */
export type IdentifiersOf = (patientId: string) => Promise<Identifier[]>;

/**
 * @param asked true for a match of a search for this patient's resources: then a patient must be named.
 * Throws ToolError `not_allowed`, naming the resource and nobody.
 */
export async function assertOwn(
  resource: Resource,
  lock: PatientLock,
  bases: readonly string[],
  asked: boolean,
  identifiersOf: IdentifiersOf,
): Promise<void> {
  const subjects = subjectsOf(resource, bases);
  if (subjects === null) return;
  const own = new Set(lock.ids);
  if (subjects.ids.some((id) => own.has(id))) return;
  if (subjects.identifiers.length > 0) {
    const known = (await Promise.all(lock.ids.map(identifiersOf))).flat();
    if (subjects.identifiers.some((wanted) => known.some((k) => isSame(wanted, k)))) return;
  }
  const named = subjects.ids.length + subjects.others + subjects.identifiers.length > 0;
  if (!named && subjects.mayLackPatient && !asked) return;
  throw new ToolError(
    'not_allowed',
    named
      ? `The source returned ${describe(resource)} of another patient; nothing of this answer was used.`
      : `The source returned ${describe(resource)} without saying whose it is; nothing of this answer was used.`,
  );
}

const isSame = (a: Identifier, b: Identifier) => a.value !== undefined && a.value === b.value && a.system === b.system;

export const identifiersIn = (patient: Resource | null): Identifier[] => (patient as Patient | null)?.identifier ?? [];

function describe(resource: Resource): string {
  const type = /^[A-Za-z]{1,64}$/.test(resource.resourceType) ? resource.resourceType : 'a resource';
  return /^[A-Za-z0-9\-.]{1,64}$/.test(String(resource.id)) ? `${type}/${resource.id}` : type;
}
