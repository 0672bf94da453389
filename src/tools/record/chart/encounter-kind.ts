// Hospital, emergency and ICU stays told from outpatient visits. Hospitals differ: MIMIC tells them by identifier.system (its `class` of
// an urgent admission is AMB), HL7 by class (v3-ActCode), older interfaces by PV1-2 letters; an ICU is a ward of a stay or a part of it.
import type { Encounter } from 'fhir/r4.js';
import { conceptOf, type Lookup } from '../names.ts';

export type EncounterKind =
  | 'hospital stay'
  | 'emergency department stay'
  | 'ICU stay'
  | 'part of a stay'
  | 'outpatient visit'
  | 'encounter';

const BY_CLASS: Record<string, EncounterKind> = {
  IMP: 'hospital stay',
  ACUTE: 'hospital stay',
  NONAC: 'hospital stay',
  OBSENC: 'hospital stay',
  SS: 'hospital stay',
  I: 'hospital stay',
  INPATIENT: 'hospital stay',
  EMER: 'emergency department stay',
  E: 'emergency department stay',
  EMERGENCY: 'emergency department stay',
  AMB: 'outpatient visit',
  VR: 'outpatient visit',
  HH: 'outpatient visit',
  FLD: 'outpatient visit',
  O: 'outpatient visit',
  OUTPATIENT: 'outpatient visit',
  AMBULATORY: 'outpatient visit',
  WELLNESS: 'outpatient visit',
  URGENTCARE: 'outpatient visit',
};

const INTENSIVE = /\b(intensive care|icu|critical care|coronary care|[a-z]{1,3}icu|ccu|itu)\b/i;

/** The unit's own names: its wards, service and type. */
const words = (encounter: Encounter, lookup: Lookup) =>
  [
    encounter.serviceType === undefined ? '' : conceptOf(encounter.serviceType).name,
    ...(encounter.type ?? []).map((t) => conceptOf(t).name),
    ...(encounter.location ?? []).map((l) => locationName(l.location, lookup, encounter) ?? ''),
  ].join(' | ');

export function locationName(reference: { reference?: string; display?: string }, lookup: Lookup, from: Encounter): string | null {
  const location = lookup(reference, from);
  const name = location?.resourceType === 'Location' ? location.name : undefined;
  return name?.trim() || reference.display?.trim() || null;
}

const isOfSystem = (encounter: Encounter, kind: string) =>
  encounter.identifier?.some((i) => i.system?.toLowerCase().endsWith(`encounter-${kind}`)) ?? false;

/** Only its wards can tell whether such a part of a stay was intensive care. */
export const needsWards = (encounter: Encounter) =>
  encounter.partOf !== undefined && !['icu', 'ed', 'hosp'].some((kind) => isOfSystem(encounter, kind));

export function encounterKind(encounter: Encounter, lookup: Lookup): EncounterKind {
  if (isOfSystem(encounter, 'icu')) return 'ICU stay';
  if (isOfSystem(encounter, 'ed')) return 'emergency department stay';
  if (isOfSystem(encounter, 'hosp')) return 'hospital stay';
  const code = encounter.class?.code?.toUpperCase().replace(/[^A-Z]/g, '');
  const byClass = code === undefined ? undefined : BY_CLASS[code];
  if (encounter.partOf !== undefined && byClass !== 'emergency department stay' && byClass !== 'outpatient visit')
    return INTENSIVE.test(words(encounter, lookup)) ? 'ICU stay' : 'part of a stay';
  return byClass ?? (encounter.hospitalization?.admitSource !== undefined ? 'hospital stay' : 'encounter');
}
