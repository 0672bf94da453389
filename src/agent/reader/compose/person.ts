// Who the patient is, and the summary: from the summary tool's evidence, with the age as it computed it.
import type { Completeness, Evidence } from '../../../evidence/index.ts';
import { formatTime, formatValue } from '../../../evidence/index.ts';
import { ANALYTES } from '../../../tools/knowledge/index.ts';
import { callKey, type Outcomes } from '../calls.ts';
import type { PersonFact, PersonNeed, SummaryNeed } from '../needs.ts';
import type { Planned } from '../plan.ts';
import { type DraftBuilder, plainValue } from './draft.ts';
import { sayNotKept } from './medication-parts.ts';
import { capital, isComplete, sayFailure, sayIncomplete } from './outcome.ts';

const NAMES: Record<PersonFact, RegExp> = {
  age: /^age\b/i,
  sex: /^(?:sex|gender|administrative (?:sex|gender))\b/i,
  'birth date': /^(?:birth ?date|date of birth|born)\b/i,
  name: /^(?:name|patient name)\b/i,
  identifier: /^(?:identifier|number|medical record number|patient (?:number|identifier))\b/i,
  deceased: /^(?:deceased|death|died|vital status)\b/i,
  'marital status': /^marital status\b/i,
  language: /^(?:preferred )?language\b/i,
  race: /^(?:race|ethnicity)\b/i,
};

export function composePerson(draft: DraftBuilder, need: PersonNeed, planned: Planned, outcomes: Outcomes) {
  const outcome = outcomes.get(callKey(planned.calls[0]!));
  if (outcome === undefined) return;
  if (!outcome.ok) return sayFailure(draft, outcome);
  const { evidence, completeness } = outcome.result;
  for (const fact of need.facts) {
    const found = evidence.filter(
      (e) => (e.kind === 'statement' || e.kind === 'calculation') && NAMES[fact].test(e.concept.name) && (e.value || e.time),
    );
    if (found.length === 0) {
      sayMissing(
        draft,
        fact,
        completeness.filter((c) => c.what === 'demographics'),
      );
      continue;
    }
    for (const e of found.slice(0, 3)) {
      const said = e.value ? formatValue(e.value) : formatTime(e.time!);
      const died = fact === 'age' ? evidence.find((d) => d.kind === 'statement' && NAMES.deceased.test(d.concept.name)) : undefined;
      const name = died === undefined ? e.concept.name : `${e.concept.name} at death`;
      draft.finding(`${capital(name)}: ${said}.`, died === undefined ? e : [e, died]);
      const plain = plainValue(e.value) ?? (e.time?.start ? { value: e.time.start } : null);
      if (need.asked !== null && fact === 'sex' && plain && typeof plain.value === 'string')
        draft.value({ label: need.asked, value: plain.value.toLowerCase() === need.asked, evidence: e.id });
      else if (plain) draft.value({ label: fact, ...plain, evidence: e.id });
    }
    draft.part('answered');
  }
}

/** Facts that the summary looks for; of the others it cannot be said that they are not recorded. */
const LOOKED_FOR: PersonFact[] = ['age', 'sex', 'birth date', 'deceased'];

function sayMissing(draft: DraftBuilder, fact: PersonFact, demographics: readonly Completeness[]) {
  if (fact === 'name' || fact === 'identifier') {
    draft.say('limit', 'Name and number of the patient stand at the head of the answer.');
    return draft.part('abstained', 'unsupported');
  }
  if (!LOOKED_FOR.includes(fact)) {
    draft.say('limit', `${capital(fact)} is not looked for by this copilot yet.`);
    return draft.part('abstained', 'not_looked_for');
  }
  if (!isComplete(demographics)) {
    sayIncomplete(draft, demographics);
    return draft.part('abstained', 'unreachable');
  }
  draft.say(
    'limit',
    fact === 'deceased' ? 'No death is recorded; that is no proof of life.' : `${capital(fact)} is not recorded.`,
    demographics,
  );
  return draft.part('abstained', 'none_recorded');
}

const MOST_OF_KIND = 12;
const VITALS = new Set(ANALYTES.filter((a) => a.kind === 'vital').map((a) => a.key));
const isVital = (e: Evidence) => VITALS.has(e.qualifiers?.['analyte'] ?? '') || /blood pressure/i.test(e.concept.name);
const isLength = (e: Evidence) => e.kind === 'calculation' && e.concept.name.startsWith('length of');

/** In the order in which one patient is presented to a colleague: one line a group. */
const GROUPS: { title: string; is: (e: Evidence) => boolean; words: (e: Evidence) => string }[] = [
  { title: 'Problems', is: (e) => e.kind === 'condition', words: (e) => (isTold(e) ? `${e.concept.name} (${e.status})` : e.concept.name) },
  { title: 'Allergies and intolerances', is: (e) => e.kind === 'allergy', words: (e) => e.concept.name },
  { title: 'Current orders', is: (e) => e.kind === 'order', words: (e) => `${e.concept.name}${amount(e)}` },
  { title: 'Reported as taken', is: (e) => e.kind === 'medication', words: (e) => `${e.concept.name}${amount(e)}` },
];

