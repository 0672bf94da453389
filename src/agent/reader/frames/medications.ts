// Medicines: the list, "is she on", the last dose, given or held, when started, how much.
import type { Item } from '../annotate.ts';
import type { DrugForm, MedicationNeed, Pick, When } from '../needs.ts';
import { asksWhen, type Clause, has, isYesNo, pickOf, thingsOf, unexplained, whenOf } from './clause.ts';
import { drugNames, routeOf } from './drug-names.ts';
import type { Frame } from './frame.ts';

const ALLOWED = [
  'topic:medications', 'name', 'time', 'med:', 'ask:when', 'ask:how many', 'ask:how much', 'ask:why', 'ask:how', 'ord:last', 'ord:first', 'now', 'ever', 'all',
  'recent',
]; // biome-ignore format: a list
/** Verbs that are about medicines whatever follows; "had", "on", "get" only with a drug's name. */
const STRONG =
  /^(?:prescribed?|prescribing|administer(?:ed|ing)?|administrations?|given|taking|takes|took|infused|injected|dos(?:e|es|ed|age|ages)|started on|placed on|put on|treated with|being treated with|maintained on|ordered|written for|held|withheld|not given|missed|refused|omitted|not administered|doses given|discontinued|taken off)$/;

export const medicationsFrame: Frame = (clause, context) => {
  if (has(clause, 'domain:immunizations', 'topic:conditions', 'diag:with', 'topic:allergies')) return null;
  const purpose = purposeOf(clause);
  if (purpose !== null) return { need: { family: 'declined', why: 'indication', words: purpose }, left: [] };
  const topic = has(clause, 'topic:medications', 'med:reported') || asksWhatBegan(clause);
  const results = thingsOf(clause, 'lab', 'vital', 'panel');
  const isResult =
    has(clause, 'result', 'topic:labs', 'topic:vitals') ||
    clause.items.some((i) => i.tags.includes('measure') && !i.tags.some((t) => t.startsWith('med:'))) ||
    clause.items.some((i) => i.tags.some((t) => /^(?:agg:(?!sum)|cmp:)|^(?:high|low|normal|abnormal|trend)/.test(t)));
  if (isResult && !topic) return null;
  const form = formOf(clause);
  const isOn = onSomething(clause);
  const verb = clause.items.some((i) => i.tags.some((t) => t.startsWith('med:')) && STRONG.test(i.words));
  const named = thingsOf(clause, 'drug').length > 0;
  const weak = named && has(clause, 'med:start', 'med:stop', 'med:prescribe', 'med:dose', 'med:route', 'med:give');
  const units = clause.items.filter((i) => (i.tags.includes('unit') || i.words === 'units') && has(clause, 'ask:how many'));
  const strong = verb || isOn || weak || form !== null || (named && units.length > 0);
  // "potassium" alone is the test, not the drug.
  if (results.length > 0 && !strong && !topic) return null;
  const route = routeOf(clause);
  const total = clause.items.filter((i) => i.words === 'total' || i.tags.includes('agg:sum'));
  if (total.length > 0 && !named) return null;
  const part = clause.items.filter((i) => i.words in PART_OF_DAY && i.tags.includes('unknown'));
  const names = drugNames(clause, strong, new Set([...(route?.items ?? []), ...total, ...part]));
  let { things } = names;
  if (things.length === 0) {
    const follows =
      context.topic?.family === 'medications' &&
      context.inherits &&
      has(clause, 'ask:when', 'time', 'med:give', 'med:stop', 'med:start', 'med:dose', 'med:route', 'med:not given');
    if (!topic && !verb && !follows && form === null) return null;
    if (!topic && context.topic?.family === 'medications') things = context.topic.things;
  }
  // "what is metformin": a question about the drug, not about the patient.
  if (!strong && !topic && !has(clause, 'person') && has(clause, 'ask:what') && has(clause, 'be'))
    return { need: { family: 'declined', why: 'outside', words: '' }, left: [] };
  if (has(clause, 'distinct'))
    return { need: { family: 'declined', why: 'not computed', words: 'different medicines, counted or ranked' }, left: [] };
  const gives = clause.items.some((i) => i.tags.includes('med:give') && GIVES.test(i.words));
  const sums = total.length > 0 || (units.length > 0 && named) || (has(clause, 'ask:how much') && (gives || whenOf(clause) !== null));
  // "Meds at discharge": a list of its own, which neither orders nor doses are.
  if (topic && clause.items.some((i) => i.span?.pick !== undefined) && !has(clause, 'med:prescribe', 'med:start') && !gives)
    return {
      need: { family: 'declined', why: 'domain', domain: 'medication lists', words: clause.items.map((i) => i.words).join(' ') },
      left: [],
    };
  const ask = sums && things.length > 0 ? 'total' : askOf(clause, things.length > 0, route !== null);
  const { pick, picked } = pickOf(clause, { type: 'nth', n: ask === 'started' ? 1 : -1 } satisfies Pick);
  const { when, narrowed } = partOfDay(whenOf(clause), part);
  const left = unexplained(clause, ALLOWED).filter(
    (i) =>
      !names.items.has(i) &&
      !route?.items.includes(i) &&
      !total.includes(i) &&
      !(sums && units.includes(i)) &&
      !(narrowed && part.includes(i)),
  );
  // Words that this reading would pass over: a route where none is looked at, an ordinal where nothing is ordered.
  if (route && !['list', 'started', 'is on'].includes(ask)) left.push(...clause.items.filter((i) => i.tags.includes('med:route')));
  if (picked && pick.type !== 'all' && !['list', 'started', 'last dose', 'given list'].includes(ask) && !has(clause, 'now'))
    left.push(...clause.items.filter((i) => i.tags.some((t) => t.startsWith('ord:'))));
  if (has(clause, 'ask:why') && ask !== 'indication') left.push(...clause.items.filter((i) => i.tags.includes('ask:why')));
  if (when?.type === 'around') return { need: { family: 'declined', why: 'time', words: when.words }, left: [] };
  const active =
    has(clause, 'now') ||
    (['list', 'is on', 'dose'].includes(ask) && when === null && !picked && !has(clause, 'ever', 'all') && !past(clause));
  const need: MedicationNeed = {
    family: 'medications', things, ask, wants: asksWhen(clause) ? 'time' : 'value', pick, picked, when, route: route?.names ?? null, status: active ? 'active' : 'all',
    ordered: has(clause, 'med:prescribe'), ...(form === null ? {} : { form }), ...(clause.items.some((i) => i.words === 'rate') ? { rate: true as const } : {}),
  }; // biome-ignore format: short
  return { need, left };
};

