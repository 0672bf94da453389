// Every word of the question gets its readings: a time, a unit, a number, a named thing, a word of the grammar, the patient, or unknown.
import type { ConceptIndex } from './concepts.ts';
import { LONGEST_PHRASE, type Tag, tagsOf } from './lexicon.ts';
import type { Correction, Thing } from './needs.ts';
import { findPeople, type Known } from './people.ts';
import type { TimeSpan } from './time-words.ts';
import { parseNumber, type Token, tokenize } from './tokens.ts';
import { UNIT_AFTER_IN, UNIT_AFTER_NUMBER, UNIT_ALONE, unitName } from './units.ts';

export type Item = {
  tags: readonly Tag[];
  words: string;
  start: number;
  end: number;
  things: readonly Thing[];
  number?: number;
  unit?: string;
  span?: TimeSpan;
};

export type Annotated = { items: Item[]; otherPatient: string | null };

const JOINERS = new Set(['-', '/', '.', '&', '+', '‐', '–', "'"]);
/** Strengths and counts written as one word: 500mg, 3x. */
const STRENGTH = /^\d+(?:\.\d+)?(?:mg|mcg|g|ml|units?|meq|iu|mmol|k|l)$/;

type Blocked = { start: number; end: number; item: Item };

export function annotate(text: string, times: readonly TimeSpan[], index: ConceptIndex, patient: Known): Annotated {
  const people = findPeople(text, index, patient);
  const blocked: Blocked[] = [];
  const block = (item: Item) => {
    if (!blocked.some((b) => item.start < b.end && b.start < item.end)) blocked.push({ start: item.start, end: item.end, item });
  };
  const bare = { things: [] as const };
  for (const span of times)
    block({ ...bare, tags: ['time'], words: text.slice(span.start, span.end), start: span.start, end: span.end, span });
  for (const span of people.own) block({ ...bare, tags: ['person'], words: text.slice(span.start, span.end), ...span });
  for (const pattern of [UNIT_ALONE, UNIT_AFTER_IN]) {
    for (const m of text.matchAll(pattern)) {
      const start = m.index + m[0].lastIndexOf(m[1]!);
      if (!/\d\s?$/.test(text.slice(0, start)))
        block({ ...bare, tags: ['unit'], words: m[1]!, start, end: start + m[1]!.length, unit: unitName(m[1]!) });
    }
  }

  const tokens = tokenize(text);
  const items: Item[] = blocked.map((b) => b.item);
  const free = tokens.filter((t) => !blocked.some((b) => t.start < b.end && b.start < t.end));

  for (let i = 0; i < free.length; ) {
    const token = free[i]!;
    const number = token.type === 'number' ? parseNumber(token.text) : null;
    if (number !== null) {
      const named = longestMatch(free, i, index);
      if (named !== null && named.next > i + 1) {
        items.push(named.item);
        i = named.next;
        continue;
      }
      const found = UNIT_AFTER_NUMBER.exec(text.slice(token.end));
      // "last 3 K" are potassiums, no thousands.
      const unit = found?.[1] === 'K' && /^(?:last|first|latest|newest)$/.test(free[i - 1]?.text ?? '') ? null : found;
      const end = token.end + (unit?.[0].length ?? 0);
      items.push({
        ...bare,
        tags: ['number'],
        words: text.slice(token.start, end),
        start: token.start,
        end,
        number,
        ...(unit ? { unit: unitName(unit[1]!) } : {}),
      });
      i += 1;
      while (i < free.length && free[i]!.start < end) i += 1;
      continue;
    }
    const match = longestMatch(free, i, index);
    if (match !== null) {
      items.push(match.item);
      i = match.next;
      continue;
    }
    const tags: Tag[] = token.type === 'mark' ? [markTag(token, free[i - 1], text)] : [STRENGTH.test(token.text) ? 'strength' : 'unknown'];
    items.push({ ...bare, tags, words: token.raw, start: token.start, end: token.end });
    i += 1;
  }
  return { items: items.sort((a, b) => a.start - b.start), otherPatient: people.other };
}

