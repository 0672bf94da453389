// What an answer's findings rest on, as FHIR references. A calculation counts by its inputs, followed down to the record.
import type { Answer, Evidence } from '../../src/evidence/index.ts';

/** Ids cited by findings and by the values; flags, limits and advice cite for themselves. */
function citedIds(answer: Answer): string[] {
  const ids = new Set<string>();
  for (const sentence of answer.sentences) if (sentence.kind === 'finding') for (const id of sentence.citations) ids.add(id);
  for (const value of answer.values) if (value.evidence !== undefined) ids.add(value.evidence);
  return [...ids];
}

/**
 * FHIR references under the cited ids. Completeness and knowledge are no part of the record and are left out;
 * an id that opens to nothing stays as it is, and so counts as a wrong citation.
 */
export async function citedReferences(answer: Answer, open: (id: string) => Promise<Evidence | null>): Promise<Set<string>> {
  const references = new Set<string>();
  const looked = new Set(answer.completeness.map((entry) => entry.id));
  const visit = async (id: string): Promise<void> => {
    if (looked.has(id)) return;
    looked.add(id);
    const evidence = answer.evidence[id] ?? (await open(id));
    if (evidence === null || evidence === undefined) {
      references.add(id);
      return;
    }
    const { source } = evidence;
    if (source.type === 'fhir' || source.type === 'note') references.add(source.reference);
    else if (source.type === 'calculation' || source.type === 'model') for (const input of source.inputs) await visit(input);
  };
  for (const id of citedIds(answer)) await visit(id);
  return references;
}

/** Share of the expected references that are cited; null when none is expected. */
export function citationRecall(expected: readonly string[], cited: ReadonlySet<string>): number | null {
  const wanted = new Set(expected);
  return wanted.size === 0 ? null : [...wanted].filter((reference) => cited.has(reference)).length / wanted.size;
}

/** Share of the cited references that are expected; null when nothing is cited. */
export function citationPrecision(expected: readonly string[], cited: ReadonlySet<string>): number | null {
  const wanted = new Set(expected);
  return cited.size === 0 ? null : [...cited].filter((reference) => wanted.has(reference)).length / cited.size;
}
