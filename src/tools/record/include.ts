// A search with what it refers to (_include); what a server does not include is read by id, and what cannot be read is said.
import type { Reference, Resource } from 'fhir/r4.js';
import { type ToolContext, ToolError } from '../tool.ts';
import { type Read, type ReadRequest, readRecord } from './read.ts';

/** `at` is the search parameter, `to` the type referred to; the second of a chain is asked for with `_include:iterate`. */
export type Include = { from: string; at: string; to: string };

const PER_REQUEST = 50;
/** A mix refers to its parts: match, Medication, ingredient. */
const ROUNDS = 3;

export async function readWithIncludes<R extends Resource>(
  context: ToolContext,
  request: ReadRequest<R>,
  includes: readonly Include[],
): Promise<Read<R>> {
  const asked = includes.map((i) => [i.from === request.type ? '_include' : '_include:iterate', `${i.from}:${i.at}`] as const);
  const read = await readRecord(context, { ...request, parameters: [...(request.parameters ?? []), ...asked] }).catch((error) => {
    if (!(error instanceof ToolError) || error.code !== 'unsupported') throw error;
    return readRecord(context, request);
  });
  const included = [...read.included];
  const tried = new Set<string>();
  let isWhole = true;
  for (let round = 0; round < ROUNDS; round += 1) {
    const types = [...new Set(includes.map((i) => i.to))];
    const missing = types.map(
      (type) => [type, referredIds([...read.search.resources, ...included], type, [...included]).filter((id) => !tried.has(id))] as const,
    );
    if (missing.every(([, ids]) => ids.length === 0)) break;
    for (const [type, ids] of missing) {
      for (const id of ids) tried.add(id);
      const found = await readByIds(context, type, ids);
      included.push(...found.resources);
      isWhole &&= found.isWhole;
    }
  }
  if (isWhole) return { ...read, included };
  const reason = [read.search.reason, 'what it refers to could not be read completely, so that names may be missing'].filter(
    (r) => r !== null,
  );
  const status = read.search.status === 'complete' ? 'partial' : read.search.status;
  return { ...read, included, search: { ...read.search, status, reason: reason.join('; ') } };
}

type Referring = {
  medicationReference?: Reference;
  ingredient?: { itemReference?: Reference }[];
  location?: { location?: Reference }[];
};

/** Ids of a type that the resources refer to, by drug, ingredient or ward, without those at hand. */
export function referredIds(resources: readonly Resource[], type: string, known: readonly Resource[] = []): string[] {
  const have = new Set(known.filter((r) => r.resourceType === type).map((r) => r.id));
  const pattern = new RegExp(`(?:^|/)${type}/([A-Za-z0-9.-]{1,64})(?:/_history/[^/]+)?$`);
  const ids = new Set<string>();
  for (const resource of resources as (Resource & Referring)[]) {
    const { medicationReference, ingredient = [], location = [] } = resource;
    for (const reference of [medicationReference, ...ingredient.map((i) => i.itemReference), ...location.map((l) => l.location)]) {
      const id = pattern.exec(reference?.reference ?? '')?.[1];
      if (id !== undefined && !have.has(id)) ids.add(id);
    }
  }
  return [...ids];
}

/** Shared resources (outside the patient compartment) by id. */
export async function readByIds(
  context: ToolContext,
  type: string,
  ids: readonly string[],
): Promise<{ resources: Resource[]; isWhole: boolean }> {
  const chunks = Array.from({ length: Math.ceil(ids.length / PER_REQUEST) }, (_, i) => ids.slice(i * PER_REQUEST, (i + 1) * PER_REQUEST));
  const results = await Promise.all(
    chunks.map((chunk) => context.sources.record.search(type, [['_id', chunk.join(',')]], { signal: context.signal, patient: null })),
  );
  return {
    resources: results.flatMap((r) => r.resources),
    isWhole: results.every((r) => r.status === 'complete' || r.status === 'absent_from_source'),
  };
}
