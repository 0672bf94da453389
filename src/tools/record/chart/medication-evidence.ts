// Orders, doses, dispenses and reported medications as evidence. Pure: resources in, evidence out.
import type {
  Dosage,
  Quantity as FhirQuantity,
  MedicationAdministration,
  MedicationDispense,
  MedicationRequest,
  MedicationStatement,
} from 'fhir/r4.js';
import { type Component, type Evidence, type EvidenceTime, makeEvidence, offsetOf, startOf, type Value } from '../../../evidence/index.ts';
import { type NamedMedication, wordsOf } from '../names.ts';
import { fhirSource } from '../read.ts';
import { eventOf, isDose } from './administration-events.ts';
import type { NamedDose } from './dose-names.ts';
import { periodOf, type StateAtTime } from './order-state.ts';
import { asNeededOf, frequencyOf, notesOf, qualifiersOf, quantityOf, rangeOf, ratioText } from './quantity.ts';

export type Origin = { server: string; patient: string; asOf: string };

const isLater = (time: string | null | undefined, asOf: string) => time != null && startOf(time, offsetOf(asOf) ?? 'Z') > startOf(asOf);

const joined = (words: readonly (string | null | undefined)[]) => {
  const distinct = [...new Set(words.filter((w): w is string => typeof w === 'string' && w !== ''))];
  return distinct.length === 0 ? null : distinct.join('; ');
};

/** A mix's dose is told of the whole, never as the dose of a part that its name lists. */
const doseName = (mix: boolean, what: string) => (mix ? `${what} of the mix as a whole` : what);

function dosesOf(dosages: readonly Dosage[] | undefined): Value[] {
  return (dosages ?? []).flatMap((d) =>
    (d.doseAndRate ?? []).map((x) => quantityOf(x.doseQuantity) ?? rangeOf(x.doseRange)).filter((v): v is Value => v !== null),
  );
}

function dosageComponents(dosages: readonly Dosage[] | undefined): Component[] {
  return (dosages ?? []).flatMap((d) => {
    const rates = (d.doseAndRate ?? []).map((x) => quantityOf(x.rateQuantity) ?? rangeOf(x.rateRange) ?? textOf(ratioText(x.rateRatio)));
    const most = textOf(ratioText(d.maxDosePerPeriod));
    return [
      ...rates.filter((v): v is Value => v !== null).map((value) => ({ name: 'rate', value })),
      ...(most === null ? [] : [{ name: 'maximum dose', value: most }]),
    ];
  });
}

const textOf = (text: string | null): Value | null => (text === null ? null : { type: 'text', text });

export const routeWords = (dosages: readonly Dosage[] | undefined) => joined((dosages ?? []).map((d) => wordsOf(d.route)));

function dosageQualifiers(dosages: readonly Dosage[] | undefined) {
  const all = dosages ?? [];
  return {
    route: routeWords(all),
    frequency: joined(all.map((d) => frequencyOf(d.timing))),
    asNeeded: joined(all.map(asNeededOf)),
    dosageText: joined(all.map((d) => d.text)),
    instruction: joined(all.flatMap((d) => [d.patientInstruction, ...(d.additionalInstruction ?? []).map((i) => wordsOf(i))])),
  };
}

const partsOf = (medication: NamedMedication) => (medication.parts.length > 1 ? medication.parts.map((p) => p.name).join(', ') : null);

/** One dose of a single drug is the value; several, or a mix's, are components. */
function valueOrComponents(values: readonly Value[], mix: boolean, what: string): { value?: Value; components: Component[] } {
  if (values.length === 1 && !mix) return { value: values[0]!, components: [] };
  return { components: values.map((value) => ({ name: doseName(mix, what), value })) };
}

