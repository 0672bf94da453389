// What the record holds of medications, named and placed in time: orders, doses, reports and dispenses, each read once.
import type { MedicationAdministration, MedicationDispense, MedicationRequest, MedicationStatement, Resource } from 'fhir/r4.js';
import { type Evidence, offsetOf, startOf } from '../../../evidence/index.ts';
import type { ToolContext } from '../../tool.ts';
import { happenedAt } from '../as-of.ts';
import { readWithIncludes } from '../include.ts';
import { medicationOf, type NamedMedication } from '../names.ts';
import { lockOf, type Read, readRecord } from '../read.ts';
import { belongsTo } from '../stays.ts';
import { doseNamer } from './dose-names.ts';
import {
  administrationEvidence,
  dispensedEvidence,
  type Origin,
  orderEvidence,
  reportedEvidence,
  routeWords,
} from './medication-evidence.ts';
import { orderState, periodOf } from './order-state.ts';
import { withEvidence } from './section.ts';
import { readStays, type Stays } from './stays.ts';

export type Item = {
  resource: Resource;
  named: NamedMedication;
  /** Orders: their state at the as-of time; the others: their status. */
  state: string;
  /** Orders in force during a hospital stay: whether they are that stay's. Home prescriptions stay active in many records meanwhile. */
  scope: 'stay' | 'outpatient' | null;
  /** When it began, in ms, for sorting; -Infinity when not dated. */
  at: number;
  readonly evidence: Evidence;
};

/** `later` are the names of what lies after the as-of time: it is only counted. */
export type Items<R extends Resource> = { read: Read<R>; items: Item[]; later: NamedMedication[] };
export type Orders = Items<MedicationRequest> & { stays: Stays };

const INCLUDES = (type: string) => [
  { from: type, at: 'medication', to: 'Medication' },
  { from: 'Medication', at: 'ingredient', to: 'Medication' },
];

const originOf = (context: ToolContext, read: Read): Origin => ({
  server: read.search.server,
  patient: lockOf(context).id,
  asOf: context.asOf,
});

const startMs = (time: string | null, asOf: string) => (time === null ? Number.NEGATIVE_INFINITY : startOf(time, offsetOf(asOf) ?? 'Z'));

function laterOf<R extends Resource>(read: Read<R>, nameOf: (resource: R) => NamedMedication): NamedMedication[] {
  if (read.later === 0) return [];
  const known = new Set<Resource>([...read.resources, ...read.pending, ...read.enteredInError, ...read.unreadable]);
  return (read.search.resources as R[]).filter((r) => !known.has(r)).map(nameOf);
}

export async function readOrders(context: ToolContext): Promise<Orders> {
  const [stays, read] = await Promise.all([
    readStays(context),
    readWithIncludes<MedicationRequest>(context, { type: 'MedicationRequest' }, INCLUDES('MedicationRequest')),
  ]);
  const { lookup } = doseNamer([], read.included);
  const origin = originOf(context, read);
  const items = read.resources.map((order) => {
    const named = medicationOf(order, lookup);
    const stay = stays.of(order.encounter);
    const state = orderState(order, context.asOf, stay?.recordedEnd ?? null);
    const at = startMs(periodOf(order).start ?? order.authoredOn ?? null, context.asOf);
    const scope = state.state === 'active' ? scopeOf(order, stays, context.asOf) : null;
    return withEvidence({ resource: order, named, state: state.state, at, scope }, () =>
      orderEvidence(order, named, { ...state, scope }, stay?.label ?? null, origin),
    );
  });
  return { read, items, stays, later: laterOf(read, (o) => medicationOf(o, lookup)) };
}

/** Null without a current hospital stay. The order's own category decides, else the encounter or the time that it belongs to. */
function scopeOf(order: MedicationRequest, { hospital }: Stays, asOf: string): Item['scope'] {
  if (hospital.current === null) return null;
  const categories = (order.category ?? []).flatMap((c) => [c.text, ...(c.coding ?? []).map((k) => k.code)]).map((c) => c?.toLowerCase());
  if (categories.includes('inpatient')) return 'stay';
  if (categories.some((c) => c === 'community' || c === 'outpatient' || c === 'discharge')) return 'outpatient';
  return belongsTo(order, hospital.current, asOf) ? 'stay' : 'outpatient';
}

