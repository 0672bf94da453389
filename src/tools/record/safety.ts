// What must be said of the patient unasked, on every answer: read once per question (ToolContext) and shared by all tools.
import type { Patient } from 'fhir/r4.js';
import {
  type Completeness,
  type Evidence,
  type Flag,
  makeCompleteness,
  makeEvidence,
  makeFlag,
  readableTime,
} from '../../evidence/index.ts';
import { type ToolContext, ToolError, type ToolResult } from '../tool.ts';
import { criticalOf } from './labs/critical.ts';
import { type PatientStatus, patientStatus } from './patient-status.ts';
import { fhirSource, lockOf } from './read.ts';
import { restrictedFlags } from './restricted.ts';

const shared = new WeakMap<ToolContext, Promise<ToolResult>>();

export function safetyOf(context: ToolContext): Promise<ToolResult> {
  let found = shared.get(context);
  if (found === undefined) {
    found = readSafety(context);
    shared.set(context, found);
  }
  return found;
}

type Said = { flags: Flag[]; evidence: Evidence[] };

async function readSafety(context: ToolContext): Promise<ToolResult> {
  const [status, critical] = await Promise.all([patientStatus(context), criticalResults(context)]);
  const said = [deceased(status), ageOf(status), pregnancy(status), linked(context, status), restricted(context, status)];
  return {
    evidence: [...critical.evidence, ...said.flatMap((s) => s.evidence)],
    completeness: [patientCompleteness(context, status), ...pregnancyLookedFor(status), ...critical.completeness],
    flags: [...critical.flags, ...said.flatMap((s) => s.flags)],
  };
}

/** A source that refuses the search is told as not read: the answer itself goes on. */
async function criticalResults(context: ToolContext): Promise<ToolResult> {
  try {
    return await criticalOf(context);
  } catch (error) {
    if (context.signal.aborted || !(error instanceof ToolError) || error.code === 'not_allowed') throw error;
    const completeness = makeCompleteness({
      what: 'critical results',
      source: context.sources.record.server,
      window: [null, context.asOf],
      status: 'unavailable',
      read: 0,
      found: 0,
      later: 0,
      reason: error.message.replace(/\.$/, ''),
    });
    return { evidence: [], completeness: [completeness], flags: [] };
  }
}

const NOTHING: Said = { flags: [], evidence: [] };
const when = (e: Evidence) => (e.time?.start ? ` (${readableTime(e.time.start)})` : '');

function deceased({ evidence }: PatientStatus): Said {
  const death = evidence.deceased;
  if (death === null) return NOTHING;
  const time = death.value?.type === 'time' ? readableTime(death.value.time) : 'time not recorded';
  return {
    evidence: [death],
    flags: [makeFlag({ kind: 'deceased', text: `The patient is recorded as deceased (${time}).`, citations: [death.id] })],
  };
}

function ageOf({ paediatric, ageYears, evidence }: PatientStatus): Said {
  if (!paediatric || evidence.age === null || evidence.birthDate === null) return NOTHING;
  const age =
    ageYears === null ? 'under 18 years old' : ageYears === 0 ? 'less than 1 year old' : `${ageYears} year${ageYears === 1 ? '' : 's'} old`;
  const text = `The patient is ${age}: adult reference ranges, scores and doses do not apply.`;
  return { evidence: [evidence.birthDate, evidence.age], flags: [makeFlag({ kind: 'paediatric', text, citations: [evidence.age.id] })] };
}

/** Ages at which births are registered (NCHS natality files: 10 to 54 years). */
const BEARING = { youngest: 10, oldest: 54 };

/** How far it was looked is said where it matters: not for men, children and the old, unless something is recorded. */
function pregnancyLookedFor({ ageYears, sex, pregnancyCompleteness: all }: PatientStatus): Completeness[] {
  const mayBear = sex !== 'male' && (ageYears === null || (ageYears >= BEARING.youngest && ageYears <= BEARING.oldest));
  return mayBear ? all : all.filter((c) => c.found > 0);
}

