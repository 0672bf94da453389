// Medications: orders apart from doses, doses apart from what was not given, and both apart from what is reported or dispensed.
import type { Resource } from 'fhir/r4.js';
import { type Completeness, type Evidence, makeCompleteness } from '../../../evidence/index.ts';
import type { ToolContext } from '../../tool.ts';
import type { NamedMedication } from '../names.ts';
import { completenessOf } from '../read.ts';
import { restrictedFlags } from '../restricted.ts';
import { classEvidence, type DrugMatch, drugFits } from './about.ts';
import { doseSummaries, unstatedWords } from './dose-summary.ts';
import {
  type Item,
  type Items,
  isCurrent,
  isOutpatient,
  newestItemFirst,
  readAdministrations,
  readDispenses,
  readOrders,
  readReported,
} from './medication-items.ts';
import { formWords, judgeForms } from './route-and-form.ts';
import { bounded, inWindow, reasons, type Section, type SectionRequest, what, withoutId } from './section.ts';

/** Orders in force and what is reported as taken; with `about` or for `all` also the doses, for `all` the dispenses too. */
export const medications: Section = async (context, request) => {
  const match = request.about === null ? null : drugFits(request.about);
  const isActive = request.status === 'active';
  const reading = readOrders(context);
  const [orders, reported, administrations, dispenses] = await Promise.all([
    reading,
    readReported(context),
    isActive && match === null ? null : readAdministrations(context, reading),
    isActive ? null : readDispenses(context, reading),
  ]);
  const asked = { context, request, match };
  const doses = administrations === null ? null : part(asked, 'medication administrations', administrations, false);
  const parts = [
    part(asked, 'medication orders', isActive ? only(orders, (i) => !isOutpatient(i)) : orders, isActive),
    ...(isActive && orders.items.some(isOutpatient) ? [part(asked, OUTPATIENT, only(orders, isOutpatient), true)] : []),
    part(asked, 'reported medications', reported, isActive),
    ...(doses === null ? [] : [doses]),
    ...(dispenses === null ? [] : [part(asked, 'medication dispenses', dispenses, false)]),
  ];
  const isUnknown = match !== null && !match.isKnown && parts.every((p) => p.completeness.found + p.completeness.later === 0);
  const charted = doses === null ? [] : doses.chosen.map((i) => i.evidence);
  const summaries = doseSummaries(charted, request.about, [request.from, request.to ?? context.asOf], doses?.unjudged ?? null);
  return {
    evidence: [...classes(match, parts), ...parts.flatMap((p) => p.shown), ...lastDoses(summaries, charted, parts), ...summaries],
    completeness: parts.map(({ completeness: c }) =>
      isUnknown ? makeCompleteness({ ...withoutId(c), what: `${c.what} ${NAME_NOT_KNOWN}` }) : c,
    ),
    flags: restrictedFlags(parts.flatMap((p) => p.pairs)),
  };
};

/** In a hospital stay the current orders are the stay's; home prescriptions that the record keeps active are told beside them. */
export const OUTPATIENT = 'medication orders outside the stay';
/** Nothing was found by a name that no table knows: it may be no drug, or a drug under another name. */
const NAME_NOT_KNOWN = '(name not known here)';
const only = <R extends Resource>(all: Items<R>, keep: (item: Item) => boolean): Items<R> => ({ ...all, items: all.items.filter(keep) });

type Asked = { context: ToolContext; request: SectionRequest; match: DrugMatch | null };
type Part = {
  chosen: Item[];
  shown: Evidence[];
  named: NamedMedication[];
  pairs: (readonly [Resource, Evidence])[];
  /** Of how many the route or form that was asked for is not recorded, in words. */
  unjudged: string | null;
  completeness: Completeness;
};

function part<R extends Resource>(
  { context, request, match }: Asked,
  name: string,
  { read, items, later }: Items<R>,
  onlyCurrent: boolean,
): Part {
  const fits = (named: NamedMedication) => match === null || match.fits(named) !== null;
  const hasWindow = request.from !== null || request.to !== null;
  const byName = items.filter((i) => fits(i.named) && (!hasWindow || inWindow(i.evidence, request, context.asOf)));
  const { inTime, unjudged } = byForm(byName, match);
  const chosen = (onlyCurrent ? inTime.filter(isCurrent) : inTime).sort(newestItemFirst);
  const { shown, note } = bounded(chosen);
  const countOf = (state: string) => (onlyCurrent ? inTime.filter((i) => i.state === state).length : 0);
  const [lapsed, unknown] = [countOf('validity ended'), name === 'reported medications' ? countOf('unknown') : 0];
  const unjudgedWords =
    unjudged === 0 || match === null
      ? null
      : `of ${unjudged} it is not recorded whether they are ${formWords(match.forms)}: ${match.onlyForms ? 'left out' : 'included'}`;
  const base = completenessOf(context, read, what(onlyCurrent ? `current ${name}` : name, request.about), {
    found: chosen.length,
    later: later.filter(fits).length,
    from: request.from,
    to: request.to,
  });
  return {
    chosen,
    shown: shown.map((i) => i.evidence),
    named: chosen.map((i) => i.named),
    unjudged: unjudgedWords,
    pairs: shown.map((i) => [i.resource, i.evidence] as const),
    completeness: makeCompleteness({
      ...withoutId(base),
      reason: reasons(
        base.reason,
        note,
        lapsed > 0 ? `${lapsed} recorded as active whose validity had ended are left out` : null,
        unknown > 0 ? `${unknown} reported without saying whether they are taken are left out` : null,
        unjudgedWords,
        name === 'medication administrations' ? unstatedWords(chosen.map((i) => i.evidence)) : null,
      ),
    }),
  };
}

/** What the record says to be of another route or form than asked is left out. */
function byForm(items: Item[], match: DrugMatch | null): { inTime: Item[]; unjudged: number } {
  if (match === null || match.forms.length === 0) return { inTime: items, unjudged: 0 };
  const judged = items.map((item) => ({ item, is: judgeForms(match.forms, item.evidence) }));
  const kept = judged.filter(({ is }) => is === 'yes' || (is === 'not recorded' && !match.onlyForms));
  return { inTime: kept.map((k) => k.item), unjudged: judged.filter(({ is }) => is === 'not recorded').length };
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
