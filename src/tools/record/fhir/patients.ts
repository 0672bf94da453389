// Who is meant: Patient.id, or an identifier as `system|value` or as the bare value (contract.md).
import type { Patient } from 'fhir/r4.js';
import type { PatientLock } from '../../../evidence/index.ts';
import { ToolError } from '../../tool.ts';
import type { RecordSource } from '../source.ts';
import { candidateOf, FHIR_ID, isPatient, listOf, resolveLinks } from './patient-lock.ts';

/**
 * Throws ToolError `not_found`; `ambiguous` with candidates when two different persons are meant;
 * `unavailable` when the source cannot tell (never `not_found`); `bad_input` for an empty or overlong text.
 */
export async function resolvePatient(source: RecordSource, text: string, signal: AbortSignal): Promise<PatientLock> {
  const asked = text.trim().replace(/^Patient\//, '');
  if (asked === '' || asked.length > 300)
    throw new ToolError('bad_input', 'A patient is given by Patient.id or by an identifier of at most 300 characters.');
  const [byId, byIdentifier] = await Promise.all([patientById(source, asked, signal), patientsByIdentifier(source, asked, signal)]);
  const hits = [...new Map([...byId, ...byIdentifier.patients].map((patient) => [patient.id, patient])).values()];
  if (hits.length === 0) {
    if (byIdentifier.unsupported)
      throw new ToolError('unsupported', 'The source does not find patients by identifier; give the Patient.id.');
    throw new ToolError('not_found', 'No patient of this source has that id or identifier.');
  }
  const locks = new Map<string, PatientLock>();
  for (const hit of hits) {
    // Hits of one merged record are one person.
    if ([...locks.values()].some((lock) => lock.ids.includes(hit.id!))) continue;
    const lock = await resolveLinks(source, hit, signal);
    locks.set(lock.id, lock);
  }
  if (locks.size > 1) {
    // The identifier itself is what is ambiguous, so the candidates are offered by id.
    const candidates = hits.flatMap((hit) => candidateOf(hit, 'id'));
    throw new ToolError('ambiguous', `That identifier fits ${locks.size} patients; name one of them by its id.`, { candidates });
  }
  return [...locks.values()][0]!;
}

async function patientById(source: RecordSource, id: string, signal: AbortSignal): Promise<Patient[]> {
  if (!FHIR_ID.test(id)) return [];
  try {
    const found = await source.read(`Patient/${id}`, { signal, patient: null });
    return found !== null && isPatient(found) ? [found] : [];
  } catch (error) {
    // A server may take only ids of its own form, and calls any other a bad request.
    if (error instanceof ToolError && error.code === 'unsupported') return [];
    throw error;
  }
}

async function patientsByIdentifier(
  source: RecordSource,
  text: string,
  signal: AbortSignal,
): Promise<{ patients: Patient[]; unsupported: boolean }> {
  const bar = text.indexOf('|');
  const [system, value] = bar === -1 ? [null, text] : [text.slice(0, bar), text.slice(bar + 1)];
  if (value === '') throw new ToolError('bad_input', 'An identifier is written system|value; the value is missing.');
  const token = (part: string) => part.replace(/[\\,$|]/g, (c) => `\\${c}`);
  const parameter = system === null ? token(value) : `${token(system)}|${token(value)}`;
  try {
    const found = await source.search('Patient', [['identifier', parameter]], { signal, patient: null, limit: 100 });
    if (found.status === 'unavailable' || found.status === 'absent_from_source')
      throw new ToolError('unavailable', `Patients could not be searched: ${found.reason ?? 'the source failed'}.`);
    const patients = found.resources.filter(isPatient).filter((patient) => hasIdentifier(patient, system, value));
    if (patients.length === 0 && found.status === 'partial')
      throw new ToolError('unavailable', `Patients could not be searched whole: ${found.reason ?? 'the source failed'}.`);
    return { patients, unsupported: false };
  } catch (error) {
    if (error instanceof ToolError && error.code === 'unsupported') return { patients: [], unsupported: true };
    throw error;
  }
}

/** Checked here as well: a server that answers an identifier loosely must not choose the patient. */
const hasIdentifier = (patient: Patient, system: string | null, value: string): boolean =>
  listOf(patient.identifier).some(
    (i) =>
      typeof i?.value === 'string' && i.value.toLowerCase() === value.toLowerCase() && (system === null || (i.system ?? '') === system),
  );
