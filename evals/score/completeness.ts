// Whether an answer says how far it looked (contract.md: a set word cites at least one completeness entry).
import type { Answer } from '../../src/evidence/index.ts';

const SET_WORDS = /\b(none|last|only|never|still)\b/i;

/**
 * An answer says how far it looked when it has completeness at all, every sentence with a set word cites some,
 * and an answer that is given as whole has no source that was read in part, unless a sentence cites that gap.
 */
export function completenessErrors(answer: Answer): string[] {
  const errors: string[] = [];
  const known = new Set(answer.completeness.map((entry) => entry.id));
  if (known.size === 0) errors.push('completeness is empty');
  for (const { text, citations, kind } of answer.sentences) {
    if ((kind === 'finding' || kind === 'limit') && SET_WORDS.test(text) && !citations.some((id) => known.has(id)))
      errors.push(`a sentence with “${SET_WORDS.exec(text)![0]}” cites no completeness`);
  }
  const said = new Set(answer.sentences.flatMap((sentence) => sentence.citations));
  for (const entry of answer.completeness) {
    if (answer.outcome === 'answered' && (entry.status === 'partial' || entry.status === 'unavailable') && !said.has(entry.id))
      errors.push(`${entry.what} was read in part and no sentence says so`);
  }
  return errors;
}