/** A full stop within "E.R." or "0.5" ends no sentence; a semicolon between words is a list's. */
function markTag(token: Token, before: Token | undefined, text: string): Tag {
  const after = text.slice(token.end);
  if (token.text === ',' || token.text === ';') return 'comma';
  if (token.text === '.')
    return (before === undefined || !/^(?:[a-z]|mr|mrs|ms|mx|dr|st|vs|no|approx|ca)$/.test(before.text)) && /^(?:\s|$)/.test(after)
      ? 'stop'
      : 'mark';
  return /[?!\n]/.test(token.text) ? 'stop' : 'mark';
}

/** The longest phrase from here that is a name or a word of the grammar; a phrase may be both. */
function longestMatch(tokens: readonly Token[], i: number, index: ConceptIndex): { item: Item; next: number } | null {
  const limit = Math.max(index.longest, LONGEST_PHRASE);
  const words: string[] = [];
  let best: { item: Item; next: number } | null = null;
  let afterComma = false;
  for (let j = i; j < tokens.length && words.length < limit; j++) {
    const token = tokens[j]!;
    if (token.type === 'mark') {
      const joins = JOINERS.has(token.text) && j > i && tokens[j + 1]?.start === token.end;
      if (j === i && tagsOf(token.text).length > 0) {
        const symbol = token.text + (tokens[j + 1]?.text === '=' && tokens[j + 1]?.start === token.end ? '=' : '');
        return { item: itemOf(tokens, i, i + symbol.length, [], tagsOf(symbol)), next: i + symbol.length };
      }
      // "cholesterol, total": a comma only within a test's own name.
      if (/^[,()]$/.test(token.text) && j > i) afterComma = true;
      else if (!joins) break;
      continue;
    }
    words.push(token.text);
    const phrase = words.join(' ');
    const found = index.find(phrase);
    const [things, tags] = afterComma ? [found.filter((t) => t.keys.length === 1), []] : [found, tagsOf(phrase)];
    if (things.length > 0 || tags.length > 0) best = { item: itemOf(tokens, i, j + 1, things, tags), next: j + 1 };
    // "pt" is the patient in "the pt" (a phrase of its own), "pt's", "pt is"; else the prothrombin time.
    if (phrase === 'pt' && best !== null && (token.possessive || isVerb(tokens[j + 1], tokens[i - 1])))
      best = { item: { ...best.item, things: [], tags: ['person'] }, next: best.next };
    // "doctor's" and the like end a phrase
    if (token.possessive && j > i) break;
  }
  return best;
}

const isVerb = (after: Token | undefined, before: Token | undefined) =>
  /^(?:is|has|was|had|does)$/.test(after?.text ?? '') || (after?.text === 'on' && /^(?:is|was|be|been|has)$/.test(before?.text ?? ''));

function itemOf(tokens: readonly Token[], from: number, to: number, things: readonly Thing[], tags: readonly Tag[]): Item {
  const [first, last] = [tokens[from]!, tokens[to - 1]!];
  const words = tokens
    .slice(from, to)
    .map((t) => t.text)
    .join(' ');
  return { tags: [...tags, ...new Set(things.map((t) => `thing:${t.kind}`))], words, start: first.start, end: last.end, things };
}

/** The text with misspelled words replaced by the names and words that were meant; times and people stay as they are. */
export function respell(
  text: string,
  times: readonly TimeSpan[],
  index: ConceptIndex,
  patient: Known,
): { text: string; corrections: Correction[] } {
  const kept = [...times, ...findPeople(text, index, patient).own];
  const corrections: Correction[] = [];
  let better = text;
  for (const token of tokenize(text).reverse()) {
    if (token.type !== 'word' || index.isWord(token.text) || kept.some((k) => token.start < k.end && k.start < token.end)) continue;
    const word = index.correct(token.text);
    // A capital within a sentence, or a possessive, may be somebody's name; at its start only a name of ours is meant.
    const capital = /^\p{Lu}\p{Ll}/u.test(token.raw);
    const opens = /^\W*$|[.!?]\s*$/.test(text.slice(0, token.start));
    if (word === null || token.possessive || (capital && !opens) || (capital && index.find(word).length === 0)) continue;
    const ending = /['’]\p{L}*$/u.exec(token.raw)?.[0] ?? '';
    better = better.slice(0, token.start) + word + ending + better.slice(token.end);
    corrections.unshift({ from: token.raw.slice(0, token.raw.length - ending.length), to: word });
  }
  return { text: better, corrections };
}
