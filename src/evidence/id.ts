// Ids that are the same for the same fact of the same version of the same source, in every run.
import { createHash } from 'node:crypto';
import type { Completeness, Evidence, Flag } from './types.ts';

/** JSON with sorted keys: equal values give equal text whatever the order in which keys were set. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return JSON.stringify(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += text === '' ? canonicalJson(item) : `,${canonicalJson(item)}`;
    return `[${text}]`;
  }
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object).sort()) {
    if (object[key] === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(object[key])}`;
  }
  return `{${text}}`;
}

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

const versions = new WeakMap<object, string>();

/** The version of a thing whose source keeps none. What is read is never changed, so each object is hashed once. */
export function contentVersion(value: object): string {
  let version = versions.get(value);
  if (version === undefined) {
    version = `sha256:${sha256(canonicalJson(value)).slice(0, 16)}`;
    versions.set(value, version);
  }
  return version;
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
