// Sentences on medication orders: what is prescribed, from when, how; not what was given.
import { type Completeness, type Evidence, endOf, formatValue, readableTime, startOf } from '../../../evidence/index.ts';
import type { MedicationNeed } from '../needs.ts';
import { sayDose, sayLastDose, sayRunning } from './doses.ts';
import { type DraftBuilder, plainValue } from './draft.ts';
import {
  finish,
  isGiven,
  isKept,
  isOfForm,
  isRecent,
  MOST_NAMES,
  nameOf,
  type Parts,
  sayNoMedication,
  sayNotKept,
} from './medication-parts.ts';
import { capital, isComplete, isCutOff, windowWords } from './outcome.ts';

/** `Metoprolol Tartrate 25 mg, PO, twice a day`. */
function orderWords(e: Evidence): string {
  const q = e.qualifiers ?? {};
  const dose = e.value ? ` ${formatValue(e.value)}` : '';
  const parts = (e.components ?? []).filter((c) => c.value.type !== 'time').map((c) => `${c.name} ${formatValue(c.value)}`);
  const more = [q['route'], q['frequency'], q['asNeeded'], ...parts].filter((w) => w !== undefined);
  return `${e.concept.name}${dose}${more.length > 0 ? `, ${more.join(', ')}` : ''}`;
}

const since = (e: Evidence) => (e.time?.start ? `, ordered from ${readableTime(e.time.start)}` : '');
const SOURCES = ['medication orders', 'outpatient orders', 'reported medications'];

/** What is in force or, with an earlier time, what was ordered; with a yes or no where that was asked. */
export function sayOrders(draft: DraftBuilder, need: MedicationNeed, parts: Parts) {
  const { about } = parts;
  const current = need.status === 'active';
  const completeness = parts.of(...SOURCES);
  const label = `${about ?? 'any medication'}: ${current ? 'current order' : need.when === null ? 'ordered' : 'order in force'}`;
  // What is ordered on a day is what was in force on it, whenever it began; the tool returns what overlaps.
  const ordered = current ? parts.active : parts.orders;
  const all = [...ordered, ...parts.reported.filter((e) => !need.ordered && (!current || e.status === 'active'))];
  const recent = parts.last[0];
  // An infusion that runs is one whatever its order says.
  const [running] = current ? parts.running : [];
  if (all.length === 0 && running !== undefined) {
    for (const e of parts.running.slice(0, 3)) sayRunning(draft, e);
    if (need.form === undefined) sayNoMedication(draft, parts, `current order for ${parts.absent} is recorded`, completeness);
    if (need.ask === 'is on') draft.value({ label: `${nameOf(parts)}: running`, value: true, evidence: running.id });
    return finish(draft, parts.of('administrations').filter(isKept));
  }
  if (all.length === 0 && need.form !== undefined && parts.others.some((e) => e.kind === 'order')) return sayOtherForm(draft, need, parts);
  if (all.length === 0) {
    const isNow = current && isRecent(recent, parts.of('administrations'));
    if (isNow && recent) sayLastDose(draft, recent, parts);
    sayNoMedication(
      draft,
      parts,
      `${current ? 'current ' : ''}${about === null ? 'medication order' : `order for ${parts.absent}`} is recorded`,
      completeness,
      need.ask === 'is on' && !isNow ? { label, value: false } : undefined,
    );
    // What ran or was given within a day stands against the lack of an order: neither yes nor no.
    if (isNow) return draft.part('partial', 'none_recorded');
    for (const e of parts.others.filter((o) => o.kind === 'order' && (!current || o.qualifiers?.['state'] === 'active')).slice(0, 5))
      draft.finding(`Recorded instead: ${orderWords(e)}${since(e)}.`, e);
    if (recent) sayLastDose(draft, recent, parts);
    return;
  }
  const shown = need.ask === 'is on' && about === null ? all.slice(0, 5) : all.slice(0, MOST_NAMES);
  for (const e of shown) {
    draft.finding(`${orderWords(e)}${e.kind === 'order' ? since(e) : ', reported as taken'}.`, e);
    if (need.ask === 'list') draft.value({ label: 'medication', value: e.concept.name, evidence: e.id });
  }
  if (about !== null) for (const c of parts.classes) draft.finding(`${capital(c.concept.name)}.`, c);
  const begun = ordered.filter((e) => beganIn(e, completeness.filter(isKept)));
  if (need.ordered && need.when !== null && ordered.length > 0 && begun.length === 0)
    draft.say('limit', 'What is shown was in force in the time asked about and began before it.');
  if (all.length > shown.length) draft.say('limit', 'More orders are recorded than are listed here; ask for one drug or class.');
  if (need.ask === 'is on') {
    draft.value({ label, value: true, evidence: all[0]!.id });
    if (current && about !== null) for (const e of parts.running.slice(0, 3)) sayRunning(draft, e);
    if (recent && current && about !== null && recent.qualifiers?.['running'] === undefined) sayLastDose(draft, recent, parts);
  }
  for (const c of completeness.filter((c) => !isKept(c))) sayNotKept(draft, c);
  if (need.form !== undefined && need.form !== 'sliding scale' && about === null) {
    draft.say('limit', `Only orders that say so are listed; which others ${FORM_WORDS[need.form]} is not told by them.`);
    return draft.part('partial', 'not_looked_for');
  }
  if (need.form === 'sliding scale') draft.say('limit', 'Which orders are a sliding scale is not told apart here.');
  if (about === null && current) draft.say('limit', 'An order says what is prescribed, not that it was given or taken.');
  return finish(draft, completeness.filter(isKept), need.ask === 'list' && all.length > shown.length);
}

