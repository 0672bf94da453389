// Sentences on medicines: orders, doses and what is reported are told apart; what was not given is no dose.
import { type Completeness, type Component, type Evidence, formatTime, formatValue, readableTime } from '../../../evidence/index.ts';
import type { ToolResult } from '../../../tools/index.ts';
import type { MedicationNeed } from '../needs.ts';
import { callKey, type Outcomes, type Planned } from '../plan.ts';
import { type DraftBuilder, plainValue } from './draft.ts';
import { capital, isComplete, sayFailure, sayIncomplete, windowWords } from './outcome.ts';

const MOST_NAMES = 60;
const GIVEN = /^(?:given|delayed|partial)$/;
const NOT_GIVEN = /^(?:not given|held|refused|stopped)$/;

type Parts = {
  orders: Evidence[];
  active: Evidence[];
  doses: Evidence[];
  reported: Evidence[];
  last: Evidence[];
  counts: Evidence[];
  classes: Evidence[];
  completeness: Completeness[];
  of: (...words: string[]) => Completeness[];
};

function partsOf({ evidence, completeness }: ToolResult): Parts {
  const event = (e: Evidence) => e.qualifiers?.['event'] ?? '';
  const orders = evidence.filter((e) => e.kind === 'order');
  const method = (name: string) => evidence.filter((e) => e.source.type === 'calculation' && e.source.method === name);
  return {
    orders,
    active: orders.filter((e) => e.qualifiers?.['state'] === 'active'),
    doses: evidence.filter((e) => e.kind === 'medication' && !/^(?:reported|dispensed)$/.test(event(e))),
    reported: evidence.filter((e) => e.kind === 'medication' && event(e) === 'reported'),
    last: method('last dose given'),
    counts: method('number of doses given'),
    classes: evidence.filter((e) => e.kind === 'knowledge'),
    completeness: completeness.filter((c) => /medication/.test(c.what)),
    of: (...words) => completeness.filter((c) => words.some((w) => c.what.includes(w))),
  };
}

export function composeMedications(draft: DraftBuilder, need: MedicationNeed, planned: Planned, outcomes: Outcomes) {
  const calls = planned.calls.filter((c) => c.args['section'] === 'medications');
  for (const call of calls) {
    const outcome = outcomes.get(callKey(call));
    if (outcome === undefined) continue;
    if (!outcome.ok) sayFailure(draft, outcome);
    else composeOne(draft, need, (call.args['about'] as string | undefined) ?? null, partsOf(outcome.result));
  }
}

function composeOne(draft: DraftBuilder, need: MedicationNeed, about: string | null, parts: Parts) {
  const known = about === null || (need.things.find((t) => t.ask === about)?.known ?? false);
  sayIncomplete(
    draft,
    parts.completeness.filter((c) => c.status === 'partial' || c.status === 'unavailable'),
  );
  switch (need.ask) {
    case 'list':
      return need.status === 'active' ? current(draft, need, about, parts, known) : listed(draft, need, about, parts);
    case 'is on':
      return current(draft, need, about, parts, known);
    case 'given':
      return given(draft, need, about, parts, known);
    case 'given list':
      return about === null ? givenList(draft, need, parts) : given(draft, need, about, parts, known);
    case 'not given':
      return notGiven(draft, need, about, parts);
    case 'last dose':
      return lastDose(draft, need, about, parts, known);
    case 'count':
      return count(draft, need, about, parts, known);
    case 'started':
      return started(draft, need, about, parts, known);
    case 'stopped':
      return stopped(draft, need, about, parts);
    case 'dose':
      return dose(draft, about, parts, known);
    case 'indication':
      return indication(draft, about, parts);
  }
}

const told = (c: Completeness) => c.status !== 'absent_from_source';
const nameOf = (about: string | null) => (about === null ? 'medication' : about);

