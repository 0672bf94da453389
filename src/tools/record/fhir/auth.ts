// How a hospital's server is told who asks: a fixed bearer token, or SMART Backend Services (SMART App Launch 2.2, "Backend Services":
// private_key_jwt, RFC 7523). Tokens stay in memory, and out of every error text.
import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { calculateJwkThumbprint, exportJWK, type JWK, SignJWT } from 'jose';
import { CopilotError } from '../../../errors.ts';
import { RequestFailure } from './failure.ts';
import { orAbort } from './or-abort.ts';

export interface Credentials {
  /** Throws RequestFailure `not_authorised` or `unreachable`, or the signal's reason. */
  token(signal: AbortSignal): Promise<string>;
  /** The server refused this token. True when another one can be had. */
  discard(token: string): boolean;
}

/** @throws CopilotError `config` for a text that cannot stand in an HTTP header (it would be quoted in the runtime's own error). */
export function fixedToken(token: string): Credentials {
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new CopilotError(
      'config',
      'FHIR_TOKEN holds a character that a bearer token cannot have (a space, a line break, a letter outside ASCII).',
    );
  return { token: () => Promise.resolve(token), discard: () => false };
}

export type BackendKey = { key: KeyObject; alg: string; kid: string };

/** @param source PEM or JWK text, or the path of a file with one of them. */
export async function readBackendKey(source: string): Promise<BackendKey> {
  try {
    const text = (source.includes('PRIVATE KEY') || source.trimStart().startsWith('{') ? source : readFileSync(source, 'utf8')).replaceAll(
      '\\n',
      '\n',
    );
    const json = text.trimStart().startsWith('{') ? (JSON.parse(text) as JWK & { keys?: JWK[] }) : null;
    const jwk = json?.keys?.find((k) => k.d !== undefined) ?? json;
    const key = jwk === null ? createPrivateKey(text) : createPrivateKey({ key: jwk as never, format: 'jwk' });
    const alg = jwk?.alg ?? algorithmOf(key);
    const kid = jwk?.kid ?? (await calculateJwkThumbprint(await exportJWK(createPublicKey(key))));
    // A key that does not fit its `alg` is told at the start, not at the first question.
    await new SignJWT({}).setProtectedHeader({ alg }).sign(key);
    return { key, alg, kid };
  } catch (error) {
    if (error instanceof CopilotError) throw error;
    throw new CopilotError(
      'config',
      'FHIR_PRIVATE_KEY holds no private key that can be used; it must be a PEM or a JWK, not encrypted, of the kind that its alg names.',
    );
  }
}

function algorithmOf(key: KeyObject): string {
  if (key.asymmetricKeyType === 'rsa') return 'RS384';
  const curve = key.asymmetricKeyDetails?.namedCurve;
  const alg = { secp384r1: 'ES384', prime256v1: 'ES256', secp521r1: 'ES512' }[curve ?? ''];
  if (key.asymmetricKeyType === 'ec' && alg !== undefined) return alg;
  throw new CopilotError('config', 'FHIR_PRIVATE_KEY is of a kind that SMART servers do not take; use RSA, or EC on P-384 or P-256.');
}

export type BackendOptions = {
  base: string;
  clientId: string;
  key: BackendKey;
  /** ms since 1970. */
  now?: () => number;
  timeoutMs?: number;
};

type Issued = { token: string; usableUntil: number };
type Endpoint = { url: string; scope: string };

export class BackendServices implements Credentials {
  readonly #options: BackendOptions;
  readonly #now: () => number;
  #issued: Issued | null = null;
  #asking: Promise<Issued> | null = null;
  #endpoint: Endpoint | null = null;

