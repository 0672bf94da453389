// The numbers that a sentence says: digits, words, comparators, signs, and the unit beside each.
import { isAscii } from './normal.ts';
import { unitAt } from './units.ts';

export type NumberClaim = {
  raw: string;
  value: number;
  unit: string | null;
  comparator: '<' | '>' | null;
  /** The words around it, lower-case: by them a count or a part of a name is told from a measured value. */
  before: string;
  after: string;
};

const COMPARATORS: [RegExp, '<' | '>'][] = [
  [/(?:<=?|\b(?:less than(?: or equal to)?|fewer than|lower than|below|under|at most|no more than))\s*$/, '<'],
  [/(?:>=?|\b(?:greater than(?: or equal to)?|more than|higher than|above|over|exceed\w*|at least|no less than))\s*$/, '>'],
];
const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'x x twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const WORD = `(?:${[...ONES, ...TENS.slice(2), 'hundred', 'thousand', 'million', 'dozen'].join('|')})`;
const WORDS = new RegExp(
  `\\b(?:an?\\s+(?=hundred|thousand|million|dozen))?${WORD}(?:(?:\\s+and\\s+|[\\s-]+)(?:a\\s+)?${WORD})*(?:\\s+point(?:\\s+(?:${ONES.slice(0, 10).join('|')}))+)?\\b`,
  'gi',
);
/** A factor said in words is a number that somebody computed. */
const FACTORS =
  /\b(?:doubl(?:ed?|ing)|tripl(?:ed?|ing)|quadrupl\w+|halv(?:ed?|ing)|half|twice|thrice|\w+[- ]?fold|a quarter|a third|two[- ]thirds)\b/gi;

/** "one" as a pronoun is no count: "the last one", "no one", "one of the". */
const isPronoun = (text: string, at: number, raw: string) =>
  raw.toLowerCase() === 'one' &&
  (/\b(?:the|this|that|which|no|any|each|every|only|latest|last|first|newest|other|another)\s+$/i.test(text.slice(0, at)) ||
    /^\s*(?:of|or|is|was|that|which|another)\b|^\s*[.,;:)?]|^\s*$/i.test(text.slice(at + raw.length)));

/** Letters, then digits, and what is joined to them; or digits, a dash, letters. In each script at its own cost. */
const glued = (letter: string) =>
  `(?<![${letter}\\d.])[${letter}]+(?:[-/][${letter}]+)*[-/]?\\d+(?:[.,]\\d+)?[${letter}\\d]*(?:[-/][${letter}\\d]+)*|(?<![${letter}\\d.])\\d+(?:,\\d+)*-[${letter}][${letter}\\d-]*`;
const GLUED = new RegExp(glued('A-Za-z'), 'g');
const GLUED_UNICODE = new RegExp(glued('\\p{L}'), 'gu');

export type ReadNumbers = { claims: NumberClaim[]; factors: string[]; identifiers: string[] };

/** @param text normal text, dates and quotations taken out. `identifiers` are words with digits glued on: B12, CD4, q6h, K5.9. */
export function readNumbers(text: string): ReadNumbers {
  const claims: NumberClaim[] = [];
  const identifiers: string[] = [];
  const claim = (value: number, at: number, raw: string) => {
    const before = text.slice(0, at).toLowerCase();
    const comparator = COMPARATORS.find(([pattern]) => pattern.test(before))?.[1] ?? null;
    const after = text.slice(at + raw.length);
    claims.push({ raw, value, unit: unitAt(after), comparator, before: before.slice(-60), after: after.slice(0, 60).toLowerCase() });
  };
  // Letters glued to digits: a name, until it is found not to be one. `x10^9/L` behind a number is its unit.
  let bare = text.replace(/(?<=\d)\s*(?:x\s*)?10[\^*]\d+(?=\s*\/)/g, (m) => ' '.repeat(m.length));
  bare = bare.replace(isAscii(bare) ? GLUED : GLUED_UNICODE, (word) => {
    // A number with a dash and a unit behind it stays a number: 24-hour.
    if (/^\d/.test(word) && unitAt(word.replace(/^\d+(?:,\d+)*/, '')) !== null) return word;
    identifiers.push(word);
    return ' '.repeat(word.length);
  });
  for (const m of bare.matchAll(/(?<![\d.])(\d+(?:\.\d+)?|\.\d+)(?:e([+-]?\d{1,3})\b)?(\^\d+)?/gi)) {
    const negative = /(?:^|[\s(=:<>,])-$/.test(bare.slice(0, m.index));
    const value = m[3] === undefined ? Number(`${m[1]}${m[2] === undefined ? '' : `e${m[2]}`}`) : Number.NaN;
    const sign = negative ? '-' : '';
    claim(negative ? -value : value, m.index - sign.length, sign + m[0]);
  }
  for (const m of bare.matchAll(WORDS)) if (!isPronoun(bare, m.index, m[0])) claim(wordsToNumber(m[0]), m.index, m[0]);
  return { claims, factors: [...bare.matchAll(FACTORS)].map((m) => m[0]), identifiers };
}

function wordsToNumber(words: string): number {
  const [whole, fraction] = words.toLowerCase().split(/\s+point\s+/);
  let total = 0;
  let part = 0;
  for (const word of whole!.split(/[\s-]+/)) {
    if (ONES.includes(word)) part += ONES.indexOf(word);
    else if (TENS.includes(word)) part += TENS.indexOf(word) * 10;
    else if (word === 'dozen') part = Math.max(part, 1) * 12;
    else if (word === 'hundred') part = Math.max(part, 1) * 100;
    else if (word === 'thousand' || word === 'million') {
      total += Math.max(part, 1) * (word === 'thousand' ? 1_000 : 1_000_000);
      part = 0;
    }
  }
  const digits = fraction
    ?.split(/\s+/)
    .map((word) => ONES.indexOf(word))
    .join('');
  return digits === undefined ? total + part : Number(`${total + part}.${digits}`);
}
