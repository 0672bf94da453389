// Hospital, emergency and ICU stays, outpatient visits, wards, and how long a stay lasted (Encounter, as of the as-of time).
import type { Encounter } from 'fhir/r4.js';
import { type Component, type Evidence, makeCompleteness, makeEvidence, offsetOf, precisionOf, startOf } from '../../../evidence/index.ts';
import type { ToolContext } from '../../tool.ts';
import { conceptOf, wordsOf } from '../names.ts';
import { completenessOf, fhirSource, lockOf } from '../read.ts';
import { restrictedFlags } from '../restricted.ts';
import { conditionFits } from './about.ts';
import { type EncounterKind, locationName } from './encounter-kind.ts';
import { periodTime, qualifiersOf } from './quantity.ts';
import { bounded, inWindow, newestFirst, reasons, type Section, what, withoutId } from './section.ts';
import { readStays, type Stay, type Stays } from './stays.ts';

export type StayItem = { stay: Stay; evidence: Evidence; length: Evidence | null };

export async function readEncounters(context: ToolContext): Promise<{ stays: Stays; items: StayItem[] }> {
  const stays = await readStays(context, true);
  const origin = { server: stays.read.search.server, patient: lockOf(context).id };
  const items = stays.stays.map((stay) => {
    const evidence = encounterEvidence(stay, stays, origin);
    return { stay, evidence, length: lengthOfStay(stay, evidence, context.asOf) };
  });
  return { stays, items };
}

/** A stay is told by what it is; a visit by its type, which says more than "outpatient visit". */
function conceptFor({ encounter, kind }: Stay) {
  const type = encounter.type?.[0];
  const typed = conceptOf(type);
  const isNamed = type !== undefined && !/not recorded\)?$/.test(typed.name);
  const ofClass = encounter.class?.code === undefined ? [] : conceptOf({ coding: [encounter.class] }).codings;
  const codings = [...(encounter.type ?? []).flatMap((t) => conceptOf(t).codings), ...ofClass];
  const isVisit = kind === 'outpatient visit' || kind === 'encounter';
  return { name: isVisit && isNamed ? typed.name : kind, codings };
}

function encounterEvidence(
  stay: Stay,
  stays: Pick<Stays, 'lookup' | 'of' | 'areWardsRead'>,
  origin: { server: string; patient: string },
): Evidence {
  const { encounter, kind, current } = stay;
  const number = encounter.identifier?.find((i) => i.value !== undefined)?.value ?? null;
  const time = periodTime(encounter.period);
  const wards = wardsOf(encounter, stays);
  const whole = stays.of(encounter.partOf);
  return makeEvidence({
    kind: 'encounter',
    patient: origin.patient,
    concept: conceptFor(stay),
    ...(wards.length === 0 ? {} : { components: wards }),
    ...(time === null ? {} : { time }),
    status: encounter.status,
    qualifiers: qualifiersOf({
      encounterKind: kind,
      current: current ? 'yes, at the as-of time' : null,
      class: wordsOf(encounter.class === undefined ? undefined : { coding: [encounter.class] }),
      priority: wordsOf(encounter.priority),
      service: encounter.serviceType === undefined ? null : conceptOf(encounter.serviceType).name,
      reason: (encounter.reasonCode ?? []).map((r) => conceptOf(r).name).join('; ') || null,
      admissionSource: wordsOf(encounter.hospitalization?.admitSource),
      dischargeDisposition: wordsOf(encounter.hospitalization?.dischargeDisposition),
      readmission: wordsOf(encounter.hospitalization?.reAdmission),
      partOf: whole?.label ?? null,
      number,
    }),
    source: fhirSource(origin.server, encounter),
  });
}

/** Wards in the order of their times; the same ward twice in a row stays two entries, as recorded. */
function wardsOf(encounter: Encounter, { lookup, areWardsRead }: Pick<Stays, 'lookup' | 'areWardsRead'>): Component[] {
  const unnamed = areWardsRead ? 'ward name not recorded' : 'ward name could not be read';
  return [...(encounter.location ?? [])]
    .sort((a, b) =>
      a.period?.start === undefined || b.period?.start === undefined ? 0 : startOf(a.period.start) - startOf(b.period.start),
    )
    .map((l) => {
      const time = periodTime(l.period);
      return {
        name: 'ward',
        value: { type: 'text' as const, text: locationName(l.location, lookup, encounter) ?? unnamed },
        ...(time === null ? {} : { time }),
      };
    });
}

