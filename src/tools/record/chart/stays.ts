// The patient's encounters as they stood at the as-of time, read once per question; the other sections date and label by them.
import type { Encounter, Reference } from 'fhir/r4.js';
import { endOf, offsetOf, readableTime, startOf } from '../../../evidence/index.ts';
import type { ToolContext } from '../../tool.ts';
import { encounterAsOf } from '../as-of.ts';
import { readByIds, referredIds } from '../include.ts';
import { type Lookup, lookupIn } from '../names.ts';
import type { Read } from '../read.ts';
import { type HospitalStays, hospitalStays } from '../stays.ts';
import { type EncounterKind, encounterKind, needsWards } from './encounter-kind.ts';

export type Stay = {
  encounter: Encounter;
  kind: EncounterKind;
  /** As the record has it, whether or not it lies after the as-of time: it tells how late the record was written. */
  recordedEnd: string | null;
  current: boolean;
  /** `hospital stay 2157-11-18 to 2157-11-25`. */
  label: string;
};

export type Stays = {
  read: Read<Encounter>;
  /** Newest first. */
  stays: Stay[];
  lookup: Lookup;
  hospital: HospitalStays;
  /** False where the names of wards could not be read. */
  areWardsRead: boolean;
  of: (reference: Reference | undefined) => Stay | null;
  /** The encounter as recorded, also one that begins after the as-of time: it dates what hangs on it. */
  ofRecorded: (reference: Reference | undefined) => Encounter | null;
};

/**
 * @param wards also reads the names of wards; without it they are read only where they are needed to tell an ICU stay.
 */
export async function readStays(context: ToolContext, wards = false): Promise<Stays> {
  const hospital = await hospitalStays(context);
  const { read } = hospital;
  const needed = wards ? read.resources : read.resources.filter(needsWards);
  const locations = await readByIds(context, 'Location', referredIds(needed, 'Location'));
  const lookup = lookupIn([...locations.resources, ...read.search.resources]);
  const stays = read.resources.map((e) => stayOf(e, context.asOf, lookup, hospital)).sort((a, b) => begin(b) - begin(a));
  const byId = new Map(stays.map((s) => [s.encounter.id, s]));
  const ofRecorded = (reference: Reference | undefined) => {
    const found = lookup(reference);
    return found?.resourceType === 'Encounter' ? found : null;
  };
  return {
    read,
    stays,
    lookup,
    hospital,
    areWardsRead: locations.isWhole,
    of: (reference) => byId.get(ofRecorded(reference)?.id) ?? null,
    ofRecorded,
  };
}

const begin = (stay: Stay) =>
  stay.encounter.period?.start === undefined ? Number.NEGATIVE_INFINITY : startOf(stay.encounter.period.start);

function stayOf(recorded: Encounter, asOf: string, lookup: Lookup, hospital: HospitalStays): Stay {
  const encounter = encounterAsOf(recorded, asOf);
  const kind = encounterKind(encounter, lookup);
  const { start, end } = encounter.period ?? {};
  const day = (time: string) => readableTime(time).slice(0, 10);
  const span =
    start === undefined
      ? 'of unknown date'
      : end === undefined
        ? `from ${day(start)}`
        : day(start) === day(end)
          ? day(start)
          : `${day(start)} to ${day(end)}`;
  return {
    encounter,
    kind,
    recordedEnd: recorded.period?.end ?? null,
    current: isCurrent(encounter, asOf) && isOfCurrentStay(encounter, hospital),
    label: `${kind} ${span}`,
  };
}

/** Of several stays that were never closed only the last is the current one; a visit stands for itself. */
function isOfCurrentStay({ id }: Encounter, { stays, current }: HospitalStays): boolean {
  const reference = `Encounter/${id}`;
  const stay = stays.find((s) => s.reference === reference || s.parts.includes(reference));
  return stay === undefined || stay === current;
}

/** Begun, not ended, and not said to be over, planned or cancelled. */
function isCurrent(encounter: Encounter, asOf: string): boolean {
  const offset = offsetOf(asOf) ?? 'Z';
  const { start, end } = encounter.period ?? {};
  if (start === undefined || startOf(start, offset) > startOf(asOf)) return false;
  if (end !== undefined) return endOf(end, offset) > startOf(asOf) && encounter.status !== 'finished';
  return ['in-progress', 'arrived', 'triaged', 'onleave', 'unknown'].includes(encounter.status);
}
