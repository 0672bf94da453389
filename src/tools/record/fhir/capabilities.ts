// What the server says it has (CapabilityStatement), read once and shared. Without it nothing is known, and the search itself must tell.
import type { CapabilityStatement } from 'fhir/r4.js';
import { orAbort } from './or-abort.ts';
import type { Transport, TransportOptions } from './transport.ts';

/** A hospital's server is upgraded while we run; a failed read is not asked again for every search. */
const KNOWN_FOR_MS = 3_600_000;
const UNKNOWN_FOR_MS = 30_000;

/** Search parameters of every type (R4 search.html#all), which servers often do not list. */
const COMMON = new Set(['_id', '_lastUpdated', '_count', '_sort', '_include', '_revinclude', '_summary', '_elements', '_total']);

export type Capabilities = {
  fhirVersion: string | null;
  software: string | null;
  /** The base URL by which the server calls itself. */
  implementationUrl: string | null;
  /** Search parameters by type. */
  types: ReadonlyMap<string, ReadonlySet<string>>;
};

export class CapabilityReader {
  readonly #transport: Transport;
  readonly #now: () => number;
  /** The first search waits for this read, and can do without it. */
  readonly #limits: { attempts: number; timeoutMs: number };
  #read: Promise<Capabilities | null> | null = null;
  #until = 0;

  constructor(transport: Transport, { retry, timeoutMs }: TransportOptions) {
    this.#transport = transport;
    this.#now = retry.now;
    this.#limits = { attempts: 2, timeoutMs: Math.min(timeoutMs, 10_000) };
  }

  /** Null when the server does not tell (an error, or no types listed). Throws only the signal's reason. */
  async get(signal: AbortSignal): Promise<Capabilities | null> {
    if (this.#read === null || this.#now() > this.#until) {
      this.#until = Number.POSITIVE_INFINITY;
      // Bound to nobody's signal: the transport's own timeout ends it.
      this.#read = this.#transport.get('metadata', new AbortController().signal, this.#limits).then(parse, () => null);
      this.#read.then((found) => {
        this.#until = this.#now() + (found === null ? UNKNOWN_FOR_MS : KNOWN_FOR_MS);
      });
    }
    return orAbort(this.#read, signal);
  }
}

export function parse(body: unknown): Capabilities | null {
  const statement = body as CapabilityStatement | null;
  if (statement?.resourceType !== 'CapabilityStatement' || !Array.isArray(statement.rest)) return null;
  const rest = statement.rest.find((r) => r.mode === 'server') ?? statement.rest[0];
  if (!Array.isArray(rest?.resource) || rest.resource.length === 0) return null;
  const shared = (rest.searchParam ?? []).map((p) => p.name);
  return {
    fhirVersion: typeof statement.fhirVersion === 'string' ? statement.fhirVersion : null,
    software: typeof statement.software?.name === 'string' ? statement.software.name : null,
    implementationUrl: typeof statement.implementation?.url === 'string' ? statement.implementation.url : null,
    types: new Map(rest.resource.map((r) => [r.type, new Set([...shared, ...(r.searchParam ?? []).map((p) => p.name)])])),
  };
}

export function supportsParameter(capabilities: Capabilities, type: string, parameter?: string): boolean {
  const parameters = capabilities.types.get(type);
  if (parameters === undefined) return false;
  const name = parameter?.split(/[:.]/)[0];
  return name === undefined || COMMON.has(name) || parameters.has(name);
}
