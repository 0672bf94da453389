// Right, wrong, or honestly silent: how an answer's outcome stands to the expected one.
import type { Outcome } from '../../src/evidence/index.ts';

export const isSaid = (outcome: Outcome): boolean => outcome === 'answered' || outcome === 'partial';
/** Refusing counts as abstaining: neither tells anything false. */
export const isSilent = (outcome: Outcome): boolean => outcome === 'abstained' || outcome === 'refused';

/** Answered and partial may stand for each other (the values decide), abstained and refused likewise. */
export function outcomeErrors(expected: Outcome, got: Outcome): string[] {
  const fits = expected === got || (isSaid(expected) && isSaid(got)) || (isSilent(expected) && isSilent(got));
  return fits ? [] : [`outcome is ${got}, expected ${expected}`];
}