/** "Anything for seizures", "heart failure medication": what the medicine is for, which is no name of a medicine. */
function purposeOf(clause: Clause): string | null {
  if (has(clause, 'thing:drug')) return null;
  const { items } = clause;
  const isPurpose = (i: Item) =>
    i.span === undefined && i.tags.some((t) => /^(?:unknown|thing:condition|thing:vital|topic:vitals)$/.test(t));
  const at = items.findIndex((i) => i.words === 'for');
  const before = items[at - 1]?.tags ?? [];
  const asks = before.some((t) => t === 'any' || t === 'topic:medications' || t === 'med:on' || t === 'med:give' || t === 'med:prescribe');
  if (at > 0 && asks && items.slice(at + 1).some(isPurpose))
    return items
      .slice(at + 1)
      .filter((i) => !i.tags.includes('stop'))
      .map((i) => i.words)
      .join(' ');
  const topic = items.findIndex(
    (i) => i.tags.includes('topic:medications') && /^(?:med|medicine|medication|drug|pill|tablet)s?$/.test(i.words),
  );
  const named = items[topic - 1];
  return named?.tags.some((t) => t === 'thing:condition' || t === 'thing:vital') ? named.words : null;
}

/** "What was started today?": of medicines, where nothing else is named. */
const asksWhatBegan = (clause: Clause) =>
  has(clause, 'ask:what') &&
  clause.items.some((i) => /^(?:started|stopped|discontinued)$/.test(i.words)) &&
  clause.items.every((i) => i.things.length === 0 && !i.tags.includes('unknown') && !i.tags.some((t) => /^(?:enc|domain|topic):/.test(t)));

