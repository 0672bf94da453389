// The record's sources: a hospital's FHIR server, a folder of bundles, or the demo hospital. All are reached by the same client.
import { fileURLToPath } from 'node:url';
import type { Config } from '../../../config.ts';
import { CopilotError } from '../../../errors.ts';
import type { RecordSource } from '../source.ts';
import { BackendServices, type Credentials, fixedToken, readBackendKey } from './auth.ts';
import { FhirClient, type FhirClientOptions } from './client.ts';

export { listPatients, searchPatients } from './patient-list.ts';
export { resolvePatient } from './patients.ts';

type Settings = Pick<Config, 'FHIR_BASE_URL' | 'FHIR_BUNDLES' | 'FHIR_TOKEN' | 'FHIR_CLIENT_ID' | 'FHIR_PRIVATE_KEY' | 'DATA_DIR'>;

const DEMO = fileURLToPath(new URL('../../../../demo/data', import.meta.url));

/** Throws CopilotError `config` for credentials that cannot be used. A server that is down is told at the first search, not here. */
export async function openRecordSource(config: Settings, options: Partial<FhirClientOptions> = {}): Promise<RecordSource> {
  if (config.FHIR_BASE_URL !== undefined) {
    assertBare(config.FHIR_BASE_URL);
    return new FhirClient({ base: config.FHIR_BASE_URL, credentials: await credentialsOf(config, config.FHIR_BASE_URL), ...options });
  }
  const server = config.FHIR_BUNDLES === undefined ? 'demo' : 'bundles';
  const { openEmbedded } = await import('./embedded/index.ts');
  const embedded = await openEmbedded({ path: config.FHIR_BUNDLES ?? DEMO, dataDir: config.DATA_DIR, server });
  return new FhirClient({
    base: embedded.url,
    credentials: fixedToken(embedded.token),
    server,
    ownDate: embedded.ownDate,
    embedded: { note: () => skippedNote(embedded.skipped), ready: () => embedded.ready(), close: () => embedded.close() },
    ...options,
  });
}

function skippedNote(skipped: readonly { path: string; reason: string }[]): string | null {
  if (skipped.length === 0) return null;
  const named = skipped.slice(0, 5).map(({ path, reason }) => `${path} (${reason})`);
  return `${skipped.length} skipped: ${named.join(', ')}${skipped.length > 5 ? ', …' : ''}`;
}

/** The base URL stands in evidence and completeness, where no secret may be. */
function assertBare(base: string): void {
  const { username, password, search, hash } = new URL(base);
  if (username !== '' || password !== '' || search !== '' || hash !== '')
    throw new CopilotError(
      'config',
      'FHIR_BASE_URL must be an address alone: no user name, password, query or fragment; a token goes into FHIR_TOKEN.',
    );
}

async function credentialsOf(config: Settings, base: string): Promise<Credentials | null> {
  if (config.FHIR_CLIENT_ID !== undefined && config.FHIR_PRIVATE_KEY !== undefined)
    return new BackendServices({ base, clientId: config.FHIR_CLIENT_ID, key: await readBackendKey(config.FHIR_PRIVATE_KEY) });
  return config.FHIR_TOKEN === undefined ? null : fixedToken(config.FHIR_TOKEN);
}
