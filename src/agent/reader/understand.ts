// Question → needs. Each clause is read by the first frame that fits it; words that the frame does not account for stop the answer.
import { startOf } from '../../evidence/index.ts';
import { annotate, type Item, respell } from './annotate.ts';
import { buildIndex, type ConceptEntry, type ConceptIndex } from './concepts.ts';
import { followUp } from './follow-up.ts';
import { type Clause, has, isOnly, isStayAlone, open } from './frames/clause.ts';
import { allergiesFrame, conditionsFrame } from './frames/conditions.ts';
import { encountersFrame } from './frames/encounters.ts';
import type { Frame, FrameContext } from './frames/frame.ts';
import { medicationsFrame } from './frames/medications.ts';
import { helpFrame, personFrame, summaryFrame } from './frames/person.ts';
import { resultsFrame } from './frames/results.ts';
import { knownWords } from './known-words.ts';
import { lexiconWords } from './lexicon.ts';
import type { DeclinedNeed, Need, Understanding } from './needs.ts';
import type { Known } from './people.ts';
import { splitClauses } from './split.ts';
import { STATE_WORDS, statesOf } from './states.ts';
import { findTimes } from './time-words.ts';
import { withRecent } from './trend-window.ts';

export type Situation = { asOf: string; patient: Known };

const FRAMES: readonly Frame[] = [
  helpFrame,
  summaryFrame,
  allergiesFrame,
  medicationsFrame,
  conditionsFrame,
  resultsFrame,
  encountersFrame,
  personFrame,
];

/** Signs that somebody needs help now, whatever else is asked. */
const EMERGENCY =
  /\b(?:crushing|sudden|severe|worst)\b.{0,30}\b(?:chest pain|headache|pain)\b|\bchest pain (?:now|right now)\b|\b(?:not|isn'?t|stopped|cannot|can'?t) breath(?:ing|e)\b|\b(?:(?:in|having a) cardiac arrest|cardiac arrest (?:now|right now)|unresponsive|unconscious|no pulse|pulseless|anaphyla\w+ (?:now|right now)|choking|collapsing|arresting|seizing|gasping|(?:is|he'?s|she'?s|pt|patient) (?:now )?(?:crashing|coding)|crushing chest|suicidal|kill (?:him|her|my|them)sel\w+|bleeding out|exsanguinat\w+|code blue|having a (?:stroke|seizure|heart attack))\b/i;

const TIME_WORDS =
  'older younger earlier later sooner one two three four five six seven eight nine ten eleven twelve today yesterday tomorrow tonight week month year night morning afternoon evening hour minute january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday half past ago next overnight midnight noon several'.split(
    ' ',
  );

export class Reader {
  readonly index: ConceptIndex;
  constructor(entries: readonly ConceptEntry[]) {
    this.index = buildIndex(entries, new Set([...lexiconWords(), ...TIME_WORDS, ...STATE_WORDS]), knownWords());
  }

  /** @param earlier the needs of the question before, for follow-ups. */
  understand(question: string, situation: Situation, earlier: readonly Need[] = []): Understanding {
    const alarm = EMERGENCY.exec(question);
    const emergency = alarm !== null;
    // What is happening now is for the team at the bedside; the rest of the question is answered.
    const asked = alarm === null ? question : maskClause(question, alarm.index);
    const { text, corrections } = respell(asked, findTimes(asked, situation.asOf), this.index, situation.patient);
    const times = findTimes(text, situation.asOf);
    const { items, otherPatient } = annotate(text, times, this.index, situation.patient);
    if (otherPatient !== null) return { needs: [declined('other patient', otherPatient)], corrections: [], emergency };
    const needs: Need[] = [];
    let topic: Need | null = lastTopic(earlier);
    let chain: Need[] = [];
    for (const clause of splitClauses(items)) {
      const context = { topic, inherits: inherits(clause, needs.length === 0) };
      const read = readClause(clause, context, situation.asOf, this.index).map((need) => withRecent(need, situation.asOf));
      // "hemoglobin, second measured, less than the first": half understood is not understood.
      chain = clause.tied ? [...chain, ...read] : [...read];
      if (clause.tied && read.some(isNotUnderstood)) {
        for (const need of chain) if (needs.includes(need)) needs.splice(needs.indexOf(need), 1);
      }
      for (const need of read) {
        if (needs.some((n) => JSON.stringify(n) === JSON.stringify(need))) continue;
        needs.push(need);
        if (need.family !== 'declined' && need.family !== 'help') topic = need;
      }
    }
    const greets =
      items.length > 0 &&
      items.every((i) => i.tags.includes('fn') || i.tags.includes('mark') || i.tags.includes('stop') || i.tags.includes('comma'));
    if (needs.length === 0 && !emergency) needs.push(greets ? declined('outside', '') : declined('unclear', question.trim().slice(0, 80)));
    return { needs, corrections, emergency };
  }
}

