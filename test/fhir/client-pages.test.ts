// How far a search is read, over real HTTP, from servers that answer badly.
import { afterEach, describe, expect, it } from 'vitest';
import { clientOf, type Handler, lock, observation, outcome, searchset, serve, type TestServer } from './server.ts';

const open: TestServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});
async function start(handler: Handler, metadata?: Handler): Promise<TestServer> {
  const server = await serve(handler, metadata);
  open.push(server);
  return server;
}
const options = (signal = new AbortController().signal) => ({ signal, patient: lock('p1') });
const page = (url: URL) => Number(url.searchParams.get('page') ?? '1');
const nextPage = (url: URL) => {
  const next = new URL(url);
  next.searchParams.set('page', String(page(url) + 1));
  return next.href;
};
/** `pages` pages of two observations each. */
const paged =
  (pages: number, special: Handler = () => undefined): Handler =>
  async (asked, response) => {
    const reply = await special(asked, response);
    if (reply !== undefined || response.writableEnded || response.destroyed) return reply;
    const n = page(asked.url);
    const matches = [observation(`o${n}a`), observation(`o${n}b`)];
    return { body: searchset(asked, matches, { total: pages * 2, ...(n < pages ? { next: nextPage(asked.url) } : {}) }) };
  };

describe('pages', () => {
  it('every page is read, in the order of the server', async () => {
    const server = await start(paged(5));
    const found = await clientOf(server.base).search('Observation', [], options());
    expect(found).toMatchObject({ status: 'complete', reason: null, total: 10, server: server.base });
    expect(found.resources.map((r) => r.id)).toEqual(['o1a', 'o1b', 'o2a', 'o2b', 'o3a', 'o3b', 'o4a', 'o4b', 'o5a', 'o5b']);
  });

  it('page 3 of 5 failing keeps pages 1 and 2 and says where it failed', async () => {
    const server = await start(paged(5, ({ url }) => (page(url) === 3 ? { status: 500, body: outcome('error', 'exception') } : undefined)));
    const found = await clientOf(server.base).search('Observation', [], options());
    expect(found.status).toBe('partial');
    expect(found.reason).toBe('failed at page 3: failed (HTTP 500)');
    expect(found.resources.map((r) => r.id)).toEqual(['o1a', 'o1b', 'o2a', 'o2b']);
  });

  it('a page that is refused as expired (400) is partial, not unsupported', async () => {
    const server = await start(paged(5, ({ url }) => (page(url) === 2 ? { status: 400, body: outcome('error', 'invalid') } : undefined)));
    expect(await clientOf(server.base).search('Observation', [], options())).toMatchObject({
      status: 'partial',
      reason: 'failed at page 2: failed (HTTP 400)',
    });
  });

  it('a web page in the middle is partial', async () => {
    const server = await start(paged(5, ({ url }) => (page(url) === 2 ? { body: '<!DOCTYPE html><p>log in' } : undefined)));
    expect((await clientOf(server.base).search('Observation', [], options())).reason).toBe(
      'failed at page 2: answered with a web page that is not FHIR JSON',
    );
  });

  it('the bound is stated with the total', async () => {
    const server = await start(paged(5));
    const found = await clientOf(server.base).search('Observation', [], { ...options(), limit: 3 });
    expect(found).toMatchObject({ status: 'partial', reason: 'first 3 of 10' });
    expect(found.resources).toHaveLength(3);
    expect(server.searches()[0]?.url.searchParams.get('_count')).toBe('3');
    expect(server.searches()).toHaveLength(2);
  });

  it('exactly as many as the bound are complete', async () => {
    const server = await start(paged(2));
    expect(await clientOf(server.base).search('Observation', [], { ...options(), limit: 4 })).toMatchObject({
      status: 'complete',
      reason: null,
    });
  });

  it('a server that never stops giving pages is stopped, and the bound is stated', async () => {
    const server = await start((asked) => ({
      body: searchset(asked, [observation(`o${page(asked.url)}`)], { next: nextPage(asked.url) }),
    }));
    const found = await clientOf(server.base, { maxPages: 7 }).search('Observation', [], options());
    expect(found).toMatchObject({ status: 'partial', reason: 'first 7 pages (7)' });
    expect(server.searches()).toHaveLength(7);
  });

  it('a next link that leads back is a loop', async () => {
    const server = await start((asked) => ({
      body: searchset(asked, [observation(`o${page(asked.url)}`)], { next: page(asked.url) === 1 ? nextPage(asked.url) : asked.url.href }),
    }));
    const found = await clientOf(server.base).search('Observation', [], options());
    expect(found).toMatchObject({ status: 'partial', reason: 'the next links loop at page 2' });
    expect(found.resources.map((r) => r.id)).toEqual(['o1', 'o2']);
    expect(server.searches()).toHaveLength(2);
  });

  it('ever new links to the same content are a loop', async () => {
    const server = await start((asked) => ({ body: searchset(asked, [observation('o1')], { next: nextPage(asked.url) }) }));
    const found = await clientOf(server.base).search('Observation', [], options());
    expect(found).toMatchObject({ status: 'partial', reason: 'the next links loop at page 2' });
    expect(found.resources).toHaveLength(1);
  });

  it('a next link to another host is not followed, and gets no token', async () => {
    const foreign = await start((asked) => ({ body: searchset(asked, [observation('stolen')]) }));
    const server = await start((asked) => ({
      body: searchset(asked, [observation('o1')], { next: `${foreign.base}/Observation?page=2` }),
    }));
    const client = clientOf(server.base, { credentials: { token: async () => 'secret-token', discard: () => false } });
    const found = await client.search('Observation', [], options());
    expect(found).toMatchObject({ status: 'partial', reason: 'page 1 has a next link to another server, which is not followed' });
    expect(found.resources.map((r) => r.id)).toEqual(['o1']);
    expect(foreign.asked).toHaveLength(0);
    expect(server.searches()[0]?.headers.authorization).toBe('Bearer secret-token');
  });

  it('the same host by another name or scheme is another origin', async () => {
    const server = await start((asked) => ({
      body: searchset(asked, [observation('o1')], { next: asked.url.href.replace('127.0.0.1', 'localhost') }),
    }));
    expect((await clientOf(server.base).search('Observation', [], options())).status).toBe('partial');
    expect(server.searches()).toHaveLength(1);
  });

  it('a redirect is refused, and the other server gets no request', async () => {
    const foreign = await start((asked) => ({ body: searchset(asked, [observation('stolen')]) }));
    const server = await start(({ url }) => ({ status: 302, headers: { location: `${foreign.base}/Observation${url.search}` } }));
    const found = await clientOf(server.base).search('Observation', [], options());
    expect(found).toMatchObject({ status: 'unavailable', reason: 'answered with a redirect, which is not followed', resources: [] });
    expect(foreign.asked).toHaveLength(0);
  });

  it('a relative next link is followed on the own server', async () => {
    const server = await start((asked) => ({
      body: searchset(asked, [observation(`o${page(asked.url)}`)], page(asked.url) === 1 ? { next: `Observation?patient=p1&page=2` } : {}),
    }));
    const found = await clientOf(server.base).search('Observation', [], options());
    expect(found.resources.map((r) => r.id)).toEqual(['o1', 'o2']);
  });

  it('a resource that comes twice while pages move counts once', async () => {
    const server = await start((asked) => {
      const n = page(asked.url);
      const matches =
        n === 1 ? [observation('a'), observation('b', 'p1', { status: 'preliminary' })] : [observation('b'), observation('c')];
      return { body: searchset(asked, matches, n === 1 ? { next: nextPage(asked.url) } : {}) };
    });
    const found = await clientOf(server.base).search('Observation', [], options());
    expect(found.resources.map((r) => [r.id, (r as { status?: string }).status])).toEqual([
      ['a', 'final'],
      ['b', 'final'],
      ['c', 'final'],
    ]);
  });

  it('a server that counts more than it gives is partial', async () => {
    const server = await start((asked) => ({ body: searchset(asked, [observation('a')], { total: 250 }) }));
    expect(await clientOf(server.base).search('Observation', [], options())).toMatchObject({
      status: 'partial',
      reason: 'the source counts 250 and gave 1',
      total: 250,
    });
  });

  it('an entry without content is not an empty success', async () => {
    const server = await start((asked) => ({ body: searchset(asked, [], { entries: [{ fullUrl: 'x' }] }) }));
    expect(await clientOf(server.base).search('Observation', [], options())).toMatchObject({
      status: 'partial',
      reason: '1 entry without content',
    });
  });
});
