// The HTTP side of the embedded FHIR server (FHIR R4 3.1.0, read and search): behind a bearer token, JSON only, nothing is written.
import { createHash, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { capabilityStatement } from './capability.ts';
import type { Library } from './library.ts';
import { parseQuery, type Query, Refused } from './query.ts';
import { included, needOf, patientsAsked, search } from './search.ts';
import type { Row } from './tables.ts';

const JSON_TYPE = 'application/fhir+json; charset=utf-8';
/** A page of a search that was sent before: the name stands in `next` links alone. */
const PAGE = '_page';
/** Searches whose matches are kept for their next pages; they are found again when they are gone. */
const KEPT = 32;

type Matches = { query: Query; rows: Row[] };

const digest = (text: string) => createHash('sha256').update(text).digest();

function outcome(code: string, diagnostics: string) {
  return { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics }] };
}

const answer = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers: { 'content-type': JSON_TYPE, ...headers } });

/** @param base the server's own address, known once it listens. */
export function createApp(library: Library, options: { token: string; base: () => string; name: string }): Hono {
  const app = new Hono();
  const expected = digest(`Bearer ${options.token}`);
  const kept = new Map<string, Matches>();

  app.onError((error) => {
    if (error instanceof Refused) return answer(outcome(error.code, error.message), error.status);
    return answer(outcome('exception', 'The embedded FHIR server failed on this request.'), 500);
  });
  app.notFound(() => answer(outcome('not-found', 'There is nothing at this address; read and search are served.'), 404));
  app.use(async (c, next) => {
    if (!timingSafeEqual(digest(c.req.header('authorization') ?? ''), expected))
      return answer(outcome('login', 'A bearer token is needed.'), 401, { 'www-authenticate': 'Bearer' });
    await next();
  });

  app.get('/fhir/metadata', async () => answer(capabilityStatement(options.name, options.base(), await library.types())));
  app.get('/fhir/:type', async (c) => searchBy(c.req.param('type'), parametersIn(new URL(c.req.url).search)));
  app.post('/fhir/:type/_search', async (c) => {
    if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? ''))
      throw new Refused(415, 'not-supported', 'POST _search takes application/x-www-form-urlencoded.');
    return searchBy(c.req.param('type'), [...parametersIn(new URL(c.req.url).search), ...parametersIn(await c.req.text())]);
  });
  app.get('/fhir/:type/:id', (c) => read(c, c.req.param('type'), c.req.param('id'), null));
  app.get('/fhir/:type/:id/_history/:version', (c) => read(c, c.req.param('type'), c.req.param('id'), c.req.param('version')));
  app.on(['POST', 'PUT', 'PATCH', 'DELETE'], '/fhir/*', () => {
    throw new Refused(405, 'not-supported', 'This server is read-only.');
  });
  return app;

  async function known(type: string): Promise<void> {
    if (!(await library.types()).has(type))
      throw new Refused(404, 'not-supported', `This source has no resources of type ${type.slice(0, 64)}.`);
  }

  async function read(_: Context, type: string, id: string, version: string | null): Promise<Response> {
    await known(type);
    await library.need(type === 'Patient' ? 'patients' : { keys: [`${type}/${id}`] });
    // Only one state of a Patient stands in the index; older ones in the file.
    if (version !== null && type === 'Patient') await library.need({ patients: [id] });
    const row = version === null ? library.tables.get(type, id) : library.tables.version(type, id, version);
    if (row === undefined) {
      const what = version === null ? 'No such resource' : 'No such version of the resource';
      return answer(outcome('not-found', `${what} of type ${type}.`), 404);
    }
    return new Response(Buffer.from(row.bytes.subarray(row.start, row.end)), { headers: { 'content-type': JSON_TYPE } });
  }

  async function searchBy(type: string, parameters: [string, string][]): Promise<Response> {
    const page = parameters.find(([name]) => name === PAGE);
    const at = page === undefined ? { parameters, offset: 0 } : pageOf(page[1]);
    const { query, rows } = await matchesOf(type, at.parameters);
    const shown = query.countOnly ? [] : rows.slice(at.offset, at.offset + query.count);
    const extra = query.countOnly ? [] : await included(library, query, shown);
    const end = at.offset + shown.length;
    const links = [{ relation: 'self', url: `${options.base()}/${type}${queryString(query.understood)}` }];
    if (!query.countOnly && end < rows.length)
      links.push({ relation: 'next', url: `${options.base()}/${type}?${PAGE}=${pageName(at.parameters, end)}` });
    // Told once, with the last page: a client may stop at an error.
    return bundle(rows.length, links, shown, extra, links.length === 1 ? await gaps(query) : null);
  }

  async function matchesOf(type: string, parameters: [string, string][]): Promise<Matches> {
    const key = JSON.stringify([type, parameters]);
    const before = kept.get(key);
    if (before !== undefined) return before;
    let query: Query;
    try {
      query = parseQuery(type, parameters, options.base());
    } catch (error) {
      // Of an unknown type that is told, not its parameters.
      await known(type);
      throw error;
    }
    const need = needOf(query);
    if (need === 'all') library.expectAll();
    await known(type);
    await library.need(need);
    const found = { query, rows: search(library.tables, query) };
    kept.set(key, found);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
    return found;
  }

  /** Says in the answer that files which concern the patient were left out. */
  async function gaps(query: Query): Promise<string | null> {
    const files = await library.gapsFor(query.type === 'Patient' ? [] : (patientsAsked(query) ?? []));
    if (files.length === 0) return null;
    return `${files.length} file(s) that may concern this patient could not be used whole, so that results may be missing: ${files.slice(0, 5).join(', ')}.`;
  }

  /** Written into one buffer: the resources' JSON is copied as it is, never parsed. */
  function bundle(total: number, link: { relation: string; url: string }[], matches: Row[], extra: Row[], gap: string | null): Response {
    const head = `{"resourceType":"Bundle","type":"searchset","total":${total},"link":${JSON.stringify(link)}`;
    const outcomeEntry = gap === null ? '' : `{"resource":${JSON.stringify(outcome('incomplete', gap))},"search":{"mode":"outcome"}}`;
    const start = `{"fullUrl":"${options.base()}/`;
    const room = (rows: Row[]) =>
      rows.reduce((sum, row) => sum + row.end - row.start + start.length + row.type.length + row.id.length + 80, 0);
    const out = Buffer.allocUnsafe(Buffer.byteLength(head) + Buffer.byteLength(outcomeEntry) + room(matches) + room(extra) + 80);
    let at = out.write(head);
    // FHIR forbids an empty list.
    let before = ',"entry":[';
    const add = (rows: Row[], mode: string) => {
      for (const row of rows) {
        at += out.write(`${before}${start}${row.type}/${row.id}","resource":`, at, 'latin1');
        at += row.bytes.copy(out, at, row.start, row.end);
        at += out.write(`,"search":{"mode":"${mode}"}}`, at, 'latin1');
        before = ',';
      }
    };
    add(matches, 'match');
    add(extra, 'include');
    if (gap !== null) {
      at += out.write(before + outcomeEntry, at);
      before = ',';
    }
    at += out.write(before === ',' ? ']}' : '}', at);
    return new Response(out.subarray(0, at), { headers: { 'content-type': JSON_TYPE } });
  }
}

const parametersIn = (text: string): [string, string][] => [...new URLSearchParams(text)];

const queryString = (parameters: [string, string][]) => (parameters.length === 0 ? '' : `?${new URLSearchParams(parameters)}`);

/** The whole request is in the link, so that it holds after a restart as well. */
const pageName = (parameters: [string, string][], offset: number) =>
  Buffer.from(JSON.stringify({ parameters, offset })).toString('base64url');

function pageOf(name: string): { parameters: [string, string][]; offset: number } {
  try {
    const { parameters, offset } = JSON.parse(Buffer.from(name, 'base64url').toString()) as {
      parameters: [string, string][];
      offset: number;
    };
    const pairs =
      Array.isArray(parameters) &&
      parameters.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every((one) => typeof one === 'string'));
    if (pairs && Number.isInteger(offset) && offset >= 0) return { parameters, offset };
  } catch {
    // Refused below.
  }
  throw new Refused(400, 'value', `${PAGE} is taken from a next link only.`);
}
