// The names of tests, signs, drugs and diagnoses as one index: phrase → what it may mean, and the vocabulary for spelling.

import { isNameByItself } from './known-words.ts';
import type { Thing } from './needs.ts';
import { correct, makeVocabulary, type Vocabulary } from './spelling.ts';
import { phraseOf } from './tokens.ts';

/** One named thing of a knowledge table with all its names. */
export type ConceptEntry = {
  kind: 'lab' | 'vital' | 'panel' | 'drug' | 'condition';
  /** Keys of the table; a panel or a family of assays has several. */
  keys: readonly string[];
  name: string;
  names: readonly string[];
  /** A panel of vital signs. */
  vital?: boolean;
};

export type ConceptIndex = {
  /** All meanings of exactly this phrase, best first. */
  find: (phrase: string) => readonly Thing[];
  longest: number;
  /** A word of the names and the grammar: nobody's surname. */
  knows: (word: string) => boolean;
  /** No misspelling: known, or a word of clinical language that nothing here is called by (it may still be somebody's name). */
  isWord: (word: string) => boolean;
  correct: (word: string) => string | null;
};

/** @param otherWords words that are known without being names: they are not misspellings. */
export function buildIndex(
  entries: readonly ConceptEntry[],
  otherWords: Iterable<string>,
  plainWords: readonly string[] = [],
): ConceptIndex {
  const phrases = new Map<string, Thing[]>();
  const words = new Set<string>();
  const strict = new Set<string>(otherWords);
  const ofDiagnoses = new Set<string>();
  let longest = 1;
  for (const entry of entries) {
    for (const name of new Set([entry.name, ...entry.names])) {
      const phrase = phraseOf(name);
      if (phrase === '') continue;
      const found = phrases.get(phrase) ?? [];
      const kind = entry.vital ? 'vital' : entry.kind;
      const same = found.find((thing) => thing.kind === kind);
      if (same === undefined) {
        found.push({ kind, keys: [...entry.keys], ask: name, name: entry.name, known: true });
      } else if (entry.keys.some((key) => !same.keys.includes(key))) {
        // One word for several tests: asked by the word itself, answered by name.
        same.keys = [...new Set([...same.keys, ...entry.keys])];
        same.name = phrase;
      }
      phrases.set(phrase, found);
      const parts = phrase.split(' ');
      longest = Math.max(longest, parts.length);
      for (const word of parts) {
        // A word of a diagnosis may be somebody's surname too.
        if (entry.kind === 'condition') ofDiagnoses.add(word);
        else words.add(word);
        if (entry.kind === 'drug') strict.add(word);
      }
    }
  }
  for (const word of otherWords) words.add(word);
  const spelled = new Set([...words, ...ofDiagnoses, ...plainWords]);
  for (const word of plainWords) strict.add(word);
  const meaning = (name: string) =>
    phrases
      .get(name)
      ?.map((t) => `${t.kind}:${t.keys.join()}`)
      .join(' ') ?? null;
  const vocabulary: Vocabulary = makeVocabulary(spelled, strict, new Set(phrases.keys()), meaning);
  const singular = (word: string) => (word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : null);
  return {
    find: (phrase) => {
      const exact = phrases.get(phrase);
      if (exact) return exact;
      const single = singular(phrase);
      return (single === null ? undefined : phrases.get(single)) ?? [];
    },
    longest,
    isWord: (word) => isNameByItself(word) || spelled.has(word) || spelled.has(singular(word) ?? word),
    knows: (word) => words.has(word) || words.has(singular(word) ?? word),
    correct: (word) => correct(word, vocabulary),
  };
}
