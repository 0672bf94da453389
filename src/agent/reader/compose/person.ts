// Who the patient is, and the summary: from the summary tool's evidence, with the age as it computed it.
import type { Completeness, Evidence } from '../../../evidence/index.ts';
import { formatTime, formatValue } from '../../../evidence/index.ts';
import { callKey, type Outcomes } from '../calls.ts';
import type { PersonFact, PersonNeed, SummaryNeed } from '../needs.ts';
import type { Planned } from '../plan.ts';
import { type DraftBuilder, plainValue } from './draft.ts';
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
      draft.finding(`${capital(e.concept.name)}: ${said}.`, e);
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

const isStatement = (e: Evidence) => e.kind === 'statement' || (e.kind === 'calculation' && e.concept.name === 'age');
const MOST_OF_KIND = 12;

/** In the order in which one patient is presented to a colleague; what each line is stands before it. */
const SECTIONS: { is: (e: Evidence) => boolean; line: (e: Evidence) => string }[] = [
  { is: isStatement, line: (e) => `${capital(e.concept.name)}: ${e.value ? formatValue(e.value) : formatTime(e.time!)}` },
  { is: (e) => e.kind === 'encounter', line: stayLine },
  {
    is: (e) => e.kind === 'calculation' && e.concept.name.startsWith('length of'),
    line: (e) => `${capital(e.concept.name)}: ${e.value ? formatValue(e.value) : ''}`,
  },
  { is: (e) => e.kind === 'allergy', line: (e) => `Allergies: ${e.concept.name}` },
  { is: (e) => e.kind === 'condition', line: (e) => `Problem: ${e.concept.name}${e.status === 'active' ? '' : ` (status ${e.status})`}` },
  { is: (e) => e.kind === 'order', line: (e) => `Ordered: ${e.concept.name}${amount(e)}` },
  { is: (e) => e.kind === 'medication', line: (e) => `Reported: ${e.concept.name}${amount(e)}` },
  {
    is: (e) => e.kind === 'observation',
    line: (e) => `${capital(e.concept.name)}: ${e.value ? formatValue(e.value) : 'no value'}${e.time ? ` at ${formatTime(e.time)}` : ''}`,
  },
];

const amount = (e: Evidence) =>
  (e.value ? ` ${formatValue(e.value)}` : '') +
  (e.qualifiers?.['route'] ? `, ${e.qualifiers['route']}` : '') +
  (e.qualifiers?.['frequency'] ? `, ${e.qualifiers['frequency']}` : '');

function stayLine(e: Evidence): string {
  const ward = e.components?.findLast((c) => c.name === 'ward');
  const where = ward ? `, ${e.qualifiers?.['current'] ? 'ward' : 'newest ward'} ${formatValue(ward.value)}` : '';
  return `${capital(e.concept.name)} ${e.time ? formatTime(e.time) : ''}${e.qualifiers?.['current'] ? ' (current)' : ''}${where}`;
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
  let cut = false;
  for (const { is, line } of SECTIONS) {
    const all = evidence.filter(is);
    cut ||= all.length > MOST_OF_KIND;
    for (const e of all.slice(0, MOST_OF_KIND)) draft.finding(`${line(e)}.`, e);
  }
  for (const c of completeness) {
    if (c.status === 'complete' && c.found === 0 && /^(?:allergies|active problems|current|medications)/.test(c.what))
      draft.finding(`${capital(c.what)}: none recorded.`, c);
    if (c.status === 'absent_from_source') draft.say('limit', `This source keeps no ${c.what}.`, c);
  }
  if (cut) draft.say('limit', 'More is recorded than this summary lists; ask for a section of the chart.');
  return draft.part(isComplete(completeness.filter((c) => c.status !== 'absent_from_source')) ? 'answered' : 'partial');
}
