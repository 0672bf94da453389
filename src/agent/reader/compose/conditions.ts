// Sentences on diagnoses and allergies. An empty list is "none recorded", never "she does not have".
import { type Completeness, type Evidence, formatTime, formatValue, startOf } from '../../../evidence/index.ts';
import { allergenFits, isKnownAllergen } from '../../../tools/knowledge/allergens.ts';
import { callKey, type Outcomes } from '../calls.ts';
import type { AllergyCategory, AllergyNeed, ConditionNeed, Thing } from '../needs.ts';
import type { Planned } from '../plan.ts';
import { phraseOf } from '../tokens.ts';
import type { DraftBuilder } from './draft.ts';
import { isComplete, isCutOff, sayFailure, sayIncomplete, sayNone, windowWords } from './outcome.ts';

const MOST = 60;
const isRefuted = (e: Evidence) => /refuted/.test(e.qualifiers?.['polarity'] ?? '') || e.status === 'refuted';
const isOnlyThought = (e: Evidence) => e.qualifiers?.['certainty'] !== undefined;
/** What the name itself says of the family, of the past, of a risk: null where it tells of a disease of the patient. */
function mentionOf(e: Evidence): string | null {
  const q = e.qualifiers ?? {};
  return q['whose'] !== undefined ? `of the ${q['whose']}` : (q['history'] ?? q['mentionedAs'] ?? null);
}
/** HL7 condition-clinical: what is no longer there. */
const OVER = /^(?:inactive|remission|resolved)$/;
/** Beside what is asked for: what fits it and is over. */
const isInactive = (c: Completeness) => c.what.startsWith('inactive conditions');

export function composeConditions(draft: DraftBuilder, need: ConditionNeed, planned: Planned, outcomes: Outcomes) {
  for (const call of planned.calls.filter((c) => c.args['section'] === 'conditions')) {
    const outcome = outcomes.get(callKey(call));
    if (outcome === undefined) continue;
    if (!outcome.ok) {
      sayFailure(draft, outcome);
      continue;
    }
    const { evidence, completeness } = outcome.result;
    const about = need.things.find((t) => t.ask === call.args['about']) ?? null;
    conditionsOf(
      draft,
      need,
      about,
      evidence.filter((e) => e.kind === 'condition'),
      completeness.filter((c) => c.what.startsWith('conditions')),
      completeness.filter(isInactive),
    );
  }
}

