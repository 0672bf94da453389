// The resources in memory: JSON bytes as they came, found by reference, by type, by patient and by code.
import type { DateRange } from './date-search.ts';
import { mainDateOf, type Parameter, parametersOf } from './search-parameters.ts';
import { type Tokens, type Values, valuesOf } from './search-values.ts';

export type Row = {
  type: string;
  id: string;
  bytes: Buffer;
  start: number;
  end: number;
  /** Ids of the patients whose compartment it is in (by the `patient` parameter; a Patient's own id). */
  patients: readonly string[];
  codes: readonly Tokens[];
  dates: readonly DateRange[];
  /** The file's place in the list, then the place in the file: the order of results without `_sort`. */
  order: number;
  /** In its table. */
  index: number;
};

type Resource = { id?: string; meta?: { lastUpdated?: string; versionId?: string } };

export const textOf = (row: Pick<Row, 'bytes' | 'start' | 'end'>) => row.bytes.toString('utf8', row.start, row.end);

/** Places in a file are below this in `order`, files above. */
export const FILE = 2 ** 32;

const LOCAL_PATIENT = /^Patient\/([A-Za-z0-9._-]{1,128})$/;
const NONE: readonly never[] = [];
const alone = new Map<string, readonly string[]>();

type Eager = { patient: Parameter | undefined; code: Parameter | undefined; date: Parameter | null };
const eager = new Map<string, Eager>();

function eagerOf(type: string): Eager {
  let found = eager.get(type);
  if (found === undefined) {
    const parameters = parametersOf(type);
    found = { patient: parameters.get('patient'), code: parameters.get('code'), date: mainDateOf(type) };
    eager.set(type, found);
  }
  return found;
}

function patientsOf(type: string, id: string, resource: unknown, parameter: Parameter | undefined): readonly string[] {
  if (type === 'Patient') return [id];
  if (parameter === undefined) return NONE;
  const ids = (valuesOf(resource, parameter) as string[]).flatMap((reference) => LOCAL_PATIENT.exec(reference)?.[1] ?? []);
  if (ids.length !== 1) return ids;
  // One list for all of a patient's resources.
  let list = alone.get(ids[0]!);
  if (list === undefined) {
    list = ids;
    alone.set(ids[0]!, list);
  }
  return list;
}

/** Reads what searches mostly need. Throws SyntaxError when the bytes are no JSON. */
export function makeRow(type: string, id: string, at: { bytes: Buffer; start: number; end: number }, order: number): Row {
  const resource: unknown = JSON.parse(at.bytes.toString('utf8', at.start, at.end));
  const { patient, code, date } = eagerOf(type);
  return {
    type,
    id,
    bytes: at.bytes,
    start: at.start,
    end: at.end,
    patients: patientsOf(type, id, resource, patient),
    codes: code === undefined ? NONE : (valuesOf(resource, code) as readonly Tokens[]),
    dates: date === null ? NONE : (valuesOf(resource, date) as readonly DateRange[]),
    order,
    index: -1,
  };
}

class Table {
  readonly rows: Row[] = [];
  readonly byId = new Map<string, Row>();
  readonly byPatient = new Map<string, Row[]>();
  /** Values of the other parameters, read on first use; one list a parameter, by Row.index. */
  readonly columns = new Map<string, (Values | undefined)[]>();
  private readonly byCode = new Map<string, Map<Tokens, Row[]>>();

  put(row: Row, index = this.rows.length): void {
    const old = this.rows[index];
    row.index = index;
    this.rows[index] = row;
    this.byId.set(row.id, row);
    for (const column of this.columns.values()) column[index] = undefined;
    for (const patient of old?.patients ?? []) {
      this.byPatient.set(patient, this.byPatient.get(patient)?.filter((one) => one !== old) ?? []);
      this.byCode.delete(patient);
    }
    for (const patient of row.patients) {
      const list = this.byPatient.get(patient);
      if (list === undefined) this.byPatient.set(patient, [row]);
      else list.push(row);
      this.byCode.delete(patient);
    }
  }

