// Spelling: optimal string alignment (Damerau 1964; adjacent swaps count one), bounded, against a closed vocabulary.

/** Edits between two words, or `limit + 1` as soon as it is more. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let bestBefore = 0;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) value = Math.min(value, before[j - 2]! + 1);
      next.push(value);
      best = Math.min(best, value);
    }
    // A swap reaches back two rows.
    if (best > limit && bestBefore > limit) return limit + 1;
    bestBefore = best;
    before = row;
    row = next;
  }
  return Math.min(row[b.length]!, limit + 1);
}

export type Vocabulary = {
  has: (word: string) => boolean;
  byLength: Map<number, string[]>;
  strict: ReadonlySet<string>;
  /** Whole names; of two words equally near, one that is a name by itself is meant (creatinine, not the creatine of creatine kinase). */
  names: ReadonlySet<string>;
  /** What a name stands for: of two spellings of one thing either is right. */
  meaning: (name: string) => string | null;
};

/** @param strict words reached by one edit only: drug names, where two real ones may lie two edits apart (prednisone, prednisolone). */
export function makeVocabulary(
  words: Iterable<string>,
  strict: ReadonlySet<string>,
  names: ReadonlySet<string> = new Set(),
  meaning: Vocabulary['meaning'] = () => null,
): Vocabulary {
  const all = new Set(words);
  const byLength = new Map<number, string[]>();
  for (const word of all) {
    if (word.length < 5 || /\d/.test(word)) continue;
    const list = byLength.get(word.length) ?? [];
    list.push(word);
    byLength.set(word.length, list);
  }
  return { has: (word) => all.has(word), byLength, strict, names, meaning };
}

const undoubled = (word: string) => word.replaceAll(/(.)\1+/g, '$1');

/**
 * The nearest word of the vocabulary: one edit from 5 letters, two from 8; the first letter is taken as right.
 * Null where nothing is near or two words are equally near: a guess between two names is no correction.
 */
export function correct(word: string, vocabulary: Vocabulary): string | null {
  if (word.length < 5 || /\d/.test(word) || vocabulary.has(word)) return null;
  const limit = word.length >= 8 ? 2 : 1;
  let best: { distance: number; words: string[] } = { distance: limit + 1, words: [] };
  for (let length = word.length - limit; length <= word.length + limit; length++) {
    for (const candidate of vocabulary.byLength.get(length) ?? []) {
      if (candidate[0] !== word[0]) continue;
      const reach = Math.min(best.distance, vocabulary.strict.has(candidate) ? 1 : limit);
      // Letters doubled or not are one slip, wherever they are: pottasium.
      const distance = undoubled(word) === undoubled(candidate) ? 1 : editDistance(word, candidate, reach);
      if (distance > reach) continue;
      if (distance < best.distance) best = { distance, words: [candidate] };
      else best.words.push(candidate);
    }
  }
  if (best.words.length === 1) return best.words[0]!;
  const names = best.words.filter((w) => vocabulary.names.has(w));
  if (names.length === 1) return names[0]!;
  const meanings = new Set(names.map(vocabulary.meaning));
  return names.length > 1 && meanings.size === 1 && !meanings.has(null) ? names[0]! : null;
}
