// Who may speak to this server at all: no web page of another origin, no name that a foreign DNS points here (DNS rebinding).
import type { MiddlewareHandler } from 'hono';
import type { Config } from '../config.ts';
import { CopilotError } from '../errors.ts';
import type { Env } from './parts.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/i;

/** Throws CopilotError `config`: without tokens, whoever reaches the port reads every record. */
export function refuseBeyondLoopback(config: Pick<Config, 'HOST'>): void {
  if (!LOOPBACK.test(config.HOST))
    throw new CopilotError(
      'config',
      'HOST is an address beyond this machine, and tokens are not checked yet, so anyone who reaches it could read every record (AUTH_ISSUER does not change that); set HOST=127.0.0.1.',
    );
}

/** The address under which evidence is linked: PUBLIC_URL, else the one that the request used (its Host is checked). */
export function publicUrl(config: Pick<Config, 'PUBLIC_URL'>, request: Request): string {
  return config.PUBLIC_URL ?? new URL(request.url).origin;
}

export function guard(config: Pick<Config, 'PUBLIC_URL'>): MiddlewareHandler<Env> {
  const own = config.PUBLIC_URL === undefined ? null : new URL(config.PUBLIC_URL);
  return async (c, next) => {
    const host = parse(`http://${c.req.header('host') ?? new URL(c.req.url).host}`);
    // Loopback names serve at any port (a tunnel changes it); what a browser sends in Origin must then be that same address.
    if (host === null || !(LOOPBACK.test(host.hostname) || host.host === own?.host))
      throw new CopilotError(
        'forbidden_origin',
        'The Host of this request is none that this server serves; use the address that it printed.',
      );
    const origin = c.req.header('origin');
    if (origin !== undefined && origin !== host.origin && origin !== own?.origin)
      throw new CopilotError('forbidden_origin', 'Requests from a page of another origin are not taken.');
    // A GET without CORS carries no Origin; following a link to evidence is a navigation, and allowed.
    const site = c.req.header('sec-fetch-site');
    if ((site === 'cross-site' || site === 'same-site') && c.req.header('sec-fetch-mode') !== 'navigate')
      throw new CopilotError('forbidden_origin', 'Requests from a page of another origin are not taken.');
    c.set('principal', 'local');
    await next();
  };
}

function parse(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}

/** Nothing of ours is framed, sniffed, cached or embedded elsewhere; a page's own policy (page.ts) overrides the strictest one. */
export const securityHeaders: MiddlewareHandler<Env> = async (c, next) => {
  await next();
  const defaults = {
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
  };
  for (const [name, value] of Object.entries(defaults)) if (!c.res.headers.has(name)) c.header(name, value);
  // A stream's own no-cache would still let it be stored.
  if (c.res.headers.get('Content-Type')?.startsWith('text/event-stream')) c.header('Cache-Control', 'no-store');
  c.header('X-Content-Type-Options', 'nosniff');
  c.header('X-Frame-Options', 'DENY');
  c.header('Referrer-Policy', 'no-referrer');
  c.header('Cross-Origin-Resource-Policy', 'same-origin');
  c.header('Cross-Origin-Opener-Policy', 'same-origin');
};
