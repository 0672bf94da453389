// A FHIR R4 server as a RecordSource: every page, bound to the patient lock, and honest about how far it was read.
import type { Identifier, Resource } from 'fhir/r4.js';
import { ToolError } from '../../tool.ts';
import type { RecordSource, SearchOptions, SearchParameters, SearchResult } from '../source.ts';
import type { Credentials } from './auth.ts';
import type { Page } from './bundle.ts';
import { type Capabilities, CapabilityReader, parse, supportsParameter } from './capabilities.ts';
import { isCompartmentType, isPlainlyOf, isSharedType, parseReference, patientParameter } from './compartment.ts';
import { asFailure, RequestFailure } from './failure.ts';
import { orAbort } from './or-abort.ts';
import { assertOwn, identifiersIn } from './ownership.ts';
import { readPages } from './pages.ts';
import { ignoredParameters } from './self-link.ts';
import { contradicted } from './spot-check.ts';
import { TRANSPORT, Transport, type TransportOptions } from './transport.ts';

export type FhirClientOptions = {
  base: string;
  credentials?: Credentials | null;
  /** Stable name in evidence and completeness; default the base URL. */
  server?: string;
  ownDate?: string | null;
  /** Set for our own server over files. */
  embedded?: EmbeddedServer;
  /** Resources asked for per page. */
  pageSize?: number;
  limit?: number;
  maxPages?: number;
  transport?: Partial<TransportOptions>;
};

type EmbeddedServer = {
  /** One clause for health: files that were skipped; null when there are none. */
  note: () => string | null;
  /** Resolves when every file was looked at. */
  ready: () => Promise<void>;
  close: () => Promise<void>;
};

/** Characters; many servers and proxies refuse addresses over 8 kB. */
const LONGEST_QUERY = 4000;

export class FhirClient implements RecordSource {
  readonly server: string;
  readonly ownDate: string | null;
  readonly #options: Required<Pick<FhirClientOptions, 'pageSize' | 'limit' | 'maxPages'>>;
  readonly #transport: Transport;
  readonly #capabilities: CapabilityReader;
  readonly #embedded: EmbeddedServer | null;

  constructor(options: FhirClientOptions) {
    const transport = { ...TRANSPORT, ...options.transport };
    this.#transport = new Transport(options.base, options.credentials ?? null, transport);
    this.#capabilities = new CapabilityReader(this.#transport, transport);
    this.server = options.server ?? this.#transport.base;
    this.ownDate = options.ownDate ?? null;
    this.#options = { pageSize: options.pageSize ?? 1000, limit: options.limit ?? 50_000, maxPages: options.maxPages ?? 1000 };
    this.#embedded = options.embedded ?? null;
  }

