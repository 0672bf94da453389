// What a search does when the server is busy, slow, gone or closed to us.
import { afterEach, describe, expect, it } from 'vitest';
import { clientOf, type Handler, lock, observation, searchset, serve, type TestServer } from './server.ts';

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
/** Fails the first `times` requests, then answers. */
const failing = (times: number, fail: Handler): Handler => {
  let left = times;
  return (asked, response) => {
    left -= 1;
    return left >= 0 ? fail(asked, response) : { body: searchset(asked, [observation('o1')]) };
  };
};

describe('a busy server', () => {
  it('is asked again after the seconds of Retry-After', async () => {
    const server = await start(failing(2, () => ({ status: 429, headers: { 'retry-after': '3' } })));
    const client = clientOf(server.base);
    expect((await client.search('Observation', [], options())).status).toBe('complete');
    expect(client.delays).toEqual([3000, 3000]);
  });

  it('is asked again at the HTTP date of Retry-After', async () => {
    const server = await start(failing(1, () => ({ status: 503, headers: { 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' } })));
    const client = clientOf(server.base);
    expect((await client.search('Observation', [], options())).status).toBe('complete');
    expect(client.delays).toEqual([7000]);
  });

  it('without Retry-After is asked again after growing waits, with jitter', async () => {
    const server = await start(failing(3, () => ({ status: 503 })));
    const client = clientOf(server.base, {}, { random: () => 0.5 });
    expect((await client.search('Observation', [], options())).status).toBe('complete');
    expect(client.delays).toEqual([75, 150, 300]);
  });

  it('is given up after a bounded number of tries', async () => {
    const server = await start(() => ({ status: 503 }));
    const found = await clientOf(server.base).search('Observation', [], options());
    expect(found).toMatchObject({ status: 'unavailable', reason: 'is overloaded or closed for now (HTTP 503)', resources: [] });
    expect(server.searches()).toHaveLength(4);
  });

  it('that asks for a wait beyond the bound is told of at once', async () => {
    const server = await start(() => ({ status: 429, headers: { 'retry-after': '3600' } }));
    const client = clientOf(server.base);
    expect((await client.search('Observation', [], options())).status).toBe('unavailable');
    expect(client.delays).toEqual([]);
    expect(server.searches()).toHaveLength(1);
  });

  it('with a plain 500 is not asked again', async () => {
    const server = await start(() => ({ status: 500 }));
    expect(await clientOf(server.base).search('Observation', [], options())).toMatchObject({
      status: 'unavailable',
      reason: 'failed (HTTP 500)',
    });
    expect(server.searches()).toHaveLength(1);
  });
});

describe('a broken connection', () => {
  it('dropped before the answer is tried again', async () => {
    const server = await start(
      failing(1, (_asked, response) => {
        response.destroy();
        return undefined;
      }),
    );
    expect(await clientOf(server.base).search('Observation', [], options())).toMatchObject({ status: 'complete' });
    expect(server.searches()).toHaveLength(2);
  });

  it('dropped in the middle of a body is tried again', async () => {
    const server = await start(
      failing(1, (_asked, response) => {
        response.writeHead(200, { 'content-type': 'application/fhir+json', 'content-length': '1000' });
        response.write('{"resourceType":', () => response.destroy());
        return undefined;
      }),
    );
    expect(await clientOf(server.base).search('Observation', [], options())).toMatchObject({ status: 'complete' });
    expect(server.searches()).toHaveLength(2);
  });

  it('a server that is down is unavailable, never empty', async () => {
    const server = await serve(() => undefined);
    await server.close();
    const found = await clientOf(server.base).search('Observation', [], options());
    expect(found).toMatchObject({ status: 'unavailable', reason: 'could not be reached (ECONNREFUSED)', resources: [] });
    await expect(clientOf(server.base).read('Observation/1', options())).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Observation could not be read: could not be reached (ECONNREFUSED).',
    });
    expect((await clientOf(server.base).health(new AbortController().signal)).ok).toBe(false);
  });

  it('a server that never answers is unavailable after the timeout', async () => {
    const server = await start(() => undefined);
    const client = clientOf(server.base, { transport: { timeoutMs: 40 } });
    expect(await client.search('Observation', [], options())).toMatchObject({
      status: 'unavailable',
      reason: 'did not answer within 0.04 s',
    });
    expect(server.searches()).toHaveLength(1);
  });
});

describe('stopping', () => {
  it('an abort in the middle of the pages ends the search with the reason of the signal', async () => {
    const controller = new AbortController();
    const server = await start((asked) => {
      if (server.searches().length === 2) {
        controller.abort(new Error('the clinician left'));
        return undefined; // never answers
      }
      return { body: searchset(asked, [observation('o1')], { next: `${asked.url.href}&page=2` }) };
    });
    await expect(clientOf(server.base).search('Observation', [], options(controller.signal))).rejects.toThrow('the clinician left');
    expect(server.searches()).toHaveLength(2);
  });

  it('an abort while waiting for a retry ends the search at once', async () => {
    const controller = new AbortController();
    const server = await start(() => ({ status: 503 }));
    const retry = {
      delay: (_ms: number, signal: AbortSignal) =>
        new Promise<void>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('woken')));
          controller.abort(new Error('the clinician left'));
        }),
    };
    await expect(clientOf(server.base, {}, retry).search('Observation', [], options(controller.signal))).rejects.toThrow(
      'the clinician left',
    );
    expect(server.searches()).toHaveLength(1);
  });

  it('an aborted signal asks nothing', async () => {
    const server = await start(() => ({ status: 500 }));
    await expect(clientOf(server.base).search('Observation', [], options(AbortSignal.abort(new Error('gone'))))).rejects.toThrow('gone');
    expect(server.searches()).toHaveLength(0);
  });

  it('who leaves the queue does not stop the others', async () => {
    const controller = new AbortController();
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const server = await start(async (asked) => {
      await gate;
      return { body: searchset(asked, [observation('o1')]) };
    });
    const client = clientOf(server.base, { transport: { concurrency: 1 } });
    await client.supports('Observation');
    const first = client.search('Observation', [], options());
    const second = client.search('Observation', [], options(controller.signal));
    const third = client.search('Observation', [], options());
    controller.abort(new Error('left'));
    await expect(second).rejects.toThrow('left');
    release();
    expect((await Promise.all([first, third])).map((r) => r.status)).toEqual(['complete', 'complete']);
    expect(server.searches()).toHaveLength(2);
  });
});

