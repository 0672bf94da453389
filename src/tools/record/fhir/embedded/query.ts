// A search request, understood whole or refused: what the server does not know is a 400 that names it (FHIR R4 3.1.1.2, strict handling).
import { type DateValue, dateValue } from './date-search.ts';
import { type Parameter, parametersOf } from './search-parameters.ts';
import { fold } from './search-values.ts';

/** A request that is refused: HTTP status, the OperationOutcome's issue code, and one sentence. */
export class Refused extends Error {
  readonly status: 400 | 404 | 405 | 406 | 415;
  readonly code: 'invalid' | 'not-supported' | 'not-found' | 'value';
  constructor(status: Refused['status'], code: Refused['code'], message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export type TokenValue = { system: string | null; anySystem: boolean; code: string | null };
export type Filter = { parameter: Parameter; written: string } & (
  | { kind: 'token'; not: boolean; values: TokenValue[] }
  | { kind: 'text'; values: string[] }
  | { kind: 'reference'; values: ReferenceValue[] }
  | { kind: 'date'; values: DateValue[] }
  | { kind: 'string'; how: 'starts' | 'contains' | 'exact'; values: string[] }
  | { kind: 'uri'; values: string[] }
  | { kind: 'missing'; missing: boolean }
);
/** `type` is null where only an id was given. */
export type ReferenceValue = { type: string | null; id: string; written: string };
export type Include = { source: string; parameter: Parameter; target: string | null; iterate: boolean };
export type Query = {
  type: string;
  /** Values of `_id`; several parameters are AND. */
  ids: string[][];
  filters: Filter[];
  sort: { parameter: Parameter | '_id'; descending: boolean }[];
  count: number;
  countOnly: boolean;
  includes: Include[];
  revIncludes: Include[];
  /** What was understood, for the `self` link: as written, in order. */
  understood: [name: string, value: string][];
};

const MAX_COUNT = 10_000;
const DEFAULT_COUNT = 100;
const NAME = /^([^:.]+)(?::(.+))?$/;
const TYPE_NAME = /^[A-Z][A-Za-z]+$/;

export function parseQuery(type: string, parameters: readonly (readonly [string, string])[], base: string): Query {
  const query: Query = {
    type,
    ids: [],
    filters: [],
    sort: [],
    count: DEFAULT_COUNT,
    countOnly: false,
    includes: [],
    revIncludes: [],
    understood: [],
  };
  for (const [name, value] of parameters) {
    // A parameter without a value is no condition (R4 3.1.1.4); it is refused, since it was surely meant as one.
    if (value === '') throw new Refused(400, 'value', `The search parameter ${name} has no value.`);
    if (!control(query, name, value)) query.filters.push(filterOf(type, name, value, base));
    query.understood.push([name, value]);
  }
  return query;
}

/** Whether it was a parameter of the search itself; it is then taken in. */
function control(query: Query, name: string, value: string): boolean {
  switch (name) {
    case '_id':
      query.ids.push(alternatives(value).map(unescaped));
      return true;
    case '_count':
      if (!/^\d{1,9}$/.test(value)) throw new Refused(400, 'value', '_count must be a whole number.');
      query.count = Math.min(Number(value), MAX_COUNT);
      if (query.count === 0) query.countOnly = true;
      return true;
    case '_summary':
      if (value !== 'count' && value !== 'false') throw new Refused(400, 'not-supported', '_summary takes count or false here.');
      query.countOnly ||= value === 'count';
      return true;
    case '_total':
      if (!['accurate', 'estimate', 'none'].includes(value)) throw new Refused(400, 'value', '_total takes accurate, estimate or none.');
      return true;
    case '_format':
      if (!/^(json|(application|text)\/(fhir\+)?json)/.test(value))
        throw new Refused(400, 'not-supported', 'Only JSON is served (_format=json).');
      return true;
    case '_sort':
      query.sort.push(...value.split(',').map((key) => sortKey(query.type, key)));
      return true;
    case '_include':
    case '_include:iterate':
      query.includes.push(includeOf(name, value));
      return true;
    case '_revinclude':
      query.revIncludes.push(includeOf(name, value));
      return true;
    default:
      return false;
  }
}

function sortKey(type: string, key: string): Query['sort'][number] {
  const descending = key.startsWith('-');
  const name = descending ? key.slice(1) : key;
  const parameter = name === '_id' ? name : parametersOf(type).get(name);
  if (parameter === undefined) throw new Refused(400, 'not-supported', `${type} cannot be sorted by ${name}.`);
  return { parameter, descending };
}

function includeOf(name: string, value: string): Include {
  const [source = '', parameterName = '', target = null] = value.split(':');
  const parameter = TYPE_NAME.test(source) ? parametersOf(source).get(parameterName) : undefined;
  if (parameter?.type !== 'reference' || (target !== null && !TYPE_NAME.test(target)))
    throw new Refused(400, 'not-supported', `${name}=${value} is not supported; it takes Type:parameter with a reference parameter.`);
  return { source, parameter, target, iterate: name.endsWith(':iterate') };
}

function filterOf(type: string, name: string, value: string, base: string): Filter {
  const [, plainName = '', modifier] = NAME.exec(name) ?? [];
  const parameter = parametersOf(type).get(plainName);
  if (parameter === undefined) {
    const known = [...parametersOf(type).keys()].sort().join(', ');
    throw new Refused(400, 'not-supported', `${type} has no search parameter ${name} here; it has _id, ${known}.`);
  }
  const shared = { parameter, written: name };
  const refuse = () => new Refused(400, 'not-supported', `The modifier :${modifier} of ${type}.${plainName} is not supported.`);
  if (modifier === 'missing') {
    if (value !== 'true' && value !== 'false') throw new Refused(400, 'value', `${name} takes true or false.`);
    return { ...shared, kind: 'missing', missing: value === 'true' };
  }
  const values = alternatives(value);
  switch (parameter.type) {
    case 'token':
      if (modifier === 'text') return { ...shared, kind: 'text', values: values.map((one) => fold(unescaped(one))) };
      if (modifier !== undefined && modifier !== 'not') throw refuse();
      return { ...shared, kind: 'token', not: modifier === 'not', values: values.map(tokenValue) };
    case 'reference':
      if (modifier !== undefined && !TYPE_NAME.test(modifier)) throw refuse();
      return {
        ...shared,
        kind: 'reference',
        values: values.map((one) => referenceValue(parameter, unescaped(one), modifier ?? null, base)),
      };
    case 'date':
      if (modifier !== undefined) throw refuse();
      return {
        ...shared,
        kind: 'date',
        values: values.map((one) => {
          const parsed = dateValue(unescaped(one));
          if (parsed === null)
            throw new Refused(400, 'value', `${name} must be a FHIR date with an optional prefix, such as ge2166-08-26.`);
          return parsed;
        }),
      };
    case 'string': {
      if (modifier !== undefined && modifier !== 'exact' && modifier !== 'contains') throw refuse();
      const how = modifier ?? 'starts';
      return { ...shared, kind: 'string', how, values: values.map((one) => (how === 'exact' ? unescaped(one) : fold(unescaped(one)))) };
    }
    case 'uri':
      if (modifier !== undefined) throw refuse();
      return { ...shared, kind: 'uri', values: values.map(unescaped) };
  }
}

/** Split at commas that no backslash escapes (R4 3.1.1.4.0.1). */
function alternatives(value: string): string[] {
  return value.match(/(?:[^\\,]|\\.|\\$)+/gs) ?? [];
}

const unescaped = (value: string) => value.replace(/\\([\\,|$])/g, '$1');

function tokenValue(written: string): TokenValue {
  const bar = /^((?:[^\\|]|\\.)*)\|(.*)$/s.exec(written);
  if (bar === null) return { system: null, anySystem: true, code: unescaped(written) };
  const [, system = '', code = ''] = bar;
  if (system === '' && code === '') throw new Refused(400, 'value', 'A token needs a system or a code.');
  return { system: system === '' ? null : unescaped(system), anySystem: false, code: code === '' ? null : unescaped(code) };
}

function referenceValue(parameter: Parameter, written: string, modifier: string | null, base: string): ReferenceValue {
  const own = written.startsWith(`${base}/`) ? written.slice(base.length + 1) : written;
  const m = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9._-]{1,128})(?:\/_history\/.*)?$/.exec(own);
  if (m !== null) return { type: m[1]!, id: m[2]!, written: `${m[1]}/${m[2]}` };
  if (!/^[A-Za-z0-9._-]{1,128}$/.test(own)) {
    if (/^(https?|urn):/.test(own)) return { type: null, id: '', written: own };
    throw new Refused(400, 'value', `${parameter.name} must be a reference such as Patient/123, or an id.`);
  }
  const type = modifier ?? (parameter.name === 'patient' ? 'Patient' : null);
  return { type, id: own, written: type === null ? own : `${type}/${own}` };
}
