// The server: the chat API, evidence, MCP and the page, on one port of this machine.
import { Hono } from 'hono';
import { CopilotError } from '../errors.ts';
import { askRoutes } from './ask.ts';
import { jsonOnly, limitBody } from './body.ts';
import { chatRoutes } from './chat/completions.ts';
import { evidenceRoutes } from './evidence.ts';
import { guard, refuseBeyondLoopback, securityHeaders } from './guard.ts';
import { healthRoutes } from './health.ts';
import { logFailure, logRequests, openLog } from './log.ts';
import { mcpRoutes } from './mcp.ts';
import { pageRoutes } from './page.ts';
import type { Env, Parts, ServerParts } from './parts.ts';
import { patientRoutes } from './patients.ts';
import { errorResponse } from './problem.ts';

export { type Listening, listen } from './listen.ts';
export type { ServerParts } from './parts.ts';

/** Throws CopilotError `config` for a HOST beyond loopback. */
export function createServer(given: ServerParts): Hono<Env> {
  refuseBeyondLoopback(given.config);
  const parts: Parts = { ...given, log: given.log ?? openLog(given.config) };
  const app = new Hono<Env>();
  app.use(logRequests(parts.log), securityHeaders, guard(parts.config), jsonOnly, limitBody);
  pageRoutes(app);
  healthRoutes(app, parts);
  patientRoutes(app, parts);
  askRoutes(app, parts);
  evidenceRoutes(app, parts);
  chatRoutes(app, parts);
  mcpRoutes(app, parts);

  app.onError((error, c) => {
    logFailure(parts.log, error);
    return errorResponse(error, c);
  });
  app.notFound((c) => {
    const allowed = methodsOf(app, c.req.path);
    if (allowed.length === 0) return errorResponse(new CopilotError('not_found', 'There is no such address here.'), c);
    c.header('Allow', allowed.join(', '));
    return errorResponse(new CopilotError('method_not_allowed', `This address takes ${allowed.join(' and ')} only.`), c);
  });
  return app;
}

/** The methods that have a route of their own at this path. */
function methodsOf(app: Hono<Env>, path: string): string[] {
  return ['GET', 'POST', 'DELETE'].filter((method) => app.router.match(method, path)[0].some(([[, route]]) => route.path !== '/*'));
}
