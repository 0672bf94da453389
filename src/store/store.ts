// One interface for conversations, answers and evidence; sqlite.ts implements it, PostgreSQL will.
import type { Answer, Completeness, Evidence, Flag, PatientLock } from '../evidence/index.ts';

export type Turn = { question: string; answer: Answer };

export type StoredEvidence = {
  item: Evidence | Completeness | Flag;
  type: 'evidence' | 'completeness' | 'flag';
  /** Patient ids of the lock under which it was read; empty for knowledge. */
  patients: string[];
};

export type AuditRecord = {
  id: string;
  /** ISO time, UTC. */
  at: string;
  principal: string;
  way: string;
  patient: string | null;
  event: string;
  detail: unknown;
};

export interface Store {
  /** The patient lock of a conversation is set at its first turn and never changes. Null when unknown. */
  conversationPatient(id: string): Promise<PatientLock | null | undefined>;
  /** Oldest first, at most `limit` of the newest. Only this principal's. */
  turns(conversation: string, principal: string, limit: number): Promise<Turn[]>;
  /** Answer and all that it cites, in one transaction. */
  saveAnswer(answer: Answer, principal: string, lock: PatientLock | null): Promise<void>;
  answer(id: string, principal: string): Promise<Answer | null>;
  /** What tools returned to an MCP client, so that its ids open later. */
  saveEvidence(items: StoredEvidence[], principal: string): Promise<void>;
  evidence(id: string, principal: string): Promise<StoredEvidence | null>;
  appendAudit(record: Omit<AuditRecord, 'id'>): Promise<string>;
  audit(id: string): Promise<AuditRecord[]>;
  close(): Promise<void>;
}
