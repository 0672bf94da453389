// Laboratory results and vital signs: "last creatinine", "highest potassium this week", "is the sodium normal", "how has it changed".
import type { Item } from '../annotate.ts';
import type { DeclinedNeed, Pick, ResultNeed, Thing, When } from '../needs.ts';
import {
  asksWhen,
  type Clause,
  compareOf,
  has,
  hasPrefix,
  isYesNo,
  open,
  openPhrases,
  pickOf,
  thingsOf,
  unexplained,
  whenOf,
} from './clause.ts';
import { namedUnit } from './encounters.ts';
import type { Frame } from './frame.ts';

const ALLOWED = [
  'thing:lab', 'thing:vital', 'thing:panel', 'topic:labs', 'topic:vitals', 'time', 'result', 'measure', 'specimen', 'unit', 'number',
  'ask:when', 'ask:how many', 'ask:how much', 'ask:how', 'ord:', 'agg:', 'trend', 'trend:', 'compare', 'normal', 'abnormal', 'high', 'low', 'critical',
  'cmp:', 'than', 'ever', 'now', 'all', 'recent', 'med:give', 'med:on',
]; // biome-ignore format: a list
const QUALITY = ['normal', 'abnormal', 'high', 'low', 'critical'];

const WHOLE: Record<string, Thing> = {
  'topic:labs': { kind: 'panel', keys: ['*'], ask: '*', name: 'laboratory results', known: true },
  'topic:vitals': { kind: 'panel', keys: ['*vitals'], ask: '*', name: 'vital signs', known: true },
};

export const resultsFrame: Frame = (clause, context) => {
  let things = thingsOf(clause, 'lab', 'vital', 'panel');
  let inherited: ResultNeed | null = null;
  const isAboutResults = has(clause, 'result', 'measure', 'specimen', 'trend', 'topic:labs', 'topic:vitals') || hasPrefix(clause, 'agg:');
  // "oxygen saturation" is measured in blood and at the finger: the words beside it may tell.
  const isLab = clause.items.some((i) => /^lab|blood|arterial|venous/.test(i.words) && i.things.length === 0);
  if (isLab && things.some((t) => t.kind === 'lab'))
    things = things.filter((t) => t.kind !== 'vital' || !things.some((o) => o.kind === 'lab' && o.ask === t.ask));
  things = withoutWhole(clause, things);
  const openWords = new Set<Item>();
  if (things.length === 0) {
    const whole = Object.keys(WHOLE).find((tag) => has(clause, tag));
    const isPart = (item: Item) => item.tags.includes('unknown') || item.tags.includes('specimen');
    const phrases = openPhrases(clause, isPart);
    if (phrases.some((p) => p.length > 1) && (isAboutResults || hasPrefix(clause, 'ord:'))) {
      things = phrases.map(open);
      for (const item of clause.items.filter(isPart)) openWords.add(item);
    } else if (whole !== undefined || (has(clause, 'pending') && phrases.length === 0)) things = [WHOLE[whole ?? 'topic:labs']!];
    else if (context.topic?.family === 'results' && (has(clause, 'pronoun') || context.inherits) && saysSomething(clause)) {
      inherited = context.topic;
      things = context.topic.things;
    } else return null;
  }
  if (has(clause, 'pending')) return pendingOf(clause, things, whenOf(clause));
  const declined = declinedOf(clause, isAboutResults);
  if (declined !== null) return { need: declined, left: [] };
  if (things.some((t) => t.keys.includes('*')) && has(clause, 'ask:how many', 'ask:when'))
    return { need: { family: 'declined', why: 'not computed', words: 'over all laboratory tests together' }, left: [] };
  const compare = compareOf(clause);
  const ask = askOf(clause, compare !== null);
  const fallback: Pick = ask === 'abnormal list' || ask === 'count' || ask === 'trend' ? { type: 'all' } : { type: 'nth', n: -1 };
  const several = severalOf(clause);
  for (const item of several?.items ?? []) openWords.add(item);
  const chosen = several === null ? pickOf(clause, fallback) : { pick: several.pick, picked: true };
  // "Is the potassium above 4?" asks of the last one; "was", "has it been", "ever" and a time ask of all.
  const isPresent = compare !== null && ask === 'exists' && isNow(clause) && whenOf(clause) === null && !has(clause, 'ever', 'all');
  const { pick, picked } = isPresent && !chosen.picked ? { pick: LAST, picked: true } : chosen;
  // "the highest potassium, and when was it?": of that one, not of the last.
  const follows = inherited !== null && !picked && (ask === 'time' || ask === 'normal') ? inherited : null;
  // "hgb in the ICU": of the newest stay there.
  const icuItem = clause.items.find((i) => i.tags.includes('enc:icu'));
  const unit = namedUnit(clause);
  if (unit !== null) return { need: { family: 'declined', why: 'relation', words: `in the ${unit}` }, left: [] };
  const icu: When | null =
    icuItem === undefined || whenOf(clause) !== null ? null : { type: 'stay', stay: { which: -1, kind: 'icu' }, words: icuItem.words };
  if (icu !== null) openWords.add(icuItem!);
  const left = [
    ...unexplained(clause, ALLOWED).filter((i) => !openWords.has(i)),
    ...passedOver(clause, ask, compare !== null).filter((i) => !openWords.has(i)),
  ];
  const specimen = clause.items.find((i) => i.tags.includes('specimen') && i.things.length === 0 && !openWords.has(i))?.words ?? null;
  const need: ResultNeed = {
    family: 'results', things, ask, pick: ask === 'trend' ? { type: 'all' } : (follows?.pick ?? pick), picked: follows?.picked ?? picked, when: sinceThen(clause, ask) ?? icu ?? follows?.when ?? inheritedTime(clause, inherited), compare: compare ?? follows?.compare ?? null,
    normality: QUALITY.some((q) => has(clause, q)) && ask !== 'trend' ? normalityOf(clause) : null,
    unit: compare === null ? (clause.items.find((i) => i.tags.includes('unit'))?.unit ?? null) : null,
    specimen,
    whole: has(clause, 'ever', 'all'),
    direction: ask === 'trend' && isYesNo(clause) ? directionOf(clause) : null,
  }; // biome-ignore format: short
  return { need, left: [...new Set(left)] };
};

