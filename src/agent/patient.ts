// Which patient a question is about: fixed here, before any model runs, by the way in and the conversation.
import { ToolError } from '../errors.ts';
import type { PatientLock } from '../evidence/index.ts';
import { listPatients, resolvePatient } from '../tools/record/fhir/index.ts';
import type { RecordSource } from '../tools/record/source.ts';
import { ending, endingOf } from './ending.ts';
import { namesAnotherPatient } from './other-patient.ts';
import type { AskRequest, Draft } from './types.ts';

/** `ending` is set when the question cannot go on; the lock is then the one that the conversation holds. */
export type Chosen = { lock: PatientLock | null; ending: Draft | null };

/** How many patients are offered when none was chosen. */
const MAX_OFFERED = 50;

/**
 * @param held the conversation's lock; it serves where the request names no patient.
 * Throws CopilotError `bad_input` and `cancelled`.
 */
export async function choosePatient(
  { patient, question, signal }: Pick<AskRequest, 'patient' | 'question' | 'signal'>,
  held: PatientLock | null,
  source: RecordSource,
): Promise<Chosen> {
  const named = patient ?? held?.id ?? null;
  if (named === null) return { lock: null, ending: null };
  try {
    const lock = await resolvePatient(source, named, signal);
    if (held !== null && !held.ids.includes(lock.id))
      return {
        lock: held,
        ending: ending('refused', 'other_patient', 'This conversation is about another patient; begin a new one for this patient.'),
      };
    if (namesAnotherPatient(question, lock))
      return {
        lock,
        ending: ending(
          'refused',
          'other_patient',
          'The question names a patient other than the one chosen; choose that patient and ask again.',
        ),
      };
    return { lock, ending: null };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ToolError) return { lock: held, ending: endingOf(error) };
    throw error;
  }
}

/** Asks which patient is meant; a source of our own (`embedded`) lists who there is. */
export async function askForPatient(source: RecordSource, embedded: boolean, signal: AbortSignal): Promise<Draft> {
  const text = 'Which patient is this about? Choose one and ask again.';
  if (!embedded) return ending('clarify', 'ambiguous', text);
  try {
    const patients = await listPatients(source, '', signal);
    const values = patients.slice(0, MAX_OFFERED).map((p) => ({ label: p.name ?? p.identifier ?? p.id, value: p.identifier ?? p.id }));
    return ending('clarify', 'ambiguous', text, values);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ToolError) return endingOf(error);
    throw error;
  }
}
