// Who the patient is at the as-of time, as far as it decides what may be said: age, sex, pregnancy, death, linked records.
// Read once per question and shared: safety flags, generic ranges and scores all ask this.
import type { Patient } from 'fhir/r4.js';
import { ageYears, type Evidence, endOf, makeEvidence, offsetOf, precisionOf, startOf } from '../../evidence/index.ts';
import { type ToolContext, ToolError } from '../tool.ts';
import { fhirSource, lockOf } from './read.ts';

export type PatientStatus = {
  /** Whole years at the as-of time; null when the birth date is missing or too coarse to tell. */
  ageYears: number | null;
  /** Surely 18 or older at the as-of time. False when younger, and when it cannot be told. */
  adult: boolean;
  /** Surely under 18 at the as-of time. */
  paediatric: boolean;
  sex: 'male' | 'female' | 'other' | 'unknown' | null;
  /** True or false only as recorded and still valid at the as-of time; null: not recorded, which is not "not pregnant". */
  pregnant: boolean | null;
  /** As `pregnant`. */
  lactating: boolean | null;
  /** Recorded as deceased at or before the as-of time. */
  deceased: boolean;
  /** The Patient resources of the lock that could be read, the lock's own first; empty when none could. */
  patients: Patient[];
  /** Why a Patient could not be read, else null. */
  unreadable: string | null;
  /** What the above rests on; `age` is a calculation over `birthDate`. */
  evidence: { birthDate: Evidence | null; age: Evidence | null; sex: Evidence | null; deceased: Evidence | null; pregnancy: Evidence[] };
};

const shared = new WeakMap<ToolContext, Promise<PatientStatus>>();

/** Never throws for an unreachable server (`unreadable` says so); throws ToolError `not_allowed`, and the signal's abort reason. */
export function patientStatus(context: ToolContext): Promise<PatientStatus> {
  let found = shared.get(context);
  if (found === undefined) {
    found = readStatus(context);
    shared.set(context, found);
  }
  return found;
}

async function readStatus(context: ToolContext): Promise<PatientStatus> {
  const { patients, unreadable } = await readPatients(context);
  return { ...statusOf(context, patients), pregnant: null, lactating: null, patients, unreadable };
}

async function readPatients(context: ToolContext): Promise<{ patients: Patient[]; unreadable: string | null }> {
  const lock = lockOf(context);
  const ids = [lock.id, ...lock.ids.filter((id) => id !== lock.id)];
  const read = await Promise.all(
    ids.map(async (id) => {
      try {
        return await context.sources.record.read(`Patient/${id}`, { signal: context.signal, patient: lock });
      } catch (error) {
        if (context.signal.aborted || !(error instanceof ToolError) || error.code === 'not_allowed') throw error;
        return error.message;
      }
    }),
  );
  const patients = read.filter((r): r is Patient => r !== null && typeof r !== 'string' && r.resourceType === 'Patient');
  const problem = read.find((r) => typeof r === 'string');
  const missing = patients.length < ids.length ? 'the Patient resource was not found' : null;
  return { patients, unreadable: typeof problem === 'string' ? problem : missing };
}

type Demographics = Pick<PatientStatus, 'ageYears' | 'adult' | 'paediatric' | 'sex' | 'deceased' | 'evidence'>;

/** The first of the linked Patients that records a thing tells it. */
function statusOf(context: ToolContext, patients: readonly Patient[]): Demographics {
  const server = context.sources.record.server;
  const born = patients.find((p) => p.birthDate !== undefined && precisionOf(p.birthDate) !== null);
  const birthDate = born === undefined ? null : statement(server, born, 'birthDate', 'date of birth', born.birthDate!);
  const bounds = ageBounds(born?.birthDate ?? null, context.asOf);
  const years = ageYears(born?.birthDate ?? null, context.asOf);
  const sexed = patients.find((p) => p.gender !== undefined);
  const dead = patients.find((p) => isDeceased(p, context.asOf));
  return {
    ageYears: years !== null && years >= 0 ? years : null,
    adult: bounds !== null && bounds.youngest >= 18,
    paediatric: bounds !== null && bounds.oldest < 18 && bounds.oldest >= 0,
    sex: sexed?.gender ?? null,
    deceased: dead !== undefined,
    evidence: {
      birthDate,
      age: birthDate === null || bounds === null || bounds.oldest < 0 ? null : ageEvidence(birthDate, bounds, context.asOf),
      sex: sexed === undefined ? null : statement(server, sexed, 'gender', 'administrative gender', sexed.gender!),
      deceased: dead === undefined ? null : deathEvidence(server, dead),
      pregnancy: [],
    },
  };
}

/** The youngest and oldest that a birth date of any precision allows, in whole years. */
function ageBounds(birthDate: string | null, asOf: string): { youngest: number; oldest: number } | null {
  const precision = birthDate === null ? null : precisionOf(birthDate);
  if (birthDate === null || precision === null) return null;
  const date = birthDate.slice(0, 10);
  const first = precision === 'year' ? `${date}-01-01` : precision === 'month' ? `${date}-01` : date;
  const last = new Date(endOf(birthDate) - 1).toISOString().slice(0, 10);
  const oldest = ageYears(first, asOf);
  const youngest = ageYears(precision === 'year' || precision === 'month' ? last : first, asOf);
  return oldest === null || youngest === null ? null : { youngest, oldest };
}

/** Known dead at the as-of time. A date alone counts from its first hour: the time within the day is not recorded. */
function isDeceased(patient: Patient, asOf: string): boolean {
  if (patient.deceasedDateTime !== undefined) return startOf(patient.deceasedDateTime, offsetOf(asOf) ?? 'Z') <= startOf(asOf);
  return patient.deceasedBoolean === true;
}

function statement(server: string, patient: Patient, path: string, name: string, value: string): Evidence {
  const isDate = path === 'birthDate';
  return makeEvidence({
    kind: 'statement',
    patient: patient.id ?? null,
    concept: { name, codings: [] },
    value: isDate ? { type: 'time', time: value } : { type: 'text', text: value },
    ...(isDate ? { time: { start: value, end: null, kind: 'birth' as const } } : {}),
    source: fhirSource(server, patient, `Patient.${path}`),
  });
}

function deathEvidence(server: string, patient: Patient): Evidence {
  const time = patient.deceasedDateTime;
  return makeEvidence({
    kind: 'statement',
    patient: patient.id ?? null,
    concept: { name: 'deceased', codings: [] },
    value: time === undefined ? { type: 'boolean', value: true } : { type: 'time', time },
    ...(time === undefined ? { qualifiers: { time: 'not recorded' } } : { time: { start: time, end: null, kind: 'effective' as const } }),
    source: fhirSource(server, patient, time === undefined ? 'Patient.deceasedBoolean' : 'Patient.deceasedDateTime'),
  });
}

function ageEvidence(birthDate: Evidence, bounds: { youngest: number; oldest: number }, asOf: string): Evidence {
  return makeEvidence({
    kind: 'calculation',
    patient: birthDate.patient,
    concept: { name: 'age', codings: [] },
    value:
      bounds.youngest === bounds.oldest
        ? { type: 'quantity', value: bounds.oldest, unit: 'years', ucum: 'a' }
        : { type: 'range', low: bounds.youngest, high: bounds.oldest, unit: 'years' },
    time: { start: asOf, end: null, kind: 'computed' },
    source: { type: 'calculation', method: 'age in whole years at the as-of time', inputs: [birthDate.id] },
  });
}
