import { expect, it } from 'vitest';
import { sayingErrors, says } from './saying.ts';

it.each([
  ['The last creatinine was 0.5 mg/dL.', '0.5', true],
  ['The last creatinine was 0.5 mg/dL.', '0.5 MG/DL', true],
  ['It was 10.5.', '0.5', false],
  ['It was 0.55.', '0.5', false],
  ['It was 0.5.', '0.5', true], // a full stop is not a decimal point
  ['It was 2.0.5', '0.5', false],
  ['It was 0.55, then 0.5.', '0.5', true],
  ['no known\n allergy', 'No known allergy', true],
  ['', 'a', false],
])('“%s” says “%s”: %s', (text, phrase, said) => {
  expect(says(text, phrase)).toBe(said);
});

it('names what is missing and what should not be there, over all sentences', () => {
  const sentences = [
    { text: 'Potassium was 2.6.', citations: ['e1'], kind: 'finding' as const },
    { text: 'Critical.', citations: ['e1'], kind: 'flag' as const },
  ];
  expect(sayingErrors(sentences, ['2.6', 'critical'], ['normal'])).toEqual([]);
  expect(sayingErrors(sentences, ['3.4'], ['critical'])).toEqual(['does not say “3.4”', 'says “critical”']);
});
