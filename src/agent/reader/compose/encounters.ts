// Sentences on stays and visits: times as recorded, lengths as the tool computed them.
import { type Completeness, type Component, type Evidence, formatTime, formatValue, readableTime } from '../../../evidence/index.ts';
import { callKey, type Outcomes } from '../calls.ts';
import type { EncounterNeed } from '../needs.ts';
import { chooseStay, isCurrent, type Planned, staysIn } from '../plan.ts';
import { type DraftBuilder, plainValue } from './draft.ts';
import { capital, isComplete, isCutOff, sayFailure, sayIncomplete, sayNone, windowWords } from './outcome.ts';
import { inUnit, whereAt } from './wards.ts';

const KIND = {
  hospital: 'hospital stay',
  icu: 'ICU stay',
  emergency: 'emergency department stay',
  outpatient: 'outpatient visit',
  any: 'encounter',
} as const;
const MOST = 40;

export function composeEncounters(draft: DraftBuilder, need: EncounterNeed, planned: Planned, outcomes: Outcomes) {
  const call = planned.calls[0];
  const outcome = call && outcomes.get(callKey(call));
  if (outcome === undefined) return;
  if (!outcome.ok) return sayFailure(draft, outcome);
  const { evidence } = outcome.result;
  const completeness = outcome.result.completeness.filter((c) => c.what.startsWith('encounters'));
  sayIncomplete(
    draft,
    completeness.filter((c) => c.status === 'partial' || c.status === 'unavailable'),
  );
  const stays = staysIn(outcome);
  if (need.unit !== undefined) return inUnit(draft, need, need.unit, stays, completeness);
  const complete = isComplete(completeness);
  const name = KIND[need.kind];
  if (need.ask === 'count') return count(draft, need, stays, completeness, name);
  if (stays.length === 0) {
    if (!sayNone(draft, name, completeness, need.when !== null)) return;
    if (need.ask === 'had' || need.ask === 'is inpatient') {
      draft.value({ label: `${name} recorded`, value: false, evidence: completeness[0]!.id });
      return draft.part('answered');
    }
    return draft.part('abstained', 'none_recorded');
  }
  if (need.ask === 'list' || (need.ask === 'admitted' && need.when !== null && need.stay === null)) return list(draft, stays, complete);
  if (need.ask === 'had') {
    const e = stays.at(-1)!;
    draft.finding(`${stayWords(e)}.`, e);
    draft.value({ label: `${name} recorded`, value: true, evidence: e.id });
    return finish(draft, complete);
  }
  if (need.ask === 'where' && need.stay === null && (need.when?.type === 'window' || need.when?.type === 'around'))
    return whereAt(draft, need.when, stays, completeness);
  const current = stays.findLast(isCurrent) ?? null;
  if (need.ask === 'is inpatient') return inpatient(draft, stays, current, completeness, name);
  if (need.ask === 'was discharged') return wasDischarged(draft, stays, current, completeness);
  if (need.ask === 'longest' || need.ask === 'shortest') return extremeLength(draft, need.ask, evidence, stays, completeness);
  const stay = chosen(need, stays, current);
  if (stay === null) {
    const missing = need.stay?.which === 'current' || need.ask === 'where' || need.ask === 'since admission';
    draft.finding(
      missing
        ? `No ${name} is current at the as-of time; ${stayWords(stays.at(-1)!)} is the newest.`
        : `The ${name} asked for is not among those recorded; ${stayWords(stays.at(-1)!)} is the newest.`,
      stays.at(-1)!,
      completeness,
    );
    return draft.part('abstained', 'none_recorded');
  }
  const length =
    evidence.find(
      (e) => e.source.type === 'calculation' && e.source.method.startsWith('length of stay') && e.source.inputs.includes(stay.id),
    ) ?? null;
  switch (need.ask) {
    case 'admitted':
      return time(
        draft,
        stay,
        stay.time?.start,
        'began',
        need.kind === 'outpatient' || need.kind === 'any' ? 'start' : 'admission',
        completeness,
      );
    case 'discharged':
      return stay.time?.end == null && isCurrent(stay)
        ? stillIn(draft, stay, stays, completeness)
        : time(draft, stay, stay.time?.end, 'ended', 'discharge', completeness);
    case 'length':
    case 'since admission':
      return lengthOf(draft, stay, length, complete);
    case 'where':
      return need.pick.type === 'all' ? wards(draft, stay, complete) : where(draft, stay, complete);
    case 'reason':
      return qualifier(draft, stay, 'reason', 'reason', 'The reason for this stay is not recorded with it; diagnoses are listed apart.');
    case 'admission source':
      return qualifier(
        draft,
        stay,
        'admissionSource',
        'admission source',
        'From where the patient was admitted is not recorded with this stay.',
      );
    case 'disposition':
      return qualifier(
        draft,
        stay,
        'dischargeDisposition',
        'discharge disposition',
        'Where the patient went is not recorded with this stay.',
      );
  }
}

