// Stays and visits: when admitted, discharged, how long, where, how many.
import type { EncounterNeed, StayRef } from '../needs.ts';
import { type Clause, has, isYesNo, pickOf, unexplained, whenOf } from './clause.ts';
import type { Frame } from './frame.ts';

const ALLOWED = ['enc:', 'name', 'hospital', 'time', 'ask:when', 'ask:how long', 'ask:how many', 'ask:where', 'ask:why', 'ord:', 'now', 'ever', 'all', 'recent', 'any', 'elapsed']; // biome-ignore format: a list

/** Units that bear a name of their own: one of them is asked for, not intensive care at large. */
const NAMED_UNIT = /^(?:ccu|micu|sicu|tsicu|cvicu|nicu|picu)$/;
export const namedUnit = (clause: Clause): string | null =>
  clause.items.find((i) => i.tags.includes('enc:icu') && NAMED_UNIT.test(i.words))?.words.toUpperCase() ?? null;

export const encountersFrame: Frame = (clause, context) => {
  const when = whenOf(clause);
  const span = clause.items.find((i) => i.span?.when.type === 'stay')?.span;
  const stay = when?.type === 'stay' ? beforeCurrent(clause, when) : reasonLastTime(clause);
  const days = has(clause, 'enc:days') && has(clause, 'hospital', 'enc:icu', 'enc:stay');
  // "Seen in 2018?"
  const seen =
    when?.type === 'window' && clause.items.some((i) => i.words === 'seen') && has(clause, 'enc:outpatient') === false && onlySeen(clause);
  const own =
    has(clause, 'enc:admit', 'enc:discharge', 'enc:stay', 'enc:icu', 'enc:ed', 'enc:outpatient', 'enc:disposition') ||
    (has(clause, 'enc:place') && has(clause, 'ask:what', 'ask:where', 'now', 'be')) ||
    (has(clause, 'hospital') && has(clause, 'person', 'ask:how many', 'enc:come')) ||
    clause.items.some((i) => /^(?:los|length of stay)$/.test(i.words)) ||
    days ||
    seen;
  const since = has(clause, 'ask:how long', 'ask:how many', 'ask:when') && stay !== null;
  const where = has(clause, 'ask:where') && has(clause, 'person');
  if (!own && !since && !where && !(stay !== null && asksStay(clause))) {
    if (!(context.topic?.family === 'encounters' && context.inherits && has(clause, 'ask:when', 'ask:how long', 'time'))) return null;
  }
  const unit = namedUnit(clause);
  // "Which ICU": its name, as the ward that is recorded.
  const whichIcu = unit === null && clause.items.some((i, at) => i.words === 'which' && clause.items[at + 1]?.words === 'icu');
  const kind = has(clause, 'enc:outpatient')
    ? 'outpatient'
    : has(clause, 'enc:icu') || stay?.kind === 'icu'
      ? 'icu'
      : has(clause, 'enc:ed') || stay?.kind === 'emergency'
        ? 'emergency'
        : stay?.kind === 'any' || (has(clause, 'enc:stay') && !has(clause, 'hospital', 'enc:admit') && !saysHospital(clause))
          ? 'any'
          : seen
            ? 'any'
            : 'hospital'; // prettier-ignore
  if (days && when?.type === 'window' && has(clause, 'ask:how many'))
    return { need: { family: 'declined', why: 'not computed', words: 'days over the stays of a time' }, left: [] };
  const ask = whichIcu
    ? 'where'
    : seen
      ? 'had'
      : days && !has(clause, 'ask:when', 'ask:how long', 'time', 'elapsed')
        ? 'length'
        : askOf(clause, span?.pick, stay);
  const left = unexplained(clause, ALLOWED);
  if (has(clause, 'ask:when') && has(clause, 'ask:how long')) left.push(...clause.items.filter((i) => i.tags.includes('ask:when')));
  const { pick, picked } = pickOf(clause, { type: 'nth', n: -1 });
  const asksWhen = stay !== null && (ask === 'count' || ask === 'list' || ask === 'had') ? when : when?.type === 'stay' ? null : when;
  const ref: StayRef | null =
    stay ??
    (whichIcu ? { which: -1, kind: 'icu' } : null) ??
    (picked && pick.type === 'nth' ? { which: pick.n === -1 ? -1 : pick.n, kind: kind === 'outpatient' ? 'any' : kind } : null);
  const need: EncounterNeed = {
    family: 'encounters',
    ask,
    stay: ref,
    pick: clause.items.some((i) => /^(?:wards|units|transfers|transferred)$/.test(i.words))
      ? { type: 'all' }
      : picked
        ? pick
        : { type: 'nth', n: -1 },
    kind,
    when: asksWhen,
    ...(unit === null ? {} : { unit }),
  };
  return { need, left };
};

