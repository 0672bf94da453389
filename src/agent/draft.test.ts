import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDraft, uncitedKind } from './draft.ts';
import { plainText } from './plain-text.ts';

const E = 'e0123456789abcdef';
const C = 'c0123456789abcdef';

describe('one sentence a line, with the ids at its end', () => {
  test.each<[string, [string, string[]][]]>([
    [`Potassium was 5.9 mmol/L. [${E}]`, [['Potassium was 5.9 mmol/L.', [E]]]],
    [`Potassium was 5.9 mmol/L [${E}][${C}].`, [['Potassium was 5.9 mmol/L.', [E, C]]]],
    [`Potassium was 5.9 mmol/L [${E}, ${C}]`, [['Potassium was 5.9 mmol/L.', [E, C]]]],
    [`- **Potassium** was 5.9 mmol/L 【${E}】`, [['Potassium was 5.9 mmol/L.', [E]]]],
    [`1. Potassium was 5.9 mmol/L (${E})`, [['Potassium was 5.9 mmol/L.', [E]]]],
    [
      `Potassium was 5.9. [${E}] Sodium was 140. [${C}]`,
      [
        ['Potassium was 5.9.', [E]],
        ['Sodium was 140.', [C]],
      ],
    ],
    [
      `Potassium was 5.9 [${E}]. Sodium was 140 [${C}].`,
      [
        ['Potassium was 5.9.', [E]],
        ['Sodium was 140.', [C]],
      ],
    ],
    [`Potassium fell from 5.9 [${E}] to 4.1 [${C}].`, [['Potassium fell from 5.9 to 4.1.', [E, C]]]],
    [`Troponin was <0.01 ng/mL. [${E}]`, [['Troponin was <0.01 ng/mL.', [E]]]],
    [`Potassium was 5.9. [e12345]`, [['Potassium was 5.9.', ['e12345']]]],
  ])('%s', (text, sentences) => {
    const draft = parseDraft(text);
    expect(draft.sentences.map((s) => [s.text, s.citations])).toEqual(sentences);
    expect(draft.sentences.every((s) => s.kind === 'finding')).toBe(true);
    expect(draft.uncited).toEqual([]);
  });

  test('the last line tells the outcome; one that is unknown is no answer', () => {
    expect(parseDraft('Outcome: abstained (not_in_a_record)')).toMatchObject({
      outcome: 'abstained',
      reason: 'not_in_a_record',
      sentences: [],
    });
    expect(parseDraft(`X. [${E}]\n**Outcome:** partial`)).toMatchObject({ outcome: 'partial', reason: null });
    expect(parseDraft('Outcome: splendid')).toMatchObject({ outcome: 'abstained' });
    expect(parseDraft('Outcome: refused (other_patient)')).toMatchObject({ outcome: 'abstained' });
  });
});

describe('a sentence that cites nothing', () => {
  test.each([
    ['Which potassium do you mean?', 'question'],
    ['Do you mean the serum or the urine glucose?', 'question'],
    ['I cannot answer this question.', 'limit'],
    ['This cannot be answered with these tools.', 'limit'],
  ])('may pass: %s', (text, kind) => {
    expect(uncitedKind(text)).toBe(kind);
  });

  test.each([
    'The patient is well.',
    'Potassium is normal.',
    'No allergies are recorded.',
    'I cannot answer this, but the potassium was 5.9.',
    'I cannot say why the potassium is high.',
    'I cannot find any allergies.',
    'Which of the 3 elevated values do you mean?',
    'Do you mean the critical potassium of yesterday?',
    'Should I start insulin?',
    'I cannot answer this. The patient has sepsis.',
    'Give 40 mg furosemide.',
    'As an AI I think the creatinine is stable.',
  ])('is withheld: %s', (text) => {
    expect(uncitedKind(text)).toBeNull();
    const draft = parseDraft(text);
    expect(draft.sentences).toEqual([]);
    expect(draft.uncited).toEqual([text]);
  });
});

describe('markup', () => {
  test.each([
    ['[click](https://evil.example/?q=[x](y))', 'click'],
    ['![x](https://evil.example/p.png)', 'x'],
    ['see https://evil.example/a?b=c now', 'see now'],
    ['<https://evil.example>', ''],
    [`${'script'.repeat(4)}https://evil.example`, 'scriptsc'],
    ['www.evil.example', ''],
    ['javascript:alert(1)', ''],
    ['<script>alert("x")</script>after', 'after'],
    ['<scr<script>ipt>alert(1)</scr</script>ipt>', ''],
    ['&lt;img src=x onerror=alert(1)&gt;', ''],
    ['&amp;lt;b&amp;gt;bold', 'bold'],
    ['<think>the user wants</think>Yes', 'Yes'],
    ['## Heading', 'Heading'],
    ['> quote', 'quote'],
    ['**a** __b__ `c` ~~d~~ *e*', 'a b c d e'],
    ['| a | b |', 'a b'],
    ['|---|---|', ''],
    ['5.\u200b9\u202e', '5.9'],
    ['x < 5 and y > 3', 'x < 5 and y > 3'],
    ['p<0.01', 'p<0.01'],
  ])('%s', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  test('whatever comes, no tag, link or hidden character is left', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '[',
      ']',
      '(',
      ')',
      'a',
      '/',
      'http://',
      'x.y',
      '&lt;',
      '&#60;',
      '\u202e',
      '\u200b',
      '*',
      '`',
      ' ',
      '\n',
      '"',
      'img ',
      'script',
      '!',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const plain = plainText(pieces.join(''));
        expect(plain).not.toMatch(/<[a-z/!][^<>]*>|\]\([^)]*\)|https?:\/\/|[\u200b\u202e]/i);
      }),
      { numRuns: 2_000 },
    );
  });
});
