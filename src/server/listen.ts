// Opens the port. PORT 0 takes a free one.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Config } from '../config.ts';
import { CopilotError } from '../errors.ts';
import { refuseBeyondLoopback } from './guard.ts';
import type { Env } from './parts.ts';

export type Listening = { url: string; close: () => Promise<void> };

/** Throws CopilotError `config` when the port cannot be had, saying what to set. */
export async function listen(app: Hono<Env>, config: Pick<Config, 'HOST' | 'PORT'>): Promise<Listening> {
  refuseBeyondLoopback(config);
  const hostname = config.HOST.replace(/^\[|\]$/g, '');
  // The globals stay Node's own: the FHIR client makes its requests with them.
  const server = serve({ fetch: app.fetch, hostname, port: config.PORT, overrideGlobalObjects: false }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${cause.code})`;
      reject(new CopilotError('config', `Port ${config.PORT} ${why}; set PORT to another, or to 0 for a free one.`, { cause }));
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Streams that still run would keep the server open for ever; their questions are aborted by this.
        server.closeAllConnections();
      }),
  };
}
