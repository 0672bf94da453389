// A knowledge table: entries with where they come from. An entry that decides something is evidence of its own.
import { type Evidence, makeEvidence, type Value } from '../../evidence/index.ts';

export type Table<Entry extends { analyte: string }> = {
  name: string;
  title: string;
  version: string;
  publisher: string;
  date: string;
  url?: string;
  /** True when it is the hospital's own (KNOWLEDGE_DIR). */
  own: boolean;
  entries: readonly Entry[];
};

const made = new WeakMap<object, Map<string, Evidence>>();

/** `entry` names the row within the table; the same row of the same version has the same id, and is made once. */
export function tableEvidence(table: Table<{ analyte: string }>, entry: string, name: string, value: Value): Evidence {
  const rows = made.get(table) ?? new Map<string, Evidence>();
  made.set(table, rows);
  const key = JSON.stringify([entry, name, value]);
  const known = rows.get(key);
  if (known !== undefined) return known;
  const { title, version, publisher, date, url } = table;
  const evidence = makeEvidence({
    kind: 'knowledge',
    patient: null,
    concept: { name, codings: [] },
    value,
    source: { type: 'knowledge', table: title, entry, version, publisher, date, ...(url === undefined ? {} : { url }) },
  });
  rows.set(key, evidence);
  return evidence;
}
