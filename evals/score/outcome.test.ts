import { expect, it } from 'vitest';
import { outcomeErrors } from './outcome.ts';

it.each([
  ['answered', 'answered', true],
  ['answered', 'partial', true],
  ['abstained', 'refused', true],
  ['refused', 'abstained', true],
  ['answered', 'abstained', false],
  ['abstained', 'answered', false],
  ['abstained', 'clarify', false], // counted apart
  ['clarify', 'clarify', true],
  ['abstained', 'failed', false],
] as const)('expected %s, got %s: %s', (expected, got, fits) => {
  expect(outcomeErrors(expected, got).length === 0).toBe(fits);
});
