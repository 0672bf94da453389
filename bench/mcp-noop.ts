// The no-op tool of the MCP rows, on the SDK's bare server and on ours; as a program it serves either on stdio.
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';
import { openHouse } from '../src/cli/open.ts';
import { serveMcpStdio } from '../src/mcp/index.ts';
import { defineTool, type Tool } from '../src/tools/tool.ts';

const input = z.strictObject({ n: z.number() });

export const NOOP: Tool = defineTool({
  name: 'no_op',
  title: 'No-op',
  description: 'Does nothing, for the speed table.',
  needsPatient: false,
  input,
  run: async () => ({ evidence: [], completeness: [], flags: [] }),
}) as Tool;

export function buildEcho(): McpServer {
  const server = new McpServer({ name: 'echo', version: '1' }, { capabilities: { tools: {} } });
  server.registerTool('no_op', { description: 'Echo', inputSchema: input, outputSchema: input }, async ({ n }) => ({
    content: [{ type: 'text', text: String(n) }],
    structuredContent: { n },
  }));
  return server;
}

if (import.meta.main) {
  if (process.argv[2] === 'bare') serveStdio(buildEcho);
  else serveMcpStdio({ ...(await openHouse()), tools: [NOOP] }, { patient: null });
}
