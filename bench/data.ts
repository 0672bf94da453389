// Where the real data lie that some rows need.
import { existsSync } from 'node:fs';

/** The folder of the MIMIC bundles, or null where it is missing. */
export function mimicFolder(): string | null {
  const folder = `${process.env['EVAL_DATA'] ?? '../shared/data'}/fhir/mimic_iv_demo/bundles`;
  return existsSync(folder) ? folder : null;
}