export async function readReported(context: ToolContext): Promise<Items<MedicationStatement>> {
  const [stays, read] = await Promise.all([
    readStays(context),
    readWithIncludes<MedicationStatement>(context, { type: 'MedicationStatement' }, INCLUDES('MedicationStatement')),
  ]);
  const { lookup } = doseNamer([], read.included);
  const origin = originOf(context, read);
  const items = read.resources.map((statement) => {
    const named = medicationOf(statement, lookup);
    return withEvidence(
      { resource: statement, named, state: statement.status, at: startMs(happenedAt(statement), context.asOf), scope: null },
      () => reportedEvidence(statement, named, stays.of(statement.context)?.label ?? null, origin),
    );
  });
  return { read, items, later: laterOf(read, (s) => medicationOf(s, lookup)) };
}

/** The search goes out beside that for the orders, whose names it needs; after it, both are at hand. */
export async function readAdministrations(context: ToolContext, orders: Promise<Orders>): Promise<Items<MedicationAdministration>> {
  const [known, read] = await Promise.all([
    orders,
    readWithIncludes<MedicationAdministration>(context, { type: 'MedicationAdministration' }, INCLUDES('MedicationAdministration')),
  ]);
  const { lookup, nameOf } = doseNamer(known.read.search.resources as MedicationRequest[], [...known.read.included, ...read.included]);
  const routeOf = (dose: MedicationAdministration) => {
    const order = lookup(dose.request, dose);
    return order?.resourceType === 'MedicationRequest' ? routeWords(order.dosageInstruction) : null;
  };
  const origin = originOf(context, read);
  const items = read.resources.map((dose) => {
    const named = nameOf(dose);
    return withEvidence({ resource: dose, named, state: dose.status, at: startMs(happenedAt(dose), context.asOf), scope: null }, () =>
      administrationEvidence(dose, named, known.stays.of(dose.context)?.label ?? null, origin, routeOf(dose)),
    );
  });
  return { read, items, later: laterOf(read, nameOf) };
}

export async function readDispenses(context: ToolContext, orders: Promise<Orders>): Promise<Items<MedicationDispense>> {
  // The first read only sends the search beside that for the orders; the second shares it.
  const [known] = await Promise.all([orders, readRecord<MedicationDispense>(context, { type: 'MedicationDispense' })]);
  const ordered = new Map(
    (known.read.search.resources as MedicationRequest[]).map((o) => [`MedicationRequest/${o.id}`, o.authoredOn ?? null]),
  );
  // A dispense without a time (MIMIC) is dated by the order that it serves, else by its encounter.
  const dateOf = (d: MedicationDispense) =>
    d.whenHandedOver ??
    d.whenPrepared ??
    ordered.get(d.authorizingPrescription?.[0]?.reference ?? '') ??
    known.stays.ofRecorded(d.context)?.period?.start ??
    null;
  const read = await readRecord<MedicationDispense>(context, { type: 'MedicationDispense', fallbackTime: dateOf });
  const { lookup } = doseNamer([], known.read.included);
  const origin = originOf(context, read);
  const items = read.resources.map((dispense) => {
    const named = medicationOf(dispense, lookup);
    return withEvidence(
      { resource: dispense, named, state: dispense.status, at: startMs(dateOf(dispense), context.asOf), scope: null },
      () => dispensedEvidence(dispense, named, known.stays.of(dispense.context)?.label ?? null, origin),
    );
  });
  return { read, items, later: laterOf(read, (d) => medicationOf(d, lookup)) };
}

/** In force, or reported as taken, at the as-of time. */
export const isCurrent = (item: Item) => item.state === 'active';

/** The outpatient prescriptions beside a hospital stay's own orders. */
export const isOutpatient = (item: Item) => item.scope === 'outpatient';

/** Newest first; ties by id, so that every run gives the same order. */
export const newestItemFirst = (a: Item, b: Item) => b.at - a.at || ((a.resource.id ?? '') < (b.resource.id ?? '') ? -1 : 1);
