// The stateless revision has no session to hold the patient lock: select_patient hands out an encrypted handle instead.
// Unguessable, bound to the principal, expiring (contract.md, MCP). It names no patient to who reads it.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EncryptJWT, jwtDecrypt } from 'jose';
import { ToolError } from '../errors.ts';

const LIFETIME = '8h'; // a shift

export type PatientHandles = {
  /** @param patient Patient.id */
  issue(patient: string, principal: string): Promise<string>;
  /** Patient.id. Throws ToolError `not_allowed` for a handle that is not ours, is another principal's, or has expired. */
  open(handle: string, principal: string): Promise<string>;
};

/** The key is kept under DATA_DIR, so that a handle outlives a restart and serves every process of this folder. */
export function patientHandles(dataDir: string): PatientHandles {
  const key = readOrMakeKey(dataDir);
  return {
    issue: (patient, principal) =>
      new EncryptJWT({ patient })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setSubject(principal)
        .setIssuedAt()
        .setExpirationTime(LIFETIME)
        .encrypt(key),
    async open(handle, principal) {
      try {
        const { payload } = await jwtDecrypt(handle, key, { subject: principal });
        if (typeof payload['patient'] === 'string') return payload['patient'];
      } catch {
        // Which of the reasons it was is nobody's business.
      }
      throw new ToolError('not_allowed', 'patient_handle is not valid or has expired; call select_patient again.');
    },
  };
}

function readOrMakeKey(dataDir: string): Uint8Array {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'patient-handle.key');
  try {
    writeFileSync(path, randomBytes(32), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(path);
}
