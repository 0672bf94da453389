// A search written a second time, without regard to speed or to the server's code: over the raw bundle, for the parameters that
// the data tests draw. It knows only what the two data sets hold.
import type { Bundle } from 'fhir/r4.js';
import type { Answer } from './serve.ts';

type Condition = [name: string, value: string];

/** Parameter to the elements that FHIR R4 gives it, for the types that are drawn. */
const ELEMENTS: Record<string, Record<string, string[]>> = {
  Observation: {
    code: ['code'],
    category: ['category'],
    status: ['status'],
    date: ['effectiveDateTime'],
    encounter: ['encounter'],
    specimen: ['specimen'],
    'component-code': ['component.code'],
    'combo-code': ['code', 'component.code'],
  },
  Condition: {
    code: ['code'],
    encounter: ['encounter'],
    'clinical-status': ['clinicalStatus'],
    'onset-date': ['onsetDateTime'],
    'recorded-date': ['recordedDate'],
  },
  MedicationRequest: {
    code: ['medicationCodeableConcept'],
    medication: ['medicationReference'],
    status: ['status'],
    authoredon: ['authoredOn'],
    encounter: ['encounter'],
  },
  MedicationAdministration: {
    code: ['medicationCodeableConcept'],
    status: ['status'],
    'effective-time': ['effectiveDateTime', 'effectivePeriod'],
    context: ['context'],
    request: ['request'],
  },
  Encounter: {
    status: ['status'],
    class: ['class'],
    type: ['type'],
    date: ['period'],
    location: ['location.location'],
    identifier: ['identifier'],
  },
  Procedure: { code: ['code'], status: ['status'], date: ['performedDateTime', 'performedPeriod'], encounter: ['encounter'] },
  Immunization: { 'vaccine-code': ['vaccineCode'], status: ['status'], date: ['occurrenceDateTime'] },
  DiagnosticReport: { code: ['code'], status: ['status'], date: ['effectiveDateTime'], result: ['result'], issued: ['issued'] },
};

export const DATES = new Set(['date', 'onset-date', 'recorded-date', 'authoredon', 'effective-time', 'issued']);
export const REFERENCES = new Set(['encounter', 'specimen', 'medication', 'context', 'request', 'location', 'result']);
export const parametersOf = (type: string) => Object.keys(ELEMENTS[type]!);
export const types = Object.keys(ELEMENTS);

function at(value: Answer, path: string[]): Answer[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((one) => at(one, path));
  return path.length === 0 ? [value] : at(value[path[0]!], path.slice(1));
}

export class Naive {
  readonly resources: Answer[];
  private readonly byUrl: Map<string, string>;

  constructor(bundle: Bundle) {
    this.resources = bundle.entry!.map(({ resource }) => resource);
    this.byUrl = new Map(bundle.entry!.map(({ fullUrl, resource }) => [fullUrl!, `${resource!.resourceType}/${resource!.id}`]));
  }

  values(resource: Answer, name: string): Answer[] {
    return ELEMENTS[resource.resourceType]![name]!.flatMap((path) => at(resource, path.split('.')));
  }

  reference(written: string): string {
    return this.byUrl.get(written) ?? written;
  }

  /** Ids of the type's resources that fit all conditions. */
  search(type: string, conditions: Condition[]): string[] {
    return this.resources
      .filter(
        (one) =>
          one.resourceType === type && conditions.every(([name, value]) => value.split(',').some((part) => this.fits(one, name, part))),
      )
      .map(({ id }) => id);
  }

  private fits(resource: Answer, name: string, wanted: string): boolean {
    const [plain, modifier] = name.split(':') as [string, string | undefined];
    const values = this.values(resource, plain);
    if (DATES.has(plain)) return values.some((value) => dateFits(value, wanted));
    if (REFERENCES.has(plain)) return values.some(({ reference }) => this.reference(reference ?? '') === wanted);
    if (modifier === 'text')
      return values.some((value) =>
        [value.text, ...(value.coding ?? []).map(({ display }: Answer) => display)].some((text) =>
          text?.toLowerCase().includes(wanted.toLowerCase()),
        ),
      );
    const [system, code] = wanted.includes('|') ? (wanted.split('|') as [string, string]) : [null, wanted];
    return values.some((value) => {
      if (typeof value === 'string') return value === code && system === null;
      const codings = value.coding ?? [value];
      return codings.some((one: Answer) => (system === null || (one.system ?? '') === system) && (one.code ?? one.value) === code);
    });
  }
}

/** Days are compared as text, times as instants of Date.parse; every time of the two data sets has an offset and whole seconds. */
function dateFits(value: Answer, wanted: string): boolean {
  const [, prefix, bound] = /^(eq|ne|gt|ge|lt|le|sa|eb)(.*)$/.exec(wanted) as unknown as [string, string, string];
  const [start, end] = typeof value === 'string' ? [value, value] : [value.start, value.end];
  const isDay = bound.length <= 10;
  // Order of the bound against one end of the target: by day text, or by second.
  const order = (time: string, last: boolean): number => {
    if (isDay) {
      const day = time.slice(0, bound.length);
      if (time.length < bound.length) throw new Error('the data sets have no coarser dates');
      return day < bound ? -1 : day > bound ? 1 : 0;
    }
    if (time.length > 10) return Math.sign(Math.floor(Date.parse(time) / 1000) - Math.floor(Date.parse(bound) / 1000));
    // A day against a time: it begins at or before, and ends at or after, any time within it, by that time's own clock.
    if (time !== bound.slice(0, 10)) return time < bound.slice(0, 10) ? -1 : 1;
    return last ? (bound.slice(11, 19) === '23:59:59' ? 0 : 1) : bound.slice(11, 19) === '00:00:00' ? 0 : -1;
  };
  const from = start === undefined ? -1 : order(start, false);
  const to = end === undefined ? 1 : order(end, true);
  const within = from === 0 && to === 0;
  switch (prefix) {
    case 'eq':
      return within;
    case 'ne':
      return !within;
    case 'gt':
      return to > 0;
    case 'ge':
      return to > 0 || within;
    case 'lt':
      return from < 0;
    case 'le':
      return from < 0 || within;
    case 'sa':
      return (start === undefined ? -1 : order(start, false)) > 0 && (start.length > 10 || isDay || start > bound.slice(0, 10));
    default:
      return (end === undefined ? 1 : order(end, true)) < 0;
  }
}
