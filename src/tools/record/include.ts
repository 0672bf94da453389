// A search with what it refers to (_include), and the same by reading the references where the server does not do includes.
import type { Resource } from 'fhir/r4.js';
import { type ToolContext, ToolError } from '../tool.ts';
import { type Read, type ReadRequest, readRecord } from './read.ts';

/** `at` is the search parameter, `to` the type referred to; the second of a chain is asked for with `_include:iterate`. */
export type Include = { from: string; at: string; to: string };

const PER_REQUEST = 50;

export async function readWithIncludes<R extends Resource>(
  context: ToolContext,
  request: ReadRequest<R>,
  includes: readonly Include[],
): Promise<Read<R>> {
  const asked = includes.map((i) => [i.from === request.type ? '_include' : '_include:iterate', `${i.from}:${i.at}`] as const);
  try {
    return await readRecord(context, { ...request, parameters: [...(request.parameters ?? []), ...asked] });
  } catch (error) {
    if (!(error instanceof ToolError) || error.code !== 'unsupported') throw error;
  }
  const plain = await readRecord(context, request);
  const included: Resource[] = [];
  let from: readonly Resource[] = [...plain.resources, ...plain.pending];
  for (const to of new Set(includes.map((i) => i.to))) {
    for (let round = 0; round < 2; round += 1) {
      const found = await readByIds(context, to, referredIds(from, to, included));
      included.push(...found);
      if (found.length === 0 || !includes.some((i) => i.from === to && i.to === to)) break;
      from = found;
    }
    from = [...plain.resources, ...plain.pending];
  }
  return { ...plain, included };
}

/** Ids of a type that the resources refer to, without those at hand. */
export function referredIds(resources: readonly Resource[], type: string, known: readonly Resource[] = []): string[] {
  const have = new Set(known.map((r) => r.id));
  const ids = new Set<string>();
  const walk = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    const reference = (value as { reference?: unknown }).reference;
    const id =
      typeof reference === 'string'
        ? new RegExp(`(?:^|/)${type}/([A-Za-z0-9.-]{1,64})(?:/_history/[^/]+)?$`).exec(reference)?.[1]
        : undefined;
    if (id !== undefined && !have.has(id)) ids.add(id);
    for (const child of Object.values(value)) walk(child);
  };
  for (const resource of resources) walk(resource);
  return [...ids];
}

/** Shared resources (outside the patient compartment) by id; what cannot be read is left out, and its name is then not recorded. */
export async function readByIds(context: ToolContext, type: string, ids: readonly string[]): Promise<Resource[]> {
  const chunks = Array.from({ length: Math.ceil(ids.length / PER_REQUEST) }, (_, i) => ids.slice(i * PER_REQUEST, (i + 1) * PER_REQUEST));
  const results = await Promise.all(
    chunks.map((chunk) => context.sources.record.search(type, [['_id', chunk.join(',')]], { signal: context.signal, patient: null })),
  );
  return results.flatMap((r) => r.resources);
}