/** "No order for X": only on complete reading, and only for a name that is known to be a drug. */
function none(
  draft: DraftBuilder,
  what: string,
  all: readonly Completeness[],
  known: boolean,
  answer?: { label: string; value: boolean | number },
) {
  const read = all.filter(told);
  for (const c of all.filter((c) => !told(c))) draft.say('limit', `This source keeps no ${c.what}.`, c);
  if (read.length === 0) return draft.part('abstained', 'not_looked_for');
  if (!isComplete(read)) return draft.part('abstained', 'unreachable');
  const empty = read.filter((c) => c.found === 0);
  draft.finding(`No ${what} is recorded${windowWords(read, read[0]!.window[0] !== null)}.`, empty.length > 0 ? empty : read);
  if (!known) draft.say('limit', 'The name is not one that is known here; check its spelling.');
  if (answer && known) draft.value({ ...answer, evidence: (empty[0] ?? read[0]!).id });
  draft.part(answer && known ? 'answered' : 'abstained', answer && known ? null : 'none_recorded');
}

/** `Metoprolol Tartrate 25 mg, PO, twice a day, from 2166-08-21 23:00`. */
function orderWords(e: Evidence): string {
  const q = e.qualifiers ?? {};
  const dose = e.value ? ` ${formatValue(e.value)}` : '';
  const parts = (e.components ?? []).filter((c) => c.value.type !== 'time').map((c) => `${c.name} ${formatValue(c.value)}`);
  const more = [q['route'], q['frequency'], q['asNeeded'], ...parts].filter((w) => w !== undefined);
  return `${e.concept.name}${dose}${more.length > 0 ? `, ${more.join(', ')}` : ''}`;
}

const since = (e: Evidence) => (e.time?.start ? `, ordered from ${readableTime(e.time.start)}` : '');

function current(draft: DraftBuilder, need: MedicationNeed, about: string | null, parts: Parts, known: boolean) {
  const orders = need.status === 'active' ? parts.active : parts.orders;
  const reported = parts.reported.filter((e) => need.status !== 'active' || e.status === 'active');
  const completeness = parts.of('medication orders', 'reported medications');
  const label = about === null ? 'medication' : `${about}: ${need.status === 'active' ? 'current order' : 'ordered'}`;
  const all = [...orders, ...reported];
  if (all.length === 0) {
    const recent = parts.last[0];
    none(
      draft,
      `${need.status === 'active' ? 'current ' : ''}order for ${nameOf(about)}`,
      completeness,
      known || parts.orders.length > 0 || recent !== undefined,
      need.ask === 'is on' ? { label, value: false } : undefined,
    );
    if (recent) sayLast(draft, recent, parts);
    return;
  }
  for (const e of all.slice(0, MOST_NAMES)) {
    const how = e.kind === 'order' ? since(e) : ', reported as taken';
    draft.finding(
      `${orderWords(e)}${how}.`,
      e,
      parts.classes.filter((c) => about !== null && c.concept.name.startsWith(`${e.concept.name.toLowerCase()} `)),
    );
    if (need.ask === 'list') draft.value({ label: 'medication', value: e.concept.name, evidence: e.id });
  }
  for (const c of about === null ? [] : parts.classes) draft.finding(`${capital(c.concept.name)}.`, c);
  if (all.length > MOST_NAMES)
    draft.say('limit', 'More orders are recorded than are listed here; ask for one drug or class.', completeness);
  if (need.ask === 'is on') {
    draft.value({ label, value: true, evidence: all[0]!.id });
    if (parts.last[0]) sayLast(draft, parts.last[0], parts);
  }
  for (const c of completeness.filter((c) => !told(c))) draft.say('limit', `This source keeps no ${c.what}.`, c);
  if (about === null && need.status === 'active') draft.say('limit', 'An order says what is prescribed, not that it was given or taken.');
  finish(draft, completeness.filter(told), all.length > MOST_NAMES);
}

const finish = (draft: DraftBuilder, read: readonly Completeness[], cut = false) =>
  cut ? draft.part('partial') : draft.part(isComplete(read) ? 'answered' : 'partial', isComplete(read) ? null : 'unreachable');

