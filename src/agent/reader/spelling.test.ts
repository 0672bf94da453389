import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { correct, editDistance, makeVocabulary } from './spelling.ts';

/** Optimal string alignment by its recurrence alone. */
function slow(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const cost = a.at(-1) === b.at(-1) ? 0 : 1;
  const options = [slow(a.slice(0, -1), b) + 1, slow(a, b.slice(0, -1)) + 1, slow(a.slice(0, -1), b.slice(0, -1)) + cost];
  if (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1))
    options.push(slow(a.slice(0, -2), b.slice(0, -2)) + 1);
  return Math.min(...options);
}

test('the distance is that of the recurrence, cut off past the limit', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });
  fc.assert(
    fc.property(word, word, fc.integer({ min: 0, max: 3 }), (a, b, limit) => {
      expect(editDistance(a, b, limit)).toBe(Math.min(slow(a, b), limit + 1));
    }),
    { numRuns: 200 },
  );
});

const vocabulary = makeVocabulary(
  ['creatinine', 'creatine', 'potassium', 'prednisone', 'sodium', 'heartrate', 'ferritin'],
  new Set(['prednisone']),
  new Set(['creatinine', 'potassium']),
);

test.each([
  ['potasium', 'potassium'],
  ['potassuim', 'potassium'],
  ['sodum', 'sodium'],
  ['creatnine', 'creatinine'],
])('%s is read as %s', (word, name) => expect(correct(word, vocabulary)).toBe(name));

test('a drug two edits away is another drug: prednisolone is not prednisone', () => expect(correct('prednisolone', vocabulary)).toBeNull());
test('the first letter is taken as right: tartrate is no heartrate', () => expect(correct('tartrate', vocabulary)).toBeNull());
test('short words and words with digits are left alone', () => {
  for (const word of ['sodi', 'k', 'b12', '5.5', '']) expect(correct(word, vocabulary)).toBeNull();
});
test('a known word is never corrected', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('creatinine', 'creatine', 'potassium', 'prednisone', 'sodium'),
      (word) => correct(word, vocabulary) === null,
    ),
  );
});