const finish = (draft: DraftBuilder, complete: boolean) => draft.part(complete ? 'answered' : 'partial', complete ? null : 'unreachable');
const stayWords = (e: Evidence) =>
  `${capital(e.concept.name)} ${e.time ? formatTime(e.time) : 'without a date'}${isCurrent(e) ? ' (current)' : ''}`;

function chosen(need: EncounterNeed, stays: readonly Evidence[], current: Evidence | null): Evidence | null {
  if (need.ask === 'where' && need.stay === null) return current;
  if (need.ask === 'since admission') return current;
  if (need.ask === 'discharged' && need.stay === null) return current ?? stays.findLast((e) => e.time?.end != null) ?? null;
  if (need.stay === null) return current ?? stays.at(-1) ?? null;
  if (need.stay.which === 'current')
    return current ?? (need.ask === 'length' || need.ask === 'admitted' || need.ask === 'reason' ? (stays.at(-1) ?? null) : null);
  // "When was the last admission?" is the newest, be it over or not; "how long was the last stay" one that is over.
  if (need.stay.which === 'last' && need.stay.before === undefined && (need.ask === 'admitted' || need.ask === 'reason'))
    return stays.at(-1) ?? null;
  return chooseStay(stays, need.stay);
}

function time(
  draft: DraftBuilder,
  stay: Evidence,
  at: string | null | undefined,
  verb: string,
  label: string,
  completeness: readonly Completeness[],
) {
  const complete = isComplete(completeness);
  if (at == null) {
    draft.finding(
      `No ${label} time is recorded for the ${stay.concept.name}${stay.time ? ` ${formatTime(stay.time)}` : ''}.`,
      stay,
      completeness,
    );
    return draft.part('partial', 'none_recorded');
  }
  // A visit that bears the name of its type ("Encounter for check up") is told by it.
  if (!/(?:stay|visit|encounter)$/.test(stay.concept.name))
    draft.finding(`${capital(stay.concept.name)}, which ${verb} at ${readableTime(at)}.`, stay);
  else
    draft.finding(
      `The ${stay.concept.name} ${verb} at ${readableTime(at)}${isCurrent(stay) && verb === 'began' ? ' and is current' : ''}.`,
      stay,
    );
  draft.value({ label, value: at, evidence: stay.id });
  finish(draft, complete);
}

/** The stay goes on: said as such, with the end of what was read. */
function sayStillIn(draft: DraftBuilder, stay: Evidence, completeness: readonly Completeness[]) {
  const to = completeness[0]?.window[1];
  const place = stay.concept.name === 'hospital stay' ? 'in hospital' : `in the ${stay.concept.name}`;
  const from = stay.time?.start ? ` since ${readableTime(stay.time.start)}` : '';
  draft.finding(`Still ${place}${from}; no discharge is recorded by ${to ? readableTime(to) : 'the as-of time'}.`, stay, completeness);
}

