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
  /** The answer (or the MCP call) that it belongs to. */
  answer?: string | null;
  event: string;
  detail: unknown;
};

export interface Store {
  /**
   * The patient lock of this principal's conversation: set by its first turn with a patient, never changed afterwards.
   * Null while none was chosen, undefined when this principal has no such conversation.
   */
  conversationPatient(id: string, principal: string): Promise<PatientLock | null | undefined>;
  /** Oldest first, at most `limit` of the newest. Only this principal's. */
  turns(conversation: string, principal: string, limit: number): Promise<Turn[]>;
  /**
   * Answer and all that it cites, in one transaction; `also` are inputs of what it cites, so that they open too.
   * Throws CopilotError `not_allowed` when the conversation is about another patient.
   */
  saveAnswer(answer: Answer, principal: string, lock: PatientLock | null, also?: readonly StoredEvidence[]): Promise<void>;
  answer(id: string, principal: string): Promise<Answer | null>;
  /** What tools returned to an MCP client, so that its ids open later. */
  saveEvidence(items: readonly StoredEvidence[], principal: string): Promise<void>;
  /** Only what this principal was shown (in an answer, as an input of one, or over MCP); null otherwise. */
  evidence(id: string, principal: string): Promise<StoredEvidence | null>;
  /** `durable` (default): on disk, with all that was written before it, when the promise resolves. Else it survives this process, not a power cut. */
  appendAudit(record: Omit<AuditRecord, 'id'>, durable?: boolean): Promise<string>;
  /** The record with this id, or all that belong to the answer with this id; oldest first. */
  audit(id: string): Promise<AuditRecord[]>;
  close(): Promise<void>;
}