/** kind `order`; `qualifiers.state` says whether it was in force at the as-of time. */
export function orderEvidence(
  order: MedicationRequest,
  medication: NamedMedication,
  at: StateAtTime & { scope?: 'stay' | 'outpatient' | null },
  stay: string | null,
  origin: Origin,
): Evidence {
  const period = periodOf(order);
  const start = period.start ?? order.authoredOn ?? null;
  // A stop that the record's later version tells is not yet known at the as-of time; a planned end is.
  const later = at.fromLaterVersion && order.status !== 'active';
  const end = later && isLater(period.end, origin.asOf) ? null : period.end;
  const { value, components } = valueOrComponents(dosesOf(order.dosageInstruction), medication.mix, 'dose ordered');
  const parts: Component[] = [...components, ...dosageComponents(order.dosageInstruction)];
  if (order.authoredOn !== undefined && order.authoredOn !== start)
    parts.push({ name: 'ordered', value: { type: 'time', time: order.authoredOn } });
  const comments = notesOf(order.note);
  return makeEvidence({
    kind: 'order',
    patient: origin.patient,
    concept: medication.concept,
    ...(value === undefined ? {} : { value }),
    ...(parts.length === 0 ? {} : { components: parts }),
    ...(start === null && end === null
      ? {}
      : { time: { start, end, kind: period.start === null && period.end === null ? 'authored' : 'period' } as EvidenceTime }),
    status: later ? (at.state === 'active' ? 'active' : 'not told') : order.status,
    qualifiers: qualifiersOf({
      state: at.state,
      statusIs: later ? `recorded as ${order.status} in a later version than the as-of time's` : 'as recorded',
      scope:
        at.scope === 'stay'
          ? 'ordered for the current stay'
          : at.scope === 'outpatient'
            ? 'outpatient order, not of the current stay'
            : null,
      ...dosageQualifiers(order.dosageInstruction),
      parts: partsOf(medication),
      intent: order.intent === 'order' ? null : order.intent,
      doNotPerform: order.doNotPerform === true ? 'yes: not to be given' : null,
      reason: joined((order.reasonCode ?? []).map(wordsOf)),
      statusReason: wordsOf(order.statusReason),
      category: joined((order.category ?? []).map(wordsOf)),
      reported: order.reportedBoolean === true ? 'yes' : null,
      stay,
    }),
    ...(comments.length === 0 ? {} : { comments }),
    source: fhirSource(origin.server, order),
  });
}

/** Of an infusion whose recorded end lies after the as-of time. */
const STILL_RUNNING = 'at the as-of time';

/** kind `medication`; `qualifiers.event` says whether it was a dose; `orderedRoute` stands where only its order tells the route. What was not given bears no value: its charted dose is a component. */
export function administrationEvidence(
  administration: MedicationAdministration,
  named: NamedDose,
  stay: string | null,
  origin: Origin,
  orderedRoute: string | null = null,
): Evidence {
  const { event, method } = eventOf(administration);
  const { start, end } = whenGiven(administration);
  const endsLater = isLater(end, origin.asOf);
  const running = endsLater || administration.status === 'in-progress';
  const dosage = administration.dosage;
  const dose = quantityOf(dosage?.dose as FhirQuantity | undefined);
  const given = isDose(event);
  const isValue = dose !== null && given && !named.mix && !running;
  const components: Component[] = [];
  // The amount charted at the end of an infusion is not yet known while it runs; the one charted at its start is not yet given.
  const what = running ? 'dose charted, still running' : given ? 'dose charted' : 'dose charted beside it';
  if (dose !== null && !isValue && !endsLater) components.push({ name: doseName(named.mix, what), value: dose });
  const rate = quantityOf(dosage?.rateQuantity) ?? textOf(ratioText(dosage?.rateRatio));
  if (rate !== null) components.push({ name: 'rate', value: rate });
  const comments = notesOf(administration.note);
  return makeEvidence({
    kind: 'medication',
    patient: origin.patient,
    concept: named.concept,
    ...(isValue ? { value: dose } : {}),
    ...(components.length === 0 ? {} : { components }),
    ...(start === null && end === null ? {} : { time: { start, end: endsLater ? null : end, kind: 'given' as const } }),
    status: administration.status,
    qualifiers: qualifiersOf({
      event,
      method,
      running: endsLater ? STILL_RUNNING : running ? 'in progress, as recorded' : null,
      dose: dose === null || running ? null : dose.value === 0 ? 'recorded as 0' : null,
      route: wordsOf(dosage?.route),
      orderedRoute: dosage?.route === undefined ? orderedRoute : null,
      site: wordsOf(dosage?.site),
      statusReason: joined((administration.statusReason ?? []).map(wordsOf)),
      reason: joined((administration.reasonCode ?? []).map(wordsOf)),
      category: wordsOf(administration.category),
      parts: partsOf(named),
      ordered: named.ordered,
      namedBy: named.namedBy,
      stay,
    }),
    ...(comments.length === 0 ? {} : { comments }),
    source: fhirSource(origin.server, administration),
  });
}

