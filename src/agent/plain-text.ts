// A language model's text as plain text: no markup, no links, no characters that hide or reorder. What is shown is made by us.
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' };

const decode = (text: string) =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, dec?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = dec !== undefined ? Number(dec) : Number.parseInt(hex!, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });

/** `<0.01` and `x < 5` are no tags: a tag's name begins with a letter right after the bracket. */
const stripTags = (text: string) =>
  text
    .replace(/<(script|style|think|thinking|reasoning)\b[^>]*>[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
    .replace(/<!--[\s\S]*?(-->|$)/g, ' ')
    .replace(/<[/!?a-z][^<>]*>/gi, ' ');

/** Repeats `step` until nothing changes, so that removing one layer cannot uncover another. */
function untilStable(text: string, step: (text: string) => string): string {
  for (let i = 0; i < 10; i++) {
    const next = step(text);
    if (next === text) return text;
    text = next;
  }
  return text.replace(/[<>&[\]()]/g, ' ');
}

/** Lines in, lines out: the line is the unit of the draft. */
export function plainText(text: string): string {
  const visible = text.replace(/\r\n?/g, '\n').replace(/[\p{Cf}\p{Co}\p{Cn}]|(?!\n)\p{Cc}/gu, (c) => (c === '\t' ? ' ' : ''));
  return untilStable(visible, (t) =>
    stripLinks(stripTags(decode(t)))
      .split('\n')
      .map(plainLine)
      .join('\n'),
  );
}

const stripLinks = (text: string) =>
  text
    .replace(/\[([ecf][0-9a-z]{3,})\]\([^()\n]*\)/gi, '[$1]') // an id stays an id
    .replace(/!?\[([^\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)/g, '$1') // links and images keep their words
    .replace(/!?\[([^\]\n]*)\]\[(?![ecf][0-9a-z]*\])[^\]\n]*\]/gi, '$1')
    .replace(/^\s*\[[^\]\n]+\]:\s*\S.*$/gm, '')
    // No word boundary before a scheme: letters glued to it hide none.
    .replace(/<?(?:[a-z][a-z0-9+.-]{0,20}:\/\/|\b(?:www\.|mailto:|javascript:|data:))[^\s>\]]*>?/gi, '');

const plainLine = (line: string) =>
  line
    .replace(/^\s*(?:```.*|~~~.*|[-*_=]{3,}\s*|\|?(?:\s*:?-{2,}:?\s*\|)+.*)$/, '')
    .replace(/^\s*(?:#{1,6}\s+|>\s?|[-*+•]\s+|\d{1,3}[.)]\s+)+/, '')
    .replace(/(\*\*|__|~~|`+)/g, '')
    .replace(/(^|[\s(])[*_](?=\S)/g, '$1')
    .replace(/(?<=\S)[*_](?=[\s.,;:!?)]|$)/g, '')
    .replace(/\|/g, ' ')
    .replace(/\](?=[([])(?!\[[ecf][0-9a-z]{3,}\])/gi, '] ')
    .replace(/[^\S\n]+/g, ' ')
    .trim();