/** Blanks the part of the sentence between commas or full stops that holds the place. */
function maskClause(text: string, at: number): string {
  const start = Math.max(...[',', '.', ';', '?', '!', '\n'].map((mark) => text.lastIndexOf(mark, at))) + 1;
  const rest = text.slice(at).search(/[,.;?!\n]/);
  const end = rest < 0 ? text.length : at + rest;
  return text.slice(0, start) + ' '.repeat(end - start) + text.slice(end);
}

const isNotUnderstood = (need: Need) =>
  need.family === 'declined' && ['unclear', 'negation', 'relation', 'not computed'].includes(need.why);

/** What a follow-up refers to: the last need that was read, or the one that waits for a time. */
export function lastTopic(needs: readonly Need[]): Need | null {
  const topics = needs.map((need) => (need.family === 'declined' ? need.pending : need.family === 'help' ? undefined : need));
  return topics.findLast((need) => need !== undefined) ?? null;
}

/** A stay, a diagnosis or a fact of the person: what the clause itself is about. */
const OWN = /^(?:enc:(?:admit|discharge|disposition|icu|ed|outpatient|stay)$|fact:|thing:condition$|diag:with$)/;
/** A clause that cannot stand alone: it names nothing of its own. */
const inherits = (clause: Clause, first: boolean) =>
  !isStayAlone(clause) &&
  clause.items.every((i) => i.tags.includes('fn') || i.span !== undefined || !i.tags.some((t) => OWN.test(t))) &&
  (!first || clause.items.every((i) => !i.tags.some((t) => t.startsWith('topic:')) || i.tags.includes('fn')));

const declined = (why: DeclinedNeed['why'], words: string, rest: Partial<DeclinedNeed> = {}): DeclinedNeed => ({
  family: 'declined',
  why,
  words,
  ...rest,
});

const wordsOf = (items: readonly Item[]) => [...new Set(items.map((i) => i.words.trim()).filter((w) => w !== ''))].join(', ');

function readClause(whole: Clause, context: FrameContext, asOf: string, index: ConceptIndex): Need[] {
  const clause = withoutBaselineTime(whole);
  const stopped = stopsBeforeReading(clause, asOf);
  if (stopped?.why === 'ambiguous time') {
    const [pending] = readClause({ ...clause, items: clause.items.filter((i) => i.span === undefined) }, context, asOf, index);
    return [{ ...stopped, ...(pending === undefined || pending.family === 'declined' ? {} : { pending }) }];
  }
  const isCompared = (stopped?.why === 'not computed' || stopped?.why === 'time') && comparedTimes(clause) !== null;
  if (stopped !== null && !isCompared) return [stopped];
  const times = comparedTimes(clause);
  if (times !== null) return times.flatMap((part) => readClause(part, context, asOf, index));
  const states = statesOf(clause, index, asOf);
  if (states !== null) return states.flatMap((s) => [s.need, ...(s.diagnosis ? [hasDiagnosis(s.words)] : [])]);
  const follow = followUp(clause, context.topic);
  if (follow !== null) return check(clause, follow.need, follow.left);
  for (const frame of FRAMES) {
    const read = frame(clause, context);
    if (read !== null) return check(clause, read.need, read.left);
  }
  const content = clause.items.filter(
    (i) => !i.tags.every((t) => ['fn', 'and', 'or', 'comma', 'mark', 'stop', 'sep', 'person', 'any'].includes(t)),
  );
  if (content.length === 0) return [];
  const domain = clause.items.find((i) => i.tags.some((t) => t.startsWith('domain:')));
  if (domain) return [ofDomain(domain)];
  if (has(clause, 'pronoun') && context.topic === null) return [declined('no antecedent', wordsOf(content))];
  return [declined('unclear', wordsOf(content))];
}