function whenGiven(a: MedicationAdministration): { start: string | null; end: string | null } {
  return { start: a.effectiveDateTime ?? a.effectivePeriod?.start ?? null, end: a.effectivePeriod?.end ?? null };
}

/** kind `medication`, event `reported`: what somebody says is taken; neither an order nor a dose. */
export function reportedEvidence(
  statement: MedicationStatement,
  medication: NamedMedication,
  stay: string | null,
  origin: Origin,
): Evidence {
  const taken = statement.effectivePeriod;
  const end = isLater(taken?.end, origin.asOf) ? null : (taken?.end ?? null);
  const start = statement.effectiveDateTime ?? taken?.start ?? null;
  const asserted = statement.dateAsserted ?? null;
  const { value, components } = valueOrComponents(dosesOf(statement.dosage), medication.mix, 'dose reported');
  const comments = notesOf(statement.note);
  const parts = [...components, ...dosageComponents(statement.dosage)];
  if (asserted !== null && start !== null) parts.push({ name: 'reported', value: { type: 'time', time: asserted } });
  return makeEvidence({
    kind: 'medication',
    patient: origin.patient,
    concept: medication.concept,
    ...(value === undefined ? {} : { value }),
    ...(parts.length === 0 ? {} : { components: parts }),
    ...(start !== null || end !== null
      ? { time: { start, end, kind: taken === undefined ? ('effective' as const) : ('period' as const) } }
      : asserted === null
        ? {}
        : { time: { start: asserted, end: null, kind: 'recorded' as const } }),
    status: statement.status,
    qualifiers: qualifiersOf({
      event: 'reported',
      taking: statement.status === 'unknown' ? 'not recorded' : statement.status === 'not-taken' ? 'no' : null,
      ...dosageQualifiers(statement.dosage),
      parts: partsOf(medication),
      informant: statement.informationSource?.display ?? null,
      statusReason: joined((statement.statusReason ?? []).map(wordsOf)),
      reason: joined((statement.reasonCode ?? []).map(wordsOf)),
      stay,
    }),
    ...(comments.length === 0 ? {} : { comments }),
    source: fhirSource(origin.server, statement),
  });
}

/** kind `medication`, event `dispensed`: it left the pharmacy or the cabinet; whether it was given stands elsewhere. */
export function dispensedEvidence(
  dispense: MedicationDispense,
  medication: NamedMedication,
  stay: string | null,
  origin: Origin,
): Evidence {
  const time = dispense.whenHandedOver ?? dispense.whenPrepared ?? null;
  const quantity = quantityOf(dispense.quantity);
  const { value, components } = valueOrComponents(quantity === null ? [] : [quantity], medication.mix, 'quantity dispensed');
  return makeEvidence({
    kind: 'medication',
    patient: origin.patient,
    concept: medication.concept,
    ...(value === undefined ? {} : { components: [{ name: 'quantity dispensed', value }] }),
    ...(components.length === 0 ? {} : { components }),
    ...(time === null ? {} : { time: { start: time, end: null, kind: 'effective' as const } }),
    status: dispense.status,
    qualifiers: qualifiersOf({
      event: 'dispensed',
      time: time === null ? 'not recorded' : null,
      ...dosageQualifiers(dispense.dosageInstruction),
      parts: partsOf(medication),
      stay,
    }),
    source: fhirSource(origin.server, dispense),
  });
}