/** "Previous admission": while a stay goes on, the one before it, not the newest. */
const beforeCurrent = (clause: Clause, when: { stay: StayRef; words: string }): StayRef =>
  when.stay.which === 'last' && (/\b(?:previous|prior|preceding|earlier)\b/i.test(when.words) || asksReason(clause))
    ? { ...when.stay, before: true }
    : when.stay;

const asksReason = (clause: Clause) =>
  has(clause, 'ask:what', 'ask:why') &&
  has(clause, 'enc:admit') &&
  clause.items.some((i) => /^(?:with|for)$/.test(i.words) || / (?:with|for)$/.test(i.words));

/** "What was she admitted with last time". */
const reasonLastTime = (clause: Clause): StayRef | null =>
  asksReason(clause) && clause.items.some((i) => i.words === 'last time') ? { which: 'last', kind: 'hospital', before: true } : null;

const onlySeen = (clause: Clause) =>
  clause.items.every((i) => i.tags.some((t) => ['fn', 'time', 'person', 'be', 'have', 'stop', 'mark', 'ever'].includes(t)));

const saysHospital = (clause: Clause) => clause.items.some((i) => /hospital|inpatient/i.test(i.words));
const asksTime = (clause: Clause) => has(clause, 'ask:when', 'ask:how long', 'ask:how many');
const asksStay = (clause: Clause) =>
  clause.items.every((i) => !i.tags.includes('unknown')) &&
  (has(clause, 'ask:what', 'ask:when', 'ask:how long') || clause.items.length <= 4);

/** "Admitted from where?": the word is one that means nothing elsewhere. */
const asksSource = (clause: Clause) =>
  has(clause, 'ask:where') && has(clause, 'enc:admit', 'enc:come') && clause.items.some((i) => /(?:^| )from$/.test(i.words));

function askOf(clause: Clause, at: 'first' | 'last' | undefined, stay: StayRef | null): EncounterNeed['ask'] {
  if (asksSource(clause)) return 'admission source';
  if (has(clause, 'ask:why') || (asksReason(clause) && !asksTime(clause))) return 'reason';
  if (has(clause, 'enc:longest')) return 'longest';
  if (has(clause, 'enc:shortest')) return 'shortest';
  if (has(clause, 'enc:disposition') || (has(clause, 'ask:where') && has(clause, 'enc:discharge'))) return 'disposition';
  if (has(clause, 'enc:discharge') && isYesNo(clause)) return 'was discharged';
  const since = clause.items.some((i) => /^since/i.test(i.words) && i.tags.includes('time')) || has(clause, 'elapsed');
  if ((has(clause, 'ask:how long') || (has(clause, 'ask:how many') && has(clause, 'enc:days'))) && since) return 'since admission';
  if (has(clause, 'ask:how long') || (has(clause, 'ask:how many') && has(clause, 'enc:days') && (has(clause, 'enc:stay') || stay !== null)))
    return 'length';
  if (has(clause, 'ask:how many')) return 'count';
  if (has(clause, 'enc:discharge') || (has(clause, 'ask:when') && at === 'last')) return 'discharged';
  if (has(clause, 'ask:where') || (has(clause, 'enc:place') && !has(clause, 'ask:when'))) return 'where';
  if (
    has(clause, 'all') ||
    clause.items.some((i) =>
      /(?:visits|stays|admissions|encounters|hospitalizations|hospitalisations|admission times|contacts|appointments)$/.test(i.words),
    )
  )
    return isYesNo(clause) ? 'had' : 'list'; // prettier-ignore
  if (isYesNo(clause))
    return has(clause, 'now') ||
      (has(clause, 'be') &&
        !has(clause, 'ever', 'enc:icu', 'enc:ed') &&
        clause.items.some((i) => i.tags.includes('be') && /^(?:is|are)/.test(i.words)))
      ? 'is inpatient'
      : 'had'; // prettier-ignore
  return 'admitted';
}
