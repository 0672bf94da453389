// The tables of one SQLite file and how an older file is brought up to date: each entry leads from its index to the next version.
// Evidence is shared by id (an id is a hash of the content); who may open it is kept apart, by principal.
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE conversation (
    principal TEXT NOT NULL,
    id TEXT NOT NULL,
    lock TEXT,
    PRIMARY KEY (principal, id)
  ) WITHOUT ROWID;
  CREATE TABLE answer (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    principal TEXT NOT NULL,
    conversation TEXT NOT NULL,
    body TEXT NOT NULL,
    evidence TEXT NOT NULL,
    completeness TEXT NOT NULL,
    FOREIGN KEY (principal, conversation) REFERENCES conversation (principal, id)
  );
  CREATE INDEX answer_conversation ON answer (principal, conversation, seq);
  CREATE TABLE item (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    body TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE shown (
    principal TEXT NOT NULL,
    item TEXT NOT NULL REFERENCES item (id),
    patients TEXT NOT NULL,
    PRIMARY KEY (principal, item)
  ) WITHOUT ROWID;
  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    principal TEXT NOT NULL,
    way TEXT NOT NULL,
    patient TEXT,
    answer TEXT,
    event TEXT NOT NULL,
    detail TEXT NOT NULL
  );
  CREATE INDEX audit_answer ON audit (answer, seq);
  `,
];
