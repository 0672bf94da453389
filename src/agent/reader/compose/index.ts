// From needs and what the tools returned to the draft: each need in the question's order.
import type { Draft } from '../../types.ts';
import { callKey, type Outcomes } from '../calls.ts';
import type { Correction, Need, Understanding } from '../needs.ts';
import type { Planned } from '../plan.ts';
import { composeAllergies, composeConditions } from './conditions.ts';
import { composeDeclined, composeEmergency, composeHelp } from './declined.ts';
import { DraftBuilder } from './draft.ts';
import { composeEncounters } from './encounters.ts';
import { composeMedications } from './medications.ts';
import { composePerson, composeSummary } from './person.ts';
import { composeResults } from './results.ts';

export type { CallOutcome } from './outcome.ts';

export function composeDraft(understanding: Understanding, planned: readonly Planned[], outcomes: Outcomes): Draft {
  const draft = new DraftBuilder();
  const { needs, corrections, emergency } = understanding;
  if (emergency) composeEmergency(draft);
  for (const { from, to } of corrections.filter(isWorthSaying)) draft.say('limit', `Read “${from}” as “${to}”.`);
  needs.forEach((need, i) => {
    composeNeed(draft, need, planned[i] ?? { calls: [] }, outcomes);
  });
  if (needs.length === 0) {
    draft.say('limit', 'Nothing else was asked that the record could answer.');
    draft.part('abstained', 'unsupported');
  }
  return draft.build();
}

const bare = (word: string) => word.toLowerCase().replaceAll(/['’]/g, '');
const isWorthSaying = ({ from, to }: Correction) => bare(from) !== bare(to);

function composeNeed(draft: DraftBuilder, need: Need, planned: Planned, outcomes: Outcomes) {
  if (planned.noStay) {
    draft.say('limit', 'The stay asked for is not among those recorded.', staysRead(planned, outcomes));
    return draft.part('abstained', 'none_recorded');
  }
  if (planned.calls.length > 0 && planned.calls.every((c) => !outcomes.has(callKey(c)))) {
    draft.say('limit', 'What this needs could not be looked up here.');
    return draft.part('abstained', 'unsupported');
  }
  switch (need.family) {
    case 'results':
      return composeResults(draft, need, planned, outcomes);
    case 'medications':
      return composeMedications(draft, need, planned, outcomes);
    case 'conditions':
      return composeConditions(draft, need, planned, outcomes);
    case 'allergies':
      return composeAllergies(draft, need, planned, outcomes);
    case 'encounters':
      return composeEncounters(draft, need, planned, outcomes);
    case 'person':
      return composePerson(draft, need, planned, outcomes);
    case 'summary':
      return composeSummary(draft, need, planned, outcomes);
    case 'help':
      return composeHelp(draft);
    case 'declined':
      return composeDeclined(draft, need);
  }
}

function staysRead(_planned: Planned, outcomes: Outcomes) {
  return [...outcomes.values()].flatMap((o) => (o.ok ? o.result.completeness.filter((c) => c.what.startsWith('encounters')) : []));
}