/** A baseline is by its method from before the stay: "before this admission" adds nothing to it. */
function withoutBaselineTime(clause: Clause): Clause {
  if (!has(clause, 'agg:baseline')) return clause;
  const adds = (i: Item) =>
    i.span?.when.type === 'unsupported' &&
    /^(?:before|prior to)\b.*\b(?:this|the|current)?\s*(?:admission|hospital\w*|stay)$/i.test(i.words);
  return { ...clause, items: clause.items.filter((i) => !adds(i)) };
}

const hasDiagnosis = (words: string): Need => ({
  family: 'conditions',
  things: [{ ...open(words), kind: 'condition', known: true }],
  ask: 'has',
  pick: { type: 'nth', n: -1 },
  picked: false,
  when: null,
  status: 'all',
});

/** "K now vs yesterday", "creatinine on admission versus today": the same asked for each of two times. */
function comparedTimes(clause: Clause): Clause[] | null {
  if (!has(clause, 'thing:lab', 'thing:vital', 'thing:panel')) return null;
  const isTime = (i: Item) => i.span !== undefined || i.words === 'now' || i.tags.includes('now');
  const times = clause.items.filter(isTime);
  const isCompared = clause.items.some((i) => i.tags.includes('compare') && /^(?:vs|versus|compared)$/.test(i.words));
  // "admission and discharge creatinine": the first and the last.
  if (!isCompared && !times.every((i) => i.span?.pick !== undefined)) return null;
  if (times.length !== 2 || clause.items.some((i) => i.tags.some((t) => /^(?:ord:|agg:|cmp:|trend)/.test(t)) && i.things.length === 0))
    return null;
  const rest = clause.items.filter((i) => !isTime(i) && !i.tags.includes('compare'));
  return times.map((time) => ({ ...clause, items: [...rest, time.span === undefined ? { ...time, tags: ['now'] } : time] }));
}