it('at most six requests are under way at once, however many are asked', async () => {
  let now = 0;
  let most = 0;
  const server = await start(async (asked) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    return { body: searchset(asked, [observation('o1')]) };
  });
  const client = clientOf(server.base);
  const warnings: string[] = [];
  const note = (warning: Error) => warnings.push(warning.name);
  process.on('warning', note);
  const { signal } = new AbortController();
  const all = await Promise.all(Array.from({ length: 40 }, () => client.search('Observation', [], options(signal))));
  process.off('warning', note);
  expect(all.every((r) => r.status === 'complete')).toBe(true);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(6);
  expect(warnings).toEqual([]);
  expect(server.asked.filter(({ url }) => url.pathname.endsWith('/metadata'))).toHaveLength(1);
});

describe('not authorised', () => {
  it.each([401, 403])('HTTP %i is unavailable, not empty', async (status) => {
    const server = await start(() => ({
      status,
      body: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'login' }] },
    }));
    expect(await clientOf(server.base).search('Observation', [], options())).toMatchObject({
      status: 'unavailable',
      reason: `not authorised (HTTP ${status})`,
    });
  });

  it('a refused token is renewed once, and then the refusal stands', async () => {
    const discarded: string[] = [];
    const tokens = ['first', 'second', 'third'];
    const credentials = {
      token: async () => tokens[0]!,
      discard: (token: string) => {
        discarded.push(token);
        tokens.shift();
        return true;
      },
    };
    const server = await start(({ headers }) => (headers.authorization === 'Bearer third' ? { status: 200 } : { status: 401 }));
    expect((await clientOf(server.base, { credentials }).search('Observation', [], options())).reason).toBe('not authorised (HTTP 401)');
    expect(server.searches().map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
    expect(discarded).toEqual(['first']);
  });

  it('no error, reason or health sentence holds the token, whatever goes wrong', async () => {
    const secret = 'sEcReT-tOkEn';
    const credentials = { token: async () => secret, discard: () => false };
    const echo: Handler = ({ headers }) => ({
      status: 500,
      body: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception', diagnostics: headers.authorization }] },
    });
    for (const status of [200, 400, 401, 403, 404, 422, 429, 500, 503]) {
      const server = await start(async (asked, response) => ({ ...(await echo(asked, response)), status }), echo);
      const client = clientOf(server.base, { credentials }, { attempts: 1 });
      const told = [
        await client.search('Observation', [], options()).catch((error: unknown) => error),
        await client.read('Observation/1', options()).catch((error: unknown) => error),
        await client.health(new AbortController().signal),
      ];
      for (const one of told) {
        const error = (one ?? {}) as Error;
        expect(`${JSON.stringify(one)} ${error.message} ${error.stack} ${JSON.stringify(error.cause ?? null)}`).not.toContain(secret);
      }
    }
  });
});
