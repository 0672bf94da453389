// The person, the summary, and what the reader can do.
import type { PersonFact } from '../needs.ts';
import { has, unexplained } from './clause.ts';
import type { Frame } from './frame.ts';

const FACTS: PersonFact[] = ['age', 'sex', 'birth date', 'name', 'identifier', 'deceased', 'marital status', 'language', 'race'];

export const personFrame: Frame = (clause) => {
  if (has(clause, 'topic:person'))
    return {
      need: { family: 'person', facts: ['name', 'age', 'sex', 'birth date', 'identifier'], asked: null },
      left: unexplained(clause, ['topic:person', 'fact:', 'topic:summary']),
    };
  const facts = FACTS.filter((f) => has(clause, `fact:${f}`));
  if (facts.length === 0 && has(clause, 'name') && has(clause, 'person')) facts.push('name');
  if (facts.length === 0) return null;
  const asked = clause.items.find((i) => i.tags.includes('fact:sex') && /^(?:male|female)$/.test(i.words))?.words ?? null;
  return {
    need: { family: 'person', facts, asked },
    left: unexplained(clause, ['fact:', 'name', 'now', 'ask:how', 'ask:when', 'ask:how many', 'hospital']),
  };
};

export const summaryFrame: Frame = (clause) =>
  has(clause, 'topic:summary')
    ? {
        need: { family: 'summary' },
        left: unexplained(clause, ['topic:summary', 'now', 'ask:what', 'ask:who', 'hospital', 'all', 'recent']),
      }
    : null;

export const helpFrame: Frame = (clause) =>
  has(clause, 'help') && unexplained(clause, ['help', 'ask:how', 'ask:who']).length === 0 ? { need: { family: 'help' }, left: [] } : null;