const MEASURED: readonly EncounterKind[] = ['hospital stay', 'ICU stay', 'emergency department stay'];

/** kind `calculation`, value in days; a current stay is measured up to the as-of time. Null without an admission time. */
function lengthOfStay({ encounter, kind, current }: Stay, evidence: Evidence, asOf: string): Evidence | null {
  const { start, end } = encounter.period ?? {};
  if (!MEASURED.includes(kind) || start === undefined || (end === undefined && !current)) return null;
  const offset = offsetOf(asOf) ?? 'Z';
  const until = end ?? asOf;
  const days = (startOf(until, offset) - startOf(start, offset)) / 86_400_000;
  if (!Number.isFinite(days) || days < 0) return null;
  const byDay = precisionOf(start) === 'day' || precisionOf(until) === 'day';
  return makeEvidence({
    kind: 'calculation',
    patient: evidence.patient,
    concept: { name: `length of ${kind}`, codings: [] },
    value: { type: 'quantity', value: byDay ? Math.round(days) : Math.round(days * 1000) / 1000, unit: 'days', ucum: 'd' },
    components: [
      { name: 'admission', value: { type: 'time', time: start }, inputs: [evidence.id] },
      end === undefined
        ? { name: 'up to the as-of time', value: { type: 'time', time: asOf } }
        : { name: 'discharge', value: { type: 'time', time: end }, inputs: [evidence.id] },
    ],
    time: { start: asOf, end: null, kind: 'computed' },
    ...(current ? { qualifiers: { current: 'not discharged at the as-of time' } } : {}),
    source: { type: 'calculation', method: end === undefined ? 'length of stay so far' : 'length of stay', inputs: [evidence.id] },
  });
}

const KIND_WORDS: readonly (readonly [RegExp, readonly EncounterKind[]])[] = [
  [/^(icu|intensive care|critical care)( stays?| admissions?)?$/i, ['ICU stay']],
  [/^(ed|er|a&e|emergency|emergency (room|department))( visits?| stays?)?$/i, ['emergency department stay']],
  [/^(hospital|inpatient|admissions?|hospitali[sz]ations?|stays?)( stays?| admissions?)?$/i, ['hospital stay']],
  [/^(outpatient|clinic|office|ambulatory|visits?|appointments?)( visits?| appointments?)?$/i, ['outpatient visit', 'encounter']],
];

function encounterFits(about: string): (item: StayItem) => boolean {
  const kinds = KIND_WORDS.find(([pattern]) => pattern.test(about.trim()))?.[1];
  if (kinds !== undefined) return ({ stay }) => kinds.includes(stay.kind);
  const fits = conditionFits(about);
  return ({ evidence }) => {
    const { qualifiers = {}, components = [], concept } = evidence;
    const wards = components.map((c) => (c.value.type === 'text' ? c.value.text : ''));
    const said = ['service', 'reason', 'admissionSource', 'dischargeDisposition', 'number'].map((key) => qualifiers[key] ?? '');
    return fits(concept) || [...wards, ...said].some((name) => name !== '' && fits({ name, codings: [{ code: name }] }));
  };
}

const NOT_HELD = /^(planned|cancelled)$/;

export const encounters: Section = async (context, request) => {
  const { stays, items } = await readEncounters(context);
  const fits = request.about === null ? () => true : encounterFits(request.about);
  const chosen = items
    .filter((i) => fits(i) && inWindow(i.evidence, request, context.asOf) && (request.status === 'all' || i.stay.current))
    .sort((a, b) => newestFirst(a.evidence, b.evidence));
  const { shown, note } = bounded(chosen.map((i) => i.evidence));
  const notHeld = chosen.filter((i) => NOT_HELD.test(i.evidence.status ?? '')).length;
  const base = completenessOf(context, stays.read, what('encounters', request.about), {
    found: chosen.length - notHeld,
    from: request.from,
    to: request.to,
  });
  return {
    evidence: [...shown, ...chosen.filter((i) => shown.includes(i.evidence)).flatMap((i) => (i.length === null ? [] : [i.length]))],
    completeness: [
      makeCompleteness({
        ...withoutId(base),
        reason: reasons(
          base.reason,
          note,
          stays.areWardsRead ? null : 'the names of wards could not be read',
          notHeld > 0 ? `${notHeld} planned or cancelled, not counted as found` : null,
        ),
      }),
    ],
    flags: restrictedFlags(chosen.filter((i) => shown.includes(i.evidence)).map((i) => [i.stay.encounter, i.evidence])),
  };
};
