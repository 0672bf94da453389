// What a search parameter reads from a resource: tokens, references, dates, texts (FHIR R4 3.1.1.4).
import { type DateRange, periodOf, rangeOf } from './date-search.ts';
import type { Parameter } from './search-parameters.ts';

/**
 * A coded value: its codings (system null: none written), and the texts that `:text` looks at.
 * `bare`: an element of type code or boolean, whose system is implied and written nowhere.
 */
export type Tokens = {
  readonly codings: readonly { system: string | null; code: string }[];
  readonly texts: readonly string[];
  readonly bare: boolean;
};
export type Values = readonly Tokens[] | readonly string[] | readonly DateRange[];

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => value !== null && typeof value === 'object' && !Array.isArray(value);

/** All values at a path; lists are gone into. */
function collect(value: unknown, path: readonly string[], at: number, into: unknown[]): void {
  if (Array.isArray(value)) for (const item of value) collect(item, path, at, into);
  else if (at === path.length) {
    if (value !== undefined && value !== null) into.push(value);
  } else if (isObject(value)) collect(value[path[at]!], path, at + 1, into);
}

function found(resource: unknown, parameter: Parameter): unknown[] {
  const into: unknown[] = [];
  for (const path of parameter.paths) collect(resource, path, 0, into);
  return into;
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? [value] : []);

// The same few codings recur in hundreds of thousands of results: one object for each.
const interned = new Map<string, Tokens>();

function tokensOf(value: unknown): Tokens {
  const key = JSON.stringify(value);
  let tokens = interned.get(key);
  if (tokens === undefined) {
    tokens = readTokens(value);
    if (interned.size > 200_000) interned.clear();
    interned.set(key, tokens);
  }
  return tokens;
}

function readTokens(value: unknown): Tokens {
  if (!isObject(value)) return { codings: [{ system: null, code: String(value) }], texts: [], bare: true };
  if (Array.isArray(value['coding'])) {
    const codings = value['coding'].filter(isObject);
    return {
      codings: codings.flatMap(coding),
      texts: [...text(value['text']), ...codings.flatMap((one) => text(one['display']))],
      bare: false,
    };
  }
  // Identifier and ContactPoint have a value, Coding a code, CodeableConcept perhaps only a text.
  if (value['value'] !== undefined) {
    const type = isObject(value['type']) ? text(value['type']['text']) : [];
    return { codings: [{ system: text(value['system'])[0] ?? null, code: String(value['value']) }], texts: type, bare: false };
  }
  return { codings: coding(value), texts: [...text(value['text']), ...text(value['display'])], bare: false };
}

const coding = (one: Json) => (typeof one['code'] === 'string' ? [{ system: text(one['system'])[0] ?? null, code: one['code'] }] : []);

/** Relative without its version; an absolute one as written. */
function referenceOf(value: unknown): string[] {
  if (!isObject(value)) return typeof value === 'string' ? [value] : [];
  const written = value['reference'];
  if (typeof written !== 'string' || written.startsWith('#')) return [];
  const version = written.indexOf('/_history/');
  return [version < 0 || written.includes('://') ? written : written.slice(0, version)];
}

function datesOf(value: unknown): DateRange[] {
  if (typeof value === 'string') return keep(rangeOf(value));
  if (!isObject(value)) return [];
  if (Array.isArray(value['event'])) return value['event'].flatMap((event) => (typeof event === 'string' ? keep(rangeOf(event)) : []));
  const period = isObject(value['repeat']) ? value['repeat']['boundsPeriod'] : value;
  if (!isObject(period)) return [];
  return keep(periodOf(text(period['start'])[0], text(period['end'])[0]));
}

const keep = (range: DateRange | null) => (range === null ? [] : [range]);

/** HumanName and Address count by their parts and as the whole that a person reads. */
function stringsOf(value: unknown): string[] {
  if (!isObject(value)) return text(value);
  const parts = Object.entries(value).flatMap(([key, part]) => {
    if (key === 'use' || key === 'type' || key === 'period' || key === 'extension') return [];
    return Array.isArray(part) ? part.flatMap(text) : text(part);
  });
  const given = Array.isArray(value['given']) ? value['given'].flatMap(text) : [];
  const family = text(value['family']);
  return family.length > 0 && given.length > 0
    ? [...parts, [...given, ...family].join(' '), [...family, ...given].join(' '), `${family[0]}, ${given.join(' ')}`]
    : parts;
}

const NONE: readonly never[] = [];

/** The values of a parameter in a resource; empty when it has none. */
export function valuesOf(resource: unknown, parameter: Parameter): Values {
  const values = found(resource, parameter);
  if (values.length === 0) return NONE;
  switch (parameter.type) {
    case 'token':
      return values.map(tokensOf);
    case 'reference':
      return values.flatMap(referenceOf);
    case 'date':
      return values.flatMap(datesOf);
    case 'string':
      return values.flatMap(stringsOf);
    case 'uri':
      return values.flatMap((value) => text(value));
  }
}

/** For comparing strings: no case, no accents. */
export const fold = (value: string) => value.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