const FORM_WORDS = { infusion: 'run as an infusion', 'as needed': 'are as needed', 'sliding scale': 'are a sliding scale' } as const;

/** Orders there are, and none says that it is of the form asked for: they are shown, and nothing is denied. */
export function sayOtherForm(draft: DraftBuilder, need: MedicationNeed, parts: Parts) {
  draft.say('limit', `Which orders ${FORM_WORDS[need.form!]} is not told by the orders that were read.`);
  const isAsked = (e: Evidence) => e.kind === 'order' && (need.status !== 'active' || e.qualifiers?.['state'] === 'active');
  for (const e of parts.about === null ? [] : parts.others.filter(isAsked).slice(0, 10)) draft.finding(`${orderWords(e)}${since(e)}.`, e);
  if (parts.about !== null && parts.last[0]) sayLastDose(draft, parts.last[0], parts);
  return draft.part('partial', 'not_looked_for');
}

/** All that was ordered in a time: each name once; or what was ordered first or last. */
export function listOrders(draft: DraftBuilder, need: MedicationNeed, parts: Parts) {
  const completeness = parts.of(...SOURCES);
  const read = completeness.filter(isKept);
  // An order that began before the time asked about was not ordered in it; what is reported was not ordered here.
  const begun = parts.orders.filter((e) => beganIn(e, read));
  const all = need.ordered || need.picked ? begun : [...begun, ...parts.reported];
  const chosen = need.picked && need.pick.type === 'nth' ? atOneTime(all, need.pick.n) : all;
  if (need.picked && need.pick.type === 'nth' && need.pick.n > 0 && isCutOff(read)) return sayTooMany(draft, parts);
  const byName = new Map<string, Evidence>();
  for (const e of chosen) if (!byName.has(e.concept.name)) byName.set(e.concept.name, e);
  if (byName.size === 0)
    return sayNoMedication(
      draft,
      parts,
      `${parts.about === null ? 'medication order' : `order for ${parts.absent}`} is recorded as beginning`,
      completeness,
    );
  const set = need.picked && need.pick.type === 'nth' && isComplete(read) ? (need.pick.n > 0 ? 'First ordered' : 'Last ordered') : null;
  for (const [name, e] of [...byName].slice(0, MOST_NAMES)) {
    draft.finding(
      `${set ?? 'Ordered'}${set === null ? '' : windowWords(read, need.when !== null)}: ${name}${since(e).replace(', ordered', ',')}.`,
      e,
      set === null ? [] : read,
    );
    draft.value({ label: 'medication', value: name, evidence: e.id });
  }
  if (byName.size > MOST_NAMES) draft.say('limit', 'More medicines are recorded than are listed here; ask for a shorter time.');
  return finish(draft, read, byName.size > MOST_NAMES);
}

function sayTooMany(draft: DraftBuilder, parts: Parts) {
  draft.say('limit', `More orders for ${nameOf(parts)} are recorded than can be looked through here; ask for a shorter time.`);
  return draft.part('abstained', 'unsupported');
}

/** Whether it begins in the window that was read; one without a time counts where no time was asked. */
function beganIn(e: Evidence, read: readonly Completeness[]): boolean {
  const [from, to] = read[0]?.window ?? [null, null];
  if (from === null && read.length > 0 && Number.isNaN(startMs(e))) return true;
  return (from === null || startMs(e) >= startOf(from)) && (to === null || !(startMs(e) > endOf(to)));
}

