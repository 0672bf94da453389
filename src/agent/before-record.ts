// Whether all that the record holds of a patient lies after the as-of time: then nothing was known yet, which is not "none recorded".
import type { Completeness } from '../evidence/index.ts';
import type { ToolContext } from '../tools/index.ts';

/** The date parameter of the types that nearly every record has (FHIR R4 search parameters). */
const PROBES = [
  ['Encounter', 'date'],
  ['Observation', 'date'],
  ['Procedure', 'date'],
  ['MedicationRequest', 'authoredon'],
  ['Immunization', 'date'],
] as const;

/** @param looked completeness of what the question asked for. Asks the source only when nothing was found and something lies later. */
export async function isBeforeRecord(context: ToolContext, looked: readonly Completeness[]): Promise<boolean> {
  if (looked.length === 0 || looked.some((c) => c.found > 0) || !looked.some((c) => c.later > 0)) return false;
  const earlier = await Promise.all(
    PROBES.map(async ([type, parameter]) => {
      try {
        const options = { signal: context.signal, patient: context.patient, limit: 1 };
        const { status, resources } = await context.sources.record.search(type, [[parameter, `le${context.asOf}`]], options);
        return status === 'unavailable' ? null : resources.length > 0;
      } catch {
        context.signal.throwIfAborted();
        return null; // not understood by this source: it cannot be told from here
      }
    }),
  );
  // One type that tells is enough to say no; to say yes, all that could be told must agree, and at least one must have told.
  return !earlier.includes(true) && earlier.includes(false) && earlier[0] !== null;
}
