import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServer } from '../../src/server/index.ts';
import { AS_OF, creatinineScript, makeParts, postJson } from './fakes.ts';

let made: Awaited<ReturnType<typeof makeParts>>;
beforeAll(async () => {
  made = await makeParts();
});
afterAll(() => made.close());

const ask = async (body: unknown, headers?: Record<string, string>) => made.app.request('/api/ask', postJson(body, headers));
const question = { question: 'What was the last creatinine?', patient: '1001' };

async function problem(response: Response | Promise<Response>) {
  const answered = await response;
  expect(answered.headers.get('content-type')).toBe('application/problem+json');
  const body = (await answered.json()) as { status: number; detail: string; code: string };
  expect(body.status).toBe(answered.status);
  return body;
}

/** Server-sent events as the standard reads them: blank line between, fields by name. */
function parseEvents(text: string) {
  return text
    .split('\n\n')
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const fields = block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const);
      const get = (name: string) => fields.find(([key]) => key === name)?.[1];
      return { event: get('event'), id: get('id'), data: JSON.parse(get('data')!) };
    });
}

describe('POST /api/ask', () => {
  test('gives the answer object, with the patient, the time and what was not complete', async () => {
    const response = await ask(question);
    expect(response.status).toBe(200);
    const answer = await response.json();
    expect(answer.patient.identifier).toBe('1001');
    expect(answer.asOf).toBe(AS_OF);
    expect(answer.sentences.map((s: { kind: string }) => s.kind)).toEqual(['flag', 'limit', 'finding', 'finding']);
    expect(answer.completeness.map((c: { status: string }) => c.status)).toEqual(['complete', 'unavailable']);
  });

  test('streams tool, flag, sentences, answer, numbered by the answer', async () => {
    const response = await ask(question, { Accept: 'text/event-stream' });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const events = parseEvents(await response.text());
    expect(events.map((e) => e.event)).toEqual(['tool', 'flag', 'sentence', 'sentence', 'sentence', 'answer']);
    const { id } = events.at(-1)!.data;
    expect(events.map((e) => e.id)).toEqual([0, 1, 2, 3, 4, 5].map((n) => `${id}:${n}`));
    expect(events[1]!.data).toMatchObject({ index: 0, kind: 'flag' });
  });

  test('a failure midway is an error event without the text of the unknown error', async () => {
    const broken = await makeParts({
      before: async () => {
        throw new Error('boom: Ottilie Fictiva has 1.3');
      },
    });
    const response = await broken.app.request('/api/ask', postJson(question, { Accept: 'text/event-stream' }));
    const events = parseEvents(await response.text());
    expect(events.map((e) => e.event)).toEqual(['tool', 'error']);
    expect(events[1]!.data).toMatchObject({ code: 'internal', status: 500 });
    expect(JSON.stringify(events)).not.toContain('Fictiva');
    await broken.close();
  });

  test('carries as-of time, conversation and who asks', async () => {
    await ask({ ...question, asOf: '2031-03-01T12:00:00Z', conversation: 'c-1' });
    expect(made.asked.at(-1)).toMatchObject({ asOf: '2031-03-01T12:00:00Z', conversation: 'c-1', principal: 'local', way: 'api' });
  });

  test.each([
    ['not JSON', '{"question":', 'bad_input', 'The body is not valid JSON.'],
    ['no body', '', 'bad_input', 'The body is not valid JSON.'],
    ['a list', '[]', 'bad_input', 'expected object'],
    ['no question', '{}', 'bad_input', 'question'],
    ['a number as question', '{"question":7}', 'bad_input', 'question'],
    ['an unknown field', '{"question":"x","pateint":"1"}', 'bad_input', 'pateint'],
    ['a time without offset', '{"question":"x","asOf":"2031-03-01T12:00:00"}', 'bad_input', 'asOf'],
    ['a day that is none', '{"question":"x","asOf":"2031-02-30"}', 'bad_input', 'asOf'],
    ['an empty question', '{"question":" "}', 'bad_input', 'empty'],
    ['a question of 20,001 characters', JSON.stringify({ question: 'x'.repeat(20_001) }), 'bad_input', '20,000'],
  ])('%s is a 400 that says what is wrong', async (_what, body, code, says) => {
    const response = ask(body);
    const found = await problem(response);
    expect(found).toMatchObject({ status: 400, code });
    expect(found.detail).toContain(says);
  });
});