function stillIn(draft: DraftBuilder, stay: Evidence, stays: readonly Evidence[], completeness: readonly Completeness[]) {
  const complete = isComplete(completeness);
  sayStillIn(draft, stay, completeness);
  const before = stays.findLast((e) => e.time?.end != null);
  if (before) {
    draft.finding(`The ${before.concept.name} before it ended at ${readableTime(before.time!.end!)}.`, before);
    draft.value({ label: 'previous discharge', value: before.time!.end!, evidence: before.id });
    return finish(draft, complete);
  }
  draft.part('abstained', 'none_recorded');
}

function lengthOf(draft: DraftBuilder, stay: Evidence, length: Evidence | null, complete: boolean) {
  if (length === null) {
    draft.finding(`${stayWords(stay)}: its length is not computed.`, stay);
    return draft.part('partial', 'unsupported');
  }
  const current = isCurrent(stay);
  draft.finding(
    current && stay.time?.start
      ? `${stay.concept.name === 'hospital stay' ? 'In hospital' : capital(stay.concept.name)} since ${readableTime(stay.time.start)}: ${formatValue(length.value!)} up to the as-of time.`
      : `${capital(stay.concept.name)} ${formatTime(stay.time!)}: ${formatValue(length.value!)}.`,
    length,
    stay,
  );
  const plain = plainValue(length.value);
  if (plain) draft.value({ label: 'length of stay', ...plain, evidence: length.id });
  finish(draft, complete);
}

function where(draft: DraftBuilder, stay: Evidence, complete: boolean) {
  const wards: Component[] = (stay.components ?? []).filter((c) => c.name === 'ward');
  const now = wards.filter((w) => w.time === undefined || w.time.end === null);
  const last = now.at(-1) ?? wards.at(-1);
  if (last === undefined) {
    draft.finding(`${stayWords(stay)} is recorded without a ward.`, stay);
    return draft.part('abstained', 'none_recorded');
  }
  const since = last.time?.start
    ? `, from ${readableTime(last.time.start)}${last.time.end ? ` to ${readableTime(last.time.end)}` : ''}`
    : '';
  draft.finding(`${isCurrent(stay) ? 'Ward' : 'Ward of that stay'}: ${formatValue(last.value)}${since}.`, stay);
  draft.value({ label: 'ward', value: formatValue(last.value), ...(last.time?.start ? { time: last.time.start } : {}), evidence: stay.id });
  finish(draft, complete);
}

function wards(draft: DraftBuilder, stay: Evidence, complete: boolean) {
  const all = (stay.components ?? []).filter((c) => c.name === 'ward');
  for (const ward of all) {
    draft.finding(`${formatValue(ward.value)}${ward.time ? `: ${formatTime(ward.time)}` : ''}.`, stay);
    draft.value({
      label: 'ward',
      value: formatValue(ward.value),
      ...(ward.time?.start ? { time: ward.time.start } : {}),
      evidence: stay.id,
    });
  }
  return all.length === 0 ? where(draft, stay, complete) : finish(draft, complete);
}

function qualifier(draft: DraftBuilder, stay: Evidence, key: string, label: string, none: string) {
  const text = stay.qualifiers?.[key];
  if (text === undefined) {
    draft.finding(`${stayWords(stay)}.`, stay);
    draft.say('limit', none);
    return draft.part('abstained', 'none_recorded');
  }
  draft.finding(`${stayWords(stay)}: ${label} ${text}.`, stay);
  draft.value({ label, value: text, evidence: stay.id });
  draft.part('answered');
}

function inpatient(draft: DraftBuilder, stays: readonly Evidence[], current: Evidence | null, completeness: Completeness[], name: string) {
  const complete = isComplete(completeness);
  if (current) {
    draft.finding(`Yes: ${current.concept.name} ${formatTime(current.time!)}, not ended at the as-of time.`, current);
    draft.value({ label: `in ${name}`, value: true, evidence: current.id });
    return finish(draft, complete);
  }
  if (!complete) return draft.part('abstained', 'unreachable');
  draft.finding(`No ${name} is current at the as-of time; ${stayWords(stays.at(-1)!)} is the newest.`, stays.at(-1)!, completeness);
  draft.value({ label: `in ${name}`, value: false, evidence: stays.at(-1)!.id });
  draft.part('answered');
}

