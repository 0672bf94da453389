// Medicines: the list, "is she on", the last dose, given or held, when started, how much.
import type { MedicationNeed, Pick, Thing } from '../needs.ts';
import { type Clause, has, isYesNo, NEUTRAL, open, openPhrases, pickOf, thingsOf, unexplained, whenOf } from './clause.ts';
import type { Frame } from './frame.ts';

const ALLOWED = [
  'thing:drug',
  'topic:medications',
  'time',
  'med:',
  'ask:when',
  'ask:how many',
  'ask:how much',
  'ask:why',
  'ask:how',
  'ord:last',
  'ord:first',
  'now',
  'ever',
  'all',
  'recent',
  'never',
  'strength',
  'unit',
  'hospital',
]; // prettier-ignore
/** Verbs that are about medicines whatever follows; "had", "on", "get" only with a drug's name. */
const STRONG =
  /^(?:prescribed?|prescribing|administer(?:ed|ing)?|administrations?|given|taking|takes|infused|injected|dos(?:e|es|ed|age|ages)|started on|placed on|put on|treated with|being treated with|maintained on|ordered|written for|held|withheld|not given|missed|refused|omitted|not administered|doses given|discontinued|taken off)$/;

export const medicationsFrame: Frame = (clause, context) => {
  if (has(clause, 'domain:immunizations')) return null;
  let things = thingsOf(clause, 'drug');
  const topic = has(clause, 'topic:medications');
  const strong =
    (things.length > 0 && has(clause, 'med:start', 'med:stop', 'med:prescribe', 'med:dose', 'med:route')) ||
    clause.items.some((i) => i.tags.some((t) => t.startsWith('med:')) && STRONG.test(i.words));
  const isOn = onSomething(clause);
  const namesResult = thingsOf(clause, 'lab', 'vital', 'panel').length > 0;
  const isResult =
    has(clause, 'result', 'measure') || clause.items.some((i) => i.tags.some((t) => t.startsWith('agg:') || t.startsWith('cmp:')));
  if (things.length > 0 && isResult && !topic) return null;
  if (things.length === 0) {
    if (namesResult && !(strong && !isResult) && !isOn) return null;
    if (strong || isOn || (topic && has(clause, 'or'))) {
      const phrases = openPhrases(
        clause,
        (item) => item.tags.includes('unknown') || item.tags.includes('strength') || item.number !== undefined,
      );
      things = phrases.map(open);
    }
    if (things.length === 0 && namesResult && (strong || isOn)) things = thingsOf(clause, 'lab').map((t) => open(t.name));
    if (things.length === 0 && !topic && !strong) {
      if (
        !(
          context.topic?.family === 'medications' &&
          context.inherits &&
          clause.items.some((i) => i.tags.some((t) => t.startsWith('med:') || t === 'ask:when' || t === 'time'))
        )
      )
        return null;
    }
    if (things.length === 0 && !topic && context.topic?.family === 'medications') things = context.topic.things;
    if (things.length === 0 && !topic && !strong) return null;
  } else if (namesResult && thingsOf(clause, 'lab', 'vital').length >= things.length && !strong && !isOn && !topic && sameItems(clause)) {
    // "potassium" alone is the test, not the drug.
    return null;
  }
  const openWords = things.filter((t) => t.kind === 'open').flatMap((t) => t.ask.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  const explains = [...ALLOWED, ...(things.some((t) => t.kind === 'open') ? ['thing:lab'] : [])];
  const left = unexplained(clause, explains).filter(
    (i) => !openWords.includes(i.words.toLowerCase()) && !i.words.split(' ').every((w) => openWords.includes(w.toLowerCase())),
  );
  const ask = askOf(clause, things);
  const fallback: Pick = { type: 'nth', n: ask === 'started' ? 1 : -1 };
  const active =
    has(clause, 'now') ||
    ((ask === 'list' || ask === 'is on' || ask === 'dose') && whenOf(clause) === null && !has(clause, 'ever', 'all') && !past(clause));
  const need: MedicationNeed = {
    family: 'medications',
    things,
    ask,
    wants: has(clause, 'ask:when') ? 'time' : 'value',
    pick: pickOf(clause, fallback).pick,
    when: whenOf(clause),
    status: active ? 'active' : 'all',
  };
  return { need, left };
};

/** "is she on X", "on any X", "started on": the preposition as a verb. */
function onSomething(clause: Clause): boolean {
  const at = clause.items.findIndex((i) => i.tags.includes('med:on') && !(i.words === 'taken'));
  if (at < 0) return false;
  if (clause.items[at]!.words !== 'on') return true;
  const before = clause.items.slice(0, at).filter((i) => !i.tags.includes('time'));
  return (
    before.some((i) => i.tags.includes('be') || i.tags.includes('have')) &&
    before.at(-1)?.tags.some((t) => t === 'person' || t === 'now' || t === 'ever' || t === 'fn' || t === 'be') === true
  ); // prettier-ignore
}

/** "has been on", "was on", "has been prescribed": not only what is in force. */
const past = (clause: Clause) =>
  has(clause, 'have') ||
  clause.items.some((i) => i.tags.includes('be') && /^(?:was|were)/.test(i.words)) ||
  (has(clause, 'do') && clause.items.some((i) => i.words === 'did'));

/** Every drug of the clause is also a test by the same word. */
const sameItems = (clause: Clause) =>
  clause.items.every(
    (i) =>
      !i.tags.includes('thing:drug') ||
      i.tags.includes('thing:lab') ||
      i.tags.includes('thing:vital') ||
      i.tags.some((t) => NEUTRAL.includes(t)),
  );

function askOf(clause: Clause, things: readonly Thing[]): MedicationNeed['ask'] {
  const named = things.length > 0;
  const yesNo = isYesNo(clause);
  if (has(clause, 'med:not given')) return 'not given';
  if (has(clause, 'ask:how many')) return 'count';
  if (has(clause, 'ask:why')) return 'indication';
  const gives = clause.items.some(
    (i) => i.tags.includes('med:give') && /given|gave|give|administ|received|infused|injected|dosed|had|taken|got|get/.test(i.words),
  );
  const prescribed = has(clause, 'med:prescribe');
  if (has(clause, 'med:stop') && clause.items.some((i) => i.tags.includes('med:stop') && i.words !== 'off' && i.words !== 'end'))
    return 'stopped';
  if (has(clause, 'med:start') || (prescribed && has(clause, 'ask:when'))) return 'started';
  if (has(clause, 'med:dose') && (has(clause, 'ord:last') || has(clause, 'ask:when'))) return 'last dose';
  if (has(clause, 'ask:when')) return named ? 'last dose' : prescribed ? 'started' : 'last dose';
  if (has(clause, 'med:dose', 'med:route') && !yesNo && named) return 'dose';
  if (yesNo && gives && !prescribed) return 'given';
  if (yesNo && named) return 'is on';
  if (has(clause, 'ord:last') && named && (gives || !prescribed)) return 'last dose';
  if (gives && !prescribed && !has(clause, 'med:on')) return 'given list';
  if (named && has(clause, 'ask:how', 'ask:how much')) return 'dose';
  return named && !has(clause, 'ask:what') ? 'is on' : 'list';
}
