// Laboratory results and vital signs: "last creatinine", "highest potassium this week", "is the sodium normal", "how has it changed".
import type { Pick, ResultNeed, Thing } from '../needs.ts';
import { type Clause, compareOf, has, hasPrefix, isYesNo, open, openPhrases, pickOf, thingsOf, unexplained, whenOf } from './clause.ts';
import type { Frame } from './frame.ts';

const ALLOWED = [
  'thing:lab',
  'thing:vital',
  'thing:panel',
  'topic:labs',
  'topic:vitals',
  'time',
  'result',
  'measure',
  'specimen',
  'unit',
  'number',
  'ask:when',
  'ask:how many',
  'ask:how much',
  'ask:how',
  'ord:',
  'agg:',
  'trend',
  'trend:',
  'compare',
  'normal',
  'abnormal',
  'high',
  'low',
  'critical',
  'cmp:',
  'than',
  'ever',
  'now',
  'all',
  'recent',
  'med:give',
  'never',
]; // prettier-ignore

const WHOLE: Record<string, Thing> = {
  'topic:labs': { kind: 'panel', keys: ['*'], ask: '*', name: 'laboratory results', known: true },
  'topic:vitals': { kind: 'panel', keys: ['*vitals'], ask: '*', name: 'vital signs', known: true },
};

export const resultsFrame: Frame = (clause, context) => {
  let things = thingsOf(clause, 'lab', 'vital', 'panel');
  const isAboutResults = has(clause, 'result', 'measure', 'specimen', 'trend', 'topic:labs', 'topic:vitals') || hasPrefix(clause, 'agg:');
  if (things.length === 0) {
    const whole = Object.keys(WHOLE).find((tag) => has(clause, tag));
    const phrases = openPhrases(
      clause,
      (item) => item.tags.includes('unknown') || item.tags.includes('specimen') || item.number !== undefined,
    );
    if (phrases.length > 0 && (isAboutResults || hasPrefix(clause, 'ord:'))) things = phrases.map(open);
    else if (whole !== undefined) things = [WHOLE[whole]!];
    else if (context.topic?.family === 'results' && (has(clause, 'pronoun') || context.inherits)) things = context.topic.things;
    else return null;
  }
  const drug = clause.items.find((i) => i.tags.includes('thing:drug') && i.things.some((t) => t.kind === 'lab' && / level$/.test(t.name)));
  if (drug && !isAboutResults) {
    const level = drug.things.find((t) => t.kind === 'lab')!.name;
    return {
      need: {
        family: 'declined',
        why: 'ambiguous thing',
        words: drug.words,
        choices: [
          { label: `${level} (measured)`, value: level },
          { label: `${drug.words} (the drug)`, value: drug.words },
        ],
      },
      left: [],
    };
  }
  const when = whenOf(clause);
  const compare = compareOf(clause);
  const ask = askOf(clause, compare !== null);
  const openWords = things.filter((t) => t.kind === 'open').flatMap((t) => t.ask.split(/[^\p{L}\p{N}]+/u));
  const left = unexplained(clause, ALLOWED).filter((item) => !openWords.includes(item.words));
  const normality = ask === 'normal' || ask === 'abnormal list' ? normalityOf(clause) : null;
  // A number that no comparison takes, or a comparison without its number, is not understood.
  if (compare === null && ask !== 'trend') left.push(...clause.items.filter((i) => i.number !== undefined && !openWords.includes(i.words)));
  if (compare === null) left.push(...clause.items.filter((i) => i.tags.some((t) => t.startsWith('cmp:')) && !left.includes(i)));
  if (has(clause, 'group')) return { need: { family: 'declined', why: 'not computed', words: wordsWith(clause, 'group') }, left: [] };
  const fallback: Pick = ask === 'abnormal list' || ask === 'count' ? { type: 'all' } : { type: 'nth', n: -1 };
  const { pick, picked } = pickOf(clause, fallback);
  const specimen =
    clause.items.find((i) => i.tags.includes('specimen') && !i.tags.includes('thing:lab') && !i.tags.includes('thing:panel'))?.words ??
    null;
  const need: ResultNeed = {
    family: 'results',
    things,
    ask,
    pick: ask === 'trend' && !has(clause, 'agg:highest', 'agg:lowest') ? { type: 'all' } : pick,
    picked,
    when,
    compare,
    normality,
    unit: compare === null ? (clause.items.find((i) => i.tags.includes('unit'))?.unit ?? null) : null,
    specimen,
  };
  return { need, left };
};

function askOf(clause: Clause, compares: boolean): ResultNeed['ask'] {
  if (has(clause, 'ask:when')) return 'time';
  if (has(clause, 'ask:how many')) return 'count';
  if (compares) return isYesNo(clause) || has(clause, 'ever', 'never') ? 'exists' : 'value';
  const direction = hasPrefix(clause, 'trend:');
  const isQuality = has(clause, 'normal', 'abnormal', 'high', 'low', 'critical');
  if (has(clause, 'trend', 'compare') || (direction && !isQuality)) return 'trend';
  if (isQuality && has(clause, 'topic:labs', 'topic:vitals')) return 'abnormal list';
  if (isQuality) return isYesNo(clause) || has(clause, 'ask:how') || !has(clause, 'ask:what') ? 'normal' : 'abnormal list';
  if (isYesNo(clause) && (has(clause, 'measure', 'ever', 'any', 'med:give') || (has(clause, 'have') && !hasPrefix(clause, 'ord:'))))
    return 'exists';
  return 'value';
}

function normalityOf(clause: Clause): ResultNeed['normality'] {
  if (has(clause, 'critical')) return 'critical';
  if (has(clause, 'high') && has(clause, 'low')) return 'abnormal';
  if (has(clause, 'high')) return 'high';
  if (has(clause, 'low')) return 'low';
  return has(clause, 'abnormal') ? 'abnormal' : 'normal';
}

const wordsWith = (clause: Clause, tag: string) =>
  clause.items
    .filter((i) => i.tags.includes(tag))
    .map((i) => i.words)
    .join(', '); // prettier-ignore
