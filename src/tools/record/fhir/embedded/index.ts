// An embedded FHIR R4 server over files, on a loopback port of its own, so that bundles are reached as a hospital's server is.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { createApp } from './app.ts';
import { HOSPITAL_FILE } from './bundle-files.ts';
import { Library, type Skipped } from './library.ts';

export { readBytes } from './bundle-files.ts';
export { type FhirFacts, inspectFhir, type Problem } from './inspect-bundle.ts';
export { NotFhir } from './scan.ts';

export type Embedded = {
  /** Base address, such as http://127.0.0.1:40123/fhir. */
  url: string;
  /** For the Authorization header: `Bearer TOKEN`. */
  token: string;
  /** The date that belongs to the files (hospital.json's asOf), or null. */
  ownDate: string | null;
  /** Files and parts of files that were left out; grows while files are read. */
  skipped: readonly Skipped[];
  /** Resolves when every file was looked at, so that `skipped` is as told at start. */
  ready(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Listens as soon as one usable file is found. Throws CopilotError `config` when there is none.
 * @param path a folder (walked) or file: .json, .ndjson, .json.gz, .ndjson.gz
 * @param dataDir where the index of the files is kept
 */
export async function openEmbedded(options: { path: string; dataDir: string; server: 'demo' | 'bundles' }): Promise<Embedded> {
  const library = await Library.open(options.path, options.dataDir);
  const token = randomBytes(32).toString('base64url');
  let url = '';
  const app = createApp(library, { token, base: () => url, name: options.server });
  const server = await new Promise<ReturnType<typeof serve>>((listening, failed) => {
    const starting = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () => listening(starting));
    starting.on('error', failed);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`;
  return {
    url,
    token,
    ownDate: await ownDateOf(options.path),
    skipped: library.skipped,
    ready: () => library.ready(),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

async function ownDateOf(path: string): Promise<string | null> {
  try {
    const { asOf } = JSON.parse(await readFile(join(path, HOSPITAL_FILE), 'utf8'));
    return typeof asOf === 'string' ? asOf : null;
  } catch {
    return null;
  }
}