/** `Type 2 diabetes mellitus (active, onset 2010-03-01)`. */
function conditionWords(e: Evidence): string {
  const facts = [e.status === 'not recorded' ? null : e.status, e.qualifiers?.['certainty'] ?? null, mentionOf(e), dateWords(e)].filter(
    (f) => f !== null && f !== undefined,
  );
  return `${e.concept.name}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
}

function dateWords(e: Evidence): string | null {
  if (e.time === undefined) return null;
  const time = formatTime(e.time);
  return e.time.kind === 'onset' ? `onset ${time}` : e.time.kind === 'recorded' ? `recorded ${time}` : `dated by its stay ${time}`;
}

function conditionsOf(
  draft: DraftBuilder,
  need: ConditionNeed,
  about: Thing | null,
  all: Evidence[],
  completeness: Completeness[],
  over: readonly Completeness[],
) {
  const complete = isComplete(completeness);
  const asked = need.when !== null;
  sayIncomplete(
    draft,
    completeness.filter((c) => c.status === 'partial' || c.status === 'unavailable'),
  );
  const refuted = all.filter(isRefuted);
  const found = all.filter((e) => !isRefuted(e));
  const sorted = [...found].sort((a, b) => startOf(a.time?.start ?? a.time?.end ?? '') - startOf(b.time?.start ?? b.time?.end ?? ''));
  for (const e of about === null ? [] : refuted.slice(0, 3)) draft.finding(`${e.concept.name} is recorded as refuted: not present.`, e);
  const what = `${need.status === 'active' ? 'active ' : ''}${about === null ? 'diagnosis' : `diagnosis of ${about.name}`}`;
  if (found.length === 0) {
    if (about !== null && !about.known && complete) {
      draft.say('limit', `“${about.name}” is not a name known here, so its absence cannot be told; ask by another name.`, completeness);
      return draft.part('abstained', 'low_confidence');
    }
    if (!sayNone(draft, what, completeness, asked)) return;
    for (const c of about === null ? [] : over.filter((o) => o.found > 0 && o.reason !== null))
      draft.finding(`Recorded, and not active: ${c.reason!.replaceAll(/\(([\w ]+), [^)]*\)/g, '($1)')}.`, c);
    const [first] = completeness;
    if (need.ask === 'has' && first) {
      draft.value({ label: `${what} recorded`, value: false, evidence: first.id });
      return draft.part('answered');
    }
    return draft.part('abstained', 'none_recorded');
  }
  if (isCutOff(completeness) && need.picked && need.pick.type === 'nth' && need.pick.n > 0) {
    draft.say('limit', 'More diagnoses are recorded than can be looked through here; ask for one by name, or for a shorter time.');
    return draft.part('abstained', 'unsupported');
  }
  const isOfPast = (e: Evidence) => need.history === true && e.qualifiers?.['history'] !== undefined && e.qualifiers['whose'] === undefined;
  const certain = found.filter((e) => !isOnlyThought(e) && (mentionOf(e) === null || isOfPast(e)));
  if (need.ask === 'time') {
    const dated = sorted.filter((e) => e.time !== undefined && (certain.length === 0 || certain.includes(e)));
    const e = dated.at(need.pick.type === 'nth' && need.pick.n < 0 ? need.pick.n : 0);
    if (e === undefined) {
      draft.finding(`${conditionWords(found[0]!)} is recorded, without a date.`, found[0]!);
      return draft.part('partial', 'none_recorded');
    }
    draft.finding(`${e.concept.name} is recorded, ${dateWords(e)}.`, e);
    if (e.time?.kind === 'period') draft.say('limit', 'The diagnosis bears no date of its own; the stay to which it belongs dates it.');
    const time = e.time?.start ?? e.time?.end;
    if (time) draft.value({ label: `${what} dated`, value: time, evidence: e.id });
    return draft.part(complete ? 'answered' : 'partial', complete ? null : 'unreachable');
  }
  if (need.ask === 'count') {
    for (const c of completeness) {
      draft.finding(
        `${c.found} ${c.found === 1 ? 'entry is' : 'entries are'} recorded${about === null ? ' among the diagnoses' : ` for ${about.name}`}${windowWords([c], asked)}.`,
        c,
        found.slice(0, MOST),
      );
      draft.value({ label: `${what}: number of entries`, value: c.found, evidence: c.id });
    }
    return draft.part(complete ? 'answered' : 'partial');
  }
  const chosen = need.picked && need.pick.type === 'nth' ? atSameTime(sorted, need.pick.n) : [...sorted].reverse();
  const names = new Set<string>();
  let listed = 0;
  for (const e of chosen) {
    const key = about === null ? e.concept.name : conditionWords(e);
    if (names.has(key)) continue;
    names.add(key);
    if (listed >= MOST) break;
    listed += 1;
    draft.finding(`${conditionWords(e)}.`, e);
    if (need.ask === 'list') draft.value({ label: 'diagnosis', value: e.concept.name, evidence: e.id });
  }
  if (need.ask === 'has') {
    if (certain.length === 0) {
      draft.say(
        'limit',
        found.some(isOnlyThought)
          ? 'It is recorded only as considered, not as established.'
          : 'Only what its name says is recorded (of the family, of the past, of a risk or the like), not a present diagnosis.',
      );
      return draft.part('partial', 'none_recorded');
    }
    if (need.status === 'active' && certain.every((e) => e.status === 'not recorded')) {
      draft.say('limit', 'Whether it is active is not recorded.', certain.slice(0, 5));
      return draft.part('partial', 'none_recorded');
    }
    // "Does he have" what is over: the record's own word for it, neither yes nor no.
    const isOver = need.history === undefined && need.when === null && certain.every((e) => OVER.test(e.status ?? ''));
    draft.value(
      isOver
        ? { label: what, value: certain[0]!.status!, evidence: certain[0]!.id }
        : { label: `${what} recorded`, value: true, evidence: certain[0]!.id },
    );
  }
  if (names.size > listed) draft.say('limit', 'More diagnoses are recorded than are listed here.', completeness);
  draft.part(complete && names.size <= listed ? 'answered' : 'partial', complete ? null : 'unreachable');
}

/** The first or last diagnoses: all that bear that date. */
function atSameTime(sorted: readonly Evidence[], n: number): Evidence[] {
  const dated = sorted.filter((e) => e.time?.start);
  const times = [...new Set(dated.map((e) => startOf(e.time!.start!)))];
  const time = times.at(n > 0 ? n - 1 : n);
  return dated.filter((e) => startOf(e.time!.start!) === time);
}

export function composeAllergies(draft: DraftBuilder, need: AllergyNeed, planned: Planned, outcomes: Outcomes) {
  for (const call of planned.calls.filter((c) => c.args['section'] === 'allergies')) {
    const outcome = outcomes.get(callKey(call));
    if (outcome === undefined) continue;
    if (!outcome.ok) {
      sayFailure(draft, outcome);
      continue;
    }
    const about = need.things.find((t) => t.ask === call.args['about']) ?? null;
    const all = outcome.result.evidence.filter((e) => e.kind === 'allergy');
    allergiesOf(
      draft,
      need,
      about,
      all,
      outcome.result.completeness.filter((c) => c.what.startsWith('allergies')),
    );
  }
}

function allergyWords(e: Evidence): string {
  const q = e.qualifiers ?? {};
  const reactions = (e.components ?? []).filter((c) => c.name === 'reaction').map((c) => formatValue(c.value));
  const kind = q['type'] === 'intolerance' ? 'intolerance, not an allergy' : q['type'] === 'allergy' ? 'allergy' : 'allergy or intolerance';
  const facts = [
    kind,
    ...reactions.map((r) => `reaction: ${r}`),
    reactions.length === 0 ? 'reaction not recorded' : null,
    q['criticality'] ? `criticality ${q['criticality']}` : null,
    e.status === 'active' || e.status === 'not recorded' ? null : e.status,
  ];
  return `${e.concept.name} (${facts.filter((f) => f !== null).join('; ')})`;
}

/** A word of some length that the name and what was asked share: "Penicillin G" and penicillin. */
function sharesWord(name: string, about: Thing): boolean {
  const words = (text: string) =>
    new Set(
      phraseOf(text)
        .split(' ')
        .filter((w) => w.length > 3)
        .map((w) => w.replace(/s$/, '')),
    );
  const asked = words(`${about.ask} ${about.name} ${about.keys.join(' ')}`);
  return [...words(name)].some((w) => asked.has(w));
}

/** Two words begin alike: too near to say that the one is not the other. */
function isNear(name: string, about: Thing): boolean {
  const words = (text: string) =>
    phraseOf(text)
      .split(' ')
      .filter((w) => w.length > 4)
      .map((w) => w.slice(0, 5));
  const asked = new Set(words(`${about.ask} ${about.name}`));
  return words(name).some((w) => asked.has(w));
}

/** Of one kind, where the record tells the kind; what has none is shown as such. */
function ofCategory(draft: DraftBuilder, category: AllergyCategory, standing: readonly Evidence[], completeness: readonly Completeness[]) {
  const kindOf = (e: Evidence) => e.qualifiers?.['category'] ?? '';
  const own = standing.filter((e) => kindOf(e).includes(category));
  const untold = standing.filter((e) => kindOf(e) === '');
  for (const e of own.slice(0, MOST)) {
    draft.finding(`${allergyWords(e)}.`, e);
    draft.value({ label: `${category} allergy`, value: e.concept.name, evidence: e.id });
  }
  if (own.length === 0) draft.say('limit', `None of the allergies recorded bears the category “${category}”.`, completeness);
  for (const e of untold.slice(0, MOST)) draft.finding(`Recorded without a category: ${allergyWords(e)}.`, e);
  if (own.length === 0)
    for (const e of standing.filter((o) => !untold.includes(o)).slice(0, 10))
      draft.finding(`Recorded as ${kindOf(e)}: ${allergyWords(e)}.`, e);
  if (own.length === 0) return draft.part('partial', 'none_recorded');
  return draft.part(isComplete(completeness) ? 'answered' : 'partial', isComplete(completeness) ? null : 'unreachable');
}

function allergiesOf(draft: DraftBuilder, need: AllergyNeed, about: Thing | null, all: Evidence[], completeness: Completeness[]) {
  sayIncomplete(draft, completeness.filter((c) => c.status === 'partial' || c.status === 'unavailable').slice(0, 1));
  const none = all.filter((e) => /^none known/.test(e.qualifiers?.['polarity'] ?? ''));
  const isMeant = (e: Evidence) => about === null || sharesWord(e.concept.name, about) || allergenFits(e.concept.name, about.ask);
  const isRefutedOne = all.filter(isRefuted);
  const refuted = isRefutedOne.filter(isMeant);
  const isOver = (e: Evidence) => /^(?:inactive|resolved)$/.test(e.status ?? '') && !isRefutedOne.includes(e);
  const past = all.filter((e) => isOver(e) && isMeant(e));
  const current = all.filter((e) => !none.includes(e) && !isRefutedOne.includes(e) && !isOver(e));
  if (need.category !== undefined && current.length > 0) return ofCategory(draft, need.category, current, completeness);
  const standing = current;
  const sayPast = () => {
    for (const e of past.slice(0, 10)) draft.finding(`Recorded as ${e.status}: ${allergyWords(e)}.`, e);
  };
  const own = about === null ? completeness : completeness.filter((c) => c.what !== 'allergies');
  const bearing = own.length > 0 ? own : completeness;
  const complete = isComplete(bearing);
  const isHit = about === null || bearing.some((c) => c.found > 0);
  const what = about === null ? 'allergy' : `allergy to ${about.name}`;
  if (standing.length > 0 && isHit) {
    for (const e of standing.slice(0, MOST)) {
      draft.finding(`${allergyWords(e)}.`, e);
      if (need.ask !== 'has' && need.ask !== 'count') draft.value({ label: 'allergy', value: e.concept.name, evidence: e.id });
    }
    sayPast();
    if (need.ask === 'has') draft.value({ label: `${what} recorded`, value: true, evidence: standing[0]!.id });
    if (need.ask === 'count') {
      const c = bearing[0]!;
      draft.finding(`${c.found} ${c.found === 1 ? 'allergy or intolerance is' : 'allergies or intolerances are'} recorded.`, c, standing);
      draft.value({ label: 'number of allergies', value: c.found, evidence: c.id });
    }
    return draft.part(complete ? 'answered' : 'partial', complete ? null : 'unreachable');
  }
  for (const e of refuted) draft.finding(`${e.concept.name} is recorded as refuted: not present.`, e);
  sayPast();
  for (const e of none) draft.finding(`Recorded: “${e.concept.name}”.`, e);
  if (about !== null && past.length > 0 && complete) {
    draft.value({ label: what, value: past[0]!.status ?? 'inactive', evidence: past[0]!.id });
    return draft.part('answered');
  }
  // "Sulfa" beside sulfamethoxazole: a name so near is not denied.
  const near = about === null ? [] : standing.filter((e) => isNear(e.concept.name, about));
  if (about !== null && near.length > 0) {
    for (const e of near.slice(0, 10)) draft.finding(`Recorded: ${allergyWords(e)}.`, e);
    draft.say('limit', `Whether “${about.name}” means this is not told apart here.`);
    return draft.part('partial', 'ambiguous');
  }
  if (about !== null && complete && about.kind !== 'drug' && !isKnownAllergen(about.ask)) {
    draft.say(
      'limit',
      `“${about.name}” is not recognised here as a drug or allergen, and none recorded bears that name; check it against what is recorded.`,
      bearing,
    );
    for (const e of standing.slice(0, MOST)) draft.finding(`Recorded: ${allergyWords(e)}.`, e);
    return draft.part(standing.length > 0 ? 'partial' : 'abstained', 'none_recorded');
  }
  if (about !== null) {
    if (!sayNone(draft, what, bearing, false)) return;
    for (const e of standing.slice(0, 10)) draft.finding(`Recorded: ${allergyWords(e)}.`, e);
    draft.value({ label: `${what} recorded`, value: false, evidence: bearing[0]!.id });
    if (none.length === 0) draft.say('limit', 'That none is recorded does not mean that there is none.', bearing);
    return draft.part('answered');
  }
  if (none.length > 0) {
    draft.value({ label: 'allergy', value: none[0]!.concept.name, evidence: none[0]!.id });
    return draft.part(complete ? 'answered' : 'partial');
  }
  if (!sayNone(draft, 'allergy or intolerance', bearing, false)) return;
  draft.say('limit', 'That none is recorded does not mean that there is none.', bearing);
  draft.part('abstained', 'none_recorded');
}