const startMs = (e: Evidence) => startOf(e.time?.start ?? '');

/** Everything that begins at the nth time of all. */
function atOneTime(all: readonly Evidence[], n: number): Evidence[] {
  const dated = all.filter((e) => !Number.isNaN(startMs(e)));
  const time = [...new Set(dated.map(startMs))].sort((a, b) => a - b).at(n > 0 ? n - 1 : n);
  return dated.filter((e) => startMs(e) === time);
}

/** What somebody says is taken at home; a source may keep none of it. */
export function sayReported(draft: DraftBuilder, need: MedicationNeed, parts: Parts) {
  const all = [...parts.reported, ...parts.orders.filter((e) => e.qualifiers?.['scope']?.startsWith('outpatient'))];
  const outpatient = all.some((e) => e.kind === 'order') ? ['medication orders'] : [];
  const completeness = parts.of('reported medications', 'outpatient orders', ...outpatient);
  if (all.length === 0) return sayNoMedication(draft, parts, 'reported medication is recorded', completeness);
  for (const c of completeness.filter((o) => !isKept(o))) sayNotKept(draft, c);
  // A list is reported anew at each visit: the newest one answers.
  const dayOf = (e: Evidence) => e.time?.start?.slice(0, 10) ?? '';
  const newest = parts.reported.map(dayOf).sort().at(-1) ?? '';
  const shown =
    need.when === null && !need.picked && parts.about === null
      ? all.filter((e) => e.kind === 'order' || dayOf(e) === newest || dayOf(e) === '')
      : all;
  if (shown.length < all.length) draft.say('limit', 'The newest list is shown; lists reported at earlier visits are recorded too.');
  for (const e of shown.slice(0, MOST_NAMES)) {
    draft.finding(
      `${orderWords(e)}${e.kind === 'order' ? since(e) : `, reported as taken${e.time?.start ? `, ${readableTime(e.time.start)}` : ''}`}.`,
      e,
    );
    draft.value({ label: e.kind === 'order' ? 'outpatient order' : 'reported medication', value: e.concept.name, evidence: e.id });
  }
  return finish(draft, completeness.filter(isKept), shown.length > MOST_NAMES);
}

export function sayStarted(draft: DraftBuilder, need: MedicationNeed, parts: Parts) {
  const read = parts.of('medication orders');
  const dated = parts.orders.filter((e) => !Number.isNaN(startMs(e)) && beganIn(e, read)).sort((a, b) => startMs(a) - startMs(b));
  const n = need.pick.type === 'nth' ? need.pick.n : 1;
  if (n > 0 && isCutOff(read)) return sayTooMany(draft, parts);
  const e = dated.at(n > 0 ? n - 1 : n);
  if (e === undefined) return sayNoMedication(draft, parts, `dated order for ${parts.absent} is recorded`, read);
  const complete = isComplete(read);
  const which = !complete ? 'An' : n < 0 ? 'The last' : n === 1 ? 'The first' : 'An';
  draft.finding(
    `${which} order for ${e.concept.name}${complete ? windowWords(read, need.when !== null) : ''} begins at ${readableTime(e.time!.start!)}.`,
    e,
    complete ? read : [],
  );
  draft.value({ label: `${nameOf(parts)} ordered`, value: e.time!.start!, evidence: e.id });
  return finish(draft, read.filter(isKept));
}

/** Since when it was infused, as charted: the first interval, only where all were read. */
export function sayInfusionStart(draft: DraftBuilder, need: MedicationNeed, parts: Parts) {
  const charted = parts.of('administrations');
  const ran = parts.doses
    .filter((e) => isGiven(e) && e.time?.start && (e.time.end != null || e.qualifiers?.['running'] !== undefined))
    .sort((a, b) => startMs(a) - startMs(b));
  const n = need.pick.type === 'nth' ? need.pick.n : 1;
  const e = ran.at(n > 0 ? n - 1 : n);
  if (e === undefined || !isComplete(charted.filter(isKept)) || (n > 0 && isCutOff(charted))) return sayOtherForm(draft, need, parts);
  const which = n === 1 ? 'first' : n === -1 ? 'last' : null;
  draft.finding(
    `${which === null ? 'An' : `The ${which}`} infusion of ${e.concept.name} that is charted began at ${readableTime(e.time!.start!)}.`,
    e,
    charted,
  );
  draft.value({ label: `${nameOf(parts)} began`, value: e.time!.start!, evidence: e.id });
  return finish(draft, charted.filter(isKept));
}

