// MCP at /mcp, and locked to one patient at /mcp/patients/:id. What is said there is the MCP room's.
import type { Hono } from 'hono';
import type { Env, Parts } from './parts.ts';

export function mcpRoutes(app: Hono<Env>, { mcp }: Parts): void {
  if (mcp === undefined) return;
  const methods = ['GET', 'POST', 'DELETE'];
  app.on(methods, '/mcp', (c) => mcp(c.req.raw, { patient: null, principal: c.get('principal') }));
  app.on(methods, '/mcp/patients/:id', (c) => mcp(c.req.raw, { patient: c.req.param('id'), principal: c.get('principal') }));
}
