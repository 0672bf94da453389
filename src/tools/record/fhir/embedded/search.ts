// Runs a search over the tables: narrows by id, patient and code, filters, sorts, pages, includes.
import { type DateRange, dateFits } from './date-search.ts';
import type { Library, Need } from './library.ts';
import type { Filter, Include, Query, ReferenceValue, TokenValue } from './query.ts';
import { type Parameter, parametersOf } from './search-parameters.ts';
import { fold, type Tokens, type Values } from './search-values.ts';
import type { Row, Tables } from './tables.ts';

const samePaths = (a: Parameter, b: Parameter | undefined) => b !== undefined && JSON.stringify(a.paths) === JSON.stringify(b.paths);

/** Patient ids to which a filter binds the search, or null: `patient=…`, or `subject=Patient/…` where both read the same element. */
function patientsOf(type: string, filter: Filter): string[] | null {
  if (filter.kind !== 'reference' || !samePaths(filter.parameter, parametersOf(type).get('patient'))) return null;
  const ids = filter.values.flatMap((value) => (value.type === 'Patient' ? [value.id] : []));
  return ids.length === filter.values.length ? ids : null;
}

/** The patients that a query asks about; null when it is not bound to any. */
export function patientsAsked(query: Query): string[] | null {
  const bound = query.filters.map((filter) => patientsOf(query.type, filter)).filter((ids) => ids !== null);
  return bound.length === 0 ? null : bound.reduce((a, b) => a.filter((id) => b.includes(id)));
}

/** What must be in memory for the query to find all that it may. */
export function needOf(query: Query): Need {
  const patients = patientsAsked(query);
  if (query.type === 'Patient') return 'patients';
  if (patients !== null) return { patients };
  return query.ids.length > 0 ? { keys: query.ids.flat().map((id) => `${query.type}/${id}`) } : 'all';
}

/** All matches in order. */
export function search(tables: Tables, query: Query): Row[] {
  const read = tables.reader(query.type);
  const patients = patientsAsked(query);
  const narrow = patients === null ? null : query.filters.filter((filter) => patientsOf(query.type, filter) === null);
  let rows: readonly Row[];
  let rest = narrow ?? query.filters;
  if (query.ids.length > 0) {
    const [first = [], ...more] = query.ids;
    const ids = [...new Set(first)].filter((id) => more.every((list) => list.includes(id)));
    rows = ids.flatMap((id) => tables.get(query.type, id) ?? []);
    rest = query.filters;
  } else if (patients !== null) {
    const code = rest.find(
      (filter) => filter.parameter.name === 'code' && (filter.kind === 'text' || (filter.kind === 'token' && !filter.not)),
    );
    rows = distinct(patients.map((id) => (code === undefined ? tables.rowsOf(query.type, id) : byCode(tables, query.type, id, code))));
    rest = rest.filter((filter) => filter !== code);
  } else rows = tables.rows(query.type);
  const found = rest.length === 0 ? [...rows] : rows.filter((row) => rest.every((filter) => fits(read(row, filter.parameter), filter)));
  return sorted(found, query, read);
}

function byCode(tables: Tables, type: string, patient: string, filter: Filter): Row[] {
  const lists: (readonly Row[])[] = [];
  for (const [tokens, rows] of tables.codesOf(type, patient)) if (fits([tokens], filter)) lists.push(rows);
  return distinct(lists);
}

/** Lists joined; a row that stands in two of them once. */
function distinct(lists: readonly (readonly Row[])[]): Row[] {
  return lists.length === 1 ? [...lists[0]!] : [...new Set(lists.flat())];
}

function sorted(rows: Row[], query: Query, read: (row: Row, parameter: Parameter) => Values): Row[] {
  rows.sort((a, b) => a.order - b.order);
  // Sorting is stable: the last key first.
  for (const { parameter, descending } of query.sort.toReversed()) {
    const offset = parameter !== '_id' && parameter.type === 'date' ? offsetIn(rows.map((row) => read(row, parameter) as DateRange[])) : 0;
    const keys = new Map(rows.map((row) => [row, parameter === '_id' ? row.id : keyOf(read(row, parameter), parameter, offset)]));
    rows.sort((a, b) => {
      const [x, y] = [keys.get(a) ?? null, keys.get(b) ?? null];
      if (x === y) return 0;
      // What has no value stands last either way.
      if (x === null) return 1;
      if (y === null) return -1;
      return x < y === descending ? 1 : -1;
    });
  }
  return rows;
}

/** The offset of the first time that has one: where a bare date's midnight lies among times, near enough to order them. */
function offsetIn(values: readonly (readonly DateRange[])[]): number {
  for (const [first] of values) if (first !== undefined && Number.isFinite(first.startUtc)) return first.startWall - first.startUtc;
  return 0;
}

