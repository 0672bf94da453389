// Which record a case is asked of: the demo hospital, a folder under EVAL_DATA, or what FHIR_BUNDLES or FHIR_BASE_URL name explicitly.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../src/config.ts';

export type Place = Pick<Config, 'FHIR_BUNDLES' | 'FHIR_BASE_URL'>;

/** Null when the source's folder is not there. Equal places have equal keys, so that a source is opened once. */
export function placeOf(
  source: string,
  config: Pick<Config, 'FHIR_BUNDLES' | 'FHIR_BASE_URL' | 'EVAL_DATA'>,
): (Place & { key: string }) | null {
  const { FHIR_BASE_URL, FHIR_BUNDLES } = config;
  if (FHIR_BASE_URL !== undefined) return { FHIR_BASE_URL, FHIR_BUNDLES: undefined, key: FHIR_BASE_URL };
  if (FHIR_BUNDLES !== undefined) return { FHIR_BASE_URL: undefined, FHIR_BUNDLES, key: FHIR_BUNDLES };
  if (source === 'demo') return { FHIR_BASE_URL: undefined, FHIR_BUNDLES: undefined, key: 'demo' };
  const path = join(config.EVAL_DATA, source);
  return existsSync(path) ? { FHIR_BASE_URL: undefined, FHIR_BUNDLES: path, key: path } : null;
}
