// Which of the asked parameters the server says that it did not use. R4 search.html#conformance: the self link holds the
// parameters that were actually processed, so what is missing there was ignored.
import { startOf } from '../../../evidence/index.ts';
import type { SearchParameters } from '../source.ts';

/** Leaving these out does not change what is found. */
const CONTROL = new Set(['_count', '_total', '_format', '_pretty', '_summary', '_elements', '_contained', '_containedType']);
const PAGING_STATE = /page|session|cursor|token|snapshot|search-?id|queryid|stateid|^ct$/i;
const PATIENT_NAMES = new Set(['patient', 'subject', '_id', 'individual', 'beneficiary', 'member', 'actor']);

/**
 * @param self the bundle's self link; null when there is none: then nothing can be said.
 * @param base resolves a relative self link.
 * @returns names as asked (with modifier), each once; empty when nothing can be said.
 */
export function ignoredParameters(asked: SearchParameters, self: string | null, base: string, lockParameter: string | null): string[] {
  if (self === null || !URL.canParse(self, `${base}/`)) return [];
  const url = new URL(self, `${base}/`);
  const used = [...url.searchParams.entries()];
  const compartment = /\/Patient\/([A-Za-z0-9\-.]{1,64})\/[A-Z][A-Za-z]+$/.exec(url.pathname)?.[1];
  const filters = asked.filter(([name]) => !CONTROL.has(name));
  const missing = filters.filter(([name, value]) => {
    const isLock = name === lockParameter;
    if (isLock && compartment !== undefined && value === compartment) return false;
    return !used.some(([otherName, other]) => sameName(name, otherName, isLock) && sameValue(value, other, isLock));
  });
  // A self link of paging state only (a session or search id) does not tell the parameters.
  const isOpaque = missing.length === filters.length && used.some(([name]) => PAGING_STATE.test(name));
  return isOpaque ? [] : [...new Set(missing.map(([name]) => name))];
}

function sameName(asked: string, used: string, isLock: boolean): boolean {
  if (asked === used) return true;
  const [name, modifier] = used.split(':');
  return isLock && (modifier === undefined || modifier === 'Patient') && (name === asked || PATIENT_NAMES.has(name ?? ''));
}

function sameValue(asked: string, used: string, isLock: boolean): boolean {
  const parts = (text: string) => splitOr(text).map((part) => readings(part, isLock));
  const [a, b] = [parts(asked), parts(used)];
  const isSame = (x: readonly string[], y: readonly string[]) => x.some((reading) => y.includes(reading));
  return a.every((x) => b.some((y) => isSame(x, y))) && b.every((y) => a.some((x) => isSame(x, y)));
}

/** Splits a comma list; an escaped comma belongs to the value (R4 search.html#escaping). */
const splitOr = (text: string) => text.split(/(?<!\\),/);

/** The ways in which a server may write the same value; two values are the same when they share one. */
function readings(part: string, isReference: boolean): string[] {
  if (isReference) return [(part.split('/').at(-1) ?? part).toLowerCase()];
  const date = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(\d{4}.*)$/.exec(part);
  if (date === null) return [part.toLowerCase()];
  // `+` of an offset that was echoed without encoding arrives as a space.
  const time = date[2]!.replace(/ (\d{2}:\d{2})$/, '+$1');
  const prefix = date[1] === undefined || date[1] === 'eq' ? '' : date[1];
  const instant = startOf(time);
  const found = [`${prefix}${time.toLowerCase()}`];
  if (time.length > 10 && !Number.isNaN(instant)) found.push(`${prefix}${instant}`);
  // As a bound, a day may be written as its first instant; as a value the two differ.
  const midnight = /^(\d{4}-\d{2}-\d{2})T00:00(:00(\.0+)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(time)?.[1];
  if (prefix !== '' && midnight !== undefined) found.push(`${prefix}${midnight}`);
  return found;
}