  async search(type: string, parameters: SearchParameters, options: SearchOptions): Promise<SearchResult> {
    const { signal, patient: lock } = options;
    assertAllowed(type, lock !== null);
    const capabilities = await this.#capabilities.get(signal);
    const nothing = { resources: [], included: [], total: null, server: this.server };
    const wrongVersion = versionProblem(capabilities);
    if (wrongVersion !== null) return { ...nothing, status: 'unavailable', reason: wrongVersion };
    if (capabilities !== null && !supportsParameter(capabilities, type))
      return { ...nothing, status: 'absent_from_source', reason: `the source does not have ${type}` };

    const limit = Math.max(1, options.limit ?? this.#options.limit);
    const lockParameter = lock === null ? null : lockParameterOf(type, capabilities);
    const asked: SearchParameters =
      lock === null || lockParameter === null ? parameters : [[lockParameter, lock.ids.join(',')], ...parameters];
    const count: SearchParameters = asked.some(([name]) => name === '_count')
      ? []
      : [['_count', String(Math.min(this.#options.pageSize, limit))]];
    const query = new URLSearchParams([...asked, ...count].map(([name, value]) => [name, value])).toString();
    const isLong = query.length > LONGEST_QUERY;

    const pages = await readPages({
      type,
      asked: asked.map(([name]) => name.split(':')[0]!),
      url: `${type}?${query}`,
      base: this.#transport.base,
      limit,
      maxPages: this.#options.maxPages,
      get: (url, number) =>
        number === 1 && isLong ? this.#transport.get(`${type}/_search`, signal, { form: query }) : this.#transport.get(url, signal),
      check: async (page, number) => {
        if (number === 1) assertUsed(type, asked, page, this.#transport.base, lockParameter);
        const assertOwned = await this.#ownership(options, page.bases);
        await assertOwned(page.matches, true);
        await assertOwned(page.included, false);
      },
    });
    const { matches: resources, included, total } = pages;
    const result = { resources, included, total, server: this.server };
    // A wrong base URL is a 404 on everything: without any sign of a FHIR server it says nothing about the type.
    if (pages.firstFailure?.status === 404)
      return capabilities !== null || pages.firstFailure.outcome !== null
        ? { ...result, status: 'absent_from_source', reason: `the source does not have ${type}` }
        : { ...result, status: 'unavailable', reason: 'no FHIR server answers at this address (HTTP 404)' };
    return { ...result, status: pages.status, reason: pages.reason };
  }

  async read(reference: string, options: SearchOptions): Promise<Resource | null> {
    const parsed = parseReference(reference);
    if (parsed === null || (parsed.base !== null && parsed.base !== this.#transport.base))
      throw new ToolError('bad_input', 'A record is read by Type/id of its own server.');
    const { type, id, version } = parsed;
    assertAllowed(type, options.patient !== null);
    let body: unknown;
    try {
      body = await this.#transport.get(`${type}/${id}${version === null ? '' : `/_history/${version}`}`, options.signal);
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      if (error.status === 404 || error.status === 410) {
        // Only a FHIR server can say that a resource does not exist.
        if (error.outcome !== null || (await this.#capabilities.get(options.signal)) !== null) return null;
        throw new ToolError('unavailable', `${type} could not be read: no FHIR server answers at this address (HTTP ${error.status}).`);
      }
      if (error.status === 400 || error.status === 422)
        throw new ToolError('unsupported', `The source does not take this id of ${type} (HTTP ${error.status}).`);
      throw new ToolError('unavailable', `${type} could not be read: ${error.message}.`);
    }
    const resource = body as Resource;
    if (resource.resourceType !== type || resource.id !== id)
      throw new ToolError('unavailable', `${type} could not be read: the source answered with another resource.`);
    await (await this.#ownership(options))([resource], false);
    return resource;
  }

  async supports(type: string, parameter?: string): Promise<boolean | null> {
    const capabilities = await this.#capabilities.get(new AbortController().signal);
    return capabilities === null ? null : supportsParameter(capabilities, type, parameter);
  }

  async health(signal: AbortSignal, options: { thorough?: boolean } = {}): Promise<{ ok: boolean; message: string }> {
    const told = (ok: boolean, message: string) => {
      const note = this.#embedded?.note() ?? null;
      const plain = isPlainHttp(this.#transport.base) ? '; the connection is not encrypted' : '';
      return { ok, message: `${message}${plain}${note === null ? '' : `; ${note}`}.` };
    };
    try {
      const capabilities = parse(await this.#transport.get('metadata', signal, { attempts: 1 }));
      const wrongVersion = versionProblem(capabilities);
      if (wrongVersion !== null) return told(false, `${this.server}: ${wrongVersion}`);
      if (this.#embedded !== null && options.thorough === true) await orAbort(this.#embedded.ready(), signal);
      if (this.#embedded === null) await this.#assertLetIn(signal);
      const types = capabilities === null ? 'its CapabilityStatement cannot be read' : `${capabilities.types.size} resource types`;
      return told(true, `${this.server} answers (FHIR ${capabilities?.fhirVersion ?? 'version unknown'}, ${types})`);
    } catch (error) {
      return told(false, `${this.server} ${signal.aborted ? 'did not answer in time' : asFailure(error).message}`);
    }
  }

  /** /metadata is open to all; one search tells whether we are let in. A server that wants narrower searches (400) has let us in. */
  async #assertLetIn(signal: AbortSignal): Promise<void> {
    await this.#transport.get('Patient?_count=1', signal, { attempts: 1 }).catch((error: unknown) => {
      if (!(error instanceof RequestFailure) || error.status !== 400) throw error;
    });
  }

  async close(): Promise<void> {
    await this.#embedded?.close();
  }

  /**
   * Checks the resources of one page or read. What it has to look up about the patient is read once, under this caller's signal.
   * `asked` tells matches of a search for this patient from what came along.
   */
  async #ownership({ patient, signal }: SearchOptions, pageBases: readonly string[] = []) {
    if (patient === null) return () => Promise.resolve();
    const plain = new Set(patient.ids.map((id) => `Patient/${id}`));
    const named = (await this.#capabilities.get(signal))?.implementationUrl ?? this.#transport.base;
    const bases = [this.#transport.base, named, ...pageBases];
    const known = new Map<string, Promise<Identifier[]>>();
    const identifiersOf = (id: string) => {
      const read = known.get(id) ?? this.read(`Patient/${id}`, { signal, patient: null }).then(identifiersIn);
      known.set(id, read);
      return read;
    };
    return async (resources: readonly Resource[], asked: boolean): Promise<void> => {
      // Without an await for the plain ones: there may be thousands.
      for (const resource of resources) if (!isPlainlyOf(resource, plain)) await assertOwn(resource, patient, bases, asked, identifiersOf);
    };
  }
}

/** http beyond this machine: patient data and token can be read on the way. */
const isPlainHttp = (base: string) => /^http:/i.test(base) && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(base).hostname);

function assertAllowed(type: string, locked: boolean): void {
  if (!/^[A-Z][A-Za-z]{1,63}$/.test(type)) throw new ToolError('bad_input', 'A resource type is a FHIR type name, such as Observation.');
  if (!locked && type !== 'Patient' && isCompartmentType(type))
    throw new ToolError('not_allowed', `${type} is read for one patient only; choose one first.`);
  if (!isCompartmentType(type) && !isSharedType(type))
    throw new ToolError('unsupported', `${type} is no FHIR R4 type that can be bound to a patient.`);
}

/** Some servers list `subject` and not `patient`; R4 makes them equal for a patient's resources. */
function lockParameterOf(type: string, capabilities: Capabilities | null): string | null {
  const usual = patientParameter(type);
  const listed = capabilities?.types.get(type);
  return usual === 'patient' && listed !== undefined && !listed.has('patient') && listed.has('subject') ? 'subject' : usual;
}

function versionProblem(capabilities: Capabilities | null): string | null {
  const version = capabilities?.fhirVersion ?? null;
  if (version === null || version.startsWith('4.')) return null;
  return `the source speaks FHIR ${/^[\w.-]{1,20}$/.test(version) ? version : 'of an unknown version'}, not R4`;
}

/** Throws ToolError `unsupported` when the server says, or its answer shows, that it left out what was asked. */
function assertUsed(type: string, asked: SearchParameters, page: Page, base: string, lockParameter: string | null): void {
  const found = page.matches.length > 0;
  const ignored =
    page.self === null
      ? contradicted(type, asked, page.matches)
      : ignoredParameters(asked, page.self, base, lockParameter).filter(
          // An include changes nothing where nothing was found, and is seen to work where something came.
          (name) => !/^_(rev)?include/.test(name) || (found && page.included.length === 0),
        );
  if (ignored.length > 0)
    throw new ToolError('unsupported', `The source ignored ${ignored.join(', ')} in a search of ${type}; its answer was not used.`);
}
