// Whether a question names a patient other than the locked one: a number after a word for patient, or a name after a title.
// What it misses the lock still holds: no tool can read another patient. It prevents this patient's data from being taken for theirs.
import type { PatientLock } from '../evidence/index.ts';

const NUMBERED =
  /\b(?:patients?|pts?|subjects?|mrn|medical record(?: number)?|patient[ _-]?id|subject[ _-]?id|hospital number)\s*(?:id|no|nr|number|with id|with (?:the )?(?:number|mrn|identifier))?\s*[.:#=]*\s*#?\s*([a-z0-9][a-z0-9-]*\d[a-z0-9-]*)/gi;
/** Case as written: `MR` is a picture, `MS` a disease, `Dr` a colleague. */
const TITLED = /\b(?:Mr|Mrs|Ms|Miss|Mx)\.?\s+(\p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}[\p{L}'’-]+)*)/gu;

const fold = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

export function namesAnotherPatient(question: string, lock: PatientLock): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const own = [lock.identifier, ...lock.ids].filter((id) => id !== null).map(plain);
  for (const [, number] of question.matchAll(NUMBERED)) {
    const digits = number!.replace(/\D/g, '').length;
    // Short numbers are ages and counts ("patient 3 days after…"), not identifiers.
    if (digits >= 4 && !own.includes(plain(number!))) return true;
  }
  if (lock.name === null) return false;
  const name = new Set(fold(lock.name).split(' '));
  for (const [, titled] of question.matchAll(TITLED)) {
    const parts = fold(titled!.replace(/['’]s$/, '')).split(' ');
    if (!parts.some((part) => name.has(part))) return true;
  }
  return false;
}
