// Diagnoses and allergies: the list, "does she have", when first diagnosed, "allergic to".
import { isNamedDiagnosis, unqualified } from '../../../tools/knowledge/clinical-words.ts';
import type { Item } from '../annotate.ts';
import { knownWords } from '../known-words.ts';
import type { AllergyCategory, ConditionNeed, Thing } from '../needs.ts';
import { asksWhen, type Clause, has, isYesNo, open, openPhrases, pickOf, thingsOf, unexplained, whenOf } from './clause.ts';
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

/** Words within the names of diagnoses that are none by themselves. */
const MODIFIER =
  /^(?:acute|chronic|subacute|recurrent|severe|mild|moderate|left|right|bilateral|upper|lower|type|stage|grade|end|old|allergic|atopic|malignant|benign|metastatic|congestive|ischemic|ischaemic|diabetic|hypertensive|alcoholic|viral|bacterial|secondary|primary|essential|unstable|pressure|pleural|ascitic|peritoneal|blood|venous|arterial)$/;
const KNOWN = new Set(knownWords());
/** What many diagnoses are without bearing the word: a nosebleed is a bleeding, a pneumonia an infection. */
const BROAD =
  /^(?:injur(?:y|ies)|trauma|infections?|bleed|bleeding|ha?emorrhage|inflammation|swelling|growth|mass|lump|clots?|wounds?|failure|deficiency|insufficiency|shock)$/;

type Named = { things: Thing[]; items: Set<Item>; asides: Set<Item> };