  constructor(options: BackendOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  async token(signal: AbortSignal): Promise<string> {
    if (this.#issued !== null && this.#issued.usableUntil > this.#now()) return this.#issued.token;
    // One request for all who wait; it is nobody's own, so that one caller's abort does not fail the others.
    this.#asking ??= this.#request().finally(() => {
      this.#asking = null;
    });
    this.#asking.catch(() => {}); // told to each who waits; nobody may be left waiting
    return (await orAbort(this.#asking, signal)).token;
  }

  discard(token: string): boolean {
    if (this.#issued?.token === token) this.#issued = null;
    return true;
  }

  async #request(): Promise<Issued> {
    this.#endpoint ??= await this.#discover();
    const { url, scope } = this.#endpoint;
    const { clientId, key } = this.#options;
    const seconds = Math.floor(this.#now() / 1000);
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(url)
      .setJti(randomUUID())
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 240)
      .sign(key.key);
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    const response = await this.#fetch(url, { method: 'POST', body });
    const answer = response.json as { access_token?: unknown; expires_in?: unknown; token_type?: unknown; error?: unknown };
    if (!response.ok || typeof answer?.access_token !== 'string' || !/^[\x21-\x7e]+$/.test(answer.access_token)) {
      const error = typeof answer?.error === 'string' && /^[a-z_]{1,40}$/.test(answer.error) ? `: ${answer.error}` : '';
      throw new RequestFailure('not_authorised', `not authorised (the token server gave no token${error}, HTTP ${response.status})`);
    }
    const lifetime = typeof answer.expires_in === 'number' && answer.expires_in > 0 ? answer.expires_in : 300;
    this.#issued = { token: answer.access_token, usableUntil: this.#now() + (lifetime - Math.min(30, lifetime / 10)) * 1000 };
    return this.#issued;
  }

  /** Token endpoint from `.well-known/smart-configuration`, else from the CapabilityStatement's oauth-uris extension. */
  async #discover(): Promise<Endpoint> {
    const { base } = this.#options;
    const smart = (await this.#fetch(`${base}/.well-known/smart-configuration`)).json as SmartConfiguration | null;
    if (typeof smart?.token_endpoint === 'string') return { url: checked(smart.token_endpoint, base), scope: scopeFor(smart) };
    const metadata = (await this.#fetch(`${base}/metadata`)).json;
    const url = tokenUriOf(metadata);
    if (url === null) throw new RequestFailure('not_authorised', 'not authorised (the server names no token endpoint)');
    return { url: checked(url, base), scope: 'system/*.read' };
  }

  async #fetch(url: string, init: RequestInit = {}): Promise<{ ok: boolean; status: number; json: unknown }> {
    try {
      const response = await fetch(url, {
        ...init,
        headers: { accept: 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(this.#options.timeoutMs ?? 15_000),
      });
      const text = await response.text();
      return { ok: response.ok, status: response.status, json: jsonOrNull(text) };
    } catch {
      throw new RequestFailure('unreachable', 'not authorised (the token server could not be reached)');
    }
  }
}

type SmartConfiguration = { token_endpoint?: unknown; scopes_supported?: unknown; capabilities?: unknown };

/** SMART v2 writes read and search as `rs`, v1 as `read`. */
function scopeFor(smart: SmartConfiguration): string {
  const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  const scopes = list(smart.scopes_supported);
  if (scopes.includes('system/*.rs')) return 'system/*.rs';
  if (scopes.includes('system/*.read')) return 'system/*.read';
  return list(smart.capabilities).includes('permission-v2') ? 'system/*.rs' : 'system/*.read';
}

/** A signed assertion goes over TLS, unless the FHIR server itself is plain http (a test server on loopback). */
function checked(endpoint: string, base: string): string {
  const plain = endpoint.startsWith('http://') && base.startsWith('http://');
  if (!URL.canParse(endpoint) || !(endpoint.startsWith('https://') || plain))
    throw new RequestFailure('not_authorised', 'not authorised (the token endpoint is not an https address)');
  return endpoint;
}

type Extension = { url?: string; valueUri?: string; extension?: Extension[] };

function tokenUriOf(metadata: unknown): string | null {
  const rest = (metadata as { rest?: { security?: { extension?: Extension[] } }[] } | null)?.rest ?? [];
  const uris = rest.flatMap((r) => r.security?.extension ?? []).filter((e) => e.url?.endsWith('/StructureDefinition/oauth-uris'));
  return uris.flatMap((e) => e.extension ?? []).find((e) => e.url === 'token')?.valueUri ?? null;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
