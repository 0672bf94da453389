// Ids that are the same for the same fact of the same version of the same source, in every run.
import { createHash } from 'node:crypto';
import type { Completeness, Evidence, Flag } from './types.ts';

/** JSON with sorted keys: equal values give equal text whatever the order in which keys were set. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value as Record<string, unknown>).filter(([, v]) => v !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(',')}}`;
}

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The version of a thing whose source keeps none. */
export function contentVersion(value: unknown): string {
  return `sha256:${sha256(canonicalJson(value)).slice(0, 16)}`;
}

const short = (prefix: string, value: unknown) => `${prefix}${sha256(canonicalJson(value)).slice(0, 16)}`;

/** Makes evidence with its id: a hash of what it is (kind, concept, value, components, time, status) and of its source. */
export function makeEvidence(evidence: Omit<Evidence, 'id'>): Evidence {
  return { id: short('e', evidence), ...evidence };
}

export function makeCompleteness(completeness: Omit<Completeness, 'id'>): Completeness {
  return { id: short('c', completeness), ...completeness };
}

export function makeFlag(flag: Omit<Flag, 'id'>): Flag {
  return { id: short('f', flag), ...flag };
}
