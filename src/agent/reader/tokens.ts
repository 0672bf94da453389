// Words and marks of a question, with their places, so that every one of them can be accounted for.

export type Token = {
  /** Lower case, typographic signs made plain, possessive and contracted endings cut. */
  text: string;
  raw: string;
  start: number;
  end: number;
  type: 'word' | 'number' | 'mark';
  possessive: boolean;
};

const TOKEN = /\d+(?:[.,]\d+)*(?![\p{L}\d])|[\p{L}\p{N}]+(?:['’][\p{L}]+|['’](?=\s|$))?|[^\s\p{L}\p{N}]/gu;

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const raw = match[0];
    const start = match.index;
    const plain = raw.toLowerCase().normalize('NFKC').replaceAll('’', "'");
    if (/^\d+(?:[.,]\d+)*$/.test(plain)) {
      tokens.push({ text: plain, raw, start, end: start + raw.length, type: 'number', possessive: false });
    } else if (/^[\p{L}\p{N}]/u.test(plain)) {
      const word = plain.replace(/n't$/, 'nt').replace(/'(?:s|re|ve|ll|d|m)?$/, '');
      tokens.push({ text: word, raw, start, end: start + raw.length, type: 'word', possessive: /'s?$/.test(plain) });
    } else {
      tokens.push({ text: plain, raw, start, end: start + raw.length, type: 'mark', possessive: false });
    }
  }
  return tokens;
}

/** `1,000` is a thousand, `5,2` a decimal comma, `5.2` itself; null for anything else (`1.2.3`). */
export function parseNumber(text: string): number | null {
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text)) return Number(text.replaceAll(',', ''));
  if (/^\d+(?:[.,]\d+)?$/.test(text)) return Number(text.replace(',', '.'));
  return null;
}

/** The words alone, one space apart: how phrases are compared. */
export function phraseOf(text: string): string {
  return tokenize(text)
    .filter((token) => token.type !== 'mark')
    .map((token) => token.text)
    .join(' ');
}
