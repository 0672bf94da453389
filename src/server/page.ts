// The plain page and what it loads: files of page/ and the two of evidence/ that put evidence in words, types stripped, nothing built.
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import type { Hono } from 'hono';
import type { Env } from './parts.ts';

/** No inline script or style, nothing from elsewhere, and no text can become markup (Trusted Types). */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Below /page the browser sees the folders as they lie in src, so that the imports between the files hold. */
const SCRIPTS = [
  'server/page/main.ts',
  'server/page/answer.ts',
  'server/page/api.ts',
  'server/page/banner.ts',
  'server/page/chooser.ts',
  'server/page/dom.ts',
  'server/page/facts.ts',
  'server/page/panel.ts',
  'server/page/series.ts',
  'server/page/trend.ts',
  'evidence/render.ts',
  'evidence/time.ts',
];

const STYLES = ['page.css', 'conversation.css', 'panel.css'];

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

export function pageRoutes(app: Hono<Env>): void {
  const files: Record<string, { type: string; body: string }> = {
    '/': { type: 'text/html; charset=utf-8', body: read('server/page/index.html') },
    ...Object.fromEntries(STYLES.map((name) => [`/page/${name}`, { type: 'text/css; charset=utf-8', body: read(`server/page/${name}`) }])),
    '/page/icon.svg': { type: 'image/svg+xml', body: read('server/page/icon.svg') },
    ...Object.fromEntries(
      SCRIPTS.map((path) => [`/page/${path}`, { type: 'text/javascript; charset=utf-8', body: stripTypeScriptTypes(read(path)) }]),
    ),
  };
  for (const [path, { type, body }] of Object.entries(files)) {
    const headers = { 'Content-Type': type, 'Cache-Control': 'no-cache', 'Content-Security-Policy': PAGE_POLICY };
    app.get(path, (c) => c.body(body, 200, headers));
  }
}
