// The one door through which the tools read the record: search, as-of, entered-in-error, unknown modifiers, completeness.
// Reads are shared within one question (one ToolContext), so that two tools that need the same search make one request.
import type { Resource } from 'fhir/r4.js';
import {
  type Completeness,
  contentVersion,
  makeCompleteness,
  offsetOf,
  type PatientLock,
  type Source,
  startOf,
} from '../../evidence/index.ts';
import { type ToolContext, ToolError } from '../tool.ts';
import { knownAt } from './as-of.ts';
import type { SearchParameters, SearchResult } from './source.ts';

export type Read<R extends Resource = Resource> = {
  /** Known at the as-of time, not entered in error, understood. In the server's order. */
  resources: R[];
  /** Collected before the as-of time and issued after it. */
  pending: R[];
  included: Resource[];
  /** Left out as entered in error; they are counted and said, never used. */
  enteredInError: R[];
  /** Left out because of a modifierExtension that we do not know (FHIR R4 2.4.1.1: must not be read as if it were not there). */
  unreadable: R[];
  later: number;
  search: SearchResult;
};

export type ReadRequest<R extends Resource> = {
  type: R['resourceType'];
  parameters?: SearchParameters;
  limit?: number;
  /** Dates a resource that has no time of its own. */
  fallbackTime?: (resource: R) => string | null;
};

const shared = new WeakMap<ToolContext, Map<string, Promise<SearchResult>>>();

/** Lets a context that asks the same of the same patient use what the other one reads. */
export function shareReads(from: ToolContext, to: ToolContext): void {
  const reads = shared.get(from) ?? new Map<string, Promise<SearchResult>>();
  shared.set(from, reads);
  shared.set(to, reads);
}

export function lockOf(context: ToolContext): PatientLock {
  if (context.patient === null) throw new ToolError('bad_input', 'No patient is chosen; choose one before asking about a record.');
  return context.patient;
}

/** One search within the patient lock, read once per question however many tools ask for it. */
function search(context: ToolContext, type: string, parameters: SearchParameters, limit?: number): Promise<SearchResult> {
  const reads = shared.get(context) ?? new Map<string, Promise<SearchResult>>();
  shared.set(context, reads);
  const key = JSON.stringify([type, parameters, limit]);
  let found = reads.get(key);
  if (found === undefined) {
    found = context.sources.record.search(type, parameters, {
      signal: context.signal,
      patient: lockOf(context),
      ...(limit === undefined ? {} : { limit }),
    });
    reads.set(key, found);
  }
  return found;
}

const isEnteredInError = (resource: Resource) => {
  const r = resource as Resource & { status?: unknown; verificationStatus?: { coding?: { code?: string }[] } };
  return r.status === 'entered-in-error' || (r.verificationStatus?.coding?.some((c) => c.code === 'entered-in-error') ?? false);
};

/** Looks only where a modifierExtension may stand: on the resource and its backbone elements (contained resources are their own). */
function hasModifier(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.some(hasModifier);
  const object = value as Record<string, unknown>;
  for (const key in object) {
    if (key === 'modifierExtension') {
      const found = object[key];
      if (Array.isArray(found) && found.length > 0) return true;
    } else if (key !== 'contained' && hasModifier(object[key])) return true;
  }
  return false;
}

export async function readRecord<R extends Resource>(context: ToolContext, request: ReadRequest<R>): Promise<Read<R>> {
  const result = await search(context, request.type, request.parameters ?? [], request.limit);
  const read: Read<R> = {
    resources: [],
    pending: [],
    included: result.included,
    enteredInError: [],
    unreadable: [],
    later: 0,
    search: result,
  };
  for (const resource of result.resources as R[]) {
    const known = knownAt(resource, context.asOf, request.fallbackTime?.(resource) ?? null);
    if (known === 'later') read.later += 1;
    else if (isEnteredInError(resource)) read.enteredInError.push(resource);
    else if (hasModifier(resource)) read.unreadable.push(resource);
    else if (known === 'pending') read.pending.push(resource);
    else read.resources.push(resource);
  }
  return read;
}

/**
 * What was looked for and how far it was read. `found` is how many fit the question (default: all that were read and known);
 * `later` likewise (default: all that lie later).
 */
export function completenessOf(
  context: ToolContext,
  read: Read,
  what: string,
  counts: { found?: number; later?: number; from?: string | null; to?: string | null } = {},
): Completeness {
  const left = [
    read.search.reason,
    read.enteredInError.length > 0 ? `${read.enteredInError.length} entered in error left out` : null,
    read.unreadable.length > 0 ? `${countOf(read.unreadable)} could not be read: modifier extension not understood` : null,
  ].filter((reason) => reason !== null);
  return makeCompleteness({
    what,
    source: read.search.server,
    window: [counts.from ?? null, earlier(counts.to ?? null, context.asOf)],
    status: read.search.status === 'complete' && read.unreadable.length > 0 ? 'partial' : read.search.status,
    read: read.search.resources.length,
    found: counts.found ?? read.resources.length,
    later: counts.later ?? read.later,
    reason: left.length === 0 ? null : left.join('; '),
  });
}

const countOf = (left: readonly Resource[]) =>
  left.every((r) => r.resourceType === 'Observation')
    ? `${left.length} result${left.length === 1 ? '' : 's'}`
    : `${left.length} entr${left.length === 1 ? 'y' : 'ies'}`;

/** A window ends at the as-of time at the latest. */
function earlier(to: string | null, asOf: string): string {
  return to !== null && startOf(to, offsetOf(asOf) ?? 'Z') < startOf(asOf) ? to : asOf;
}

/** The FHIR source of evidence: reference, version (meta.versionId, else the content's hash), and the element within. */
export function fhirSource(server: string, resource: Resource, path?: string): Source {
  return {
    type: 'fhir',
    server,
    reference: `${resource.resourceType}/${resource.id ?? 'unknown'}`,
    version: resource.meta?.versionId ?? contentVersion(resource),
    ...(path === undefined ? {} : { path }),
  };
}
