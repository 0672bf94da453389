// Whom a question names: this conversation's patient, or another one, who is never answered about here.
import type { ConceptIndex } from './concepts.ts';
import { type Token, tokenize } from './tokens.ts';

export type Known = { name: string | null; identifier: string | null; id?: string | null } | null;
type Span = { start: number; end: number };
export type People = { own: Span[] /** The words that name somebody else. */; other: string | null };

const BY_NUMBER =
  /\b(?:patient|pt|subject|mrn|medical record|record|person|case|client)(?:'s)?\s*(?:number|no\.?|id|mrn|#)?\s*[:#]?\s*((?:[a-z]{1,8}[-_.]?)?\d[\w.-]*\d|[0-9a-f]{8}-[0-9a-f-]{20,})/gi;
const LONG_NUMBER = /(?<![\w./:-])#?(\d{5,})(?:'s|’s)?(?![\w/:-]|[.,]\d)/g;
const TITLE = /\b(?:Mr|Mrs|Ms|Miss|Mx|MR|MRS|MS)\.?\s+(\p{Lu}[\p{L}'-]+)(?:\s+(\p{Lu}[\p{L}'-]+))?/gu;

/** Diseases and tests called after people: a possessive that names no patient. */
const EPONYMS = new Set(
  'crohn parkinson alzheimer addison cushing graves hodgkin huntington barrett wilson raynaud sjogren meniere bell hashimoto kawasaki still paget hirschsprung tourette takayasu behcet wegener ringer mobitz kaposi burkitt ewing marfan down turner klinefelter gilbert osgood bowen dupuytren peyronie buerger goodpasture whipple vincent ludwig fournier lou gehrig'.split(
    ' ',
  ),
);

/** "10014078's": the ending belongs to the name. */
const withEnding = (text: string, end: number) => end + (/^['’]s?(?![\p{L}])/u.exec(text.slice(end))?.[0].length ?? 0);

const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

export function findPeople(text: string, index: ConceptIndex, patient: Known): People {
  const own: Span[] = [];
  const ids = [patient?.identifier, patient?.id].filter((id) => typeof id === 'string').map(plain);
  const names = new Set(
    (patient?.name ?? '')
      .toLowerCase()
      .split(/[^\p{L}']+/u)
      .filter((n) => n.length > 1),
  );
  let other: string | null = null;
  const number = (m: RegExpMatchArray) => {
    const digits = m[1]!.replace(/['’]s$/, '').replace(/\.$/, '');
    if ((digits.match(/\d/g)?.length ?? 0) < 3) return;
    const start = m.index! + m[0].indexOf(m[1]!);
    const from = m[0].startsWith('#') ? start : m.index!;
    // Where the resource id of the patient is not known here, another's has been refused before.
    const isOwn = ids.includes(plain(digits)) || (patient !== null && patient?.id == null && /^[0-9a-f]{8}-[0-9a-f-]{20,}$/i.test(digits));
    const end = start + digits.length;
    if (isOwn) own.push({ start: from, end: withEnding(text, end) });
    else other ??= digits;
  };
  for (const m of text.matchAll(BY_NUMBER)) number(m);
  for (const m of text.matchAll(LONG_NUMBER)) number(m);
  for (const m of text.matchAll(TITLE)) {
    const parts = [m[1]!, m[2]].filter((p) => p !== undefined).map((p) => p.replace(/['’]s?$/, ''));
    if (names.has(parts.at(-1)!.toLowerCase()) || names.has(parts[0]!.toLowerCase()))
      own.push({ start: m.index, end: withEnding(text, m.index + m[0].length) });
    else other ??= parts.join(' ');
  }

  const tokens = tokenize(text);
  const isName = (t: Token | undefined) => t !== undefined && t.type === 'word' && /^\p{Lu}/u.test(t.raw) && names.has(t.text);
  const isStranger = (t: Token | undefined) =>
    t !== undefined &&
    t.type === 'word' &&
    /^\p{Lu}\p{Ll}+/u.test(t.raw) &&
    !names.has(t.text) &&
    !index.knows(t.text) &&
    !EPONYMS.has(t.text);
  for (const [i, token] of tokens.entries()) {
    const [before, after] = [tokens[i - 1], tokens[i + 1]];
    if (isName(token)) own.push({ start: token.start, end: token.end });
    if (!isStranger(token)) continue;
    // "Anna Smith" where the patient is Maria Smith; "Smith's potassium"; "patient John Smith".
    const calledBefore = before !== undefined && /^(?:patient|pt|named|called|for)$/.test(before.text) && isStranger(after);
    const beside =
      (isName(after) && token.end + 1 === after!.start && !token.possessive) ||
      (isName(before) && !before!.possessive && before!.end + 1 === token.start);
    // "creatinine of Nephra Testpatient": two names side by side that are words of nothing here, within a sentence in small letters.
    const twoNames =
      isStranger(after) &&
      after!.start === token.end + 1 &&
      !index.isWord(token.text) &&
      !index.isWord(after!.text) &&
      tokens.some((t) => t.type === 'word' && /^\p{Ll}/u.test(t.raw));
    if (token.possessive || beside || calledBefore || twoNames) other ??= token.raw.replace(/['’]s?$/, '');
  }
  // "smith's potassium" in lower case: a possessive word that nothing else explains.
  for (const token of tokens) {
    if (
      token.possessive &&
      token.type === 'word' &&
      !names.has(token.text) &&
      !index.knows(token.text) &&
      !EPONYMS.has(token.text) &&
      index.correct(token.text) === null
    )
      other ??= token.raw.replace(/['’]s?$/, '');
  }
  return { own, other };
}