  /** A patient's rows by each distinct coded value: a search by code looks at the values, not at the rows. */
  codesOf(patient: string): ReadonlyMap<Tokens, readonly Row[]> {
    let found = this.byCode.get(patient);
    if (found === undefined) {
      found = new Map();
      for (const row of this.byPatient.get(patient) ?? []) {
        for (const code of row.codes) {
          const list = found.get(code);
          if (list === undefined) found.set(code, [row]);
          else list.push(row);
        }
      }
      this.byCode.set(patient, found);
    }
    return found;
  }
}

/** All resources that were read so far. */
export class Tables {
  private readonly tables = new Map<string, Table>();
  private readonly versions = new Map<string, Row>();

  /** Adds a resource; of the same one in several files the newest stays (meta.lastUpdated, versionId, else the first file's). */
  add(row: Row): void {
    let table = this.tables.get(row.type);
    if (table === undefined) {
      table = new Table();
      this.tables.set(row.type, table);
    }
    const old = table.byId.get(row.id);
    if (old === undefined) {
      table.put(row);
      return;
    }
    if (old.bytes.compare(row.bytes, row.start, row.end, old.start, old.end) === 0) {
      if (row.order < old.order) old.order = row.order;
      return;
    }
    this.keepVersion(old);
    this.keepVersion(row);
    if (isNewer(row, old)) table.put(row, old.index);
  }

  private keepVersion(row: Row): void {
    const version = metaOf(row).versionId;
    if (version !== undefined) this.versions.set(`${row.type}/${row.id}/_history/${version}`, row);
  }

  get(type: string, id: string): Row | undefined {
    return this.tables.get(type)?.byId.get(id);
  }

  version(type: string, id: string, version: string): Row | undefined {
    const current = this.get(type, id);
    if (current !== undefined && metaOf(current).versionId === version) return current;
    return this.versions.get(`${type}/${id}/_history/${version}`);
  }

  rows(type: string): readonly Row[] {
    return this.tables.get(type)?.rows ?? NONE;
  }

  rowsOf(type: string, patient: string): readonly Row[] {
    return this.tables.get(type)?.byPatient.get(patient) ?? NONE;
  }

  codesOf(type: string, patient: string): ReadonlyMap<Tokens, readonly Row[]> {
    return this.tables.get(type)?.codesOf(patient) ?? new Map();
  }

  /** Returns a reader of one parameter's values; a row is parsed once for each parameter that is asked for. */
  reader(type: string): (row: Row, parameter: Parameter) => Values {
    const { code, date } = eagerOf(type);
    let parsed: { row: Row; resource: unknown } | null = null;
    return (row, parameter) => {
      if (parameter === code) return row.codes;
      if (parameter === date) return row.dates;
      const columns = this.tables.get(type)!.columns;
      let column = columns.get(parameter.name);
      if (column === undefined) {
        column = [];
        columns.set(parameter.name, column);
      }
      const known = column[row.index];
      if (known !== undefined) return known;
      if (parsed?.row !== row) parsed = { row, resource: JSON.parse(textOf(row)) };
      const values = valuesOf(parsed.resource, parameter);
      column[row.index] = values;
      return values;
    };
  }
}

const metaOf = (row: Row) => (JSON.parse(textOf(row)) as Resource).meta ?? {};

function isNewer(row: Row, old: Row): boolean {
  const [a, b] = [metaOf(row), metaOf(old)];
  const updated = Date.parse(a.lastUpdated ?? '') - Date.parse(b.lastUpdated ?? '');
  if (updated !== 0 && !Number.isNaN(updated)) return updated > 0;
  const version = Number(a.versionId ?? Number.NaN) - Number(b.versionId ?? Number.NaN);
  if (version !== 0 && !Number.isNaN(version)) return version > 0;
  // Within one file the later entry is the later state.
  const sameFile = Math.floor(row.order / FILE) === Math.floor(old.order / FILE);
  return sameFile ? row.order >= old.order : row.order < old.order;
}