/** All orders of a time: each name once. */
function listed(draft: DraftBuilder, need: MedicationNeed, about: string | null, parts: Parts) {
  const completeness = parts.of('medication orders', 'reported medications');
  const byName = new Map<string, Evidence[]>();
  for (const e of [...parts.orders, ...parts.reported]) byName.set(e.concept.name, [...(byName.get(e.concept.name) ?? []), e]);
  if (byName.size === 0) return none(draft, `order for ${nameOf(about)}`, completeness, true);
  for (const [name, all] of [...byName].slice(0, MOST_NAMES)) {
    draft.finding(`${capital(name)} was ordered${windowWords(completeness, need.when !== null)}.`, all[0]!, completeness);
    draft.value({ label: 'medication', value: name, evidence: all[0]!.id });
  }
  if (byName.size > MOST_NAMES)
    draft.say('limit', 'More medicines are recorded than are listed here; ask for a shorter time.', completeness);
  finish(draft, completeness, byName.size > MOST_NAMES);
}

const componentOf = (e: Evidence, name: string): Component | undefined => e.components?.find((c) => c.name === name);

/** The last dose that was given, and what was charted after it that was no dose. */
function sayLast(draft: DraftBuilder, last: Evidence, parts: Parts) {
  const amount = componentOf(last, 'dose');
  const how = amount && amount.value.type === 'quantity' ? ` (${formatValue(amount.value)})` : '';
  const read = parts.of('administrations');
  const inputs = parts.doses.filter((e) => amount?.inputs?.includes(e.id));
  const time = last.time ? formatTime(last.time) : 'a time not recorded';
  const verb = last.qualifiers?.['event'] === 'partial' ? 'was given in part' : 'was given';
  const name = last.concept.name.replace(/: last dose given$/, '');
  draft.finding(
    isComplete(read) ? `The last dose of ${name} that is charted ${verb} at ${time}${how}.` : `A dose of ${name} ${verb} at ${time}${how}.`,
    last,
    inputs,
    isComplete(read) ? read : [],
  );
  const later = (last.components ?? []).filter((c) => c.name.startsWith('later entry'));
  for (const c of later) {
    const entries = parts.doses.filter((e) => c.inputs?.includes(e.id));
    const event = c.name.replace('later entry: ', '');
    draft.finding(
      `After it${c.time ? `, at ${formatTime(c.time)},` : ''} is charted: ${event} (“${formatValue(c.value)}”).`,
      last,
      entries,
    );
  }
}

function lastDose(draft: DraftBuilder, need: MedicationNeed, about: string | null, parts: Parts, known: boolean) {
  const read = parts.of('administrations');
  const last = parts.last[0];
  if (last === undefined) {
    const stated = parts.doses.filter((e) => !NOT_GIVEN.test(e.qualifiers?.['event'] ?? ''));
    if (stated.length > 0) {
      for (const e of stated.slice(0, 3))
        draft.finding(`${e.concept.name} is charted${e.time ? ` at ${formatTime(e.time)}` : ''}: event not stated.`, e);
      return draft.part('partial', 'none_recorded');
    }
    none(draft, `dose of ${nameOf(about)} given`, read, known || parts.orders.length > 0);
    sayRefused(draft, parts);
    return;
  }
  sayLast(draft, last, parts);
  const time = last.time?.start ?? last.time?.end;
  if (need.wants === 'time' && time) draft.value({ label: `last dose of ${nameOf(about)}`, value: time, evidence: last.id });
  else {
    const plain = plainValue(componentOf(last, 'dose')?.value);
    if (plain) draft.value({ label: `last dose of ${nameOf(about)}`, ...plain, ...(time ? { time } : {}), evidence: last.id });
    else if (time) draft.value({ label: `last dose of ${nameOf(about)}`, value: time, evidence: last.id });
  }
  finish(draft, read.filter(told));
}

function sayRefused(draft: DraftBuilder, parts: Parts) {
  for (const e of parts.doses.filter((d) => NOT_GIVEN.test(d.qualifiers?.['event'] ?? '')).slice(0, 5))
    draft.finding(
      `${e.concept.name}${e.time ? ` at ${formatTime(e.time)}` : ''}: ${e.qualifiers!['event']} (“${e.qualifiers!['method'] ?? 'not recorded'}”).`,
      e,
    );
}

