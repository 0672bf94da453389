// A case's as-of time without an offset is the record's local time: the offset of the patient's encounter nearest to it.
import type { Encounter } from 'fhir/r4.js';
import { offsetOf, startOf } from '../src/evidence/index.ts';
import { resolvePatient } from '../src/tools/record/fhir/index.ts';
import type { RecordSource } from '../src/tools/record/source.ts';

/** The offset of the time nearest to `time`; `Z` where none has one. */
export function nearestOffset(time: string, others: readonly string[]): string {
  const distance = (other: string) => Math.abs(startOf(other) - startOf(time));
  const dated = others.filter((other) => offsetOf(other) !== null).sort((a, b) => distance(a) - distance(b));
  return dated.length === 0 ? 'Z' : offsetOf(dated[0]!)!;
}

export async function localAsOf(asOf: string, patient: string | null, record: RecordSource, signal: AbortSignal): Promise<string> {
  if (offsetOf(asOf) !== null || asOf.length <= 10 || patient === null) return asOf;
  const lock = await resolvePatient(record, patient, signal);
  const found = await record.search('Encounter', [], { signal, patient: lock });
  const times = (found.resources as Encounter[]).flatMap((encounter) => [encounter.period?.start, encounter.period?.end]);
  return `${asOf}${nearestOffset(
    asOf,
    times.filter((time) => time !== undefined),
  )}`;
}
