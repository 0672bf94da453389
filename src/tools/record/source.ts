// What the tools see of a FHIR server: searches bound to the patient lock. fhir/client.ts implements it
// for a hospital's server and for the embedded one alike; tests may implement it over an array.
import type { Resource } from 'fhir/r4.js';
import type { PatientLock } from '../../evidence/index.ts';

/** How far a search was read. `reason` is one short clause, fit for completeness. */
export type ReadStatus = {
  status: 'complete' | 'partial' | 'unavailable' | 'absent_from_source';
  reason: string | null;
};

export type SearchResult = ReadStatus & {
  /** Matches, in the server's order, all pages. */
  resources: Resource[];
  /** Resources that came by _include. */
  included: Resource[];
  /** Bundle.total where the server tells it. */
  total: number | null;
  /** The content's hash or meta.versionId is the version; this names the server in evidence (`demo`, `bundles`, or the base URL). */
  server: string;
};

export type SearchParameters = readonly (readonly [name: string, value: string])[];

export type SearchOptions = {
  signal: AbortSignal;
  /** The lock: adds the patient parameter, and checks the subject of all that comes back. Null for resources outside the patient compartment. */
  patient: PatientLock | null;
  /** Upper bound of resources read; past it the result is `partial`. */
  limit?: number;
};

export interface RecordSource {
  /** Stable name of the server in evidence and completeness: `demo`, `bundles`, or the base URL. */
  readonly server: string;
  /** The as-of time that belongs to this source (the demo hospital's own date), or null: now. */
  readonly ownDate: string | null;
  /**
   * All pages of a search. Never throws for an unreachable or failing server: that is `unavailable` or `partial` with the reason.
   * Throws ToolError: `not_allowed` (another patient's resource came back), `unsupported` (parameter not understood), and the signal's abort reason.
   */
  search(type: string, parameters: SearchParameters, options: SearchOptions): Promise<SearchResult>;
  /** One resource by `Type/id`; null when there is none (404, 410). Throws ToolError `unavailable` when it cannot be told. */
  read(reference: string, options: SearchOptions): Promise<Resource | null>;
  /** Whether the server has the resource type and the search parameter at all (CapabilityStatement); null when unknown. */
  supports(type: string, parameter?: string): Promise<boolean | null>;
  /**
   * For doctor and the start line: one sentence on the source, and whether it answers now. Never throws.
   * `thorough` waits until every file of an embedded source was looked at, so that all that are skipped are named.
   */
  health(signal: AbortSignal, options?: { thorough?: boolean }): Promise<{ ok: boolean; message: string }>;
  close(): Promise<void>;
}