function wasDischarged(draft: DraftBuilder, stays: readonly Evidence[], current: Evidence | null, completeness: readonly Completeness[]) {
  const complete = isComplete(completeness);
  const stay = current ?? stays.at(-1)!;
  if (current) sayStillIn(draft, stay, completeness);
  else
    draft.finding(
      `The ${stay.concept.name} ended${stay.time?.end ? ` at ${readableTime(stay.time.end)}` : ', its time not recorded'}.`,
      stay,
    );
  draft.value({ label: 'discharged', value: current === null, ...(stay.time?.end ? { time: stay.time.end } : {}), evidence: stay.id });
  return finish(draft, complete);
}

function count(draft: DraftBuilder, need: EncounterNeed, stays: readonly Evidence[], completeness: Completeness[], name: string) {
  if (completeness.length === 0) return draft.part('abstained', 'unreachable');
  const unread = completeness.filter((c) => c.status === 'absent_from_source' || c.status === 'unavailable');
  if (unread.length > 0) {
    sayIncomplete(
      draft,
      unread.filter((c) => c.status === 'absent_from_source'),
    );
    return draft.part('abstained', unread.some((c) => c.status === 'unavailable') ? 'unreachable' : 'not_looked_for');
  }
  for (const c of completeness) {
    draft.finding(
      `${c.found} ${c.found === 1 ? `${name} is` : `${name}s are`} recorded${windowWords([c], need.when !== null)}.`,
      c,
      stays.slice(-MOST),
    );
    draft.value({ label: `number of ${name}s`, value: c.found, evidence: c.id });
  }
  finish(draft, isComplete(completeness));
}

/** The longest or shortest of the stays, by the lengths that the tool computed. */
function extremeLength(
  draft: DraftBuilder,
  which: 'longest' | 'shortest',
  evidence: readonly Evidence[],
  stays: readonly Evidence[],
  completeness: readonly Completeness[],
) {
  const days = (e: Evidence) => (e.value?.type === 'quantity' ? e.value.value : 0);
  const all = evidence
    .filter((e) => e.source.type === 'calculation' && e.source.method.startsWith('length of stay') && e.value?.type === 'quantity')
    .flatMap((e) => {
      const stay = stays.find((s) => e.source.type === 'calculation' && e.source.inputs.includes(s.id));
      return stay === undefined ? [] : [{ length: e, stay }];
    })
    .sort((a, b) => days(b.length) - days(a.length));
  const chosen = which === 'longest' ? all[0] : all.at(-1);
  if (chosen === undefined || !isComplete(completeness) || isCutOff(completeness)) {
    draft.say('limit', 'The stays were not all read, or bear no times to compare.', completeness);
    return draft.part('abstained', 'unsupported');
  }
  const { length, stay } = chosen;
  draft.finding(
    `The ${which} ${stay.concept.name} recorded: ${formatTime(stay.time!)}, ${formatValue(length.value!)}${isCurrent(stay) ? ' up to the as-of time' : ''}.`,
    length,
    stay,
    completeness,
  );
  draft.value({ label: `${which} ${stay.concept.name}`, ...plainValue(length.value)!, evidence: length.id });
  return finish(draft, true);
}

function list(draft: DraftBuilder, stays: readonly Evidence[], complete: boolean) {
  for (const e of [...stays].reverse().slice(0, MOST)) {
    draft.finding(`${stayWords(e)}.`, e);
    if (e.time?.start) draft.value({ label: e.concept.name, value: e.time.start, evidence: e.id });
  }
  if (stays.length > MOST) {
    draft.say('limit', 'Earlier encounters are not listed here; ask for a time.');
    return draft.part('partial');
  }
  finish(draft, complete);
}