/** Readings that end a clause whatever else it holds. */
function stopsBeforeReading(clause: Clause, asOf: string): DeclinedNeed | null {
  const only = (...tags: string[]) => clause.items.filter((i) => isOnly(i, ...tags));
  const many = only('many patients');
  if (many.length > 0) return declined('many patients', wordsOf(many));
  const domain = clause.items.find((i) => i.tags.length > 0 && i.tags.every((t) => t.startsWith('domain:')));
  const last = clause.items.findLast((i) => !i.tags.includes('mark') && !i.tags.includes('stop'));
  if (last?.words === 'mean' && has(clause, 'do') && has(clause, 'ask:what')) return declined('advice', 'mean');
  const advice = only('advice');
  if (advice.length > 0 && !domain?.tags.includes('domain:outside')) return declined('advice', wordsOf(advice));
  if (domain) return ofDomain(domain);
  // "potassium when she was on furosemide": a circumstance, no question of time.
  const whenAt = clause.items.findIndex((i, at) => i.words === 'when' && clause.items.slice(0, at).some((b) => b.things.length > 0));
  const circumstance =
    whenAt >= 0 &&
    clause.items.slice(whenAt + 1).some((i) => i.things.length > 0 || i.tags.includes('unknown') || i.tags.includes('person'));
  if (circumstance) return declined('relation', wordsFrom(clause, whenAt));
  const relation = only('relation');
  if (relation.length > 0 && has(clause, 'elapsed')) return declined('not computed', wordsOf(relation));
  if (relation.length > 0)
    return declined(
      'relation',
      clause.items
        .filter((i) => i.start >= relation[0]!.start)
        .map((i) => i.words)
        .join(' '),
    );
  const time = clause.items.find((i) => i.span?.when.type === 'unsupported' || i.span?.when.type === 'ambiguous');
  if (time?.span?.when.type === 'unsupported') return declined('relation', time.span.when.words);
  if (time?.span?.when.type === 'ambiguous')
    return declined('ambiguous time', time.span.when.words, {
      choices: time.span.when.readings.map((r) => ({ label: r.label, value: r.label })),
    });
  const when = clause.items.find((i) => i.span?.when.type === 'window')?.span?.when;
  if (when?.type === 'window' && when.from !== null && startOf(when.from) > startOf(asOf)) return declined('future', when.words);
  const spans = clause.items.filter((i) => i.span !== undefined);
  // A comparison over two times is no question of one; two times for one thing leave open which is meant.
  if (spans.length > 1)
    return declined(
      has(clause, 'than', 'compare') || clause.items.some((i) => i.tags.some((t) => t.startsWith('cmp:'))) ? 'not computed' : 'time',
      wordsOf(spans),
    );
  const then = clause.items.findLast((i) => !i.tags.some((t) => ['stop', 'mark'].includes(t)));
  const at = clause.items.length > 1 && then?.words === 'then' ? then.words : atThatTime(clause);
  if (at !== null && has(clause, 'thing:lab', 'thing:vital', 'thing:panel')) return declined('relation', at);
  const negation = only('negation');
  if (negation.length > 0 && !has(clause, 'topic:allergies')) return declined('negation', wordsOf(negation));
  return null;
}

/** "potassium at that time": the time of another answer, which no need holds. */
function atThatTime(clause: Clause): string | null {
  const words = clause.items.map((i) => i.words).join(' ');
  return /\b(?:at (?:that|the same) (?:time|moment|point)|around that time|that (?:same )?(?:day|time))\b/.exec(words)?.[0] ?? null;
}

const wordsFrom = (clause: Clause, at: number) =>
  clause.items
    .slice(at)
    .map((i) => i.words)
    .join(' ');

const ofDomain = (item: Item) => declined('domain', item.words, { domain: item.tags.find((t) => t.startsWith('domain:'))!.slice(7) });

/** An unknown name in a list of names, by itself between commas or "and": the others are answered, and this one is named. */
function standsAlone(clause: Clause, item: Item): boolean {
  const slots: Item[][] = [[]];
  for (const i of clause.items) {
    if (i.tags.some((t) => ['sep', 'and', 'or', 'comma'].includes(t))) slots.push([]);
    else slots.at(-1)!.push(i);
  }
  const own = slots.find((slot) => slot.includes(item))!;
  return slots.length > 1 && own.every((i) => i.tags.every((t) => ['unknown', 'fn', 'mark', 'stop'].includes(t)));
}

/** A reading with words left over is no reading: the words are named. */
function check(clause: Clause, need: Need, left: readonly Item[]): Need[] {
  if (left.length === 0) return [need];
  if (need.family === 'results' && left.every((item) => standsAlone(clause, item))) return [need, declined('unclear', wordsOf(left))];
  const domain = left.find((i) => i.tags.some((t) => t.startsWith('domain:')));
  if (domain) return [ofDomain(domain)];
  if (left.every((i) => i.tags.includes('advice'))) return [declined('advice', wordsOf(left))];
  if (left.some((i) => i.tags.includes('relation')))
    return [declined('relation', wordsOf(clause.items.filter((i) => i.start >= left[0]!.start)))];
  if (left.some((i) => i.tags.includes('negation'))) return [declined('negation', wordsOf(left))];
  return [declined('unclear', wordsOf(left))];
}
