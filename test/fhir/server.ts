// A FHIR server on loopback that answers as each test tells it: well, or badly.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bundle, BundleEntry, Resource } from 'fhir/r4.js';
import { FhirClient, type FhirClientOptions } from '../../src/tools/record/fhir/client.ts';

export type Asked = { url: URL; headers: IncomingMessage['headers'] };
type Reply = { status?: number; headers?: Record<string, string>; body?: unknown };
/** A reply, or nothing where the handler wrote (or cut) the response itself. */
export type Handler = (asked: Asked, response: ServerResponse) => Reply | undefined | Promise<Reply | undefined>;

export type TestServer = { base: string; asked: Asked[]; searches: () => Asked[]; close: () => Promise<void> };

/** @param handler answers everything but /metadata, which lists the usual types; a handler may take that over by `metadata`. */
export async function serve(handler: Handler, metadata: Handler = () => ({ body: capabilities() })): Promise<TestServer> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const now = { url: new URL(request.url ?? '/', base), headers: request.headers };
    asked.push(now);
    const reply = await (now.url.pathname.endsWith('/metadata') ? metadata : handler)(now, response);
    if (reply === undefined) return;
    const { body } = reply;
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/fhir+json', ...reply.headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`;
  return {
    base,
    asked,
    searches: () => asked.filter(({ url }) => !url.pathname.endsWith('/metadata')),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const TYPES = ['Patient', 'Observation', 'Condition', 'MedicationRequest', 'Medication', 'Device', 'Encounter', 'AdverseEvent'];

export function capabilities(
  change: { types?: string[]; fhirVersion?: string; search?: Record<string, string[]>; rest?: object } = {},
): object {
  const resource = (change.types ?? TYPES).map((type) => ({
    type,
    interaction: [{ code: 'search-type' }, { code: 'read' }],
    searchParam: (change.search?.[type] ?? ['patient', 'subject', 'code', 'date', 'identifier', 'name', 'birthdate', 'link']).map(
      (name) => ({ name, type: 'token' }),
    ),
  }));
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    kind: 'instance',
    fhirVersion: change.fhirVersion ?? '4.0.1',
    format: ['json'],
    rest: [{ mode: 'server', resource, ...change.rest }],
  };
}

/** A searchset of these matches. `self` null leaves the self link out; by default it echoes what was asked. */
export function searchset(
  asked: Asked,
  matches: Resource[],
  more: { next?: string; self?: string | null; total?: number; entries?: BundleEntry[] } = {},
): Bundle {
  const self = more.self === undefined ? asked.url.href : more.self;
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(more.total === undefined ? {} : { total: more.total }),
    link: [
      ...(self === null ? [] : [{ relation: 'self', url: self }]),
      ...(more.next === undefined ? [] : [{ relation: 'next', url: more.next }]),
    ],
    entry: [...matches.map((resource) => ({ resource: resource as never, search: { mode: 'match' as const } })), ...(more.entries ?? [])],
  };
}

export const observation = (id: string, patient = 'p1', more: object = {}): Resource =>
  ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '2160-0' }] },
    subject: { reference: `Patient/${patient}` },
    ...more,
  }) as Resource;

export const lock = (...ids: string[]) => ({
  id: ids[0] ?? 'p1',
  ids: ids.length === 0 ? ['p1'] : ids,
  identifier: null,
  name: null,
  birthDate: null,
  sex: null,
});

export const outcome = (severity: string, code: string, more: object = {}) => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity, code, ...more }],
});

/** A client that never sleeps: the waits that it asked for are noted in `delays`. */
export function clientOf(base: string, options: Partial<FhirClientOptions> = {}, retry: object = {}) {
  const delays: number[] = [];
  const client = new FhirClient({
    base,
    ...options,
    transport: {
      ...options.transport,
      retry: {
        attempts: 4,
        baseDelayMs: 100,
        maxDelayMs: 10_000,
        random: () => 0,
        now: () => Date.UTC(2026, 0, 1),
        delay: async (ms) => {
          delays.push(ms);
        },
        ...retry,
      },
    },
  });
  return Object.assign(client, { delays });
}
