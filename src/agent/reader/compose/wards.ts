// Wards by their times and by their names: the one at a past time, the stays in a unit that bears a name of its own.
import { type Completeness, type Component, type Evidence, formatTime, formatValue, startOf } from '../../../evidence/index.ts';
import type { EncounterNeed, When } from '../needs.ts';
import { isCurrent } from '../plan.ts';
import type { DraftBuilder } from './draft.ts';
import { isComplete, sayNone } from './outcome.ts';

type Ward = { stay: Evidence; ward: Component };
const MOST = 40;

const wardsIn = (stays: readonly Evidence[]): Ward[] =>
  stays.flatMap((stay) => (stay.components ?? []).filter((c) => c.name === 'ward').map((ward) => ({ stay, ward })));

function say(draft: DraftBuilder, { stay, ward }: Ward) {
  draft.finding(`${formatValue(ward.value)}${ward.time ? `: ${formatTime(ward.time)}` : ''}.`, stay);
}

function sayValue(draft: DraftBuilder, { stay, ward }: Ward) {
  draft.value({ label: 'ward', value: formatValue(ward.value), ...(ward.time?.start ? { time: ward.time.start } : {}), evidence: stay.id });
}

/** The wards whose times cover the instant, or meet the window, that is asked for. */
export function whereAt(
  draft: DraftBuilder,
  when: Extract<When, { type: 'window' | 'around' }>,
  stays: readonly Evidence[],
  completeness: readonly Completeness[],
) {
  const [from, to] = when.type === 'around' ? [when.at, when.at] : [when.from, when.to];
  const isMet = ({ ward, stay }: Ward) => {
    const { start, end } = ward.time ?? {};
    if (start == null) return false;
    const until = end ?? stay.time?.end ?? null;
    return (to === null || startOf(start) <= startOf(to)) && (from === null || until === null || startOf(until) > startOf(from));
  };
  const met = wardsIn(stays).filter(isMet);
  if (met.length === 0) {
    draft.say('limit', 'No ward is recorded with the time asked for.', completeness);
    return draft.part('abstained', 'none_recorded');
  }
  for (const one of met.slice(-MOST)) {
    say(draft, one);
    sayValue(draft, one);
  }
  const complete = isComplete(completeness) && met.length <= MOST;
  draft.part(complete ? 'answered' : 'partial', complete ? null : 'unreachable');
}

/** A unit is told by the names of the wards recorded: a name that none bears is not in the record. */
export function inUnit(draft: DraftBuilder, need: EncounterNeed, unit: string, stays: readonly Evidence[], completeness: Completeness[]) {
  const bears = new RegExp(`\\b${unit}\\b`, 'i');
  // An ICU stay repeats the wards of the hospital stay that it is part of.
  const whole = stays.filter((e) => e.concept.name !== 'ICU stay');
  const met = wardsIn(whole.length > 0 ? whole : stays).filter(({ ward }) => bears.test(formatValue(ward.value)));
  const unread = completeness.some((c) => /names of wards could not be read/.test(c.reason ?? ''));
  if (unread || (met.length === 0 && stays.length > 0) || need.when !== null) {
    draft.say('limit', `Whether a stay was in the ${unit} at the time asked for cannot be told from the wards recorded.`, completeness);
    return draft.part('abstained', 'unsupported');
  }
  const yesNo = need.ask === 'had' || need.ask === 'is inpatient';
  const label = need.ask === 'is inpatient' ? `in the ${unit}` : `stay in the ${unit} recorded`;
  if (met.length === 0) {
    if (!sayNone(draft, `stay in the ${unit}`, completeness, false)) return;
    if (!yesNo) return draft.part('abstained', 'none_recorded');
    draft.value({ label, value: false, evidence: completeness[0]!.id });
    return draft.part('answered');
  }
  for (const one of met.slice(-MOST)) say(draft, one);
  const last = met.at(-1)!;
  if (need.ask === 'is inpatient')
    draft.value({ label, value: isCurrent(last.stay) && last.ward.time?.end == null, evidence: last.stay.id });
  else if (need.ask === 'had') draft.value({ label, value: true, evidence: last.stay.id });
  else for (const one of met.slice(-MOST)) sayValue(draft, one);
  const isWhole = isComplete(completeness) && !/count|length|longest|shortest|since|reason|disposition|source/.test(need.ask);
  draft.part(isWhole ? 'answered' : 'partial', isWhole ? null : 'unsupported');
}
