// SMART Backend Services against a token server that verifies what it is given (RFC 7523, SMART App Launch 2.2).
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeProtectedHeader, exportJWK, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { BackendServices, fixedToken, readBackendKey } from '../../src/tools/record/fhir/auth.ts';
import { openRecordSource } from '../../src/tools/record/fhir/index.ts';
import { capabilities, clientOf, lock, observation, searchset } from './server.ts';

type Setup = {
  publicKey: KeyObject;
  /** What the smart-configuration holds beside the token endpoint; null: there is none. */
  smart?: object | null;
  expiresIn?: number;
  /** ms since 1970. */
  now?: () => number;
  fail?: { status: number; body: unknown };
};

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

/** A FHIR server that lets in only holders of a token which its own token endpoint gave out. */
async function hospital(setup: Setup) {
  const { publicKey, smart = {}, expiresIn = 300, now = Date.now } = setup;
  const granted: { scope: string | null; alg: string; kid: string; lifetime: number; token: string }[] = [];
  const revoked = new Set<string>();
  const jtis = new Set<string>();
  const refusals: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', base);
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (url.pathname === '/fhir/.well-known/smart-configuration')
      return smart === null ? send(404, {}) : send(200, { token_endpoint: `${origin}/token`, ...smart });
    if (url.pathname === '/fhir/metadata') {
      const uris = {
        url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
        extension: [{ url: 'token', valueUri: `${origin}/token` }],
      };
      return send(200, capabilities({ rest: { security: { extension: [uris] } } }));
    }
    if (url.pathname === '/token') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      try {
        if (request.method !== 'POST' || form.get('grant_type') !== 'client_credentials') throw new Error('grant_type');
        if (form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
          throw new Error('assertion type');
        const assertion = form.get('client_assertion') ?? '';
        const { payload } = await jwtVerify(assertion, publicKey, {
          issuer: 'copilot',
          subject: 'copilot',
          audience: `${origin}/token`,
          requiredClaims: ['jti', 'exp', 'iss', 'sub', 'aud'],
          currentDate: new Date(now()),
        });
        const lifetime = payload.exp! - Math.floor(now() / 1000);
        if (lifetime > 300) throw new Error('lives too long');
        if (jtis.has(payload.jti!)) throw new Error('replayed');
        jtis.add(payload.jti!);
        if (setup.fail !== undefined) return send(setup.fail.status, setup.fail.body);
        const header = decodeProtectedHeader(assertion);
        const token = createHash('sha256').update(payload.jti!).digest('hex');
        granted.push({ scope: form.get('scope'), alg: header.alg!, kid: header.kid!, lifetime, token });
        return send(200, { access_token: token, token_type: 'bearer', expires_in: expiresIn, scope: form.get('scope') });
      } catch (error) {
        refusals.push((error as Error).message);
        return send(400, { error: 'invalid_client', error_description: form.get('client_assertion') });
      }
    }
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    if (!granted.some((grant) => grant.token === token) || revoked.has(token)) return send(401, {});
    return send(200, searchset({ url, headers: request.headers }, [observation('o1')]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const base = `${origin}/fhir`;
  open.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return { base, granted, revoked, refusals };
}

const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const pem = (key: KeyObject, type: 'pkcs8' | 'sec1' | 'pkcs1' = 'pkcs8') => key.export({ format: 'pem', type: type as 'pkcs8' }).toString();
const backend = async (base: string, key = pem(p384.privateKey), now?: () => number) =>
  new BackendServices({ base, clientId: 'copilot', key: await readBackendKey(key), ...(now === undefined ? {} : { now }) });
const options = () => ({ signal: new AbortController().signal, patient: lock('p1') });

describe('a signed assertion', () => {
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  it.each([
    ['P-384', 'ES384', p384, 'pkcs8'],
    ['P-256 in SEC1 form', 'ES256', p256, 'sec1'],
    ['RSA', 'RS384', rsa, 'pkcs8'],
    ['RSA in PKCS#1 form', 'RS384', rsa, 'pkcs1'],
  ] as const)('of a key on %s is %s, and opens the record', async (_what, alg, pair, form) => {
    const server = await hospital({ publicKey: pair.publicKey });
    const client = clientOf(server.base, { credentials: await backend(server.base, pem(pair.privateKey, form)) });
    expect(await client.search('Observation', [], options())).toMatchObject({ status: 'complete', reason: null });
    expect(server.refusals).toEqual([]);
    expect(server.granted).toHaveLength(1);
    expect(server.granted[0]).toMatchObject({ alg, scope: 'system/*.read' });
    expect(server.granted[0]!.lifetime).toBeLessThanOrEqual(300);
  });

  it('carries the kid of a JWK, and the alg that the JWK names', async () => {
    const jwk = { ...(await exportJWK(p384.privateKey)), kid: 'key-1', alg: 'ES384' };
    const server = await hospital({ publicKey: p384.publicKey });
    const token = await (await backend(server.base, JSON.stringify({ keys: [jwk] }))).token(options().signal);
    expect(server.granted[0]).toMatchObject({ token, kid: 'key-1', alg: 'ES384' });
  });

  it('of another key is refused, and the reason says so without the assertion', async () => {
    const server = await hospital({ publicKey: p384.publicKey });
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    const found = await clientOf(server.base, { credentials: await backend(server.base, pem(stranger)) }).search(
      'Observation',
      [],
      options(),
    );
    expect(found).toMatchObject({
      status: 'unavailable',
      reason: 'not authorised (the token server gave no token: invalid_client, HTTP 400)',
      resources: [],
    });
    expect(server.refusals.length).toBeGreaterThan(0);
  });
});

describe('scope and endpoint', () => {
  it.each([
    ['system/*.rs where the server lists it', { scopes_supported: ['openid', 'system/*.rs'] }, 'system/*.rs'],
    ['system/*.rs where the server speaks SMART v2', { capabilities: ['permission-v2'] }, 'system/*.rs'],
    [
      'system/*.read where the server lists only that',
      { scopes_supported: ['system/*.read'], capabilities: ['permission-v2'] },
      'system/*.read',
    ],
    ['system/*.read where nothing is told', {}, 'system/*.read'],
    ['system/*.read by the CapabilityStatement, where there is no smart-configuration', null, 'system/*.read'],
  ])('%s', async (_what, smart, scope) => {
    const server = await hospital({ publicKey: p384.publicKey, smart });
    await (await backend(server.base)).token(options().signal);
    expect(server.granted[0]?.scope).toBe(scope);
  });
});

describe('the token', () => {
  it('is kept until shortly before it expires', async () => {
    let now = Date.UTC(2026, 0, 1);
    const server = await hospital({ publicKey: p384.publicKey, now: () => now });
    const credentials = await backend(server.base, pem(p384.privateKey), () => now);
    const { signal } = options();
    const first = await credentials.token(signal);
    now += 269_000;
    expect(await credentials.token(signal)).toBe(first);
    now += 2000;
    expect(await credentials.token(signal)).not.toBe(first);
    expect(server.granted).toHaveLength(2);
  });

  it('is asked for once, however many wait for it', async () => {
    const server = await hospital({ publicKey: p384.publicKey });
    const client = clientOf(server.base, { credentials: await backend(server.base) });
    await Promise.all(Array.from({ length: 20 }, () => client.search('Observation', [], options())));
    expect(server.granted).toHaveLength(1);
  });

  it('that was revoked is renewed once', async () => {
    const server = await hospital({ publicKey: p384.publicKey });
    const client = clientOf(server.base, { credentials: await backend(server.base) });
    await client.search('Observation', [], options());
    server.revoked.add(server.granted[0]!.token);
    const all = await Promise.all(Array.from({ length: 6 }, () => client.search('Observation', [], options())));
    expect(all.map((r) => r.status)).toEqual(Array(6).fill('complete'));
    expect(server.granted).toHaveLength(2);
  });

  it('that is new is not thrown away for a refusal of the old one', async () => {
    const server = await hospital({ publicKey: p384.publicKey });
    const credentials = await backend(server.base);
    const { signal } = options();
    const old = await credentials.token(signal);
    credentials.discard(old);
    const fresh = await credentials.token(signal);
    credentials.discard(old);
    expect(await credentials.token(signal)).toBe(fresh);
  });

  it('is refused with the error code of the server and nothing else of its text', async () => {
    const fail = { status: 400, body: { error: 'invalid_scope', error_description: 'for Jane Doe' } };
    const server = await hospital({ publicKey: p384.publicKey, fail });
    const found = await clientOf(server.base, { credentials: await backend(server.base) }).search('Observation', [], options());
    expect(found.reason).toBe('not authorised (the token server gave no token: invalid_scope, HTTP 400)');
  });

  it('of one who stopped waiting is still had by the others', async () => {
    const server = await hospital({ publicKey: p384.publicKey });
    const credentials = await backend(server.base);
    const controller = new AbortController();
    const leaving = credentials.token(controller.signal);
    const staying = credentials.token(options().signal);
    controller.abort(new Error('left'));
    await expect(leaving).rejects.toThrow('left');
    expect(await staying).toBe(server.granted[0]?.token);
  });

  it('given in the configuration goes into the header', async () => {
    const server = await hospital({ publicKey: p384.publicKey });
    const token = await (await backend(server.base)).token(options().signal);
    const source = await openRecordSource({
      FHIR_BASE_URL: server.base,
      FHIR_TOKEN: token,
      FHIR_BUNDLES: undefined,
      FHIR_CLIENT_ID: undefined,
      FHIR_PRIVATE_KEY: undefined,
      DATA_DIR: '',
    });
    expect((await source.search('Observation', [], options())).status).toBe('complete');
    expect(source.server).toBe(server.base);
  });

  it('that cannot stand in a header is refused at the start, unquoted', () => {
    expect(() => fixedToken('abc\ndef')).toThrow(expect.objectContaining({ code: 'config', message: expect.not.stringContaining('abc') }));
  });
});

it.each(['https://user:pw@fhir.example.org/r4', 'https://fhir.example.org/r4?key=pw', 'https://fhir.example.org/r4#pw'])(
  'a base URL that holds a secret is refused at the start, unquoted: %s',
  async (base) => {
    const settings = {
      FHIR_TOKEN: undefined,
      FHIR_BUNDLES: undefined,
      FHIR_CLIENT_ID: undefined,
      FHIR_PRIVATE_KEY: undefined,
      DATA_DIR: '',
    };
    await expect(openRecordSource({ FHIR_BASE_URL: base, ...settings })).rejects.toMatchObject({
      code: 'config',
      message: expect.not.stringContaining('pw'),
    });
  },
);

describe('a key that cannot be used', () => {
  it.each([
    ['no key', 'PRIVATE KEY nonsense'],
    ['broken JSON', '{"kty": "EC"'],
    ['a public JWK', '{"kty":"EC","crv":"P-384","x":"AA","y":"AA"}'],
    ['a JWK whose alg is of another kind', JSON.stringify({ alg: 'RS384', ...p384.privateKey.export({ format: 'jwk' }) })],
    ['a missing file', '/nowhere/key.pem'],
    ['a key on Ed25519', pem(generateKeyPairSync('ed25519').privateKey)],
  ])('%s is an error of configuration without its text', async (_what, source) => {
    const error = await readBackendKey(source).catch((e: unknown) => e as Error & { code: string });
    expect(error).toMatchObject({ code: 'config' });
    expect((error as Error).message).not.toContain(source.slice(0, 20));
  });
});