/** The orders that end in the window that was read. */
function listStopped(draft: DraftBuilder, need: MedicationNeed, parts: Parts, read: readonly Completeness[]) {
  const [from, to] = read[0]?.window ?? [null, null];
  const ended = parts.orders.filter(
    (e) => e.time?.end && (from === null || startOf(e.time.end) >= startOf(from)) && (to === null || startOf(e.time.end) <= endOf(to)),
  );
  if (ended.length === 0) {
    draft.say('limit', 'No order is recorded as ending in this time.', read);
    return draft.part('abstained', 'none_recorded');
  }
  for (const e of ended.slice(0, MOST_NAMES)) {
    draft.finding(`The order for ${e.concept.name} ends at ${readableTime(e.time!.end!)}.`, e);
    draft.value({ label: 'order ends', value: e.concept.name, evidence: e.id });
  }
  return finish(draft, read, ended.length > MOST_NAMES || (need.when === null && isCutOff(read)));
}

export function sayStopped(draft: DraftBuilder, need: MedicationNeed, parts: Parts) {
  const read = parts.of('medication orders');
  if (parts.about === null) return listStopped(draft, need, parts, read.filter(isKept));
  const [e] = parts.orders.filter((o) => o.time?.end).sort((a, b) => startOf(b.time!.end!) - startOf(a.time!.end!));
  // An infusion stops when its last charted interval ends; an order may outlast it.
  const running = parts.running[0] ?? parts.doses.find((o) => o.qualifiers?.['running'] !== undefined);
  if (running) {
    sayRunning(draft, running);
    draft.value({ label: `${nameOf(parts)} stopped`, value: false, evidence: running.id });
    return draft.part('answered');
  }
  const [ran] = parts.doses
    .filter((o) => isGiven(o) && o.time?.end && o.time.start !== o.time.end)
    .sort((a, b) => startOf(b.time!.end!) - startOf(a.time!.end!));
  if (ran && (need.form === 'infusion' || parts.doses.every((o) => !isGiven(o) || o.time?.end))) {
    const charted = parts.of('administrations');
    draft.finding(`The last infusion of ${ran.concept.name} that is charted ended at ${readableTime(ran.time!.end!)}.`, ran, charted);
    draft.value({ label: `${nameOf(parts)} ended`, value: ran.time!.end!, evidence: ran.id });
    return finish(draft, charted.filter(isKept));
  }
  if (parts.active[0]) draft.finding(`An order for ${parts.active[0].concept.name} is in force.`, parts.active[0]);
  if (e === undefined) {
    draft.say('limit', `When ${nameOf(parts)} was stopped is not told by its orders.`);
    return draft.part('abstained', 'none_recorded');
  }
  const state = e.qualifiers?.['state'];
  draft.finding(`An order for ${e.concept.name} ends at ${readableTime(e.time!.end!)}${state ? ` (${state})` : ''}.`, e);
  draft.value({ label: `${nameOf(parts)} order ends`, value: e.time!.end!, evidence: e.id });
  return finish(draft, read.filter(isKept));
}

