// Medications: orders apart from doses, doses apart from what was not given, and both apart from what is reported or dispensed.
import type { MedicationAdministration, MedicationDispense, MedicationRequest, MedicationStatement, Resource } from 'fhir/r4.js';
import { type Completeness, type Evidence, makeCompleteness } from '../../../evidence/index.ts';
import type { ToolContext } from '../../tool.ts';
import { readWithIncludes } from '../include.ts';
import { medicationOf, type NamedMedication } from '../names.ts';
import { completenessOf, lockOf, type Read, readRecord } from '../read.ts';
import { restrictedFlags } from '../restricted.ts';
import { classEvidence, type DrugMatch, drugFits } from './about.ts';
import { doseNamer } from './dose-names.ts';
import { doseSummaries } from './dose-summary.ts';
import { administrationEvidence, dispensedEvidence, type Origin, orderEvidence, reportedEvidence } from './medication-evidence.ts';
import { orderState } from './order-state.ts';
import { bounded, inWindow, newestFirst, reasons, type Section, type SectionRequest, what, withoutId } from './section.ts';
import { readStays, type Stays } from './stays.ts';

type Item<R extends Resource> = { resource: R; evidence: Evidence; named: NamedMedication };

const INCLUDES = (type: string) => [
  { from: type, at: 'medication', to: 'Medication' },
  { from: 'Medication', at: 'ingredient', to: 'Medication' },
];

export type OrdersRead = { orders: Read<MedicationRequest>; items: Item<MedicationRequest>[]; stays: Stays };

/** All orders, named, with their state at the as-of time. */
export async function readOrders(context: ToolContext): Promise<OrdersRead> {
  const [stays, orders] = await Promise.all([
    readStays(context),
    readWithIncludes<MedicationRequest>(context, { type: 'MedicationRequest' }, INCLUDES('MedicationRequest')),
  ]);
  const { lookup } = doseNamer(orders.resources, orders.included);
  const items = orders.resources.map((order) => {
    const named = medicationOf(order, lookup);
    const stay = stays.of(order.encounter);
    const at = orderState(order, context.asOf, stay?.recordedEnd ?? null);
    return { resource: order, named, evidence: orderEvidence(order, named, at, stay?.label ?? null, originOf(context, orders)) };
  });
  return { orders, items, stays };
}

export async function readReported(context: ToolContext): Promise<{ read: Read<MedicationStatement>; items: Item<MedicationStatement>[] }> {
  const [stays, read] = await Promise.all([
    readStays(context),
    readWithIncludes<MedicationStatement>(context, { type: 'MedicationStatement' }, INCLUDES('MedicationStatement')),
  ]);
  const { lookup } = doseNamer([], read.included);
  const items = read.resources.map((statement) => {
    const named = medicationOf(statement, lookup);
    return {
      resource: statement,
      named,
      evidence: reportedEvidence(statement, named, stays.of(statement.context)?.label ?? null, originOf(context, read)),
    };
  });
  return { read, items };
}

async function readAdministrations(context: ToolContext, known: OrdersRead) {
  const read = await readWithIncludes<MedicationAdministration>(
    context,
    { type: 'MedicationAdministration' },
    INCLUDES('MedicationAdministration'),
  );
  const { nameOf } = doseNamer(known.orders.search.resources as MedicationRequest[], [...known.orders.included, ...read.included]);
  const items = read.resources.map((administration) => {
    const named = nameOf(administration);
    const stay = known.stays.of(administration.context)?.label ?? null;
    return { resource: administration, named, evidence: administrationEvidence(administration, named, stay, originOf(context, read)) };
  });
  return { read, items };
}

async function readDispenses(context: ToolContext, known: OrdersRead) {
  const ordered = new Map(
    (known.orders.search.resources as MedicationRequest[]).map((o) => [`MedicationRequest/${o.id}`, o.authoredOn ?? null]),
  );
  const read = await readRecord<MedicationDispense>(context, {
    type: 'MedicationDispense',
    // A dispense without a time (MIMIC) is dated by the order that it serves, else by its encounter.
    fallbackTime: (d) =>
      d.whenPrepared ??
      ordered.get(d.authorizingPrescription?.[0]?.reference ?? '') ??
      (d.context === undefined ? null : (known.stays.ofRecorded(d.context)?.period?.start ?? null)),
  });
  const { lookup } = doseNamer([], known.orders.included);
  const items = read.resources.map((dispense) => {
    const named = medicationOf(dispense, lookup);
    const stay = known.stays.of(dispense.context)?.label ?? null;
    return { resource: dispense, named, evidence: dispensedEvidence(dispense, named, stay, originOf(context, read)) };
  });
  return { read, items };
}

const originOf = (context: ToolContext, read: Read): Origin => ({
  server: read.search.server,
  patient: lockOf(context).id,
  asOf: context.asOf,
});

export const isCurrentOrder = (e: Evidence) => e.qualifiers?.['state'] === 'active';
export const isReportedTaken = (e: Evidence) => e.status === 'active';

