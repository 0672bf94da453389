// MCP over Streamable HTTP. Clients up to 2025-11-25 get sessions (the lock lives there, and cancelling works);
// clients of 2026-07-28 are served request by request.
import { randomUUID } from 'node:crypto';
import {
  createMcpHandler,
  isInitializeRequest,
  isLegacyRequest,
  type McpServer,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { patientHandles } from './patient-handle.ts';
import { SessionLock } from './patient-lock.ts';
import { buildMcpServer, type McpParts, type McpSession } from './server.ts';

/** Who asks, and the patient that the address fixes. */
type McpCaller = { patient: string | null; principal: string };
export type McpHttp = { fetch: (request: Request, caller: McpCaller) => Promise<Response>; close: () => Promise<void> };

const MAX_SESSIONS = 200;
const IDLE_MS = 60 * 60_000;

type Open = { transport: WebStandardStreamableHTTPServerTransport; server: McpServer; caller: McpCaller; used: number };

export function createMcpHttp(parts: McpParts & Pick<McpSession, 'tools'>): McpHttp {
  const handles = patientHandles(parts.config.DATA_DIR);
  const sessions = new Map<string, Open>();
  const session = (caller: McpCaller, era: McpSession['era']): McpSession => ({
    ...parts,
    handles,
    era,
    principal: caller.principal,
    lock: new SessionLock(parts.sources, caller.patient),
  });

  const modern = createMcpHandler(
    (ctx) =>
      buildMcpServer(
        session(
          {
            principal: ctx.authInfo?.clientId ?? 'local',
            patient: (ctx.authInfo?.extra?.['patient'] as string | null | undefined) ?? null,
          },
          'modern',
        ),
      ),
    { legacy: 'reject' },
  );

  async function fetch(request: Request, caller: McpCaller): Promise<Response> {
    let body: unknown;
    if (request.method === 'POST') {
      try {
        body = JSON.parse(await request.clone().text());
      } catch {
        return rpcError(400, -32700, 'The request is not valid JSON.');
      }
    }
    return (await isLegacyRequest(request, body))
      ? await legacy(request, body, caller)
      : await modern.fetch(request, {
          parsedBody: body,
          authInfo: { token: '', clientId: caller.principal, scopes: [], extra: { patient: caller.patient } },
        });
  }

  async function legacy(request: Request, body: unknown, caller: McpCaller): Promise<Response> {
    const id = request.headers.get('mcp-session-id');
    if (id !== null) {
      const open = sessions.get(id);
      // A session of another address or principal is as unknown as one that never was.
      if (open === undefined || open.caller.patient !== caller.patient || open.caller.principal !== caller.principal)
        return rpcError(404, -32001, 'The session was not found; initialize again.');
      open.used = Date.now();
      return open.transport.handleRequest(request, { parsedBody: body });
    }
    if (!isInitializeRequest(body)) return rpcError(400, -32600, 'The Mcp-Session-Id header is missing; initialize first.');
    await dropIdle();
    const server = buildMcpServer(session(caller, 'legacy'));
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (sessionId) => {
        sessions.set(sessionId, { transport, server, caller, used: Date.now() });
      },
      onsessionclosed: (sessionId) => {
        sessions.delete(sessionId);
      },
    });
    await server.connect(transport);
    return transport.handleRequest(request, { parsedBody: body });
  }

  /** Idle sessions go; past the bound the longest unused one goes too. */
  async function dropIdle(): Promise<void> {
    const oldestFirst = [...sessions].sort(([, a], [, b]) => a.used - b.used);
    for (const [id, open] of oldestFirst) {
      if (open.used > Date.now() - IDLE_MS && sessions.size < MAX_SESSIONS) break;
      sessions.delete(id);
      await open.server.close();
    }
  }

  async function close(): Promise<void> {
    await Promise.all([modern.close(), ...[...sessions.values()].map((open) => open.server.close())]);
    sessions.clear();
  }

  return { fetch, close };
}

const rpcError = (status: number, code: number, message: string) =>
  Response.json({ jsonrpc: '2.0', id: null, error: { code, message } }, { status });