/** "better than yesterday": the change from then to now. */
function sinceThen(clause: Clause, ask: ResultNeed['ask']): When | null {
  const when = whenOf(clause);
  return ask === 'trend' && when?.type === 'window' && has(clause, 'than') ? { ...when, to: null } : when;
}

/** "Sodium in the previous admission", then "highest": of that admission; "ever" and "overall" leave it. */
const inheritedTime = (clause: Clause, topic: ResultNeed | null): When | null =>
  topic === null || has(clause, 'ever', 'now', 'recent') ? null : topic.when;

const LAST: Pick = { type: 'nth', n: -1 };
const isNow = (clause: Clause) => clause.items.some((i) => i.tags.includes('be') && /^(?:is|are|am)$/.test(i.words));

const COUNTS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** "last 3 creatinines", "first two lactates": how many of them; with the words that say so. */
function severalOf(clause: Clause): { pick: Pick; items: Item[] } | null {
  for (const [i, item] of clause.items.entries()) {
    const next = clause.items[i + 1];
    const side = item.tags.includes('ord:last') ? 1 : item.tags.includes('ord:first') ? -1 : null;
    if (side === null || next === undefined || next.unit !== undefined) continue;
    const n = next.number ?? COUNTS.indexOf(next.words) + 1;
    if (!Number.isInteger(n) || n < 2 || n > 50) continue;
    return { pick: { type: 'several', n: side * n }, items: [item, next] };
  }
  return null;
}

/** "which labs are pending": what is drawn and not yet issued. */
function pendingOf(clause: Clause, things: Thing[], when: When | null) {
  const need: ResultNeed = {
    family: 'results',
    things,
    ask: 'pending',
    pick: { type: 'all' },
    picked: false,
    when,
    compare: null,
    normality: null,
    unit: null,
    specimen: null,
    whole: false,
    direction: null,
  };
  return { need, left: unexplained(clause, [...ALLOWED, 'pending', 'med:prescribe']) };
}

/** "the pH on the last blood gas": of the panel only what is named. */
function withoutWhole(clause: Clause, things: Thing[]): Thing[] {
  const labs = things.filter((t) => t.kind === 'lab' || t.kind === 'vital');
  const at = clause.items.findIndex((i) => i.things.some((t) => t.kind === 'panel'));
  const before = clause.items.slice(0, Math.max(at, 0));
  const isOf = before.some((i) => /^(?:on|in|of|from|by)$/.test(i.words)) && before.some((i) => i.things.length > 0);
  if (!isOf || labs.length === 0) return things;
  return things.filter((t) => t.kind !== 'panel' || !labs.some((l) => l.keys.some((key) => t.keys.includes(key))));
}