function given(draft: DraftBuilder, need: MedicationNeed, about: string | null, parts: Parts, known: boolean) {
  const read = parts.of('administrations');
  const doses = parts.doses.filter((e) => GIVEN.test(e.qualifiers?.['event'] ?? ''));
  const unstated = parts.doses.filter((e) => e.qualifiers?.['event'] === 'charted, event not stated');
  const label = `${nameOf(about)} given`;
  if (doses.length === 0 && unstated.length > 0) {
    for (const e of unstated.slice(0, 3))
      draft.finding(`${e.concept.name} is charted${e.time ? ` at ${formatTime(e.time)}` : ''}, without saying whether it went in.`, e);
    return draft.part('partial', 'none_recorded');
  }
  if (doses.length === 0) {
    none(draft, `dose of ${nameOf(about)} given`, read, known || parts.orders.length > 0, { label, value: false });
    return sayRefused(draft, parts);
  }
  for (const e of doses.slice(0, 10))
    draft.finding(
      `${e.concept.name}${e.value ? ` ${formatValue(e.value)}` : ''} was given${e.qualifiers?.['event'] === 'partial' ? ' in part' : ''}${e.time ? ` at ${formatTime(e.time)}` : ''}.`,
      e,
    );
  const total = parts.counts[0];
  if (doses.length > 10 && total)
    draft.finding(
      `In all, ${formatValue(total.value!)} of ${nameOf(about)} are charted as given${windowWords(read, need.when !== null)}.`,
      total,
      read,
    );
  draft.value({ label, value: true, ...(doses[0]!.time?.start ? { time: doses[0]!.time.start } : {}), evidence: doses[0]!.id });
  finish(draft, read.filter(told));
}

function givenList(draft: DraftBuilder, need: MedicationNeed, parts: Parts) {
  const read = parts.of('administrations');
  const given = parts.last;
  if (given.length === 0) return none(draft, 'dose given', read, true);
  for (const e of given.slice(0, MOST_NAMES)) {
    const name = e.concept.name.replace(/: last dose given$/, '');
    draft.finding(`${capital(name)} was given${windowWords(read, need.when !== null)}, most recently at ${formatTime(e.time!)}.`, e, read);
    draft.value({ label: 'given', value: name, evidence: e.id });
  }
  finish(draft, read, given.length > MOST_NAMES);
}

function notGiven(draft: DraftBuilder, need: MedicationNeed, about: string | null, parts: Parts) {
  const read = parts.of('administrations');
  const missed = parts.doses.filter((e) => NOT_GIVEN.test(e.qualifiers?.['event'] ?? ''));
  const label = `${nameOf(about)}: doses not given`;
  if (missed.length === 0) {
    if (!isComplete(read)) return none(draft, `dose of ${nameOf(about)} held or not given`, read, true);
    draft.finding(
      `No dose of ${nameOf(about)} is charted as held, refused or not given${windowWords(read, need.when !== null)}.`,
      read,
      parts.counts,
    );
    draft.value({ label, value: false, evidence: read[0]!.id });
    return draft.part('answered');
  }
  for (const e of missed.slice(0, 15))
    draft.finding(
      `${e.concept.name}${e.time ? ` at ${formatTime(e.time)}` : ''}: ${e.qualifiers!['event']} (“${e.qualifiers!['method'] ?? 'not recorded'}”).`,
      e,
    );
  draft.value({ label, value: true, evidence: missed[0]!.id });
  finish(draft, read, missed.length > 15);
}

function count(draft: DraftBuilder, need: MedicationNeed, about: string | null, parts: Parts, known: boolean) {
  const read = parts.of('administrations');
  const total = parts.counts[0];
  if (about === null || total === undefined) {
    if (about === null) {
      draft.say('limit', 'Different medicines cannot be counted here yet; they can be listed.');
      return draft.part('abstained', 'unsupported');
    }
    return none(draft, `dose of ${nameOf(about)}`, read, known || parts.orders.length > 0, { label: `doses of ${about} given`, value: 0 });
  }
  draft.finding(
    `${capital(formatValue(total.value!))} of ${about} ${total.value?.type === 'quantity' && total.value.value === 1 ? 'is' : 'are'} charted as given${windowWords(read, need.when !== null)}.`,
    total,
    read,
  );
  const plain = plainValue(total.value);
  if (plain) draft.value({ label: `doses of ${about} given`, value: plain.value, evidence: total.id });
  finish(draft, read.filter(told));
}

