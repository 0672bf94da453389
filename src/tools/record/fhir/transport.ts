// One request to one FHIR server over fhir-kit-client, which has neither retry nor timeout of its own: token, concurrency, timeout,
// retries, no redirect, and never a request (or token) to another origin.
import { Client } from 'fhir-kit-client';
import type { Credentials } from './auth.ts';
import { asFailure, RequestFailure } from './failure.ts';
import { delayBeforeRetry, RETRY, type RetryOptions } from './retry.ts';
import { Slots } from './slots.ts';

export type TransportOptions = { timeoutMs: number; concurrency: number; retry: RetryOptions };
export const TRANSPORT: TransportOptions = { timeoutMs: 30_000, concurrency: 6, retry: RETRY };

export type RequestLimits = {
  attempts?: number;
  timeoutMs?: number;
  /** Sent as a form by POST (R4 http.html#search: `[type]/_search`), which reads as GET does. */
  form?: string;
};

export class Transport {
  readonly base: string;
  readonly #client: Client;
  readonly #credentials: Credentials | null;
  readonly #options: TransportOptions;
  readonly #slots: Slots;

  constructor(base: string, credentials: Credentials | null, options: TransportOptions) {
    this.base = base.replace(/\/+$/, '');
    this.#credentials = credentials;
    this.#options = options;
    this.#slots = new Slots(options.concurrency);
    this.#client = new Client({
      baseUrl: this.base,
      customHeaders: { accept: 'application/fhir+json', prefer: 'handling=strict' },
      requestOptions: { redirect: 'error' },
    });
  }

  /**
   * @param path relative to the base, or an absolute URL of the same origin.
   * @returns the parsed JSON object. Throws RequestFailure, or the signal's reason.
   */
  async get(path: string, signal: AbortSignal, limits: RequestLimits = {}): Promise<unknown> {
    const url = new URL(path, `${this.base}/`);
    if (url.origin !== new URL(this.base).origin) throw new RequestFailure('redirect', 'a link leads to another server');
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      let token: string | null = null;
      try {
        token = (await this.#credentials?.token(signal)) ?? null;
        return await this.#slots.run(signal, () => this.#once(url.href, token, signal, limits));
      } catch (error) {
        signal.throwIfAborted();
        const failure = asFailure(error);
        // A token may be revoked before it expires: one new token, then the refusal stands.
        if (failure.status === 401 && token !== null && !renewed && this.#credentials?.discard(token) === true) {
          renewed = true;
          attempt -= 1;
          continue;
        }
        const { retry } = this.#options;
        const delay = delayBeforeRetry(failure, attempt, { ...retry, attempts: limits.attempts ?? retry.attempts });
        if (delay === null) throw failure;
        await retry.delay(delay, signal).catch((reason: unknown) => {
          throw signal.aborted ? signal.reason : reason;
        });
      }
    }
  }

  async #once(url: string, token: string | null, signal: AbortSignal, limits: RequestLimits): Promise<unknown> {
    const { timeoutMs = this.#options.timeoutMs, form } = limits;
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
      if (form !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded';
      const options = { headers, signal: AbortSignal.any([signal, timeout]) };
      return await this.#client.request(url, form === undefined ? { options } : { method: 'POST', body: form as never, options });
    } catch (error) {
      if (timeout.aborted && !signal.aborted) throw new RequestFailure('timeout', `did not answer within ${timeoutMs / 1000} s`);
      throw error;
    }
  }
}
