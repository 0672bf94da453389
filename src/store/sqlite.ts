// The store in one SQLite file (node:sqlite): WAL, so that several processes may read while one writes.
// Every write is one immediate transaction: all of it stands, or none.
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CopilotError } from '../errors.ts';
import type { Answer, Completeness, Evidence, PatientLock } from '../evidence/index.ts';
import { MIGRATIONS } from './schema.ts';
import type { AuditRecord, Store, StoredEvidence, Turn } from './store.ts';

const FILE = 'copilot.sqlite';
/** How long a write waits for another process, in ms; the wait blocks this process. */
const BUSY_MS = 5_000;

type AnswerRow = { body: string; evidence: string; completeness: string };
type ItemRow = { type: StoredEvidence['type']; body: string; patients: string };
type AuditRow = Omit<AuditRecord, 'detail'> & { detail: string };

/**
 * Opens or makes `copilot.sqlite` in the folder. Throws CopilotError `config` when it cannot be used, with what to do.
 * @param busyMs how long to wait for another process.
 */
export function openSqlite(dataDir: string, busyMs = BUSY_MS): Store {
  let db: DatabaseSync | undefined;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const path = join(dataDir, FILE);
    db = new DatabaseSync(path, { timeout: busyMs });
    // The file holds what patients' records say.
    if (process.platform !== 'win32') chmodSync(path, 0o600);
    migrate(db);
    return new SqliteStore(db);
  } catch (error) {
    if (db?.isOpen) db.close();
    throw error instanceof CopilotError ? error : new CopilotError('config', openProblem(error), { cause: error });
  }
}

