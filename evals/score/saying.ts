// Whether an answer's sentences say what they must and nothing that they must not.
import type { Sentence } from '../../src/evidence/index.ts';

const flat = (text: string) => text.replace(/\s+/g, ' ').toLowerCase();

/** Whether the text holds the phrase, without case; `0.5` is not found in `10.5`, `0.55` or `0.5.1`. */
export function says(text: string, phrase: string): boolean {
  const [hay, needle] = [flat(text), flat(phrase.trim())];
  const digitAt = (index: number) => /\d/.test(hay[index] ?? '');
  for (let at = hay.indexOf(needle); at !== -1; at = hay.indexOf(needle, at + 1)) {
    const end = at + needle.length;
    const before = /^\d/.test(needle) && (digitAt(at - 1) || (hay[at - 1] === '.' && digitAt(at - 2)));
    const after = /\d$/.test(needle) && (digitAt(end) || (hay[end] === '.' && digitAt(end + 1)));
    if (!before && !after) return true;
  }
  return false;
}

/** What is missing from, or should not stand in, the sentences; empty when all is well. */
export function sayingErrors(sentences: readonly Sentence[], mustSay: readonly string[], mustNotSay: readonly string[]): string[] {
  const text = sentences.map((sentence) => sentence.text).join('\n');
  return [
    ...mustSay.filter((phrase) => !says(text, phrase)).map((phrase) => `does not say “${phrase}”`),
    ...mustNotSay.filter((phrase) => says(text, phrase)).map((phrase) => `says “${phrase}”`),
  ];
}
