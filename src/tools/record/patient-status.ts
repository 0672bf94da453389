// Who the patient is at the as-of time, as far as it decides what may be said: age, sex, pregnancy, death, linked records.
// Read once per question and shared: safety flags, generic ranges and scores all ask this.
import type { Observation, Patient } from 'fhir/r4.js';
import {
  ageYears,
  type Completeness,
  type Evidence,
  endOf,
  makeCompleteness,
  makeEvidence,
  offsetOf,
  precisionOf,
  startOf,
} from '../../evidence/index.ts';
import { type ToolContext, ToolError } from '../tool.ts';
import { readConditions } from './chart/conditions.ts';
import { conceptOf } from './names.ts';
import { type DatedFact, factOfCondition, factOfObservation, judgePregnancy, PREGNANCY_CODES, type PregnancyFact } from './pregnancy.ts';
import { completenessOf, fhirSource, lockOf, readRecord } from './read.ts';

export type PatientStatus = {
  /** Whole years at the as-of time, or at death before it; null when the birth date is missing or too coarse to tell. */
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
  /** A birth is recorded within the last six weeks. */
  puerperium: boolean;
  /** How far pregnancy and lactation were looked for; empty when they were not (surely under 8 or over 65). */
  pregnancyCompleteness: Completeness[];
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
  const [{ patients, unreadable }, pregnancy] = await Promise.all([
    readPatients(context),
    mayBePregnant(lockOf(context).birthDate, context.asOf) ? readPregnancy(context) : NOT_LOOKED_FOR,
  ]);
  const known = statusOf(context, patients);
  const { by, completeness, ...said } = pregnancy;
  return { ...known, ...said, patients, unreadable, pregnancyCompleteness: completeness, evidence: { ...known.evidence, pregnancy: by } };
}

type PregnancyRead = {
  pregnant: boolean | null;
  lactating: boolean | null;
  puerperium: boolean;
  by: Evidence[];
  completeness: Completeness[];
};
const NOT_LOOKED_FOR: PregnancyRead = { pregnant: null, lactating: null, puerperium: false, by: [], completeness: [] };

/** Surely under 8 or over 65 nobody is searched; sex as recorded does not decide (administrative gender is not anatomy). */
function mayBePregnant(birthDate: string | null, asOf: string): boolean {
  const bounds = ageBounds(birthDate, asOf);
  return bounds === null || (bounds.oldest >= 8 && bounds.youngest <= 65);
}

async function readPregnancy(context: ToolContext): Promise<PregnancyRead> {
  const lock = lockOf(context);
  try {
    const [statuses, conditions] = await Promise.all([
      readRecord<Observation>(context, { type: 'Observation', parameters: [['code', PREGNANCY_CODES.join(',')]] }),
      readConditions(context),
    ]);
    const offset = offsetOf(context.asOf) ?? 'Z';
    const ms = (time: string | null | undefined) => (time == null || Number.isNaN(startOf(time, offset)) ? null : startOf(time, offset));
    const facts: DatedFact<Evidence>[] = statuses.resources.flatMap((o) => {
      const fact = factOfObservation(o);
      if (fact === null) return [];
      const due = ms(o.valueDateTime);
      const at = ms(o.effectiveDateTime ?? o.effectivePeriod?.start ?? o.issued);
      return [{ fact, at, evidence: pregnancyEvidence(o, statuses.search.server, lock.id), ...(due === null ? {} : { dueAt: due }) }];
    });
    for (const item of conditions.items) {
      const fact = factOfCondition(item.condition);
      if (fact !== null) facts.push(...factsOfDiagnosis(fact, item.evidence, ms));
    }
    const judged = judgePregnancy(facts, startOf(context.asOf));
    const inForce = (kind: Evidence['kind']) => ({ found: judged.by.filter((e) => e.kind === kind).length });
    return {
      ...judged,
      completeness: [
        completenessOf(context, statuses, 'pregnancy and lactation at the as-of time: status', inForce('observation')),
        completenessOf(context, conditions.read, 'pregnancy and lactation at the as-of time: diagnoses', inForce('condition')),
      ],
    };
  } catch (error) {
    if (context.signal.aborted || !(error instanceof ToolError) || error.code === 'not_allowed') throw error;
    const reason = error.message.replace(/\.$/, '');
    const { server } = context.sources.record;
    const completeness = makeCompleteness({
      what: 'pregnancy and lactation at the as-of time',
      source: server,
      window: [null, context.asOf],
      status: 'unavailable',
      read: 0,
      found: 0,
      later: 0,
      reason,
    });
    return { ...NOT_LOOKED_FOR, completeness: [completeness] };
  }
}

