// Why one request brought no FHIR content, as a short clause fit for completeness. Never holds a URL, a body or a token.
import type { OperationOutcome } from 'fhir/r4.js';
import { asOutcome } from './outcome.ts';

export type FailureKind = 'unreachable' | 'dropped' | 'timeout' | 'redirect' | 'not_fhir' | 'not_authorised' | 'status';

export class RequestFailure extends Error {
  readonly kind: FailureKind;
  readonly status: number | null;
  readonly outcome: OperationOutcome | null;
  /** What a Retry-After header says, as written. */
  readonly retryAfter: string | null;

  constructor(
    kind: FailureKind,
    reason: string,
    details: { status?: number; outcome?: OperationOutcome | null; retryAfter?: string | null } = {},
  ) {
    super(reason);
    this.name = 'RequestFailure';
    this.kind = kind;
    this.status = details.status ?? null;
    this.outcome = details.outcome ?? null;
    this.retryAfter = details.retryAfter ?? null;
  }
}

type LibraryError = { response?: { status?: unknown; data?: unknown }; config?: { headers?: Headers } };
type NetworkError = { message?: unknown; code?: unknown; cause?: { code?: unknown; message?: unknown } };

const DROPPED = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT']);

/** What fhir-kit-client or fetch threw, as a RequestFailure. Timeouts and aborts are the caller's to tell apart before. */
export function asFailure(error: unknown): RequestFailure {
  if (error instanceof RequestFailure) return error;
  const { response, config } = (error ?? {}) as LibraryError;
  if (typeof response?.status === 'number')
    return statusFailure(response.status, response.data, config?.headers?.get('retry-after') ?? null);
  const { message, cause } = (error ?? {}) as NetworkError;
  const text = String(message ?? '');
  if (String(cause?.message ?? '').includes('redirect'))
    return new RequestFailure('redirect', 'answered with a redirect, which is not followed');
  const code = typeof cause?.code === 'string' && /^[A-Z_0-9]{2,60}$/.test(cause.code) ? cause.code : null;
  if (text === 'terminated' || (code !== null && DROPPED.has(code))) return new RequestFailure('dropped', 'the connection was dropped');
  if (text === 'fetch failed') return new RequestFailure('unreachable', `could not be reached${code === null ? '' : ` (${code})`}`);
  // The library defines properties on the parsed body, which fails for JSON that is no object.
  return new RequestFailure('not_fhir', 'answered with something that is not FHIR JSON');
}

function statusFailure(status: number, body: unknown, retryAfter: string | null): RequestFailure {
  if (status >= 200 && status < 300) {
    const html = typeof body === 'string' && /^\s*<(!doctype|html|\?xml)/i.test(body);
    return new RequestFailure('not_fhir', `answered with ${html ? 'a web page' : 'something'} that is not FHIR JSON`, { status });
  }
  const outcome = asOutcome(body);
  if (status === 401 || status === 403) return new RequestFailure('not_authorised', `not authorised (HTTP ${status})`, { status, outcome });
  const reason = status === 429 || status === 503 ? `is overloaded or closed for now (HTTP ${status})` : `failed (HTTP ${status})`;
  return new RequestFailure('status', reason, { status, outcome, retryAfter });
}
