// A sentence in one spelling, so that no digit, dash or unit hides from the check: Unicode NFKC, all digits as 0–9, one kind of dash.

/** Superscripts behind a digit are an exponent (10⁹), before NFKC would glue them on (109). */
const SUPERSCRIPT = /(?<=\d)[⁰¹²³⁴-⁹]+/gu;
const GROUPED = /(?<=\d)[\u00a0\u2007\u2009\u202f’](?=\d{3}(?!\d))/g;

// Nearly all sentences are plain ASCII; the Unicode classes cost a hundred times as much.
const NOT_ASCII = /[^\x20-\x7e]/;
export const isAscii = (text: string) => !NOT_ASCII.test(text);

export function normalText(text: string): string {
  return (isAscii(text) ? text : plainSpelling(text))
    .replace(/(?<=\d)'(?=\d{3}(?!\d))/g, '') // 1'234
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '') // 1,234
    .replace(/(?<=\d),(?=\d)/g, '.') // 5,9
    .replace(/ {2,}/g, ' ');
}

function plainSpelling(text: string): string {
  return text
    .replace(/[\p{Cf}]/gu, '')
    .replace(GROUPED, '')
    .replace(SUPERSCRIPT, (s) => `^${s.normalize('NFKC')}`)
    .replace(/[×✕]/g, 'x')
    .normalize('NFKC')
    .replace(/\p{Nd}/gu, (digit) => asciiDigit(digit))
    .replace(/[µμ]/g, 'u')
    .replace(/[‐‑‒–—―−﹣－]/g, '-')
    .replace(/[“”„«»]/g, '"')
    .replace(/≤/g, '<=')
    .replace(/≥/g, '>=')
    .replace(/\s+/g, ' ');
}

/** Every script's digits stand in order, ten in a row. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0)!;
  if (code < 128) return digit;
  let zero = code;
  while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}
