// Which encounters are hospital stays, which one is the current, and what belongs to a stay: one answer for all tools.
import type { Encounter, Resource } from 'fhir/r4.js';
import { offsetOf, startOf } from '../../evidence/index.ts';
import type { ToolContext } from '../tool.ts';
import { encounterAsOf, happenedAt } from './as-of.ts';
import { type Read, readRecord } from './read.ts';

export type Stay = {
  /** As it stood at the as-of time. */
  encounter: Encounter;
  /** `Encounter/id`. */
  reference: string;
  start: string | null;
  /** Null while it lasts, and where the end is not recorded. */
  end: string | null;
  /** Lasts at the as-of time. At most one stay is the current. */
  current: boolean;
  /** References of the encounters that are part of it (emergency department, intensive care). */
  parts: readonly string[];
  /** The discharge disposition as recorded; null while it lasts. */
  outcome: string | null;
};

export type HospitalStays = {
  /** In order of their beginning. */
  stays: readonly Stay[];
  current: Stay | null;
  /** The last one that has ended. */
  last: Stay | null;
  read: Read<Encounter>;
};

/** Admitted, observed and emergency patients: HL7 v3 ActEncounterCode, and the letters of PV1-2 in older interfaces. */
const HOSPITAL_CLASSES = new Set(['IMP', 'ACUTE', 'NONAC', 'EMER', 'OBSENC', 'SS', 'I', 'INPATIENT', 'E', 'EMERGENCY']);
const isHospitalClass = (e: Encounter) => HOSPITAL_CLASSES.has(e.class?.code?.toUpperCase() ?? '');
const NO_STAY = new Set(['planned', 'cancelled', 'entered-in-error']);

const idOf = (reference: string | undefined): string | null => {
  const found = /(?:^|[/:])([A-Za-z0-9\-.]{1,64})(?:\/_history\/.*)?$/.exec(reference ?? '');
  return found?.[1] ?? null;
};

const shared = new WeakMap<ToolContext, Promise<HospitalStays>>();

/** Reads the patient's encounters (one search without parameters, shared within the question). */
export function hospitalStays(context: ToolContext): Promise<HospitalStays> {
  let found = shared.get(context);
  if (found === undefined) {
    found = readRecord<Encounter>(context, { type: 'Encounter' }).then((read) => staysOf(read, context.asOf));
    shared.set(context, found);
  }
  return found;
}

/** Pure part of `hospitalStays`. */
function staysOf(read: Read<Encounter>, asOf: string): HospitalStays {
  const offset = offsetOf(asOf) ?? 'Z';
  const encounters = read.resources.filter((e) => !NO_STAY.has(e.status)).map((e) => encounterAsOf(e, asOf));
  const byId = new Map(encounters.map((e) => [e.id, e]));
  const parentOf = (e: Encounter): Encounter | undefined => byId.get(idOf(e.partOf?.reference) ?? undefined);
  const partsOf = (e: Encounter): Encounter[] => encounters.filter((other) => topOf(other, parentOf) === e && other !== e);
  const stays = encounters
    .filter((e) => topOf(e, parentOf) === e && isHospital(e, partsOf(e)))
    .map((encounter): Stay => {
      const { start = null, end = null } = encounter.period ?? {};
      const disposition = encounter.hospitalization?.dischargeDisposition;
      return {
        encounter,
        reference: `Encounter/${encounter.id}`,
        start,
        end,
        current: start !== null && end === null && !['finished', 'unknown'].includes(encounter.status),
        parts: partsOf(encounter).map((e) => `Encounter/${e.id}`),
        outcome: disposition?.text ?? disposition?.coding?.[0]?.display ?? disposition?.coding?.[0]?.code ?? null,
      };
    })
    .sort((a, b) => at(a.start, offset) - at(b.start, offset));
  // One that was never closed does not outlast a later admission.
  const current = stays.at(-1)?.current === true ? stays.at(-1)! : (stays.findLast((s) => s.current && isLatest(s, stays, offset)) ?? null);
  const told = stays.map((s) => (s.current && s !== current ? { ...s, current: false } : s));
  return { stays: told, current, last: told.findLast((s) => s !== current && s.end !== null) ?? null, read };
}

const at = (time: string | null, offset: string) => (time === null ? Number.NEGATIVE_INFINITY : startOf(time, offset));
const isLatest = (stay: Stay, stays: readonly Stay[], offset: string) =>
  !stays.some(
    (other) => other !== stay && at(other.start, offset) > at(stay.start, offset) && at(other.end, offset) > at(stay.start, offset),
  );

/** The outermost encounter that this one is part of; a loop of partOf ends where it began. */
function topOf(encounter: Encounter, parentOf: (e: Encounter) => Encounter | undefined): Encounter {
  const seen = new Set<Encounter>();
  let top = encounter;
  for (let parent = parentOf(top); parent !== undefined && !seen.has(parent); parent = parentOf(top)) {
    seen.add(top);
    top = parent;
  }
  return top;
}

/** MIMIC classes urgent admissions as AMB: there an admission source, a disposition or an emergency or ICU part tells the stay. */
function isHospital(encounter: Encounter, parts: readonly Encounter[]): boolean {
  if (isHospitalClass(encounter)) return true;
  if (encounter.identifier?.some((i) => i.system?.toLowerCase().endsWith('encounter-hosp'))) return true;
  const { admitSource, dischargeDisposition } = encounter.hospitalization ?? {};
  return admitSource !== undefined || dischargeDisposition !== undefined || parts.some(isHospitalClass);
}

type Extent = { asOf: string; ids: Set<string | null>; start: number; end: number };
const extents = new WeakMap<Stay, Extent>();

/** The encounters and the instants of a stay, told once: every result is held against every stay. */
function extentOf(stay: Stay, asOf: string, offset: string): Extent {
  const known = extents.get(stay);
  if (known?.asOf === asOf) return known;
  // A stay without a recorded end that is over holds only what names it.
  const end = stay.end ?? (stay.current ? asOf : stay.start);
  const [from, to] = stay.start === null || end === null ? [Number.NaN, Number.NaN] : [startOf(stay.start, offset), startOf(end, offset)];
  const extent = { asOf, ids: new Set([stay.reference, ...stay.parts].map(idOf)), start: from, end: to };
  extents.set(stay, extent);
  return extent;
}

/** Whether a resource belongs to a stay: by its encounter (the stay or a part of it), or by its time within the stay. */
export function belongsTo(resource: Resource, stay: Stay, asOf: string): boolean {
  const { encounter, context } = resource as Resource & { encounter?: { reference?: string }; context?: { reference?: string } };
  const offset = offsetOf(asOf) ?? 'Z';
  const extent = extentOf(stay, asOf, offset);
  const id = idOf((encounter ?? context)?.reference);
  if (id !== null && extent.ids.has(id)) return true;
  const time = happenedAt(resource);
  if (time === null) return false;
  const ms = startOf(time, offset);
  return ms >= extent.start && ms <= extent.end;
}