/** A diagnosis of pregnancy that has ended says so from its end on; what is refuted or no longer active says nothing. */
function factsOfDiagnosis(
  fact: PregnancyFact,
  evidence: Evidence,
  ms: (time: string | null | undefined) => number | null,
): DatedFact<Evidence>[] {
  if (evidence.qualifiers?.['polarity'] !== undefined || evidence.qualifiers?.['certainty'] === 'differential') return [];
  const [start, end] = [ms(evidence.time?.start), ms(evidence.time?.end)];
  if (fact !== 'pregnant') return start === null && evidence.status !== 'active' ? [] : [{ fact, at: start, evidence }];
  if (evidence.time?.kind === 'onset' && end !== null) return [{ fact: 'ended', at: end, evidence }];
  if (!/^(active|recurrence|relapse|not recorded)$/.test(evidence.status ?? '')) return [];
  // Undated and of no recorded status, nobody knows when.
  if (start === null && evidence.status === 'not recorded') return [];
  return [{ fact, at: start, evidence }];
}

function pregnancyEvidence(observation: Observation, server: string, patient: string): Evidence {
  const { valueCodeableConcept: code, valueDateTime: time, valueString: text, valueBoolean: boolean } = observation;
  const start = observation.effectiveDateTime ?? observation.effectivePeriod?.start ?? null;
  return makeEvidence({
    kind: 'observation',
    patient,
    concept: conceptOf(observation.code),
    value:
      code !== undefined
        ? { type: 'code', concept: conceptOf(code) }
        : time !== undefined
          ? { type: 'time', time }
          : boolean !== undefined
            ? { type: 'boolean', value: boolean }
            : { type: 'text', text: text ?? '' },
    ...(start === null ? {} : { time: { start, end: null, kind: 'effective' as const } }),
    status: observation.status,
    source: fhirSource(server, observation),
  });
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
  const dead = patients.find((p) => isDeceased(p, context.asOf));
  const death = dead === undefined ? null : deathEvidence(server, dead);
  // Age ends with life.
  const until = dead?.deceasedDateTime ?? context.asOf;
  const bounds = ageBounds(born?.birthDate ?? null, until);
  const years = ageYears(born?.birthDate ?? null, until);
  const sexed = patients.find((p) => p.gender !== undefined);
  return {
    ageYears: years !== null && years >= 0 ? years : null,
    adult: bounds !== null && bounds.youngest >= 18,
    paediatric: bounds !== null && bounds.oldest < 18 && bounds.oldest >= 0,
    sex: sexed?.gender ?? null,
    deceased: dead !== undefined,
    evidence: {
      birthDate,
      age: birthDate === null || bounds === null || bounds.oldest < 0 ? null : ageEvidence(birthDate, bounds, until, death),
      sex: sexed === undefined ? null : statement(server, sexed, 'gender', 'administrative gender', sexed.gender!),
      deceased: death,
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

/** Ends at death where its time is recorded; where only the fact is, the evidence says so. */
function ageEvidence(birthDate: Evidence, bounds: { youngest: number; oldest: number }, at: string, death: Evidence | null): Evidence {
  const atDeath = death?.value?.type === 'time';
  const unit = (n: number) => (n === 1 ? 'year' : 'years');
  return makeEvidence({
    kind: 'calculation',
    patient: birthDate.patient,
    concept: { name: 'age', codings: [] },
    value:
      bounds.youngest === bounds.oldest
        ? { type: 'quantity', value: bounds.oldest, unit: unit(bounds.oldest), ucum: 'a' }
        : { type: 'range', low: bounds.youngest, high: bounds.oldest, unit: 'years' },
    time: { start: at, end: null, kind: 'computed' },
    ...(death === null
      ? {}
      : { qualifiers: atDeath ? { at: 'death' } : { caution: 'recorded as deceased without a date: the age at death is not known' } }),
    source: {
      type: 'calculation',
      method: atDeath ? 'age in whole years at death' : 'age in whole years at the as-of time',
      inputs: atDeath ? [birthDate.id, death.id] : [birthDate.id],
    },
  });
}
