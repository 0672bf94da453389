// What is written before anything is shown. A record that cannot be written is an error: then nothing is shown.
import { CopilotError } from '../errors.ts';
import type { AuditRecord, Store } from '../store/index.ts';

type AuditEvent = 'question' | 'tool' | 'draft' | 'answer' | 'mcp' | 'patients' | 'evidence' | 'refusal' | 'error';
type AuditEntry = Omit<AuditRecord, 'id' | 'at' | 'event'> & { event: AuditEvent };

export interface Audit {
  /** @returns the record's id. Throws CopilotError `internal` when it could not be written; the caller shows nothing then. */
  write(entry: AuditEntry): Promise<string>;
}

/** Steps towards an answer: the record of what is shown, which is durable, carries them to the disk with it. */
const STEPS: ReadonlySet<AuditEvent> = new Set<AuditEvent>(['question', 'tool', 'draft']);

export function openAudit(store: Pick<Store, 'appendAudit'>): Audit {
  return {
    async write(entry) {
      try {
        return await store.appendAudit({ ...entry, at: new Date().toISOString() }, !STEPS.has(entry.event));
      } catch (cause) {
        throw new CopilotError('internal', 'The audit could not be written, so nothing is shown; check DATA_DIR and ask again.', { cause });
      }
    },
  };
}
