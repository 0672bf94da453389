// Sentences on medicines: orders, doses and what is reported are told apart; what was not given is no dose.

import { type Evidence, startOf } from '../../../evidence/index.ts';
import { DRUG_CLASSES } from '../../../tools/knowledge/drug-classes.ts';
import { callKey, type Outcomes } from '../calls.ts';
import type { MedicationNeed } from '../needs.ts';
import type { Planned } from '../plan.ts';
import { countGiven, listGiven, sayGiven, sayLastGiven, sayNotGiven, sayTotal } from './doses.ts';
import type { DraftBuilder } from './draft.ts';
import { isGiven, type Parts, partsOf } from './medication-parts.ts';
import {
  countOrders,
  listOrders,
  sayDoseAsked,
  sayIndication,
  sayInfusionStart,
  sayOrders,
  sayOtherForm,
  sayReported,
  sayStarted,
  sayStopped,
} from './orders.ts';
import { sayFailure, sayIncomplete } from './outcome.ts';

export function composeMedications(draft: DraftBuilder, need: MedicationNeed, planned: Planned, outcomes: Outcomes) {
  for (const call of planned.calls.filter((c) => c.args['section'] === 'medications')) {
    const outcome = outcomes.get(callKey(call));
    if (outcome === undefined) continue;
    if (!outcome.ok) {
      sayFailure(draft, outcome);
      continue;
    }
    const things = need.things.filter((t) => t.ask === call.args['about']);
    for (const thing of things.length === 0 ? [null] : things) composeOne(draft, need, partsOf(outcome.result, need, thing));
  }
}

function composeOne(draft: DraftBuilder, need: MedicationNeed, parts: Parts) {
  sayIncomplete(
    draft,
    parts.completeness.filter((c) => c.status === 'partial' || c.status === 'unavailable'),
  );
  // "The heparin drip": orders there are, none of which says that it is one; what was charted as running does.
  if (need.form !== undefined && parts.orders.length === 0 && parts.others.some((e) => e.kind === 'order')) {
    if (need.ask === 'started') return sayInfusionStart(draft, need, parts);
    if (need.ask === 'dose' || (need.ask === 'list' && need.status === 'all') || need.ordered) return sayOtherForm(draft, need, parts);
  }
  switch (need.ask) {
    case 'list':
      return need.status === 'active' ? sayOrders(draft, need, parts) : listOrders(draft, need, parts);
    case 'is on':
      return sayOrders(draft, need, parts);
    case 'given':
      return sayGiven(draft, need, parts);
    case 'given list':
      // Of a class each drug that was ordered is named where no dose is charted: a source may chart none.
      if (isClass(need, parts) && !parts.doses.some(isGiven) && parts.orders.length > 0) {
        draft.say('limit', 'No dose of them is charted as given in what was read; these are orders.', parts.of('administrations'));
        return listOrders(draft, need, { ...parts, orders: oldestFirst(parts.orders) });
      }
      return parts.about === null ? listGiven(draft, need, parts) : sayGiven(draft, need, parts);
    case 'not given':
      return sayNotGiven(draft, need, parts);
    case 'last dose':
      return sayLastGiven(draft, need, parts);
    case 'count':
      return need.ordered ? countOrders(draft, need, parts) : countGiven(draft, need, parts);
    case 'total':
      return sayTotal(draft, parts);
    case 'started':
      return (parts.about === null || (isClass(need, parts) && !need.picked)) && need.wants === 'value'
        ? listOrders(draft, { ...need, picked: false, ordered: true }, { ...parts, orders: oldestFirst(parts.orders) })
        : sayStarted(draft, need, parts);
    case 'stopped':
      return sayStopped(draft, need, parts);
    case 'dose':
      return sayDoseAsked(draft, need, parts);
    case 'reported':
      return sayReported(draft, need, parts);
    case 'indication':
      return sayIndication(draft, parts);
  }
}

const isClass = (need: MedicationNeed, { about }: Parts) =>
  need.things.some((t) => t.name === about && t.keys.some((k) => k in DRUG_CLASSES));
const oldestFirst = (orders: readonly Evidence[]) =>
  [...orders].sort((a, b) => startOf(a.time?.start ?? '') - startOf(b.time?.start ?? ''));
