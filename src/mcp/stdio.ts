// MCP over stdio: standard output belongs to the protocol from the first byte on.
import { type StdioServerHandle, serveStdio } from '@modelcontextprotocol/server/stdio';
import { patientHandles } from './patient-handle.ts';
import { SessionLock } from './patient-lock.ts';
import { buildMcpServer, type McpParts, type McpSession } from './server.ts';

/** @param patient fixes the lock of the connection; null lets the client choose once. */
export function serveMcpStdio(parts: McpParts & Pick<McpSession, 'tools'>, { patient }: { patient: string | null }): StdioServerHandle {
  const handles = patientHandles(parts.config.DATA_DIR);
  return serveStdio(
    (ctx) => buildMcpServer({ ...parts, handles, era: ctx.era, principal: 'local', lock: new SessionLock(parts.sources, patient) }),
    {
      onerror: (error) => process.stderr.write(`mcp: ${error.name}\n`),
    },
  );
}