/** How much: what runs, by its rate; in a time that is named the doses given in it; else as ordered, which is not what is given. */
export function sayDoseAsked(draft: DraftBuilder, need: MedicationNeed, parts: Parts) {
  const charted = parts.of('administrations');
  const isNow = need.when === null;
  if (isNow && parts.running.length > 0) return sayRates(draft, parts);
  const given = parts.doses.filter(isGiven);
  if (!isNow && given.length > 0) {
    for (const e of given.slice(0, 10)) {
      sayDose(draft, e);
      const amount = plainValue(e.value);
      if (amount && need.rate === undefined)
        draft.value({ label: `${e.concept.name} given`, ...amount, ...(e.time?.start ? { time: e.time.start } : {}), evidence: e.id });
    }
    for (const e of parts.orders.slice(0, 3)) draft.finding(`${orderWords(e)}${since(e)}.`, e);
    if (need.rate) draft.say('limit', 'What is shown is as charted; a rate stands only where the entry has one.');
    return need.rate ? draft.part('partial', 'none_recorded') : finish(draft, charted.filter(isKept), given.length > 10);
  }
  const read = parts.of(...SOURCES);
  const inForce = isNow ? parts.active : parts.orders;
  const orders = inForce.length > 0 ? inForce : parts.reported;
  if (orders.length === 0) {
    sayNoMedication(draft, parts, `${isNow ? 'current ' : ''}order for ${parts.absent} is recorded`, read);
    if (parts.last[0]) sayLastDose(draft, parts.last[0], parts);
    return;
  }
  const infused = orders.filter((e) => isOfForm(e, 'infusion'));
  for (const e of orders.slice(0, 10)) {
    draft.finding(`${orderWords(e)}${since(e)}.`, e);
    const plain = plainValue(e.value) ?? (e.qualifiers?.['dosageText'] ? { value: e.qualifiers['dosageText'] } : null);
    if (plain && !need.rate && !infused.includes(e)) draft.value({ label: e.concept.name, ...plain, evidence: e.id });
  }
  if (need.rate === undefined && infused.length === 0) return finish(draft, read.filter(isKept), orders.length > 10);
  if (parts.last[0]) sayLastDose(draft, parts.last[0], parts);
  draft.say(
    'limit',
    `The ${need.rate ? 'rate' : 'dose'} that is being given is not told: no interval is charted as running, and the amount of an order may be that of the bag.`,
    charted.filter(isKept),
  );
  return draft.part('partial', 'none_recorded');
}

/** What runs and how fast, as charted. */
function sayRates(draft: DraftBuilder, parts: Parts) {
  const rateOf = (e: Evidence) => plainValue(e.components?.find((c) => c.name === 'rate')?.value);
  for (const e of parts.running.slice(0, 5)) {
    sayRunning(draft, e);
    const rate = rateOf(e);
    if (rate) draft.value({ label: `${nameOf(parts)} rate`, ...rate, ...(e.time?.start ? { time: e.time.start } : {}), evidence: e.id });
  }
  if (parts.running.every((e) => rateOf(e))) return finish(draft, parts.of('administrations').filter(isKept));
  draft.say('limit', 'The rate is not told by what is charted.');
  return draft.part('partial', 'none_recorded');
}

export function sayIndication(draft: DraftBuilder, parts: Parts) {
  const reasons = [...parts.orders, ...parts.reported, ...parts.doses].filter((e) => e.qualifiers?.['reason']);
  if (reasons.length === 0) {
    draft.say('limit', `Why ${nameOf(parts)} was ordered is not recorded with it; a reason is not inferred.`);
    return draft.part('abstained', 'none_recorded');
  }
  for (const e of reasons.slice(0, 5)) {
    draft.finding(`${e.concept.name}: recorded reason ${e.qualifiers!['reason']}.`, e);
    draft.value({ label: `reason for ${e.concept.name}`, value: e.qualifiers!['reason']!, evidence: e.id });
  }
  return draft.part('answered');
}

/** How many orders; different drugs are not counted here. */
export function countOrders(draft: DraftBuilder, need: MedicationNeed, parts: Parts) {
  const read = parts.of('medication orders').filter(isKept);
  if (parts.about === null || need.route !== null || need.things.some((t) => t.extra)) {
    draft.say('limit', 'Different medicines cannot be counted here yet; they can be listed.');
    return draft.part('abstained', 'unsupported');
  }
  const [c] = read;
  if (c === undefined || parts.orders.length === 0)
    return sayNoMedication(draft, parts, `order for ${parts.absent} is recorded`, parts.of('medication orders'), {
      label: `orders for ${parts.about}`,
      value: 0,
    });
  // Counted in a time: the orders that begin in it, not those that are in force already.
  if (need.when !== null && isCutOff(read)) return sayTooMany(draft, parts);
  const n = need.when === null ? c.found : parts.orders.filter((e) => beganIn(e, read)).length;
  if (need.when !== null && n !== c.found) {
    for (const e of parts.orders.slice(0, 20)) draft.finding(`${orderWords(e)}${since(e)}.`, e);
    draft.say('limit', 'Some of these orders began before the time asked about; they are shown and not counted.');
    return draft.part('partial', 'unsupported');
  }
  draft.finding(
    `${c.found} ${c.found === 1 ? 'order' : 'orders'} for ${parts.about} ${c.found === 1 ? 'is' : 'are'} recorded${windowWords([c], need.when !== null)}.`,
    c,
    parts.orders.slice(0, 20),
  );
  draft.value({ label: `orders for ${parts.about}`, value: c.found, evidence: c.id });
  return finish(draft, read);
}
