// Answers that look like success and are none.
import { afterEach, describe, expect, it } from 'vitest';
import { capabilities, clientOf, type Handler, lock, observation, outcome, searchset, serve, type TestServer } from './server.ts';

const open: TestServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});
async function start(handler: Handler, metadata?: Handler): Promise<TestServer> {
  const server = await serve(handler, metadata);
  open.push(server);
  return server;
}
const options = () => ({ signal: new AbortController().signal, patient: lock('p1') });
const CODE = [['code', 'http://loinc.org|2160-0']] as const;

describe('OperationOutcome', () => {
  it.each([400, 422])('HTTP %i about a parameter is unsupported, and names it', async (status) => {
    const server = await start(() => ({
      status,
      body: outcome('error', 'not-supported', { diagnostics: 'Unknown search parameter "code" for Mrs Smith' }),
    }));
    await expect(clientOf(server.base).search('Observation', CODE, options())).rejects.toMatchObject({
      code: 'unsupported',
      message: 'The source does not support this search of Observation by code (not-supported).',
    });
  });

  it('as the body of a 200 it is no empty success', async () => {
    const answer = (code: string) => start(() => ({ body: outcome('error', code) }));
    const search = async (code: string) => clientOf((await answer(code)).base).search('Observation', CODE, options());
    await expect(search('not-supported')).rejects.toMatchObject({ code: 'unsupported' });
    expect(await search('exception')).toMatchObject({ status: 'unavailable', reason: 'the source reports an error (exception)' });
    expect(await search('forbidden')).toMatchObject({ status: 'unavailable', reason: 'not authorised (forbidden)' });
  });

  it('as a mere warning in place of a bundle it is no search result', async () => {
    const server = await start(() => ({ body: outcome('warning', 'processing') }));
    expect((await clientOf(server.base).search('Observation', [], options())).status).toBe('unavailable');
  });

  it('with an error among the entries the rest is partial', async () => {
    const server = await start((asked) => ({
      body: searchset(asked, [observation('o1')], {
        entries: [{ resource: outcome('error', 'timeout') as never, search: { mode: 'outcome' } }],
      }),
    }));
    const found = await clientOf(server.base).search('Observation', [], options());
    expect(found).toMatchObject({ status: 'partial', reason: 'the source reports an error (timeout)' });
    expect(found.resources).toHaveLength(1);
  });

  it('with an error and no match nothing can be said', async () => {
    const server = await start((asked) => ({
      body: searchset(asked, [], { entries: [{ resource: outcome('fatal', 'incomplete') as never, search: { mode: 'outcome' } }] }),
    }));
    expect((await clientOf(server.base).search('Observation', [], options())).status).toBe('unavailable');
  });

  it('with a warning is noted, and the answer stands', async () => {
    const server = await start((asked) => ({
      body: searchset(asked, [observation('o1')], {
        entries: [{ resource: outcome('warning', 'processing') as never, search: { mode: 'outcome' } }],
      }),
    }));
    expect(await clientOf(server.base).search('Observation', [], options())).toMatchObject({
      status: 'complete',
      reason: 'the source warns: processing',
    });
  });

  it('with a warning that a parameter was left out is unsupported', async () => {
    const warning = outcome('warning', 'not-supported', { diagnostics: 'Ignoring unknown parameter code' });
    const server = await start((asked) => ({
      body: searchset(asked, [observation('o1')], { entries: [{ resource: warning as never, search: { mode: 'outcome' } }] }),
    }));
    await expect(clientOf(server.base).search('Observation', CODE, options())).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('its free text is never passed on', async () => {
    const server = await start(() => ({ status: 500, body: outcome('error', 'exception', { diagnostics: 'Jane Doe 1950' }) }));
    expect(JSON.stringify(await clientOf(server.base).search('Observation', [], options()))).not.toContain('Jane');
  });
});

describe('a 200 that is not FHIR', () => {
  it.each([
    ['a web page', '<!doctype html><html>Sign in</html>', 'answered with a web page that is not FHIR JSON'],
    ['broken JSON', '{"resourceType": "Bundle", "entry": [', 'answered with something that is not FHIR JSON'],
    ['null', 'null', 'answered with something that is not FHIR JSON'],
    ['a string', '"ok"', 'answered with something that is not FHIR JSON'],
    ['a list', '[]', 'answered with something that is not a search result'],
    ['nothing', '', 'answered with something that is not a search result'],
    ['another resource', '{"resourceType":"Patient"}', 'answered with something that is not a search result'],
  ])('%s is unavailable', async (_what, body, reason) => {
    const server = await start(() => ({ body }));
    expect(await clientOf(server.base).search('Observation', [], options())).toMatchObject({
      status: 'unavailable',
      reason,
      resources: [],
    });
  });
});

describe('what the source does not have', () => {
  it('a type that the CapabilityStatement lacks is absent, and is not asked for', async () => {
    const server = await start(
      () => ({ status: 500 }),
      () => ({ body: capabilities({ types: ['Patient'] }) }),
    );
    const client = clientOf(server.base);
    expect(await client.search('Observation', [], options())).toMatchObject({
      status: 'absent_from_source',
      reason: 'the source does not have Observation',
    });
    expect(server.searches()).toHaveLength(0);
    expect(await client.supports('Observation')).toBe(false);
    expect(await client.supports('Patient')).toBe(true);
    expect(await client.supports('Patient', 'phonetic')).toBe(false);
    expect(await client.supports('Patient', 'name:contains')).toBe(true);
  });

  it('a 404 with an OperationOutcome on a type is absent, where the capabilities are not told', async () => {
    const server = await start(
      () => ({ status: 404, body: outcome('error', 'not-supported') }),
      () => ({ status: 500 }),
    );
    const client = clientOf(server.base);
    expect((await client.search('Observation', [], options())).status).toBe('absent_from_source');
    expect(await client.supports('Observation')).toBeNull();
  });

  it('a 404 on everything is a wrong address, not an empty record', async () => {
    const server = await start(
      () => ({ status: 404, body: '<html>not here' }),
      () => ({ status: 404, body: '<html>not here' }),
    );
    const client = clientOf(server.base);
    expect(await client.search('Observation', [], options())).toMatchObject({
      status: 'unavailable',
      reason: 'no FHIR server answers at this address (HTTP 404)',
    });
    await expect(client.read('Patient/p1', { ...options(), patient: null })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('a server of another FHIR version is not read as R4', async () => {
    const server = await start(
      (asked) => ({ body: searchset(asked, []) }),
      () => ({ body: capabilities({ fhirVersion: '3.0.2' }) }),
    );
    const client = clientOf(server.base);
    expect(await client.search('Observation', [], options())).toMatchObject({
      status: 'unavailable',
      reason: 'the source speaks FHIR 3.0.2, not R4',
    });
    expect(await client.health(new AbortController().signal)).toMatchObject({ ok: false });
  });

  it('a failed /metadata is not asked for again with every search, and a search does without it', async () => {
    const server = await start(
      (asked) => ({ body: searchset(asked, [observation('o1')]) }),
      () => ({ status: 500 }),
    );
    const client = clientOf(server.base);
    for (let i = 0; i < 3; i += 1) expect((await client.search('Observation', [], options())).status).toBe('complete');
    expect(server.asked.length - server.searches().length).toBe(1);
  });

  it('health never throws, and says where the connection is not encrypted', async () => {
    const stopped = AbortSignal.abort(new Error('stopped'));
    expect(await clientOf('http://fhir.example.org/r4').health(stopped)).toEqual({
      ok: false,
      message: 'http://fhir.example.org/r4 did not answer in time; the connection is not encrypted.',
    });
    expect((await clientOf('https://fhir.example.org/r4').health(stopped)).message).not.toContain('encrypted');
  });

  it('a healthy server says its version and what it has', async () => {
    const server = await start((asked) => ({ body: searchset(asked, []) }));
    expect(await clientOf(server.base, { server: 'demo' }).health(new AbortController().signal)).toEqual({
      ok: true,
      message: 'demo answers (FHIR 4.0.1, 8 resource types).',
    });
  });
});

describe('the self link', () => {
  const answering = (self: (url: URL) => string | null, matches = [observation('o1')]) =>
    start((asked) => ({ body: searchset(asked, matches, { self: self(asked.url) }) }));
  const search = async (server: TestServer, parameters: readonly (readonly [string, string])[] = CODE) =>
    clientOf(server.base).search('Observation', parameters, options());

  it('strict handling is asked for', async () => {
    const server = await answering((url) => url.href);
    await search(server);
    expect(server.searches()[0]?.headers.prefer).toBe('handling=strict');
    expect(server.searches()[0]?.url.search).toBe('?patient=p1&code=http%3A%2F%2Floinc.org%7C2160-0&_count=1000');
  });

  it.each([
    ['code is missing', (url: URL) => `${url.origin}${url.pathname}?patient=p1`, 'code'],
    ['the patient is missing', (url: URL) => `${url.origin}${url.pathname}?code=http://loinc.org|2160-0`, 'patient'],
    ['everything is missing', (url: URL) => `${url.origin}${url.pathname}`, 'patient, code'],
    ['another code', (url: URL) => `${url.origin}${url.pathname}?patient=p1&code=2345-7`, 'code'],
    ['another patient', (url: URL) => `${url.origin}${url.pathname}?patient=p2&code=http://loinc.org|2160-0`, 'patient'],
  ])('tells that a parameter was ignored: %s', async (_case, self, names) => {
    await expect(search(await answering(self))).rejects.toMatchObject({
      code: 'unsupported',
      message: `The source ignored ${names} in a search of Observation; its answer was not used.`,
    });
  });

  it('an ignored parameter is unsupported even where nothing was found', async () => {
    await expect(search(await answering((url) => `${url.origin}${url.pathname}?patient=p1`, []))).rejects.toMatchObject({
      code: 'unsupported',
    });
  });

  it.each([
    ['reordered and unencoded', (url: URL) => `${url.origin}${url.pathname}?code=http://loinc.org|2160-0&patient=p1`],
    ['with a full reference', (url: URL) => `${url.origin}${url.pathname}?subject:Patient=Patient/p1&code=http%3A%2F%2Floinc.org%7C2160-0`],
    ['as a compartment', (url: URL) => `${url.origin}/fhir/Patient/p1/Observation?code=http://loinc.org|2160-0`],
    [
      'behind a proxy with another name',
      () => 'https://fhir.example.org/r4/Observation?patient=p1&code=http://loinc.org|2160-0&_format=json',
    ],
    ['relative', () => 'Observation?patient=p1&code=http://loinc.org|2160-0'],
    ['only paging state', (url: URL) => `${url.origin}/fhir?_getpages=abc&_getpagesoffset=0`],
    ['none', () => null],
  ])('written otherwise says the same: %s', async (_case, self) => {
    expect((await search(await answering(self))).status).toBe('complete');
  });

  it('one of two date bounds that was dropped is ignored', async () => {
    const server = await answering((url) => `${url.origin}${url.pathname}?patient=p1&date=ge2020-01-01`);
    await expect(
      search(server, [
        ['date', 'ge2020-01-01'],
        ['date', 'lt2021-01-01'],
      ]),
    ).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('an include that was dropped is ignored where matches came without it', async () => {
    const self = (url: URL) => `${url.origin}${url.pathname}?patient=p1`;
    const parameters = [['_include', 'Observation:device']] as const;
    await expect(search(await answering(self), parameters)).rejects.toMatchObject({ code: 'unsupported' });
    expect((await search(await answering(self, []), parameters)).status).toBe('complete');
  });

  it('without one, a result of another code shows that the code was ignored', async () => {
    const glucose = observation('o2', 'p1', { code: { coding: [{ system: 'http://loinc.org', code: '2345-7' }] } });
    await expect(search(await answering(() => null, [observation('o1'), glucose]))).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('without one, a result far outside the dates shows that the date was ignored', async () => {
    const old = observation('o2', 'p1', { effectiveDateTime: '2019-03-01' });
    await expect(search(await answering(() => null, [old]), [['date', 'ge2020-01-01']])).rejects.toMatchObject({ code: 'unsupported' });
    const near = observation('o3', 'p1', { effectiveDateTime: '2019-12-31T20:00:00Z' });
    expect((await search(await answering(() => null, [near]), [['date', 'ge2020-01-01']])).status).toBe('complete');
  });
});