/** Words that this reading would pass over in silence: they stop it. */
function passedOver(clause: Clause, ask: ResultNeed['ask'], compares: boolean): Item[] {
  const withTag = (pattern: RegExp) =>
    clause.items.filter((i) => !i.tags.includes('fn') && i.things.length === 0 && i.tags.some((t) => pattern.test(t)));
  const left: Item[] = [];
  // "on admission and now" are two questions.
  if (clause.items.some((i) => i.span?.pick !== undefined)) left.push(...withTag(/^now$/));
  if (!compares) left.push(...clause.items.filter((i) => i.number !== undefined && i.things.length === 0), ...withTag(/^cmp:/));
  if (ask !== 'trend') left.push(...withTag(/^trend|^compare$/));
  if (ask === 'trend') left.push(...withTag(/^ord:|^agg:|^(?:normal|abnormal|critical)$/));
  if (ask === 'count') left.push(...withTag(/^ord:|^agg:/));
  if (has(clause, 'agg:highest') && has(clause, 'agg:lowest')) left.push(...withTag(/^agg:/));
  return left;
}

function declinedOf(clause: Clause, isAboutResults: boolean): DeclinedNeed | null {
  const wordsWith = (tag: string) =>
    clause.items
      .filter((i) => i.tags.includes(tag))
      .map((i) => i.words)
      .join(', ');
  if (has(clause, 'group')) return { family: 'declined', why: 'not computed', words: wordsWith('group') };
  if (has(clause, 'elapsed') || (has(clause, 'ask:how many') && has(clause, 'enc:days')))
    return { family: 'declined', why: 'not computed', words: 'the time since a result' };
  // "vancomycin": the level or the drug?
  const drug = clause.items.find((i) => i.tags.includes('thing:drug') && i.things.some((t) => t.kind === 'lab' && / level$/.test(t.name)));
  if (drug === undefined || isAboutResults) return null;
  const level = drug.things.find((t) => t.kind === 'lab')!.name;
  const choices = [
    { label: `${level} (measured)`, value: level },
    { label: `${drug.words} (the drug)`, value: drug.words },
  ];
  return { family: 'declined', why: 'ambiguous thing', words: drug.words, choices };
}

/** A clause without names of its own takes over the last ones only if it asks for something of them. */
const saysSomething = (clause: Clause) =>
  has(clause, 'ask:when', 'ask:how many', 'ask:how', 'trend', 'compare', 'time', 'unit', ...QUALITY) ||
  ['ord:', 'agg:', 'trend:', 'cmp:'].some((p) => hasPrefix(clause, p)) ||
  has(clause, 'ask:what', 'measure');

function askOf(clause: Clause, compares: boolean): ResultNeed['ask'] {
  const yesNo = isYesNo(clause);
  // "last time hemoglobin was below 7"
  if (asksWhen(clause) || (compares && /^(?:last|first) time$/.test(clause.items.find((i) => i.words !== 'the')?.words ?? '')))
    return 'time';
  if (has(clause, 'ask:how many')) return 'count';
  if (compares) return yesNo || has(clause, 'ever') || !has(clause, 'ask:what') ? 'exists' : 'value';
  const isQuality = has(clause, ...QUALITY);
  if (has(clause, 'trend', 'compare') || (hasPrefix(clause, 'trend:') && !isQuality)) return 'trend';
  if (isQuality && has(clause, 'topic:labs', 'topic:vitals')) return 'abnormal list';
  if (isQuality) return yesNo || has(clause, 'ask:how') || !has(clause, 'ask:what') ? 'normal' : 'abnormal list';
  const chooses = hasPrefix(clause, 'ord:') || hasPrefix(clause, 'agg:');
  return yesNo && !chooses ? 'exists' : 'value';
}

function normalityOf(clause: Clause): ResultNeed['normality'] {
  if (has(clause, 'critical')) return 'critical';
  if (has(clause, 'high') && has(clause, 'low')) return 'abnormal';
  if (has(clause, 'high')) return 'high';
  if (has(clause, 'low')) return 'low';
  return has(clause, 'abnormal') ? 'abnormal' : 'normal';
}

/** Better and worse are judgements: no direction is read from them. */
function directionOf(clause: Clause): ResultNeed['direction'] {
  const words = clause.items.filter((i) => i.tags.some((t) => t.startsWith('trend:'))).map((i) => i.words);
  if (words.length !== 1) return null;
  if (/better|worse|improv|deteriorat|recover/.test(words[0]!)) return null;
  if (/stable|steady|unchanged/.test(words[0]!)) return 'stable';
  return has(clause, 'trend:up') ? 'rising' : 'falling';
}
