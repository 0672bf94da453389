// One patient's chart under construction: gathers resources, keeps their ids unique, and writes the bundle.
import type { Bundle, FhirResource, Reference } from 'fhir/r4.js';

const SERVER = 'https://demo-hospital.invalid/fhir';

export class Chart {
  readonly key: string;
  readonly patient: Reference;
  readonly #resources = new Map<string, FhirResource>();

  constructor(key: string) {
    this.key = key;
    this.patient = { reference: `Patient/${key}` };
  }

  /** A readable id that says whose and what: `kidney-creatinine-20260317-0530`. FHIR allows 64 characters. */
  id(...parts: string[]): string {
    const compact = (part: string) =>
      part.replace(/^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}).*)?$/, (_, y, m, d, h, n) => `${y}${m}${d}${h ? `-${h}${n}` : ''}`);
    const kebab = (part: string) => part.replace(/[a-z][A-Z]/g, (two) => `${two[0]}-${two[1]}`).toLowerCase();
    return [this.key, ...parts.map(compact).map(kebab)].join('-');
  }

  add<R extends FhirResource>(resource: R): R {
    const reference = `${resource.resourceType}/${resource.id}`;
    if (resource.id === undefined || !/^[A-Za-z0-9.-]{1,64}$/.test(resource.id)) throw new Error(`${reference} is no FHIR id`);
    if (this.#resources.has(reference)) throw new Error(`${reference} is made twice`);
    this.#resources.set(reference, resource);
    return resource;
  }

  /** A transaction that any FHIR R4 server takes again and again with the same result. */
  bundle(): Bundle {
    const entry = [...this.#resources].map(([reference, resource]) => ({
      fullUrl: `${SERVER}/${reference}`,
      resource,
      request: { method: 'PUT' as const, url: reference },
    }));
    return { resourceType: 'Bundle', type: 'transaction', entry };
  }
}

export const refer = (resource: FhirResource): Reference => ({ reference: `${resource.resourceType}/${resource.id}` });