/** Words for how it is given, which are part of no name. */
function formOf(clause: Clause): DrugForm | null {
  const item = clause.items.find((i) => i.tags.includes('med:form'));
  if (item === undefined) return null;
  if (item.words === 'sliding scale') return 'sliding scale';
  return /^(?:prns?|as needed)$/.test(item.words) ? 'as needed' : 'infusion';
}

const PART_OF_DAY: Record<string, [string, string]> = {
  morning: ['T00:00:00', 'T11:59:59'],
  afternoon: ['T12:00:00', 'T17:59:59'],
  evening: ['T18:00:00', 'T23:59:59'],
};

/** "Evening insulin on 23 November": the evening of the day that is named; without a day, the word is not accounted for. */
function partOfDay(when: When | null, part: readonly Item[]): { when: When | null; narrowed: boolean } {
  const [hours] = part.map((i) => PART_OF_DAY[i.words]!);
  if (hours === undefined || when?.type !== 'window' || when.from === null || when.to === null) return { when, narrowed: false };
  if (!when.from.includes('T00:00:00') || when.from.slice(0, 10) !== when.to.slice(0, 10)) return { when, narrowed: false };
  const [from, to] = [when.from.replace('T00:00:00', hours[0]), when.to.replace(/T\d\d:\d\d:\d\d/, hours[1])];
  return { when: { ...when, from, to }, narrowed: true };
}

/** "is she on X", "on any X", "started on": the preposition as a verb. */
function onSomething(clause: Clause): boolean {
  const at = clause.items.findIndex((i) => i.tags.includes('med:on') && i.words !== 'taken');
  if (at < 0) return false;
  if (clause.items[at]!.words !== 'on') return true;
  const before = clause.items.slice(0, at).filter((i) => !i.tags.includes('time'));
  const last = before.at(-1)?.tags ?? [];
  return (
    before.some((i) => i.tags.includes('be') || i.tags.includes('have')) &&
    ['person', 'now', 'ever', 'fn', 'be'].some((t) => last.includes(t))
  );
}

/** "has been on", "was on", "has been prescribed": not only what is in force. */
const past = (clause: Clause) =>
  has(clause, 'have') || clause.items.some((i) => /^(?:was|were|did)$/.test(i.words) && (i.tags.includes('be') || i.tags.includes('do')));

const GIVES = /given|gave|give|administ|received|infused|injected|dosed|had|taken|took|got|get/;

/** @param byRoute a route is named, so none is asked for */
function askOf(clause: Clause, named: boolean, byRoute: boolean): MedicationNeed['ask'] {
  const yesNo = isYesNo(clause);
  const gives = clause.items.some((i) => i.tags.includes('med:give') && GIVES.test(i.words));
  const prescribed =
    has(clause, 'med:prescribe') || (has(clause, 'topic:medications') && clause.items.some((i) => /^prescription/.test(i.words)));
  const stops = clause.items.some((i) => i.tags.includes('med:stop') && i.words !== 'off' && i.words !== 'end');
  if (has(clause, 'med:reported')) return 'reported';
  if (has(clause, 'med:not given')) return 'not given';
  if (has(clause, 'ask:how many')) return 'count';
  if (has(clause, 'ask:why')) return 'indication';
  if (stops) return 'stopped';
  if (has(clause, 'med:start') || (prescribed && asksWhen(clause))) return 'started';
  if (has(clause, 'med:dose') && (has(clause, 'ord:last', 'ord:first') || asksWhen(clause)) && !prescribed) return 'last dose';
  if (asksWhen(clause)) return 'last dose';
  if ((has(clause, 'med:dose') || (has(clause, 'med:route') && !byRoute)) && !yesNo && named) return 'dose';
  if (yesNo && gives && !prescribed && (named || !has(clause, 'topic:medications') || !clause.items.some((i) => i.words === 'had')))
    return 'given';
  if (yesNo) return 'is on';
  if (has(clause, 'ord:last', 'ord:first') && named && !prescribed) return 'last dose';
  if (gives && !prescribed && !has(clause, 'med:on')) return 'given list';
  if (named && has(clause, 'ask:how', 'ask:how much')) return 'dose';
  return named && !has(clause, 'ask:what') ? 'is on' : 'list';
}