/** Said only where recorded and still valid; nothing is said, and nothing follows, where pregnancy is not recorded. */
function pregnancy({ pregnant, lactating, puerperium, evidence }: PatientStatus): Said {
  const by = evidence.pregnancy;
  if (by.length === 0 || (pregnant !== true && lactating !== true && !puerperium)) return NOTHING;
  const named = by.map((e) => `${e.concept.name}${e.value?.type === 'code' ? `: ${e.value.concept.name}` : ''}${when(e)}`).join(', ');
  const isTest = pregnant === true && by.every((e) => /gonadotropin|pregnancy test/i.test(e.concept.name));
  const state = isTest
    ? 'A positive pregnancy test is recorded'
    : pregnant === true
      ? 'Pregnancy is recorded'
      : lactating === true
        ? 'Lactation is recorded'
        : 'A birth within the last six weeks is recorded';
  const text = `${state} (${named}): reference ranges, scores and doses for other adults may not apply.`;
  return { evidence: by, flags: [makeFlag({ kind: 'pregnant', text, citations: by.map((e) => e.id) })] };
}

/** A merged record names its numbers; a link to a record outside the lock is said too, since that record was not read. */
function linked(context: ToolContext, { patients }: PatientStatus): Said {
  const lock = lockOf(context);
  const said: Said = { flags: [], evidence: [] };
  if (lock.ids.length > 1) {
    const numbers = patients.map((p) => numberEvidence(context, p));
    if (numbers.length > 0) {
      const names = numbers.map((e) => (e.value?.type === 'text' ? e.value.text : '')).join(', ');
      const text = `This record joins ${lock.ids.length} linked patient numbers: ${names}.`;
      said.evidence.push(...numbers);
      said.flags.push(makeFlag({ kind: 'merged', text, citations: numbers.map((e) => e.id) }));
    }
  }
  for (const patient of patients) {
    const outside = (patient.link ?? []).filter((l) => !lock.ids.includes(l.other.reference?.split('/').at(-1) ?? ''));
    for (const link of outside) {
      const evidence = linkEvidence(
        context,
        patient,
        link.type,
        link.other.display ?? link.other.identifier?.value ?? link.other.reference ?? 'a record not named',
      );
      said.evidence.push(evidence);
      const other = evidence.value?.type === 'text' ? evidence.value.text : '';
      said.flags.push(
        makeFlag({
          kind: 'merged',
          text: `The record is linked to another one that was not read here: ${other}.`,
          citations: [evidence.id],
        }),
      );
    }
  }
  return said;
}

function numberEvidence(context: ToolContext, patient: Patient): Evidence {
  const identifier = patient.identifier?.find((i) => i.value !== undefined)?.value;
  return makeEvidence({
    kind: 'statement',
    patient: patient.id ?? null,
    concept: { name: 'patient number', codings: [] },
    value: { type: 'text', text: identifier ?? `Patient/${patient.id}` },
    source: fhirSource(context.sources.record.server, patient, identifier === undefined ? 'Patient.id' : 'Patient.identifier'),
  });
}

function linkEvidence(context: ToolContext, patient: Patient, type: string, other: string): Evidence {
  return makeEvidence({
    kind: 'statement',
    patient: patient.id ?? null,
    concept: { name: 'linked record', codings: [] },
    value: { type: 'text', text: `${other} (${type})` },
    source: fhirSource(context.sources.record.server, patient, 'Patient.link'),
  });
}

function restricted(context: ToolContext, { patients }: PatientStatus): Said {
  const pairs = patients.map((p) => [p, numberEvidence(context, p)] as const);
  const flags = restrictedFlags(pairs.map(([p, e]) => [p, { ...e, concept: { ...e.concept, name: "The patient's record" } }]));
  const cited = new Set(flags.flatMap((f) => f.citations));
  return { flags, evidence: pairs.map(([, e]) => e).filter((e) => cited.has(e.id)) };
}

function patientCompleteness(context: ToolContext, { patients, unreadable }: PatientStatus): Completeness {
  return makeCompleteness({
    what: 'patient: age, sex, death and linked records',
    source: context.sources.record.server,
    window: [null, context.asOf],
    status: unreadable === null ? 'complete' : patients.length > 0 ? 'partial' : 'unavailable',
    read: patients.length,
    found: patients.length,
    later: 0,
    reason: unreadable,
  });
}
