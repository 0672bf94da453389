// What was known at the as-of time (contract.md): whatever is later does not exist yet.
// A result is known from its `issued` time; drawn and not yet issued is pending; without `issued` the time drawn serves.
import type { Encounter, Resource } from 'fhir/r4.js';
import { offsetOf, startOf } from '../../evidence/index.ts';

export type Known = 'known' | 'pending' | 'later' | 'undated';

type Dated = Resource & Record<string, unknown>;
const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const period = (value: unknown) =>
  text((value as { start?: unknown } | undefined)?.start) ?? text((value as { end?: unknown } | undefined)?.end);

/** When what the resource tells happened or began, as written; null when it is not recorded. */
export function happenedAt(resource: Resource): string | null {
  const r = resource as Dated;
  const candidates = [
    text(r['effectiveDateTime']),
    period(r['effectivePeriod']),
    text(r['effectiveInstant']),
    text(r['performedDateTime']),
    period(r['performedPeriod']),
    text(r['occurrenceDateTime']),
    period(r['occurrencePeriod']),
    r.resourceType === 'Encounter' || r.resourceType === 'CarePlan' || r.resourceType === 'EpisodeOfCare' ? period(r['period']) : undefined,
    text(r['authoredOn']),
    text(r['recordedDate']),
    text(r['onsetDateTime']),
    period(r['onsetPeriod']),
    text(r['recordedOn']),
    text(r['dateAsserted']),
    text(r['dateTime']),
    text(r['whenHandedOver']),
    text(r['date']),
    text(r['started']),
    text(r['sent']),
    text(r['created']),
    text((r['collection'] as { collectedDateTime?: unknown } | undefined)?.collectedDateTime),
    text(r['issued']),
  ];
  return candidates.find((t) => t !== undefined) ?? null;
}

let last = { asOf: '', limit: Number.NaN, offset: 'Z' };
/** Every resource of a question is held against the same time. */
function limitOf(asOf: string): typeof last {
  if (last.asOf !== asOf) last = { asOf, limit: startOf(asOf), offset: offsetOf(asOf) ?? 'Z' };
  return last;
}

/**
 * @param asOf ISO time with offset; a bare date in the record is compared in this offset.
 * @param fallback the time of the encounter that dates a resource without a time of its own (MIMIC's conditions).
 */
export function knownAt(resource: Resource, asOf: string, fallback: string | null = null): Known {
  const { limit, offset } = limitOf(asOf);
  const happened = happenedAt(resource) ?? fallback;
  const issued = text((resource as Dated)['issued']);
  if (happened !== null && startOf(happened, offset) > limit) return 'later';
  // MIMIC's ICU charting is "issued" when stored, which may lie before the charted time: the later of both decides.
  if (issued !== undefined && startOf(issued, offset) > limit) return happened !== null && happened !== issued ? 'pending' : 'later';
  return happened === null ? 'undated' : 'known';
}

/** An encounter as it stood at the as-of time: one that ends later is the current one, and its later wards are not yet known. */
export function encounterAsOf(encounter: Encounter, asOf: string): Encounter {
  const limit = startOf(asOf);
  const offset = offsetOf(asOf) ?? 'Z';
  const isLater = (time: string | undefined) => time !== undefined && startOf(time, offset) > limit;
  if (!isLater(encounter.period?.end) && !encounter.location?.some((l) => isLater(l.period?.start))) return encounter;
  const open = <T extends { start?: string; end?: string }>(p: T | undefined): T | undefined => {
    if (p === undefined || !isLater(p.end)) return p;
    const { end: _end, ...rest } = p;
    return rest as T;
  };
  const copy: Encounter = { ...encounter, status: isLater(encounter.period?.end) ? 'in-progress' : encounter.status };
  if (encounter.period) copy.period = open(encounter.period)!;
  if (encounter.location) {
    copy.location = encounter.location
      .filter((l) => !isLater(l.period?.start))
      .map((l) => (l.period ? { ...l, period: open(l.period)! } : l));
  }
  if (isLater(encounter.period?.end)) {
    delete copy.hospitalization; // discharge disposition is written at discharge
    delete copy.length;
    if (encounter.hospitalization) {
      const { dischargeDisposition: _d, destination: _t, ...rest } = encounter.hospitalization;
      copy.hospitalization = rest;
    }
  }
  return copy;
}