describe('what a POST may carry', () => {
  test.each([['text/plain'], ['application/x-www-form-urlencoded'], ['multipart/form-data; boundary=x'], ['']])(
    'content type "%s" is a 415: a form of any web page could send it',
    async (type) => {
      const request = new Request('http://localhost/api/ask', { method: 'POST', body: JSON.stringify(question) });
      request.headers.delete('content-type');
      if (type !== '') request.headers.set('content-type', type);
      expect(await problem(made.app.request(request))).toMatchObject({ status: 415, code: 'unsupported_media' });
    },
  );

  test('a charset beside application/json is taken', async () => {
    expect((await ask(question, { 'Content-Type': 'Application/JSON; charset=utf-8' })).status).toBe(200);
  });

  test('a compressed body is a 415', async () => {
    expect(await problem(ask(question, { 'Content-Encoding': 'gzip' }))).toMatchObject({ status: 415 });
  });
});

describe('who may ask', () => {
  const from = (headers: Record<string, string>) => made.app.request('/api/patients', { headers });

  test.each([
    ['localhost:8080', 200],
    ['127.0.0.1:8080', 200],
    ['[::1]:8080', 200],
    ['LOCALHOST', 200],
    ['evil.example', 403],
    ['evil.example:8080', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost.evil.example', 403],
    ['192.168.1.7:8080', 403],
    ['a b', 403],
    ['localhost@evil.example', 403],
  ])('a request for host %s is answered with %d (DNS rebinding)', async (host, status) => {
    expect((await from({ Host: host })).status).toBe(status);
  });

  test.each([
    ['http://localhost:8080', 200],
    ['http://localhost:3000', 403],
    ['https://localhost:8080', 403],
    ['https://evil.example', 403],
    ['http://evil.example:8080', 403],
    ['null', 403],
    ['', 403],
  ])('a page of origin "%s" is answered with %d by localhost:8080', async (origin, status) => {
    const response = await from({ Host: 'localhost:8080', Origin: origin });
    expect(response.status).toBe(status);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    const asked = await ask(question, { Host: 'localhost:8080', Origin: origin });
    expect(asked.status).toBe(status);
  });

  test('every route refuses a foreign host, the page and the health check too', async () => {
    for (const path of ['/', '/healthz', '/readyz', '/v1/models', '/api/evidence/e1', '/page/page.css', '/nowhere'])
      expect((await made.app.request(path, { headers: { Host: 'evil.example' } })).status, path).toBe(403);
    const chat = await made.app.request('/v1/models', { headers: { Host: 'evil.example' } });
    expect(await chat.json()).toMatchObject({ error: { type: 'permission_error', code: 'forbidden_origin' } });
  });

  test('a script or image of another page cannot pull data; following a link can', async () => {
    expect((await from({ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' })).status).toBe(403);
    expect((await from({ 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'no-cors' })).status).toBe(403);
    expect((await from({ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' })).status).toBe(200);
    expect((await from({ 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors' })).status).toBe(200);
  });

  test('PUBLIC_URL is served and may ask; its neighbours may not', async () => {
    const behind = await makeParts({ env: { PUBLIC_URL: 'https://copilot.example.org' } });
    const get = async (host: string, origin: string) =>
      (await behind.app.request('/api/patients', { headers: { Host: host, Origin: origin } })).status;
    expect(await get('copilot.example.org', 'https://copilot.example.org')).toBe(200);
    expect(await get('copilot.example.org:444', 'https://copilot.example.org')).toBe(403);
    expect(await get('copilot.example.org', 'https://other.example.org')).toBe(403);
    await behind.close();
  });

  test.each(['0.0.0.0', '::', '10.0.0.5', 'copilot.example.org'])(
    'HOST %s is refused with the reason, AUTH_ISSUER or not',
    async (HOST) => {
      for (const env of [{ HOST }, { HOST, AUTH_ISSUER: 'https://login.example.org' }]) {
        expect(() => createServer({ ...made.parts, config: { ...made.parts.config, ...env } })).toThrow(/tokens are not checked yet/);
      }
    },
  );
});

describe('patients', () => {
  test('lists who can be asked about, by name or number', async () => {
    const list = async (q: string) => ((await (await made.app.request(`/api/patients?q=${q}`)).json()) as { patients: unknown[] }).patients;
    expect(await list('fictiva')).toMatchObject([{ id: 'p-one', identifier: '1001', birthDate: '1958-02-11', sex: 'female' }]);
    expect(await list('1002')).toMatchObject([{ id: 'p-two' }]);
    expect(await list('')).toHaveLength(2);
    expect(await list('nobody')).toEqual([]);
  });

  test('one patient comes with the as-of time and the source', async () => {
    const response = await made.app.request('/api/patients/1002');
    expect(await response.json()).toMatchObject({ id: 'p-two', name: 'Barnabas Inventus', asOf: AS_OF, server: 'fake' });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('an unknown patient is a 404; a record that is down is a 503, not an empty list', async () => {
    expect(await problem(made.app.request('/api/patients/9999'))).toMatchObject({ status: 404, code: 'not_found' });
    const down = await makeParts({ down: true });
    expect(await problem(down.app.request('/api/patients?q=fictiva'))).toMatchObject({ status: 503, code: 'unavailable' });
    expect(await (await down.app.request('/readyz')).json()).toMatchObject({ ready: false, checks: { record: { ok: false } } });
    expect((await down.app.request('/readyz')).status).toBe(503);
    expect((await down.app.request('/healthz')).status).toBe(200);
    await down.close();
  });
});

describe('evidence', () => {
  const script = creatinineScript('p-one');
  const [, last, trend] = script.evidence;
  const open = (id: string, accept?: string) =>
    made.app.request(`/api/evidence/${id}`, accept === undefined ? {} : { headers: { Accept: accept } });
  beforeAll(async () => {
    await ask(question);
  });

  test('opens as the same JSON that the answer holds', async () => {
    expect(await (await open(last!.id)).json()).toEqual(JSON.parse(JSON.stringify(last)));
    expect(await (await open(script.completeness[1]!.id)).json()).toMatchObject({ what: 'medications', status: 'unavailable' });
  });

  test('opens for a browser as a page that names the patient, the value, its range, time, status and source', async () => {
    const response = await open(last!.id, 'text/html,application/xhtml+xml,*/*;q=0.8');
    expect(response.headers.get('content-type')).toContain('text/html');
    const text = await response.text();
    for (const fact of [
      'Ottilie Fictiva',
      '1958-02-11',
      '1001',
      '1.3 mg/dL',
      '0.5–1.1 mg/dL',
      '2031-03-04 05:55',
      'UTC-05:00',
      'final',
      'serum',
    ])
      expect(text).toContain(fact);
    expect(text).toContain('Observation/p-one-5 on fake');
  });

  test('a comment of the record stays text on that page', async () => {
    const text = await (await open(last!.id, 'text/html')).text();
    expect(text).not.toContain('<img');
    expect(text).toContain('&lt;img src=x onerror=');
  });

  test('a calculation names its inputs, in a table with links and in pages of JSON', async () => {
    const page = await (await open(trend!.id, 'text/html')).text();
    for (const input of script.inputs) expect(page).toContain(`href="${input.id}"`);
    const inputs = await (await made.app.request(`/api/evidence/${trend!.id}?inputs=1`)).json();
    expect(inputs).toMatchObject({ id: trend!.id, page: 1, pages: 1, total: 6, missing: [] });
    expect(inputs.inputs.map((each: { id: string }) => each.id)).toEqual(script.inputs.map((each) => each.id));
  });

  test('a page of inputs that there is not, and inputs of what has none, are 400s', async () => {
    for (const n of ['2', '0', '-1', 'x', '1.5'])
      expect(await problem(made.app.request(`/api/evidence/${trend!.id}?inputs=${n}`))).toMatchObject({ status: 400 });
    expect(await problem(made.app.request(`/api/evidence/${last!.id}?inputs=1`))).toMatchObject({ status: 400 });
  });

  test('what was not shown is a 404, and a picture of a number is a 406', async () => {
    const unseen = creatinineScript('p-one', 3).inputs[0]!;
    expect(await problem(open(unseen.id))).toMatchObject({ status: 404 });
    expect(await problem(open('../../etc/passwd'))).toMatchObject({ status: 404 });
    expect(await problem(open(last!.id, 'image/png'))).toMatchObject({ status: 406, code: 'not_acceptable' });
  });
});

describe('addresses and headers', () => {
  test.each([
    ['GET', '/nowhere', 404, null],
    ['GET', '/v1/responses', 404, null],
    ['GET', '/api/ask', 405, 'POST'],
    ['DELETE', '/v1/chat/completions', 405, 'POST'],
    ['PUT', '/healthz', 405, 'GET'],
    ['OPTIONS', '/api/ask', 405, 'POST'],
  ])('%s %s is a %d', async (method, path, status, allow) => {
    const response = await made.app.request(path, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('allow')).toBe(allow);
  });

  test('nothing about a patient is cached, framed, sniffed or embedded', async () => {
    for (const path of ['/api/patients', '/api/patients/1001', '/nowhere', '/readyz']) {
      const { headers } = await made.app.request(path);
      expect(headers.get('cache-control'), path).toBe('no-store');
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('x-frame-options'), path).toBe('DENY');
      expect(headers.get('referrer-policy'), path).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy'), path).toBe('same-origin');
      expect(headers.get('content-security-policy'), path).toContain("default-src 'none'");
    }
  });

  test('the page allows only its own scripts and styles, and holds none inline', async () => {
    const response = await made.app.request('/');
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*|data:/);
    const page = await response.text();
    expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=|https?:\/\//);
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
  });

  test('MCP is reached at its address and at a patient of the address', async () => {
    const seen: unknown[] = [];
    const app = createServer({
      ...made.parts,
      mcp: async (request, caller) => {
        seen.push([request.method, caller]);
        return Response.json({ ok: true });
      },
    });
    await app.request('/mcp', postJson({}));
    await app.request('/mcp/patients/urn%3Aexample%3Amrn%7C1001', postJson({}));
    expect(seen).toEqual([
      ['POST', { patient: null, principal: 'local' }],
      ['POST', { patient: 'urn:example:mrn|1001', principal: 'local' }],
    ]);
    expect((await app.request('/mcp', { ...postJson({}), headers: { 'Content-Type': 'text/plain' } })).status).toBe(415);
    expect((await app.request('/mcp', postJson({}, { Origin: 'https://evil.example' }))).status).toBe(403);
  });
});

test('two patients asked in turns never mix', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) => ask({ ...question, patient: i % 2 === 0 ? '1001' : '1002' }).then((r) => r.json())),
  );
  for (const [i, answer] of answers.entries()) {
    const id = i % 2 === 0 ? 'p-one' : 'p-two';
    expect(answer.patient.id).toBe(id);
    for (const each of Object.values(answer.evidence) as { patient: string }[]) expect(each.patient).toBe(id);
  }
});
