// A no-op tool over our MCP server against the SDK's bare echo server, stdio and HTTP, the same official client. Aim: at most 2 times.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { openHouse } from '../src/cli/open.ts';
import { createMcpHttp } from '../src/mcp/index.ts';
import { createServer, listen } from '../src/server/index.ts';
import { buildEcho, NOOP } from './mcp-noop.ts';
import { inTurns, percentile, type Row, row } from './row.ts';

const RUNS = 400;

export async function bench(): Promise<Row[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-bench-'));
  const house = await openHouse({ DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent' });
  const mcp = createMcpHttp({ ...house, tools: [NOOP] });
  const silent = { model: { provider: 'reader', name: 'reader', prompt: '' }, ask: () => (async function* () {})() };
  const listening = await listen(createServer({ ...house, copilot: silent, mcp: mcp.fetch }), house.config);
  const handler = createMcpHandler(buildEcho);
  const bareHttp = createHttpServer(async (request, response) => {
    const headers = new Headers(request.headers as Record<string, string>);
    const body = request.method === 'POST' ? (Readable.toWeb(request) as ReadableStream) : null;
    const answer = await handler.fetch(
      new Request(`http://127.0.0.1${request.url}`, { method: request.method ?? 'GET', headers, body, duplex: 'half' } as RequestInit),
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body) Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]).pipe(response);
    else response.end();
  });
  await new Promise<void>((resolve) => bareHttp.listen(0, '127.0.0.1', resolve));
  const { port } = bareHttp.address() as { port: number };
  const stdio = (kind: string) =>
    new StdioClientTransport({
      command: process.execPath,
      args: [resolve(import.meta.dirname, 'mcp-noop.ts'), kind],
      env: { PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir },
    });
  const http = (url: string) => new StreamableHTTPClientTransport(new URL(url));
  const clients: Client[] = [];
  const connect = async (transport: StreamableHTTPClientTransport | StdioClientTransport) => {
    const client = new Client({ name: 'bench', version: '1' });
    await client.connect(transport);
    clients.push(client);
    return () => client.callTool({ name: 'no_op', arguments: { n: 1 } });
  };
  try {
    const pairs = [
      ['stdio', await connect(stdio('ours')), await connect(stdio('bare'))],
      ['HTTP', await connect(http(`${listening.url}/mcp`)), await connect(http(`http://127.0.0.1:${port}/mcp`))],
    ] as const;
    const rows: Row[] = [];
    for (const [name, ours, bare] of pairs) {
      await inTurns(50, ours, bare);
      const times = await inTurns(RUNS, ours, bare);
      const note = `p99 ${percentile(times.ours, 99).toFixed(1)} against ${percentile(times.reference, 99).toFixed(1)} ms; n ${RUNS}; ours stores and audits each call`;
      rows.push(
        row(
          `no-op tool over MCP, ${name} (p50)`,
          'ms',
          percentile(times.ours, 50),
          percentile(times.reference, 50),
          'at most 2 times',
          note,
        ),
      );
    }
    return rows;
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await mcp.close();
    await listening.close();
    bareHttp.closeAllConnections();
    bareHttp.close();
    await handler.close();
    await house.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
