// Sentences on doses: given, held, refused; the last one and how many, as the tool summed them up.
import { type Component, type Evidence, formatTime, formatValue, readableTime, startOf } from '../../../evidence/index.ts';
import type { MedicationNeed } from '../needs.ts';
import { type DraftBuilder, plainValue } from './draft.ts';
import { finish, isGiven, isKept, isNotGiven, MOST_NAMES, nameOf, type Parts, sayNoMedication } from './medication-parts.ts';
import { capital, isComplete, isCutOff, windowWords } from './outcome.ts';

const NOT_DOSES = new Set(['not given', 'held', 'refused', 'stopped']);
const at = (e: { time?: Evidence['time'] }) => (e.time ? ` at ${formatTime(e.time)}` : ', time not recorded');
const amountOf = (e: Evidence): Component | undefined => e.components?.find((c) => c.name === 'dose');

/** The last dose that was given, and what was charted after it that was no dose. */
export function sayLastDose(draft: DraftBuilder, last: Evidence, parts: Parts) {
  const amount = amountOf(last);
  const read = parts.of('administrations');
  const complete = isComplete(read);
  const inputs = parts.doses.filter((e) => amount?.inputs?.includes(e.id));
  const how = amount?.value.type === 'quantity' ? ` (${formatValue(amount.value)})` : '';
  const verb = last.qualifiers?.['event'] === 'partial' ? 'was given in part' : 'was given';
  const name = last.concept.name.replace(/: last dose given$/, '');
  const lead = complete ? `The last dose of ${name} that is charted` : `A dose of ${name}`;
  if (last.qualifiers?.['running'] !== undefined) sayRunning(draft, last);
  else if (last.time?.start != null && last.time.end != null)
    draft.finding(
      `${complete ? `The last infusion of ${name} that is charted` : `An infusion of ${name}`} ran ${formatTime(last.time)}${how}.`,
      last,
      inputs,
      complete ? read : [],
    );
  else draft.finding(`${lead} ${verb}${at(last)}${how}.`, last, inputs, complete ? read : []);
  for (const c of (last.components ?? []).filter((c) => c.name.startsWith('later entry'))) {
    const entries = parts.doses.filter((e) => c.inputs?.includes(e.id));
    const event = c.name.replace('later entry: ', '');
    draft.finding(
      event === NOT_STATED
        ? `A later entry${at(c)} does not say whether a dose was given (“${formatValue(c.value)}”).`
        : `After it is charted${at(c)}: ${eventWords(event, formatValue(c.value))}.`,
      last,
      entries,
    );
  }
}

const NOT_STATED = 'charted, event not stated';
/** An infusion that goes on: since when, as charted. */
export function sayRunning(draft: DraftBuilder, e: Evidence) {
  const name = e.concept.name.replace(/: (?:last dose given|running now)$/, '');
  const rate = e.components?.find((c) => c.name === 'rate');
  const how = rate === undefined ? '' : `, rate ${formatValue(rate.value)}`;
  draft.finding(`${capital(name)} is running: charted from ${formatStart(e)}${how}, not ended by the as-of time.`, e);
}
const formatStart = (e: Evidence) => (e.time?.start ? readableTime(e.time.start) : 'a time that is not recorded');

/** The event, with the source's own word where it says more. */
const eventWords = (event: string, method: string) =>
  method.toLowerCase() === event || method === 'not recorded' ? event : `${event} (“${method}”)`;

function sayNotGivenOne(draft: DraftBuilder, e: Evidence) {
  const q = e.qualifiers ?? {};
  const why = q['statusReason'] ?? q['reason'];
  draft.finding(
    `${e.concept.name}${at(e)}: ${eventWords(q['event'] ?? '', q['method'] ?? 'not recorded')}; ${why ? `reason: ${why}` : 'no reason recorded'}.`,
    e,
  );
}

/** Charted, but nobody wrote whether it went in. */
function sayUnstated(draft: DraftBuilder, unstated: readonly Evidence[]) {
  for (const e of unstated.slice(0, 3))
    draft.finding(`${e.concept.name} is charted${at(e)}; the entry does not say whether a dose was given.`, e);
  return draft.part('partial', 'none_recorded');
}

const unstatedOf = (parts: Parts) => parts.doses.filter((e) => !isGiven(e) && !isNotGiven(e));

function sayNoDose(draft: DraftBuilder, parts: Parts, answer?: { label: string; value: boolean | number }) {
  sayNoMedication(
    draft,
    parts,
    `${parts.about === null ? 'dose' : `dose of ${parts.absent}`} is charted as given`,
    parts.of('administrations'),
    answer,
  );
  for (const e of parts.doses.filter(isNotGiven).slice(0, 5)) sayNotGivenOne(draft, e);
}

