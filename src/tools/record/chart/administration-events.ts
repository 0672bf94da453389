// Whether a charted dose was given: decided by the administration's status and `dosage.method` together (and statusReason).
// MIMIC-IV's eMAR writes every administration as `completed`; what happened stands only in the method, beside a dose. Its words
// (mimic.mit.edu/docs/iv/modules/hosp/emar, column event_txt; ICU: inputevents.ordercategorydescription) are the table below.
import type { MedicationAdministration } from 'fhir/r4.js';

export type AdministrationEvent =
  | 'given'
  | 'not given'
  | 'held'
  | 'refused'
  | 'stopped'
  | 'delayed'
  | 'partial'
  | 'charted, event not stated';

const NOT_STATED: AdministrationEvent = 'charted, event not stated';

/** Lower case, without `Delayed` before and `in Other Location` or `Unscheduled` behind, which are read apart. */
const WORDS: Readonly<Record<string, AdministrationEvent>> = {
  // A dose went in, or was put on.
  administered: 'given',
  given: 'given',
  applied: 'given',
  flushed: 'given',
  started: 'given',
  restarted: 'given',
  'administered bolus from iv drip': 'given',
  'removed existing / applied new': 'given',
  'partial administered': 'partial',
  'partially administered': 'partial',
  'partially given': 'partial',
  partial: 'partial',
  // ICU charting: how it went in.
  'continuous med': 'given',
  'continuous iv': 'given',
  'drug push': 'given',
  bolus: 'given',
  'non iv meds': 'given',
  // Ways of giving as SNOMED CT's administration methods name them (children of 736665006).
  push: 'given',
  'slow push': 'given',
  'iv push': 'given',
  inject: 'given',
  infuse: 'given',
  swallow: 'given',
  apply: 'given',
  inhale: 'given',
  insert: 'given',
  instill: 'given',
  // No dose.
  'not given': 'not given',
  'not given per sliding scale': 'not given',
  'not administered': 'not given',
  'not applied': 'not given',
  'not flushed': 'not given',
  'not started': 'not given',
  'not started per sliding scale': 'not given',
  'not done': 'not given',
  omitted: 'not given',
  missed: 'not given',
  'hold dose': 'held',
  hold: 'held',
  held: 'held',
  'on hold': 'held',
  refused: 'refused',
  'patient refused': 'refused',
  stopped: 'stopped',
  'stopped as directed': 'stopped',
  discontinued: 'stopped',
  removed: 'stopped',
  // Charted about a running or standing drug: no dose of its own, and none denied.
  assessed: NOT_STATED,
  'not assessed': NOT_STATED,
  confirmed: NOT_STATED,
  'not confirmed': NOT_STATED,
  read: NOT_STATED,
  'not read': NOT_STATED,
  'not removed': NOT_STATED,
  'not stopped': NOT_STATED,
  'not stopped per sliding scale': NOT_STATED,
  'rate change': NOT_STATED,
  'tpn rate not changed': NOT_STATED,
  'documented in o.r. holding': NOT_STATED,
  'infusion reconciliation': NOT_STATED,
  'infusion reconciliation not done': NOT_STATED,
};

/** Where several words stand side by side, the one that gives least away decides. */
const MOST_CAUTIOUS: readonly AdministrationEvent[] = [
  'not given',
  'refused',
  'held',
  'stopped',
  'partial',
  'delayed',
  'given',
  NOT_STATED,
];

/** The event that a method's word means; null for a word that is not in the table. */
export function eventOfWord(word: string): AdministrationEvent | null {
  const bare = word
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/ ?-? ?unscheduled(?= in other location$|$)/, '')
    .replace(/ in other location$/, '');
  const late = bare.startsWith('delayed ');
  const event = WORDS[late ? bare.slice('delayed '.length) : bare] ?? null;
  return late && event === 'given' ? 'delayed' : event;
}

const NOT_GIVEN_REASONS = 'http://terminology.hl7.org/CodeSystem/reason-medication-not-given';

/** Why the source says that a dose was not given: HL7's reasons `b` (away), `c` (asleep), `d` (vomited); `a` is "none". */
const saysNotGiven = (a: MedicationAdministration) =>
  a.statusReason?.some((r) => r.coding?.some((c) => c.system === NOT_GIVEN_REASONS && c.code !== 'a')) ?? false;

const reasonWords = (a: MedicationAdministration) =>
  (a.statusReason ?? []).flatMap((r) => [r.text, ...(r.coding ?? []).flatMap((c) => [c.display, c.code])]).join(' ');

/** What a dose that was not done is called: refused and held where the source says so. */
function notDone(administration: MedicationAdministration, byMethod: AdministrationEvent | null): AdministrationEvent {
  if (byMethod === 'refused' || byMethod === 'held') return byMethod;
  const reason = reasonWords(administration);
  if (/refus|declin|patient objection|PATOBJ/i.test(reason)) return 'refused';
  return /\b(hold|held|on hold)\b/i.test(reason) ? 'held' : 'not given';
}

/** @returns the event, and the source's own word for it (null where it has none). */
export function eventOf(administration: MedicationAdministration): { event: AdministrationEvent; method: string | null } {
  const concept = administration.dosage?.method;
  const words = [concept?.text, ...(concept?.coding ?? []).flatMap((c) => [c.display, c.code])].filter((w) => w !== undefined);
  const method = words[0]?.trim() || null;
  const events = words.map(eventOfWord).filter((e) => e !== null);
  const byMethod = MOST_CAUTIOUS.find((e) => events.includes(e)) ?? null;
  switch (administration.status) {
    case 'not-done':
      return { event: notDone(administration, byMethod), method };
    case 'on-hold':
      return { event: 'held', method };
    case 'stopped':
      return { event: byMethod === 'not given' || byMethod === 'refused' ? byMethod : 'stopped', method };
    case 'in-progress':
      return { event: byMethod ?? (method === null && !saysNotGiven(administration) ? 'given' : NOT_STATED), method };
    case 'completed':
      if (saysNotGiven(administration)) return { event: notDone(administration, byMethod), method };
      return { event: byMethod ?? NOT_STATED, method };
    default: // unknown; entered-in-error never comes this far
      return { event: byMethod !== null && byMethod !== 'given' && byMethod !== 'delayed' ? byMethod : NOT_STATED, method };
  }
}

/** A dose, or part of one, reached the patient. */
export const isDose = (event: string | undefined) => event === 'given' || event === 'delayed' || event === 'partial';