/** Runs of words that name one diagnosis each: "acute on chronic kidney disease", "subdural hematoma". */
function diagnosisNames(clause: Clause): Named {
  const runs: Item[][] = [];
  let run: Item[] = [];
  const asides = new Set<Item>();
  const isPart = (i: Item) =>
    i.tags.includes('thing:condition') ||
    i.tags.includes('unknown') ||
    i.number !== undefined ||
    KIND_WORD.test(i.words) ||
    MODIFIER.test(i.words);
  const joins = (i: Item) => i.tags.includes('mark') || (i.tags.includes('fn') && /^(?:of|in|for|with|to|the|on)$/.test(i.words));
  const close = () => {
    while (run.length > 1 && (joins(run.at(-1)!) || !isPart(run.at(-1)!) || WHICH_OF.test(run.at(-1)!.words))) asides.add(run.pop()!);
    while (run.length > 1 && WHICH_OF.test(run[0]!.words) && run[1]!.number === undefined) {
      asides.add(run.shift()!);
      while (run.length > 1 && joins(run[0]!)) run.shift();
    }
    if (run.length === 1 && (joins(run[0]!) || !isPart(run[0]!))) run = [];
    if (run.some((i) => i.tags.includes('thing:condition') || i.tags.includes('unknown'))) runs.push(run);
    run = [];
  };
  for (const item of clause.items) {
    if (isPart(item) || (run.length > 0 && joins(item))) run.push(item);
    else close();
  }
  close();
  const things = runs.map((items): Thing => {
    const [only] = items;
    const concept = items.length === 1 ? only!.things.find((t) => t.kind === 'condition') : undefined;
    if (concept) return concept;
    const words = items
      .map((i) => i.words)
      .join(' ')
      .replaceAll(/ ([).,%/'’-]) ?/g, '$1')
      .replaceAll(/([(/]) /g, '$1');
    const isDisease = items.some((i) => i.tags.includes('thing:condition') || DISEASE.test(i.words) || KNOWN.has(i.words));
    const isKnown = (i: Item) =>
      !i.tags.includes('unknown') || DISEASE.test(i.words) || KNOWN.has(i.words.toLowerCase()) || MODIFIER.test(i.words);
    return {
      ...open(words),
      known:
        isNamedDiagnosis(words) || (isDisease && !/ /.test(unqualified(words)) && !BROAD.test(unqualified(words)) && items.every(isKnown)),
      ...(isDisease ? { kind: 'condition' } : {}),
    };
  });
  const whichOf = new Set([...asides].filter((i) => WHICH_OF.test(i.words)));
  return { things, items: new Set([...runs.flat(), ...whichOf]), asides: whichOf };
}

const withoutCarrying = (clause: Clause): Clause =>
  has(clause, 'diag:with', 'topic:conditions') ? { ...clause, items: clause.items.filter((i) => !CARRY.test(i.words)) } : clause;

/** Nothing else is said: "AKI", "sepsis?", "and the pleural effusion?". */
const isBareName = (clause: Clause, names: Named) =>
  unexplained(clause, ['time', 'now', 'ever', 'recent']).every((i) => names.items.has(i));

/** "Heart failure type", "CKD stage": which one of them is recorded. A number behind it names one: "type 2". */
const WHICH_OF = /^(?:type|types|stage|kind|kinds|grade|class|subtype|form)$/;
/** What is measured, never what is diagnosed. */
const MEASURED = /^(?:pressure|pressures|perfusion pressure|icp|cpp|score|rate|volume|ratio|index|fraction)$/;
/** "Does she carry a diagnosis of": the verb says no more than "have". */
const CARRY = /^(?:carry|carries|carried|carrying|bear|bears)$/;

export const conditionsFrame: Frame = (whole, context) => {
  const clause = withoutCarrying(whole);
  if (has(clause, 'diag:role') || (has(clause, 'topic:conditions') && clause.items.some((i) => i.span?.pick !== undefined)))
    return {
      need: { family: 'declined', why: 'domain', domain: 'diagnosis roles', words: clause.items.map((i) => i.words).join(' ') },
      left: [],
    };
  const others = thingsOf(clause, 'lab', 'vital', 'panel', 'drug').length > 0 && thingsOf(clause, 'condition').length === 0;
  const names = diagnosisNames(clause);
  if (names.things.some((t) => t.kind === 'condition' && MEASURED.test(t.name.split(' ').at(-1)!) && !isNamedDiagnosis(t.name)))
    return null;
  let things: Thing[] = [];
  const explicit = has(clause, 'diag:with') || (has(clause, 'topic:conditions') && !has(clause, 'topic:medications'));
  if (things.length === 0) {
    const likely = names.things.filter((t) => t.kind === 'condition');
    if (explicit) things = names.things;
    else if (!others && likely.length > 0 && likely.length === names.things.length) {
      const asks = has(clause, 'have', 'do', 'any', 'be', 'ever', 'ask:when');
      if (asks || isBareName(clause, names)) things = likely;
    }
  }
  if (things.length === 0 && !explicit) {
    if (context.topic?.family !== 'conditions' || !context.inherits || !has(clause, 'ask:when', 'time')) return null;
    things = context.topic.things;
  }
  const left = unexplained(clause, CONDITION).filter((i) => !names.items.has(i));
  const ask = asksWhen(clause)
    ? 'time'
    : has(clause, 'ask:how many')
      ? 'count'
      : isYesNo(clause) || (things.length > 0 && !has(clause, 'ask:what') && names.asides.size === 0)
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
    ...(saysHistory(clause) ? { history: true } : {}),
  };
  return { need, left };
};

const saysHistory = (clause: Clause) =>
  has(clause, 'ever') ||
  clause.items.some((i) => /^(?:any )?(?:history|hx|past history|pmh|past medical history)\b|history of/.test(i.words));

const CATEGORIES: [RegExp, AllergyCategory][] = [
  [/^(?:drug|medication|medicine|med)s?\b/, 'medication'],
  [/^foods?\b/, 'food'],
  [/^environment(?:al)?\b/, 'environment'],
];

/** "Any food allergies": the kind of allergy that is asked for, with the word that says it. */
function categoryOf(clause: Clause): { category: AllergyCategory; item: Item } | null {
  for (const item of clause.items)
    for (const [pattern, category] of CATEGORIES)
      if (pattern.test(item.words) && !item.tags.includes('thing:drug') && item.span === undefined) return { category, item };
  return null;
}

/** "Allergic rhinitis" is a diagnosis. */
const isDisease = (clause: Clause) =>
  clause.items.some((i) => /^allergic \w/.test(i.words) && i.tags.includes('thing:condition')) ||
  clause.items.some((i, at) => i.words === 'allergic' && DISEASE.test(clause.items[at + 1]?.words ?? ''));

export const allergiesFrame: Frame = (clause, context) => {
  if (isDisease(clause)) return null;
  const topic = has(clause, 'topic:allergies');
  const isOther =
    thingsOf(clause, 'lab', 'vital', 'panel', 'condition').length > 0 ||
    has(clause, 'diag:with', 'topic:conditions', 'be', 'have', 'do', 'ask:when', 'ask:how many');
  if (!topic && !(context.topic?.family === 'allergies' && context.inherits && (!isOther || has(clause, 'reaction')))) return null;
  const category = categoryOf(clause);
  let things = thingsOf(clause, 'drug');
  // "Is she allergic to it?": the medicine asked about before.
  if (things.length === 0 && has(clause, 'pronoun') && context.topic?.family === 'medications') things = context.topic.things;
  if (things.length === 0)
    things = openPhrases(
      clause,
      (i) => i !== category?.item && (i.tags.includes('unknown') || i.tags.some((t) => t.startsWith('thing:'))),
    ).map(open);
  const words = things.flatMap((t) => t.ask.split(/[^\p{L}\p{N}]+/u));
  const left = unexplained(clause, ALLERGY).filter((i) => i !== category?.item && !i.words.split(' ').every((w) => words.includes(w)));
  const ask = has(clause, 'ask:how many')
    ? 'count'
    : things.length > 0 && (isYesNo(clause) || !has(clause, 'ask:what'))
      ? 'has'
      : has(clause, 'reaction') && has(clause, 'ask:what', 'ask:how')
        ? 'reaction'
        : 'list'; // prettier-ignore
  return { need: { family: 'allergies', things, ask, ...(category && things.length === 0 ? { category: category.category } : {}) }, left };
};
