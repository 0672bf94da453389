// Diagnoses and allergies: the list, "does she have", when first diagnosed, "allergic to".
import type { ConditionNeed, Thing } from '../needs.ts';
import { asksWhen, has, isYesNo, open, openPhrases, pickOf, thingsOf, unexplained, whenOf } from './clause.ts';
import type { Frame } from './frame.ts';

const CONDITION = [
  'thing:condition',
  'topic:conditions',
  'name',
  'diag:with',
  'time',
  'ask:when',
  'ask:how many',
  'ask:how long',
  'ord:',
  'now',
  'ever',
  'all',
  'recent',
  'med:give',
  'med:on',
  'enc:come',
  'measure',
  'enc:days',
  'elapsed',
]; // prettier-ignore
const ALLERGY = [
  'thing:drug',
  'topic:allergies',
  'name',
  'reaction',
  'ask:how',
  'ask:how many',
  'ever',
  'now',
  'all',
  'negation',
  'topic:medications',
  'med:on',
]; // prettier-ignore

/** Part of a name where another word of it stands beside: "chronic kidney disease". */
const KIND_WORD = /^(?:disease|diseases|disorder|disorders|illness|condition|syndrome)$/;
/** Word endings and heads of the names of diseases (Greek and Latin; International Classification of Diseases usage). */
const DISEASE =
  /(?:itis|osis|aemia|emia|oma|pathy|uria|plegia|paresis|algia|rrhage|rrhagia|sclerosis|stenosis|ectasis|penia|philia|cele|thorax|edema|oedema|apnea|apnoea|trophy|megaly|gout|asthma|diabetes|diabetic|hypertension|hypotension|stroke|cancer|malignancy|tumou?r|lymphoma|disease|disorder|syndrome|failure|infection|infarction|fracture|injury|ulcer|fibrillation|depression|epilepsy|seizures?|dementia|migraine|hernia|angina|sepsis|tuberculosis|hiv|aids|copd|ckd|chf|afib|htn|cad|dvt|mi|pe|uti|esrd|anxiety|arthritis|hepatitis|thrombosis|embolism|insufficiency|obesity|eczema|psoriasis|lupus|glaucoma|cataracts?|hypothyroidism|hyperthyroidism|alcoholism|pneumonia|deficiency)$/i;

export const conditionsFrame: Frame = (clause, context) => {
  let things: Thing[] = thingsOf(clause, 'condition');
  const explicit = has(clause, 'diag:with') || (has(clause, 'topic:conditions') && !has(clause, 'topic:medications'));
  if (things.length === 0) {
    const phrases = openPhrases(clause, (item) => item.tags.includes('unknown') || item.number !== undefined || KIND_WORD.test(item.words));
    const likely = phrases.filter((p) => DISEASE.test(p.trim()) || p.split(/[\s,]+/).some((w) => DISEASE.test(w)));
    if (has(clause, 'diag:with') || explicit) things = phrases.map((p) => ({ ...open(p), known: likely.includes(p) }));
    else if (likely.length > 0 && likely.length === phrases.length && has(clause, 'have', 'do', 'any', 'be', 'ever', 'ask:when')) {
      things = phrases.map((p) => ({ ...open(p), kind: 'condition', known: true }));
    }
  }
  if (things.length === 0 && !explicit) {
    if (context.topic?.family !== 'conditions' || !context.inherits || !has(clause, 'ask:when', 'time')) return null;
    things = context.topic.things;
  }
  const openWords = things.filter((t) => t.kind !== 'condition' || t.keys.length === 0).flatMap((t) => t.ask.split(/[^\p{L}\p{N}]+/u));
  const left = unexplained(clause, CONDITION).filter((i) => !i.words.split(/[^\p{L}\p{N}]+/u).every((w) => openWords.includes(w)));
  const ask = asksWhen(clause)
    ? 'time'
    : has(clause, 'ask:how many')
      ? 'count'
      : isYesNo(clause) || (things.length > 0 && !has(clause, 'ask:what'))
        ? 'has'
        : 'list'; // prettier-ignore
  if (has(clause, 'ask:how long', 'elapsed', 'enc:days'))
    return { need: { family: 'declined', why: 'not computed', words: 'the time since a diagnosis' }, left: [] };
  const { pick, picked } = pickOf(clause, { type: 'all' });
  if (whenOf(clause)?.type === 'around') return { need: { family: 'declined', why: 'time', words: whenOf(clause)!.words }, left: [] };
  const need: ConditionNeed = {
    family: 'conditions',
    things,
    ask,
    pick: has(clause, 'now') ? { type: 'all' } : pick,
    picked: picked && !has(clause, 'now'),
    when: whenOf(clause),
    status: has(clause, 'now') || clause.items.some((i) => /^active|^current/.test(i.words)) ? 'active' : 'all',
  };
  return { need, left };
};

export const allergiesFrame: Frame = (clause, context) => {
  const topic = has(clause, 'topic:allergies');
  if (!topic && !(context.topic?.family === 'allergies' && context.inherits)) return null;
  let things = thingsOf(clause, 'drug');
  if (things.length === 0)
    things = openPhrases(clause, (i) => i.tags.includes('unknown') || i.tags.some((t) => t.startsWith('thing:'))).map(open);
  const words = things.flatMap((t) => t.ask.split(/[^\p{L}\p{N}]+/u));
  const left = unexplained(clause, ALLERGY).filter((i) => !i.words.split(' ').every((w) => words.includes(w)));
  const ask = has(clause, 'ask:how many')
    ? 'count'
    : things.length > 0 && (isYesNo(clause) || !has(clause, 'ask:what'))
      ? 'has'
      : has(clause, 'reaction') && has(clause, 'ask:what', 'ask:how')
        ? 'reaction'
        : 'list'; // prettier-ignore
  return { need: { family: 'allergies', things, ask }, left };
};