/** @param byName the answer is which medicine it was, not how much of it */
export function sayLastGiven(draft: DraftBuilder, need: MedicationNeed, parts: Parts, byName = false) {
  const read = parts.of('administrations').filter(isKept);
  const n = need.pick.type === 'nth' ? need.pick.n : -1;
  const label = `${n > 0 ? 'first' : 'last'} dose of ${nameOf(parts)}`;
  const answer = (e: Evidence, amount: Evidence['value']) => {
    const time = e.time?.start ?? e.time?.end;
    const plain = need.wants === 'time' ? null : byName ? { value: e.qualifiers?.['drug'] ?? e.concept.name } : plainValue(amount);
    if (plain) draft.value({ label, ...plain, ...(time ? { time } : {}), evidence: e.id });
    else if (time) draft.value({ label, value: time, evidence: e.id });
  };
  const given = parts.doses
    .filter((e) => isGiven(e) && e.time)
    .sort((a, b) => startOf(a.time!.start ?? a.time!.end!) - startOf(b.time!.start ?? b.time!.end!));
  const last = parts.last[0];
  if (n === -1 && last !== undefined) {
    sayLastDose(draft, last, parts);
    answer(last, amountOf(last)?.value);
    return finish(draft, read);
  }
  const e = given.at(n > 0 ? n - 1 : n);
  if (e === undefined) return unstatedOf(parts).length > 0 ? sayUnstated(draft, unstatedOf(parts)) : sayNoDose(draft, parts);
  // Only the newest doses come back in full: among them the first of all cannot be told.
  const isWhole = isComplete(read) && !isCutOff(read) && (n === 1 || n === -1);
  draft.finding(
    `${isWhole ? `The ${n === 1 ? 'first' : 'last'} dose` : 'A dose'} of ${e.concept.name} that is charted was given${at(e)}${e.value ? ` (${formatValue(e.value)})` : ''}.`,
    e,
    isWhole ? read : [],
  );
  if (isWhole) answer(e, e.value);
  else draft.say('limit', 'Whether it is the one asked for cannot be told from what was read; ask for a shorter time.');
  return finish(draft, read, !isWhole);
}

export function sayGiven(draft: DraftBuilder, need: MedicationNeed, parts: Parts) {
  const read = parts.of('administrations');
  const doses = parts.doses.filter(isGiven);
  const label = `${nameOf(parts)} given`;
  if (doses.length === 0)
    return unstatedOf(parts).length > 0 ? sayUnstated(draft, unstatedOf(parts)) : sayNoDose(draft, parts, { label, value: false });
  for (const e of doses.slice(0, 10)) sayDose(draft, e);
  const total = parts.counts[0];
  if (doses.length > 10 && total?.value)
    draft.finding(
      `In total ${formatValue(total.value)} of ${nameOf(parts)} are charted as given${windowWords(read, need.when !== null)}.`,
      total,
      read,
    );
  draft.value({ label, value: true, ...(doses[0]!.time?.start ? { time: doses[0]!.time.start } : {}), evidence: doses[0]!.id });
  return finish(draft, read.filter(isKept));
}

/** How much in all: no calculation has a sum over doses, so the doses are shown and none is made. */
export function sayTotal(draft: DraftBuilder, parts: Parts) {
  const read = parts.of('administrations').filter(isKept);
  const doses = parts.doses.filter((e) => isGiven(e) || !isNotGiven(e));
  if (doses.length === 0) return sayNoDose(draft, parts);
  const total = parts.counts[0];
  for (const e of doses.slice(0, 20)) sayDose(draft, e);
  if (doses.length > 20 && total?.value) draft.finding(`Charted as given in all: ${formatValue(total.value)}.`, total, read);
  draft.say('limit', 'A total amount is not computed here.');
  return draft.part('partial', 'unsupported');
}

export function sayDose(draft: DraftBuilder, e: Evidence) {
  const amount = e.value ? ` ${formatValue(e.value)}` : '';
  const lasts = e.time?.end != null || e.qualifiers?.['running'] !== undefined;
  const charted = (e.components ?? []).map((c) => `, ${c.name} ${formatValue(c.value)}`).join('');
  if (!isGiven(e)) draft.finding(`${e.concept.name} is charted${at(e)}; the entry does not say whether a dose was given.`, e);
  else if (e.qualifiers?.['running'] !== undefined || (lasts && e.time?.end == null)) sayRunning(draft, e);
  else if (lasts) draft.finding(`${e.concept.name}${amount} ran ${formatTime(e.time!)}${charted}.`, e);
  else
    draft.finding(`${e.concept.name}${amount} was given${e.qualifiers?.['event'] === 'partial' ? ' in part' : ''}${at(e)}${charted}.`, e);
}