/** What a row is sorted by: a date by where it begins. */
function keyOf(values: Values, parameter: Parameter, offset: number): string | number | null {
  const first = values[0];
  if (first === undefined) return null;
  if (parameter.type === 'date') {
    const range = first as DateRange;
    return Number.isNaN(range.startUtc) ? range.startWall - offset : range.startUtc;
  }
  if (parameter.type === 'token') {
    const tokens = first as Tokens;
    return fold(tokens.texts[0] ?? tokens.codings[0]?.code ?? '');
  }
  return fold(first as string);
}

function fits(values: Values, filter: Filter): boolean {
  switch (filter.kind) {
    case 'missing':
      return (values.length === 0) === filter.missing;
    case 'token':
      return (values as Tokens[]).some((tokens) => filter.values.some((wanted) => tokenFits(tokens, wanted))) !== filter.not;
    case 'text':
      return (values as Tokens[]).some(({ texts }) => texts.some((text) => filter.values.some((wanted) => fold(text).includes(wanted))));
    case 'reference':
      return (values as string[]).some((reference) => filter.values.some((wanted) => referenceFits(reference, wanted)));
    case 'date':
      return (values as DateRange[]).some((range) => filter.values.some((wanted) => dateFits(range, wanted)));
    case 'string':
      return (values as string[]).some((text) => filter.values.some((wanted) => stringFits(text, wanted, filter.how)));
    case 'uri':
      return (values as string[]).some((uri) => filter.values.includes(uri));
  }
}

// A bare code's system is implied by its element: any that the search names is taken for it.
const tokenFits = ({ codings, bare }: Tokens, { system, anySystem, code }: TokenValue) =>
  codings.some((one) => (anySystem || (bare ? system !== null : one.system === system)) && (code === null || one.code === code));

function referenceFits(reference: string, wanted: ReferenceValue): boolean {
  if (wanted.type !== null || wanted.id === '') return reference === wanted.written;
  return !reference.includes(':') && reference.endsWith(`/${wanted.id}`);
}

function stringFits(text: string, wanted: string, how: 'starts' | 'contains' | 'exact'): boolean {
  if (how === 'exact') return text === wanted;
  const folded = fold(text);
  return how === 'contains' ? folded.includes(wanted) : folded.startsWith(wanted);
}

/** What `_include` and `_revinclude` add to a page of matches, each resource once. */
export async function included(library: Library, query: Query, page: readonly Row[]): Promise<Row[]> {
  const seen = new Set(page);
  const added: Row[] = [];
  const take = (rows: readonly Row[]) => {
    const fresh = rows.filter((row) => !seen.has(row));
    for (const row of fresh) seen.add(row);
    added.push(...fresh);
    return fresh;
  };
  let from = take(await referred(library, page, query.includes));
  from.push(...take(await referring(library, page, query.revIncludes)));
  const iterated = query.includes.filter(({ iterate }) => iterate);
  while (from.length > 0 && iterated.length > 0) from = take(await referred(library, from, iterated));
  return added;
}

async function referred(library: Library, rows: readonly Row[], includes: readonly Include[]): Promise<Row[]> {
  const keys = new Set<string>();
  for (const { source, parameter, target } of includes) {
    const read = library.tables.reader(source);
    for (const row of rows) {
      if (row.type !== source) continue;
      for (const reference of read(row, parameter) as string[])
        if (!reference.includes(':') && (target === null || reference.startsWith(`${target}/`))) keys.add(reference);
    }
  }
  if (keys.size === 0) return [];
  await library.need({ keys: [...keys] });
  return [...keys].flatMap((key) => {
    const [type = '', id = ''] = key.split('/');
    return library.tables.get(type, id) ?? [];
  });
}

async function referring(library: Library, rows: readonly Row[], includes: readonly Include[]): Promise<Row[]> {
  const found: Row[] = [];
  const patients = [...new Set(rows.flatMap((row) => row.patients))];
  for (const { source, parameter, target } of includes) {
    if (target !== null && !rows.some(({ type }) => type === target)) continue;
    const bound = patients.length > 0 && parametersOf(source).has('patient');
    await library.need(bound ? { patients } : 'all');
    const read = library.tables.reader(source);
    const keys = new Set(rows.map(({ type, id }) => `${type}/${id}`));
    const candidates = bound ? patients.flatMap((id) => library.tables.rowsOf(source, id)) : library.tables.rows(source);
    found.push(...candidates.filter((row) => (read(row, parameter) as string[]).some((reference) => keys.has(reference))));
  }
  return found;
}
