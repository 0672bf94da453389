// One page of a search as it came: matches, what came by _include, what the server says beside them, and its links.
import type { OperationOutcome, Resource } from 'fhir/r4.js';
import { asOutcome } from './outcome.ts';

export type Page = {
  matches: Resource[];
  included: Resource[];
  outcomes: OperationOutcome[];
  /** Entries that hold no resource. */
  empty: number;
  total: number | null;
  self: string | null;
  next: string | null;
  /** Base URLs by which the server calls itself in this page: of the self link and of each fullUrl. */
  bases: string[];
};

type RawBundle = { resourceType?: unknown; total?: unknown; link?: unknown; entry?: unknown };
type RawEntry = { fullUrl?: unknown; resource?: Resource; search?: { mode?: unknown } };

/** Null when the body is no Bundle. @param type the resource type that was searched. */
export function readPage(body: unknown, type: string): Page | null {
  const bundle = body as RawBundle | null;
  if (typeof bundle !== 'object' || bundle?.resourceType !== 'Bundle') return null;
  const links = Array.isArray(bundle.link) ? (bundle.link as { relation?: unknown; url?: unknown }[]) : [];
  const link = (relation: string) => links.find((l) => l?.relation === relation && typeof l.url === 'string')?.url as string | undefined;
  const page: Page = {
    matches: [],
    included: [],
    outcomes: [],
    empty: 0,
    total: typeof bundle.total === 'number' ? bundle.total : null,
    self: link('self') ?? null,
    next: link('next') ?? null,
    bases: [],
  };
  const bases = new Set<string>();
  const selfBase = new RegExp(`^(https?://[^?]+?)/${type}(?:/_search)?/?(?:[?]|$)`).exec(page.self ?? '')?.[1];
  if (selfBase !== undefined) bases.add(selfBase);
  for (const entry of Array.isArray(bundle.entry) ? (bundle.entry as RawEntry[]) : []) {
    const resource = entry?.resource;
    if (typeof resource !== 'object' || resource === null || typeof resource.resourceType !== 'string') {
      page.empty += 1;
      continue;
    }
    const outcome = asOutcome(resource);
    if (outcome !== null) page.outcomes.push(outcome);
    else if (resource.resourceType === type && entry.search?.mode !== 'include') page.matches.push(resource);
    else page.included.push(resource);
    // R4 bundle.html#references: absolute and relative references in an entry mean the server of its fullUrl.
    const suffix = `/${resource.resourceType}/${resource.id}`;
    if (typeof entry.fullUrl === 'string' && entry.fullUrl.endsWith(suffix)) bases.add(entry.fullUrl.slice(0, -suffix.length));
  }
  page.bases = [...bases];
  return page;
}
