// What is not answered, said plainly: why, and what can be asked instead. Nothing here claims anything about the patient.

import { domainOf } from '../domains.ts';
import type { DeclinedNeed } from '../needs.ts';
import type { DraftBuilder } from './draft.ts';

export function composeDeclined(draft: DraftBuilder, need: DeclinedNeed) {
  const quoted = `“${need.words.slice(0, 120)}”`;
  switch (need.why) {
    case 'unclear':
      draft.say(
        'limit',
        `Not understood: ${quoted}. Nothing was looked up for it; ask in other words, or for one test, medicine, diagnosis or stay.`,
      );
      return draft.part('abstained', 'low_confidence');
    case 'domain': {
      const domain = domainOf(need.domain ?? '');
      draft.say('limit', `${domain.say} (Asked: ${quoted}.)`);
      return draft.part('abstained', domain.reason);
    }
    case 'outside':
      draft.say('limit', 'This cannot be answered from a patient’s record.');
      return draft.part('abstained', 'not_in_a_record');
    case 'advice':
      draft.say(
        'limit',
        `What is recorded can be shown: results, medicines, diagnoses, allergies and stays. What to do about it (${quoted}) is left to the clinician.`,
      );
      return draft.part('abstained', 'unsupported');
    case 'other patient':
      draft.say(
        'limit',
        'The question names somebody other than the patient of this conversation; nothing is answered about another patient here.',
      );
      return draft.part('refused', 'other_patient');
    case 'many patients':
      draft.say('limit', `Only the one chosen patient is looked at; questions over several patients (${quoted}) are not answered.`);
      return draft.part('abstained', 'unsupported');
    case 'relation':
      draft.say(
        'limit',
        `A time that depends on another event (${quoted}) cannot be asked for yet; name a date, a stay or a number of hours.`,
      );
      return draft.part('abstained', 'unsupported');
    case 'negation':
      draft.say(
        'limit',
        `A question with an exception or a negation (${quoted}) is not understood well enough to answer; ask for what is recorded.`,
      );
      return draft.part('abstained', 'unsupported');
    case 'indication':
      draft.say(
        'limit',
        `Which medicine is for which condition (${quoted}) is not looked at here; ask for all current medicines, or by a drug or class of drugs.`,
      );
      return draft.part('abstained', 'unsupported');
    case 'time':
      draft.say('question', `Which time is meant: ${need.words}?`);
      return draft.part('clarify', 'ambiguous');
    case 'ambiguous time':
      draft.say('question', `Which date is meant by ${quoted}?`);
      for (const { label, value } of need.choices ?? []) draft.value({ label, value });
      return draft.part('clarify', 'ambiguous');
    case 'ambiguous thing':
      draft.say('question', `What is meant by ${quoted}?`);
      for (const { label, value } of need.choices ?? []) draft.value({ label, value });
      return draft.part('clarify', 'ambiguous');
    case 'no antecedent':
      draft.say('question', 'Which test, medicine or diagnosis is meant?');
      return draft.part('clarify', 'ambiguous');
    case 'future':
      draft.say('limit', `${quoted} lies after the as-of time; nothing is known of it yet.`);
      return draft.part('abstained', 'unsupported');
    case 'not computed':
      draft.say(
        'limit',
        `This is not computed here yet (${quoted}); the recorded values can be shown, with their trend, highest and lowest.`,
      );
      return draft.part('abstained', 'unsupported');
  }
}

export function composeHelp(draft: DraftBuilder) {
  draft.say(
    'limit',
    'Ask about one patient’s record in plain words: a laboratory result or vital sign (last, first, highest, at a date, its trend, whether it is normal), ' +
      'medicines (current, last dose given, held), diagnoses, allergies, stays, or a summary. Several questions at once and follow-ups are understood.',
  );
  draft.say(
    'limit',
    'Images, notes, genome, procedures and microbiology are not looked at yet. Nothing is diagnosed, ordered or recommended.',
  );
  draft.part('answered');
}

/** One line beside the answer, never instead of it. */
export function composeEmergency(draft: DraftBuilder) {
  draft.say('advice', 'This sounds like an emergency: act first and call the emergency team; this program only shows the record.');
}
