import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CitedText, plainMarkdown } from './cited-text.ts';

test.each([
  ['The troponin is < 0.01 ng/mL.', 'The troponin is < 0.01 ng/mL.'],
  ['25 [IU]/L, 5.2 10*3/uL', '25 [IU]/L, 5.2 10*3/uL'],
  ['ask_patient and mm[Hg]', 'ask_patient and mm[Hg]'],
])('a value stays as written: %s', (text, shown) => {
  expect(plainMarkdown(text)).toBe(shown);
});

test.each([
  ['two units with a star do not become italics', '5.2 10*3/uL, then 6.1 10*3/uL', '5.2 10\\*3/uL, then 6.1 10\\*3/uL'],
  ['approximate values are not struck out', '~5 to ~7', '\\~5 to \\~7'],
  ['a link in a note is no link', 'see [here](http://evil.example/?q=1)', 'see [here]\\((link removed))'],
  ['an image in a note loads nothing', '![x](https://evil.example/p.png)', '![x]\\((link removed))'],
  ['a bare address is no link', 'write to www.evil.example/a now', 'write to (link removed) now'],
  ['a reference is not defined', '[1]: //evil.example', '[1]\\: //evil.example'],
  ['HTML is shown', 'a <img src=x> <!-- b', 'a \\<img src=x> \\<!-- b'],
  ['a note cannot begin a heading or a new block', '# Big\n\n- item', '\\# Big - item'],
])('%s', (_what, text, shown) => {
  expect(plainMarkdown(text)).toBe(shown);
});

const hostile = fc.array(
  fc.constantFrom('[', ']', '(', ')', '!', '<', '>', 'a', ' ', '\n', ':', '//', 'http', 'www.', '_', '*', '`', '\\', '1'),
  { maxLength: 24 },
);

test('no text makes a link, an image, a tag or a line of its own', () => {
  fc.assert(
    fc.property(hostile, (parts) => {
      const plain = plainMarkdown(parts.join(''));
      expect(plain).not.toMatch(/\](?=[([:])/);
      expect(plain).not.toMatch(/https?:\/\/|www\.\w|\n|(?<!\\)`/);
      expect(plain).not.toMatch(/(?<!\\)<[a-z/!?]/i);
    }),
  );
});

test('each annotation spans its own link, whatever the sentences hold, and the same evidence keeps its number', () => {
  const sentence = fc.record({
    text: fc.string({ maxLength: 30 }),
    citations: fc.array(fc.constantFrom('e1', 'e2', 'c3'), { maxLength: 3 }),
    kind: fc.constant('finding' as const),
  });
  fc.assert(
    fc.property(fc.array(sentence, { maxLength: 5 }), (sentences) => {
      const text = new CitedText('http://localhost:1');
      const content = sentences.map((each) => text.add(each)).join('');
      const cited = sentences.flatMap((each) => each.citations);
      const links = text.annotations({ evidence: {}, completeness: [] } as never).map((each) => each.url_citation);
      expect(links.map((link) => link.url.split('/').at(-1))).toEqual(cited);
      const order = [...new Set(cited)];
      for (const [i, link] of links.entries())
        expect(content.slice(link.start_index, link.end_index)).toBe(`[[${order.indexOf(cited[i]!) + 1}]](${link.url})`);
    }),
  );
});
