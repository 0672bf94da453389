// Whether a test that the sentence names is the one that it cites: sodium's value is not potassium's.
// By the index of knowledge; a name that may mean several tests, or a drug, is left alone.
import type { Completeness, Evidence } from '../../evidence/index.ts';
import { findAnalytes } from '../../tools/knowledge/index.ts';

const kept = new WeakMap<Evidence | Completeness, ReadonlySet<string>>();

/** The tests that a name of the record may mean; the same few hundred names come back in every answer. */
const meanings = new Map<string, readonly string[]>();
const MEANINGS = 5000;
function meaningsOf(name: string): readonly string[] {
  let keys = meanings.get(name);
  if (keys === undefined) {
    keys = findAnalytes(name).map((match) => match.key);
    if (meanings.size >= MEANINGS) meanings.clear();
    meanings.set(name, keys);
  }
  return keys;
}

/** Keys of the tests that a cited item is about. */
function keysOf(item: Evidence | Completeness): ReadonlySet<string> {
  let keys = kept.get(item);
  if (keys === undefined) {
    const words = 'concept' in item ? [item.concept.name, ...(item.components ?? []).map((c) => c.name)] : [item.what];
    const own = 'concept' in item ? item.qualifiers?.['analyte'] : undefined;
    keys = new Set([...(own === undefined ? [] : [own]), ...words.flatMap(meaningsOf)]);
    kept.set(item, keys);
  }
  return keys;
}

/** The words of the sentence that name a test which nothing cited is about, or null. @param recorded words of what is cited, lower-case. */
export function foreignConcept(text: string, cited: readonly (Evidence | Completeness)[], recorded: string): string | null {
  const spans = Map.groupBy(
    findAnalytes(text).filter((m) => m.score === 1 && !m.ambiguous?.includes('drug')),
    (m) => m.start,
  );
  for (const matches of spans.values()) {
    const said = matches[0]!.matched;
    if (recorded.includes(said.toLowerCase())) continue;
    if (!matches.some((m) => cited.some((item) => keysOf(item).has(m.key)))) return said;
  }
  return null;
}