export function listGiven(draft: DraftBuilder, need: MedicationNeed, parts: Parts) {
  const read = parts.of('administrations').filter(isKept);
  if (need.picked && need.pick.type === 'nth') return sayLastGiven(draft, need, { ...parts, last: [] }, true);
  if (parts.last.length === 0) return unstatedOf(parts).length > 0 ? sayUnstated(draft, unstatedOf(parts)) : sayNoDose(draft, parts);
  for (const e of parts.last.slice(0, MOST_NAMES)) {
    const name = e.concept.name.replace(/: last dose given$/, '');
    draft.finding(`${capital(name)} was given${isComplete(read) ? `, most recently${at(e)}` : at(e)}.`, e, isComplete(read) ? read : []);
    draft.value({ label: 'given', value: name, evidence: e.id });
  }
  return finish(draft, read, parts.last.length > MOST_NAMES);
}

export function sayNotGiven(draft: DraftBuilder, need: MedicationNeed, parts: Parts) {
  const read = parts.of('administrations');
  const missed = parts.doses.filter(isNotGiven);
  const label = `${nameOf(parts)}: doses not given`;
  const counted = parts.counts.flatMap((c) =>
    (c.components ?? []).filter((p) => NOT_DOSES.has(p.name)).map((p) => ({ count: c, part: p })),
  );
  if (missed.length === 0 && counted.length > 0) {
    for (const { count, part } of counted.slice(0, 5))
      draft.finding(
        `${capital(count.qualifiers?.['drug'] ?? nameOf(parts))}: ${formatValue(part.value)} charted as ${part.name}${windowWords(read, need.when !== null)}.`,
        count,
        read,
      );
    draft.value({ label, value: true, evidence: counted[0]!.count.id });
    return finish(draft, read.filter(isKept));
  }
  if (missed.length === 0 && isCutOff(read) && parts.counts.length === 0) return draft.part('abstained', 'unsupported');
  if (missed.length === 0) {
    if (read.filter(isKept).length === 0 || !isComplete(read.filter(isKept)))
      return sayNoMedication(draft, parts, `${parts.about === null ? 'dose' : `dose of ${parts.absent}`} is charted as held`, read);
    draft.finding(
      `No dose${parts.about === null ? '' : ` of ${parts.about}`} is charted as held, refused or not given${windowWords(read, need.when !== null)}.`,
      read,
      parts.counts,
    );
    draft.value({ label, value: false, evidence: read[0]!.id });
    return draft.part('answered');
  }
  for (const e of missed.slice(0, 15)) sayNotGivenOne(draft, e);
  draft.value({ label, value: true, evidence: missed[0]!.id });
  return finish(draft, read.filter(isKept), missed.length > 15);
}

export function countGiven(draft: DraftBuilder, need: MedicationNeed, parts: Parts) {
  const read = parts.of('administrations');
  const total = parts.counts[0];
  if (parts.about === null || need.route !== null || need.things.some((t) => t.extra)) {
    draft.say('limit', 'This cannot be counted here yet; doses of one drug can.');
    return draft.part('abstained', 'unsupported');
  }
  const label = `doses of ${parts.about} given`;
  if (total?.value?.type !== 'quantity')
    return sayNoMedication(draft, parts, `dose of ${parts.about} is charted`, read, { label, value: 0 });
  // Of an infusion there is no number of doses, nor is it none.
  const intervals = /interval/.test(total.value.unit ?? '');
  const infused = total.components?.find((c) => c.name.startsWith('infusion intervals'));
  if (intervals) {
    draft.finding(
      `${capital(parts.about)}: ${formatValue(total.value)} charted${windowWords(read, need.when !== null)}, no separate dose.`,
      total,
      read,
    );
    return draft.part('partial', 'not_applicable');
  }
  if (infused && total.value.value === 0) {
    draft.finding(
      `${capital(parts.about)}: ${formatValue(infused.value).replace(/ intervals?$/, '')} infusion ${formatValue(infused.value).endsWith('s') ? 'intervals' : 'interval'} charted${windowWords(read, need.when !== null)}, no separate dose.`,
      total,
      read,
    );
    return draft.part('partial', 'not_applicable');
  }
  draft.finding(
    `${formatValue(total.value)} of ${parts.about} ${total.value.value === 1 ? 'is' : 'are'} charted as given${windowWords(read, need.when !== null)}.`,
    total,
    read,
  );
  const unstated = total.components?.find((c) => c.name === 'charted, event not stated');
  if (infused) draft.finding(`Besides, charted as running over a time: ${formatValue(infused.value)}.`, total);
  if (unstated)
    draft.finding(
      `Of ${parts.about}, ${total.qualifiers?.['unstated'] ?? `${formatValue(unstated.value)} that do not say whether a dose was given`}.`,
      total,
    );
  if (unstated && total.value.value === 0) return draft.part('partial', 'none_recorded');
  draft.value({ label, value: total.value.value, evidence: total.id });
  return finish(draft, read.filter(isKept));
}