function started(draft: DraftBuilder, need: MedicationNeed, about: string | null, parts: Parts, known: boolean) {
  const read = parts.of('medication orders');
  const dated = parts.orders.filter((e) => e.time?.start).sort((a, b) => (a.time!.start! < b.time!.start! ? -1 : 1));
  const e = need.pick.type === 'nth' ? dated.at(need.pick.n > 0 ? need.pick.n - 1 : need.pick.n) : dated[0];
  if (e === undefined) return none(draft, `dated order for ${nameOf(about)}`, read, known || parts.orders.length > 0);
  const which = !isComplete(read) ? 'An' : need.pick.type === 'nth' && need.pick.n < 0 ? 'The last' : 'The first';
  draft.finding(`${which} order for ${e.concept.name} begins at ${readableTime(e.time!.start!)}.`, e, isComplete(read) ? read : []);
  draft.value({ label: `${nameOf(about)} ordered`, value: e.time!.start!, evidence: e.id });
  finish(draft, read.filter(told));
}

function stopped(draft: DraftBuilder, need: MedicationNeed, about: string | null, parts: Parts) {
  const read = parts.of('medication orders');
  const ended = parts.orders.filter((e) => e.time?.end).sort((a, b) => (a.time!.end! < b.time!.end! ? 1 : -1));
  const e = ended[0];
  if (parts.active.length > 0 && about !== null)
    draft.finding(`An order for ${parts.active[0]!.concept.name} is in force.`, parts.active[0]!);
  if (e === undefined) {
    draft.say('limit', `When ${nameOf(about)} was stopped is not told by its orders.`);
    return draft.part('abstained', 'none_recorded');
  }
  draft.finding(
    `An order for ${e.concept.name} ended at ${readableTime(e.time!.end!)}${e.qualifiers?.['state'] ? ` (${e.qualifiers['state']})` : ''}.`,
    e,
  );
  draft.value({ label: `${nameOf(about)} order ended`, value: e.time!.end!, evidence: e.id });
  finish(draft, read.filter(told));
  void need;
}

function dose(draft: DraftBuilder, about: string | null, parts: Parts, known: boolean) {
  const read = parts.of('medication orders', 'reported medications');
  const orders = parts.active.length > 0 ? parts.active : parts.reported;
  if (orders.length === 0) {
    none(draft, `current order for ${nameOf(about)}`, read, known || parts.orders.length > 0);
    if (parts.last[0]) sayLast(draft, parts.last[0], parts);
    return;
  }
  for (const e of orders.slice(0, 10)) {
    draft.finding(`${orderWords(e)}${since(e)}.`, e);
    const plain = plainValue(e.value);
    if (plain) draft.value({ label: e.concept.name, ...plain, evidence: e.id });
    else if (e.qualifiers?.['dosageText']) draft.value({ label: e.concept.name, value: e.qualifiers['dosageText'], evidence: e.id });
  }
  finish(draft, read.filter(told));
}

function indication(draft: DraftBuilder, about: string | null, parts: Parts) {
  const reasons = [...parts.orders, ...parts.reported, ...parts.doses].filter((e) => e.qualifiers?.['reason']);
  if (reasons.length === 0) {
    draft.say(
      'limit',
      `Why ${nameOf(about)} was ordered is not recorded with it; a reason is not inferred.`,
      parts.completeness.slice(0, 4),
    );
    return draft.part('abstained', 'none_recorded');
  }
  for (const e of reasons.slice(0, 5)) {
    draft.finding(`${e.concept.name}: recorded reason ${e.qualifiers!['reason']}.`, e);
    draft.value({ label: `reason for ${e.concept.name}`, value: e.qualifiers!['reason']!, evidence: e.id });
  }
  draft.part('answered');
}
