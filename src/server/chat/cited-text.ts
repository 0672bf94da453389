// Sentences as Markdown with links to their evidence. The links are made here and nowhere else: whatever in a sentence would be
// read as a link, an image or HTML is made plain, since a note of the record could carry one.
import { type Answer, describeCompleteness, describeEvidence, type Sentence } from '../../evidence/index.ts';

/** As OpenAI's annotations: `content.slice(start_index, end_index)` is the link. */
export type UrlCitation = { type: 'url_citation'; url_citation: { start_index: number; end_index: number; title: string; url: string } };

type Link = { start: number; end: number; id: string; url: string };

export class CitedText {
  private readonly base: string;
  private readonly numbers = new Map<string, number>();
  private readonly links: Link[] = [];
  private length = 0;

  /** @param base PUBLIC_URL. */
  constructor(base: string) {
    this.base = base;
  }

  /** The text that this sentence adds. One paragraph each, so that no mark of one pairs with a mark of the next. */
  add(sentence: Sentence): string {
    let text = `${this.length === 0 ? '' : '\n\n'}${plainMarkdown(sentence.text)}`;
    for (const id of sentence.citations) {
      const number = this.numbers.get(id) ?? this.numbers.size + 1;
      this.numbers.set(id, number);
      const url = `${this.base}/api/evidence/${encodeURIComponent(id)}`;
      const link = `[[${number}]](${url})`;
      const start = this.length + text.length + 1;
      this.links.push({ start, end: start + link.length, id, url });
      text += ` ${link}`;
    }
    this.length += text.length;
    return text;
  }

  annotations(answer: Answer): UrlCitation[] {
    const completeness = new Map(answer.completeness.map((each) => [each.id, each]));
    const title = (id: string) => {
      const [evidence, looked] = [answer.evidence[id], completeness.get(id)];
      return evidence ? describeEvidence(evidence) : looked ? describeCompleteness(looked) : id;
    };
    return this.links.map(({ start, end, id, url }) => ({
      type: 'url_citation',
      url_citation: { start_index: start, end_index: end, title: title(id), url },
    }));
  }
}

/** Text that a Markdown reader shows as it is. Values stay as written: `< 0.01`, `[IU]/L`, a single `10*3/uL`. */
export function plainMarkdown(text: string): string {
  let plain = text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/(?:[a-z][a-z0-9+.-]*:\/\/|www\.)[^\s)\]>]*/gi, '(link removed)')
    .replace(/\](?=[([:])/g, ']\\')
    .replace(/<(?=[a-z/!?])/gi, '\\<')
    .replace(/`/g, '\\`')
    .replace(/^(?=[#>]|[-+] )/, '\\')
    .replace(/^(\d+)([.)]) /, '$1\\$2 ');
  // A lone mark pairs with nothing; an underscore within a word is none.
  for (const mark of ['*', '~', '$']) if (plain.split(mark).length > 2) plain = plain.replaceAll(mark, `\\${mark}`);
  if (/(^|\W)_\S/.test(plain)) plain = plain.replaceAll('_', '\\_');
  return plain;
}