/** Orders in force and what is reported as taken; with `about` or for `all` also the doses, for `all` the dispenses too. */
export const medications: Section = async (context, request) => {
  const match = request.about === null ? null : drugFits(request.about);
  const withDoses = request.status === 'all' || match !== null;
  const orders = readOrders(context);
  const [known, reported, administrations, dispenses] = await Promise.all([
    orders,
    readReported(context),
    withDoses ? startEarly(context, 'MedicationAdministration', orders, readAdministrations) : null,
    request.status === 'all' ? startEarly(context, 'MedicationDispense', orders, readDispenses) : null,
  ]);
  const parts = [
    part(context, request, match, 'medication orders', known.orders, known.items, request.status === 'active' ? isCurrentOrder : null),
    part(
      context,
      request,
      match,
      'reported medications',
      reported.read,
      reported.items,
      request.status === 'active' ? isReportedTaken : null,
    ),
    ...(administrations === null
      ? []
      : [part(context, request, match, 'medication administrations', administrations.read, administrations.items, null)]),
    ...(dispenses === null ? [] : [part(context, request, match, 'medication dispenses', dispenses.read, dispenses.items, null)]),
  ];
  const doses = parts.find((p) => p.name === 'medication administrations')?.chosen ?? [];
  const summaries = doseSummaries(doses, request.about, [request.from, request.to ?? context.asOf]);
  return {
    evidence: [...classes(match, parts), ...parts.flatMap((p) => p.shown), ...lastDoses(summaries, doses, parts), ...summaries],
    completeness: parts.map((p) => p.completeness),
    flags: restrictedFlags(parts.flatMap((p) => p.pairs)),
  };
};

/** The search goes out beside that for the orders, whose names it needs; the second read shares it. */
async function startEarly<T>(
  context: ToolContext,
  type: 'MedicationAdministration' | 'MedicationDispense',
  orders: Promise<OrdersRead>,
  read: (context: ToolContext, known: OrdersRead) => Promise<T>,
): Promise<T> {
  const early =
    type === 'MedicationDispense'
      ? readRecord<MedicationDispense>(context, { type })
      : readWithIncludes<MedicationAdministration>(context, { type }, INCLUDES(type));
  const [known] = await Promise.all([orders, early]);
  return read(context, known);
}

type Part = {
  name: string;
  chosen: Evidence[];
  shown: Evidence[];
  named: NamedMedication[];
  pairs: (readonly [Resource, Evidence])[];
  completeness: Completeness;
};

function part<R extends Resource>(
  context: ToolContext,
  request: SectionRequest,
  match: DrugMatch | null,
  name: string,
  read: Read<R>,
  items: readonly Item<R>[],
  current: ((e: Evidence) => boolean) | null,
): Part {
  const about = items.filter((i) => match === null || match.fits(i.named) !== null);
  const inTime = about.filter((i) => inWindow(i.evidence, request, context.asOf)).sort((a, b) => newestFirst(a.evidence, b.evidence));
  const chosen = current === null ? inTime : inTime.filter((i) => current(i.evidence));
  const { shown, note } = bounded(chosen.map((i) => i.evidence));
  const lapsed = current === null ? 0 : inTime.filter((i) => i.evidence.qualifiers?.['state'] === 'validity ended').length;
  const unknown = current === null ? 0 : inTime.filter((i) => i.evidence.qualifiers?.['taking'] === 'not recorded').length;
  const base = completenessOf(context, read, what(current === null ? name : `current ${name}`, request.about), {
    found: chosen.length,
    from: request.from,
    to: request.to,
  });
  const set = new Set(shown);
  return {
    name,
    chosen: chosen.map((i) => i.evidence),
    shown,
    named: chosen.map((i) => i.named),
    pairs: chosen.filter((i) => set.has(i.evidence)).map((i) => [i.resource, i.evidence] as const),
    completeness: makeCompleteness({
      ...withoutId(base),
      reason: reasons(
        base.reason,
        note,
        lapsed > 0 ? `${lapsed} recorded as active whose validity had ended are left out` : null,
        unknown > 0 ? `${unknown} reported without saying whether they are taken are left out` : null,
      ),
    }),
  };
}

/** Why a drug answers to the class that was asked for. */
function classes(match: DrugMatch | null, parts: readonly Part[]): Evidence[] {
  if (match === null || match.classes.length === 0) return [];
  const hits = parts.flatMap((p) => p.named).map((n) => match.fits(n)?.byClass ?? null);
  const evidence = hits.flatMap((hit) => (hit === null ? [] : [classEvidence(hit.drug, hit.class)]));
  return [...new Map(evidence.map((e) => [e.id, e])).values()];
}

/** The dose that a `last dose given` rests on is shown, also where the bound cut it off. */
function lastDoses(summaries: readonly Evidence[], doses: readonly Evidence[], parts: readonly Part[]): Evidence[] {
  const shown = new Set(parts.flatMap((p) => p.shown).map((e) => e.id));
  const wanted = new Set(summaries.flatMap((s) => (s.components ?? []).filter((c) => c.name === 'dose').flatMap((c) => c.inputs ?? [])));
  return doses.filter((e) => wanted.has(e.id) && !shown.has(e.id));
}
