// Follow-ups: "and the potassium?", "what about yesterday?", "when was that?", "is that normal?" take over the shape of the need before.

import type { Item } from './annotate.ts';
import { Clock, DAY } from './clock.ts';
import { type Clause, has, hasPrefix, isStayAlone, thingsOf, unexplained, whenOf } from './frames/clause.ts';
import type { Need, When } from './needs.ts';

type Followed = { need: Need; left: Item[] } | null;

/** Null where the clause stands on its own, or where there is nothing before it. */
export function followUp(clause: Clause, topic: Need | null): Followed {
  if (topic === null) return null;
  if (isStayAlone(clause)) return null;
  if (has(clause, 'shift:day') && (topic.family === 'results' || topic.family === 'medications')) {
    const when = dayBefore(topic.when);
    const left = unexplained(clause, ['shift:day']);
    if (when !== null && left.length === 0 && isPlain(clause)) return { need: { ...topic, when }, left };
  }
  if (topic.family === 'results') {
    const things = thingsOf(clause, 'lab', 'vital', 'panel');
    const left = unexplained(clause, ['thing:lab', 'thing:vital', 'thing:panel', 'result', 'unit', 'time', 'specimen', 'ord:']);
    const says =
      has(clause, 'ask:when') ||
      hasPrefix(clause, 'trend') ||
      hasPrefix(clause, 'agg:') ||
      has(clause, 'normal', 'high', 'low', 'abnormal', 'critical', 'ask:how many');
    const opens = has(clause, 'follow') || clause.items[0]?.tags.includes('and') || clause.items[0]?.tags.includes('or');
    const isBare =
      !says && !has(clause, 'be', 'have', 'do') && !clause.items.some((i) => i.tags.some((t) => t === 'ask:what' && i.words !== 'list'));
    const bareChange = isBare && left.length === 0;
    // "and the potassium?": another test in the same way.
    if (things.length > 0 && bareChange && (opens || !hasPrefix(clause, 'ord:')) && isPlain(clause)) {
      const when = whenOf(clause) ?? topic.when;
      const unit = clause.items.find((i) => i.unit !== undefined)?.unit ?? null;
      const specimen = clause.items.find((i) => i.tags.includes('specimen') && i.things.length === 0)?.words ?? null;
      // "K on admission and today": the first was of the admission, not of today.
      const isOfStay = topic.when?.type === 'stay' && when !== topic.when && topic.pick.type === 'nth';
      const pick = isOfStay ? ({ pick: { type: 'nth', n: -1 }, picked: false } as const) : {};
      return { need: { ...topic, things, when, unit, specimen, ...pick }, left };
    }
    if (things.length > 0) return null;
    // "what about yesterday?", "in mmol/L?", "before that?", "the first one?"
    const before = clause.items.some((i) => i.tags.includes('ord:second to last') && /before/.test(i.words));
    if (before && left.length === 0) {
      const n = topic.pick.type === 'nth' && topic.pick.n < 0 ? topic.pick.n - 1 : -2;
      return {
        need: { ...topic, ask: 'value', pick: { type: 'nth', n }, picked: true, normality: null, when: openAtStart(topic.when) },
        left,
      };
    }
    if (bareChange && (whenOf(clause) !== null || clause.items.some((i) => i.unit !== undefined))) {
      const unit = clause.items.find((i) => i.unit !== undefined)?.unit ?? topic.unit;
      return { need: { ...topic, when: whenOf(clause) ?? topic.when, unit }, left };
    }
    if (has(clause, 'ask:when') && has(clause, 'pronoun') && unexplained(clause, ['ask:when', 'measure', 'result']).length === 0) {
      return { need: { ...topic, ask: 'time', normality: null }, left: [] };
    }
    return null;
  }
  if (topic.family === 'medications') {
    const things = thingsOf(clause, 'drug');
    const left = unexplained(clause, ['thing:drug', 'time', 'topic:medications']);
    if (things.length > 0 && left.length === 0 && isPlain(clause) && topic.things.length > 0)
      return { need: { ...topic, things, when: whenOf(clause) ?? topic.when }, left };
    if (things.length === 0 && left.length === 0 && whenOf(clause) !== null && isPlain(clause))
      return { need: { ...topic, when: whenOf(clause) }, left };
    return null;
  }
  if (topic.family === 'conditions' || topic.family === 'allergies') {
    const things = topic.family === 'conditions' ? thingsOf(clause, 'condition') : thingsOf(clause, 'drug');
    const left = unexplained(clause, ['thing:condition', 'thing:drug']);
    if (things.length > 0 && left.length === 0 && isPlain(clause) && topic.things.length > 0) return { need: { ...topic, things }, left };
  }
  return null;
}

/** What came before may lie before the window that was asked about. */
const openAtStart = (when: When | null): When | null => (when?.type === 'window' ? { ...when, from: null } : when);

/** The window of a day moved one day back; null where it is no day. */
function dayBefore(when: When | null): When | null {
  if (when?.type !== 'window' || when.from === null || when.to === null) return null;
  const clock = new Clock(when.from);
  const [from, to] = [clock.local(when.from), clock.local(when.to)];
  if (to - from > DAY) return null;
  return { type: 'window', from: clock.iso(from - DAY), to: clock.iso(to - DAY), words: `the day before ${when.words}` };
}

/** Names and little else: no verb, no question word. */
const isPlain = (clause: Clause) => !has(clause, 'be', 'have', 'do', 'ask:when', 'ask:how', 'ask:how many', 'ask:why', 'ask:how long');