/** A status that is worth its word: most problems are active, or the source tells none. */
const isTold = (e: Evidence) => e.status !== undefined && !/^(?:active|not recorded)$/.test(e.status);

const amount = (e: Evidence) =>
  (e.value ? ` ${formatValue(e.value)}` : '') +
  (e.qualifiers?.['route'] ? `, ${e.qualifiers['route']}` : '') +
  (e.qualifiers?.['frequency'] ? `, ${e.qualifiers['frequency']}` : '');

function stayLine(e: Evidence, length: Evidence | undefined): string {
  const ward = e.components?.findLast((c) => c.name === 'ward');
  const where = ward ? `, ${e.qualifiers?.['current'] ? 'ward' : 'newest ward'} ${formatValue(ward.value)}` : '';
  const long = length?.value ? `, length ${formatValue(length.value)}` : '';
  return `${capital(e.concept.name)} ${e.time ? formatTime(e.time) : ''}${e.qualifiers?.['current'] ? ' (current)' : ''}${where}${long}.`;
}

/** `Age 68 years, female, born 1957-05-14.` */
function sayWho(draft: DraftBuilder, evidence: readonly Evidence[]) {
  const of = (fact: PersonFact) =>
    evidence.find((e) => (e.kind === 'statement' || e.kind === 'calculation') && NAMES[fact].test(e.concept.name));
  const said = (e: Evidence) => (e.value ? formatValue(e.value) : e.time ? formatTime(e.time) : 'not recorded');
  const parts = [
    { e: of('age'), words: (e: Evidence) => `${of('deceased') === undefined ? 'age' : 'age at death'} ${said(e)}` },
    { e: of('sex'), words: said },
    { e: of('birth date'), words: (e: Evidence) => `born ${said(e)}` },
    { e: of('deceased'), words: (e: Evidence) => `${e.concept.name.toLowerCase()}: ${said(e)}` },
  ].flatMap(({ e, words }) => (e === undefined ? [] : [{ e, text: words(e) }]));
  if (parts.length > 0)
    draft.finding(
      `${capital(parts.map((p) => p.text).join(', '))}.`,
      parts.map((p) => p.e),
    );
}

/** The newest results of one time in one sentence. */
function sayResults(draft: DraftBuilder, title: string, all: readonly Evidence[]) {
  const byTime = new Map<string, Evidence[]>();
  for (const e of all) {
    const time = e.time ? formatTime(e.time) : 'time not recorded';
    byTime.set(time, [...(byTime.get(time) ?? []), e]);
  }
  for (const [time, items] of byTime)
    draft.finding(
      `${title} at ${time}: ${items.map((e) => `${e.concept.name} ${e.value ? formatValue(e.value) : 'without a value'}`).join('; ')}.`,
      items,
    );
}

export function composeSummary(draft: DraftBuilder, _need: SummaryNeed, planned: Planned, outcomes: Outcomes) {
  const outcome = outcomes.get(callKey(planned.calls[0]!));
  if (outcome === undefined) return;
  if (!outcome.ok) return sayFailure(draft, outcome);
  const { evidence } = outcome.result;
  const completeness = outcome.result.completeness.filter((c) => !/pregnan|lactat/.test(c.what));
  sayIncomplete(
    draft,
    completeness.filter((c) => c.status === 'partial' || c.status === 'unavailable'),
  );
  sayWho(draft, evidence);
  for (const e of evidence.filter((o) => o.kind === 'encounter').slice(0, MOST_OF_KIND)) {
    const length = evidence.find((l) => isLength(l) && l.source.type === 'calculation' && l.source.inputs.includes(e.id));
    draft.finding(stayLine(e, length), length === undefined ? e : [e, length]);
  }
  let cut = false;
  for (const { title, is, words } of GROUPS) {
    const all = evidence.filter(is);
    cut ||= all.length > MOST_OF_KIND;
    const shown = all.slice(0, MOST_OF_KIND);
    if (shown.length > 0) draft.finding(`${title}: ${[...new Set(shown.map(words))].join('; ')}.`, shown);
  }
  const results = evidence.filter((e) => e.kind === 'observation');
  sayResults(
    draft,
    'Laboratory results',
    results.filter((e) => !isVital(e)),
  );
  sayResults(draft, 'Vital signs', results.filter(isVital));
  for (const c of completeness) {
    if (c.status === 'complete' && c.found === 0 && /^(?:allergies|active problems|current|medications)/.test(c.what))
      draft.finding(`No ${c.what.replace(/ies$/, 'y').replace(/s$/, '')} is recorded.`, c);
    if (c.status === 'absent_from_source') sayNotKept(draft, c);
  }
  if (cut) draft.say('limit', 'More is recorded than this summary lists; ask for a section of the chart.');
  return draft.part(isComplete(completeness.filter((c) => c.status !== 'absent_from_source')) ? 'answered' : 'partial');
}
