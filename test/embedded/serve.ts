// A folder of files made for one test, served by the embedded FHIR server, and asked over HTTP.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Embedded, openEmbedded } from '../../src/tools/record/fhir/embedded/index.ts';

export type Served = Embedded & {
  get(path: string, init?: RequestInit): Promise<{ status: number; body: Answer }>;
  /** Ids of all matches of a search, over all pages, in order. */
  ids(path: string): Promise<string[]>;
};
// biome-ignore lint/suspicious/noExplicitAny: FHIR JSON of any type, looked at by the test.
export type Answer = any;

const temporary: string[] = [];

export function temporaryFolder(files: Record<string, string | Buffer | object> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'embedded-'));
  temporary.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  }
  return folder;
}

const open: Embedded[] = [];

export async function serveFolder(path: string, dataDir = temporaryFolder()): Promise<Served> {
  const embedded = await openEmbedded({ path, dataDir, server: 'bundles' });
  open.push(embedded);
  const get: Served['get'] = async (at, init = {}) => {
    const address = at.startsWith('http') ? at : `${embedded.url}/${at}`;
    const answer = await fetch(address, { ...init, headers: { authorization: `Bearer ${embedded.token}`, ...init.headers } });
    return { status: answer.status, body: await answer.json() };
  };
  return {
    ...embedded,
    get,
    async ids(path) {
      const found: string[] = [];
      for (let at: string | undefined = path; at !== undefined; ) {
        const { status, body } = await get(at);
        if (status !== 200) throw new Error(`${at}: ${status} ${body.issue?.[0]?.diagnostics}`);
        for (const { resource, search } of body.entry ?? []) if (search.mode === 'match') found.push(resource.id);
        at = body.link.find((link: Answer) => link.relation === 'next')?.url;
      }
      return found;
    },
  };
}

export const serveFiles = (files: Record<string, string | Buffer | object>): Promise<Served> => serveFolder(temporaryFolder(files));

export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((one) => one.close()));
  for (const folder of temporary.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export const bundle = (resources: object[], type = 'collection') => ({
  resourceType: 'Bundle',
  type,
  entry: resources.map((resource) => ({ resource })),
});