function openProblem(error: unknown): string {
  const { code, errcode, message = '' } = error as { code?: string; errcode?: number; message?: string };
  if (errcode === 26 || errcode === 11) return `${FILE} in DATA_DIR is damaged or no database; move it away, or set another DATA_DIR.`;
  if (errcode === 5 || errcode === 6) return `${FILE} in DATA_DIR is locked by another program; end that program, or set another DATA_DIR.`;
  if (errcode === 8 || errcode === 14 || code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return `${FILE} in DATA_DIR cannot be written; give this user the right to write there, or set another DATA_DIR.`;
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'DATA_DIR is no folder; set it to a folder that can be written.';
  return `${FILE} in DATA_DIR cannot be opened (${code ?? ''}${errcode === undefined ? '' : ` ${errcode}: ${message}`}); set another DATA_DIR.`;
}

function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function migrate(db: DatabaseSync): void {
  // NORMAL: what was committed survives the end of the process; a durable audit record takes it through a power cut too.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
  const version = () => (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
  if (version() === MIGRATIONS.length) return;
  transaction(db, () => {
    const from = version(); // again, inside: another process may have been first
    if (from > MIGRATIONS.length)
      throw new CopilotError(
        'config',
        `${FILE} in DATA_DIR was written by a newer version of the copilot; use that version, or set another DATA_DIR.`,
      );
    if (from === 0 && db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined)
      throw new CopilotError('config', `${FILE} in DATA_DIR is another program's database; set another DATA_DIR.`);
    for (const step of MIGRATIONS.slice(from)) db.exec(step);
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

class SqliteStore implements Store {
  readonly #db: DatabaseSync;
  readonly #sql;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#sql = {
      conversation: db.prepare('SELECT lock FROM conversation WHERE principal = ? AND id = ?'),
      // A conversation that began without a patient takes its first; a patient is never replaced.
      putConversation: db.prepare(
        `INSERT INTO conversation (principal, id, lock) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET lock = excluded.lock WHERE lock IS NULL`,
      ),
      turns: db.prepare(
        'SELECT body, evidence, completeness FROM answer WHERE principal = ? AND conversation = ? ORDER BY seq DESC LIMIT ?',
      ),
      answer: db.prepare('SELECT body, evidence, completeness FROM answer WHERE id = ? AND principal = ?'),
      putAnswer: db.prepare('INSERT INTO answer (id, principal, conversation, body, evidence, completeness) VALUES (?, ?, ?, ?, ?, ?)'),
      putItem: db.prepare('INSERT INTO item (id, type, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
      show: db.prepare(
        'INSERT INTO shown (principal, item, patients) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET patients = excluded.patients',
      ),
      item: db.prepare(
        'SELECT type, body, patients FROM shown JOIN item ON item.id = shown.item WHERE shown.item = ? AND shown.principal = ?',
      ),
      putAudit: db.prepare('INSERT INTO audit (id, at, principal, way, patient, answer, event, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
      audit: db.prepare(
        'SELECT id, at, principal, way, patient, answer, event, detail FROM audit WHERE id = ?1 OR answer = ?1 ORDER BY seq',
      ),
    };
  }

  async conversationPatient(id: string, principal: string): Promise<PatientLock | null | undefined> {
    const row = this.#sql.conversation.get(principal, id) as { lock: string | null } | undefined;
    return row === undefined ? undefined : (JSON.parse(row.lock ?? 'null') as PatientLock | null);
  }

  async turns(conversation: string, principal: string, limit: number): Promise<Turn[]> {
    const rows = this.#sql.turns.all(principal, conversation, limit) as AnswerRow[];
    return rows.reverse().map((row) => {
      const answer = this.#rebuild(row, principal);
      return { question: answer.question, answer };
    });
  }

  async saveAnswer(answer: Answer, principal: string, lock: PatientLock | null, also: readonly StoredEvidence[] = []): Promise<void> {
    const { evidence, completeness, ...body } = answer;
    transaction(this.#db, () => {
      this.#sql.putConversation.run(principal, answer.conversation, lock === null ? null : JSON.stringify(lock));
      const row = this.#sql.conversation.get(principal, answer.conversation) as { lock: string | null };
      const held = JSON.parse(row.lock ?? 'null') as PatientLock | null;
      if (lock !== null && held?.ids.includes(lock.id) !== true)
        throw new CopilotError('not_allowed', 'This conversation is about another patient; begin a new one.');
      const patients = lock?.ids ?? [];
      this.#put(
        [
          ...Object.values(evidence).map((item) => ({ item, type: 'evidence' as const, patients: item.patient === null ? [] : patients })),
          ...completeness.map((item) => ({ item, type: 'completeness' as const, patients })),
          ...also,
        ],
        principal,
      );
      const ids = [JSON.stringify(Object.keys(evidence)), JSON.stringify(completeness.map((c) => c.id))] as const;
      this.#sql.putAnswer.run(answer.id, principal, answer.conversation, JSON.stringify(body), ...ids);
    });
  }

  async answer(id: string, principal: string): Promise<Answer | null> {
    const row = this.#sql.answer.get(id, principal) as AnswerRow | undefined;
    return row === undefined ? null : this.#rebuild(row, principal);
  }

  async saveEvidence(items: readonly StoredEvidence[], principal: string): Promise<void> {
    if (items.length > 0) transaction(this.#db, () => this.#put(items, principal));
  }

  async evidence(id: string, principal: string): Promise<StoredEvidence | null> {
    return this.#item(id, principal);
  }

  async appendAudit(record: Omit<AuditRecord, 'id'>, durable = true): Promise<string> {
    const id = randomUUID();
    const { at, principal, way, patient, answer = null, event, detail } = record;
    // FULL syncs the log file, and with it all that was committed before (sqlite.org/pragma.html#pragma_synchronous).
    if (durable) this.#db.exec('PRAGMA synchronous = FULL');
    try {
      this.#sql.putAudit.run(id, at, principal, way, patient, answer, event, JSON.stringify(detail ?? null));
    } finally {
      if (durable) this.#db.exec('PRAGMA synchronous = NORMAL');
    }
    return id;
  }

  async audit(id: string): Promise<AuditRecord[]> {
    return (this.#sql.audit.all(id) as AuditRow[]).map((row) => ({ ...row, detail: JSON.parse(row.detail) as unknown }));
  }

  async close(): Promise<void> {
    if (this.#db.isOpen) this.#db.close();
  }

  #put(items: readonly StoredEvidence[], principal: string): void {
    for (const { item, type, patients } of items) {
      this.#sql.putItem.run(item.id, type, JSON.stringify(item));
      this.#sql.show.run(principal, item.id, JSON.stringify(patients));
    }
  }

  #item(id: string, principal: string): StoredEvidence | null {
    const row = this.#sql.item.get(id, principal) as ItemRow | undefined;
    if (row === undefined) return null;
    return { item: JSON.parse(row.body), type: row.type, patients: JSON.parse(row.patients) } as StoredEvidence;
  }

  #rebuild(row: AnswerRow, principal: string): Answer {
    const items = (ids: string) => (JSON.parse(ids) as string[]).map((id) => this.#item(id, principal)!.item);
    return {
      ...(JSON.parse(row.body) as Omit<Answer, 'evidence' | 'completeness'>),
      evidence: Object.fromEntries(items(row.evidence).map((item) => [item.id, item as Evidence])),
      completeness: items(row.completeness) as Completeness[],
    };
  }
}
