import * as z from 'zod';
import { type Evidence, makeCompleteness } from '../../evidence/index.ts';
import { defineTool, type ToolContext, type ToolResult } from '../tool.ts';
import { allergyConflicts, isActiveAllergy, isStanding, readAllergies } from './chart/allergies.ts';
import { isActiveCondition, isOnlyMentioned, readConditions } from './chart/conditions.ts';
import { readEncounters, type StayItem } from './chart/encounters.ts';
import { isCurrent, isOutpatient, newestItemFirst, readOrders, readReported } from './chart/medication-items.ts';
import { OUTPATIENT } from './chart/medications.ts';
import { bounded, newestFirst, reasons, withoutId } from './chart/section.ts';
import { keyResults } from './key-results.ts';
import { patientStatus } from './patient-status.ts';
import { completenessOf } from './read.ts';
import { restrictedFlags } from './restricted.ts';

/** What somebody with two minutes reads; the sections of read_chart have the rest. */
const MOST = { problems: 30, allergies: 30, medications: 40 };

export const getPatientSummary = defineTool({
  name: 'get_patient_summary',
  title: 'Summarise the patient',
  description:
    'An overview for somebody who has two minutes: age and sex, the current stay (else the last one) with ward and length, active problems, ' +
    'allergies, current medications, and the newest key laboratory results and vital signs. Bounded; use read_chart, fetch_labs and ' +
    'fetch_vitals for one thing in full.',
  needsPatient: true,
  input: z.strictObject({}),
  run: async (_input, context) => {
    const parts = await Promise.all([
      demographics(context),
      stay(context),
      problems(context),
      allergies(context),
      medications(context),
      keyResults('lab', context),
      keyResults('vital', context),
    ]);
    return {
      evidence: parts.flatMap((p) => p.evidence),
      completeness: parts.flatMap((p) => p.completeness),
      flags: parts.flatMap((p) => p.flags),
    };
  },
});

async function demographics(context: ToolContext): Promise<ToolResult> {
  const { evidence, unreadable, patients } = await patientStatus(context);
  const said = [evidence.birthDate, evidence.age, evidence.sex, evidence.deceased].filter((e): e is Evidence => e !== null);
  const completeness = makeCompleteness({
    what: 'demographics',
    source: context.sources.record.server,
    window: [null, context.asOf],
    status: unreadable === null ? 'complete' : patients.length > 0 ? 'partial' : 'unavailable',
    read: patients.length,
    found: said.filter((e) => e.kind === 'statement').length,
    later: 0,
    reason: unreadable,
  });
  return { evidence: said, completeness: [completeness], flags: [] };
}

/** The current stay with its parts; without one the last hospital stay, and the last encounter of any kind. */
async function stay(context: ToolContext): Promise<ToolResult> {
  const { stays, items } = await readEncounters(context);
  const held = items
    .filter((i) => !/^(planned|cancelled)$/.test(i.evidence.status ?? ''))
    .sort((a, b) => newestFirst(a.evidence, b.evidence));
  const current = held.filter((i) => i.stay.current);
  const last = [held.find((i) => i.stay.kind === 'hospital stay'), held[0]].filter((i): i is StayItem => i !== undefined);
  const shown = current.length > 0 ? current : [...new Set(last)];
  const base = completenessOf(context, stays.read, 'current stay', { found: current.length });
  return {
    evidence: shown.flatMap((i) => (i.length === null ? [i.evidence] : [i.evidence, i.length])),
    completeness: [
      makeCompleteness({
        ...withoutId(base),
        reason: reasons(
          base.reason,
          current.length === 0 && last.length > 0 ? `no current stay; the last of ${held.length} encounters is shown` : null,
        ),
      }),
    ],
    flags: restrictedFlags(shown.map((i) => [i.stay.encounter, i.evidence])),
  };
}

/** Problems said to be active; diagnoses without a status only from the newest stay that has any, since older ones may be over. */
async function problems(context: ToolContext): Promise<ToolResult> {
  const { read, items } = await readConditions(context);
  const active = items.filter((i) => isActiveCondition(i.evidence)).sort((a, b) => newestFirst(a.evidence, b.evidence));
  const unstated = active.filter((i) => i.evidence.status === 'not recorded');
  const newest = unstated[0]?.evidence.qualifiers?.['stay'];
  const chosen = active.filter((i) => i.evidence.status !== 'not recorded' || i.evidence.qualifiers?.['stay'] === newest);
  // Present diseases first: what the name calls history, screening or risk stands behind them.
  const present = chosen.map((i) => i.evidence).sort((a, b) => Number(isOnlyMentioned(a)) - Number(isOnlyMentioned(b)));
  const { shown, note } = bounded(present, MOST.problems);
  const older = active.length - chosen.length;
  const base = completenessOf(context, read, 'active problems', { found: chosen.length });
  const told = makeCompleteness({
    ...withoutId(base),
    reason: reasons(
      base.reason,
      note,
      unstated.length > older ? `${unstated.length - older} diagnoses of the newest stay have no recorded status` : null,
      older > 0 ? `${older} diagnoses of earlier stays without a recorded status are left out` : null,
    ),
  });
  return {
    evidence: shown,
    completeness: [told],
    flags: restrictedFlags(chosen.filter((i) => shown.includes(i.evidence)).map((i) => [i.condition, i.evidence])),
  };
}

async function allergies(context: ToolContext): Promise<ToolResult> {
  const { read, items } = await readAllergies(context);
  const standing = items.filter((i) => isStanding(i.evidence));
  const { shown, note } = bounded(standing.map((i) => i.evidence).sort(newestFirst), MOST.allergies);
  const base = completenessOf(context, read, 'allergies', { found: standing.filter((i) => isActiveAllergy(i.evidence)).length });
  return {
    evidence: shown,
    completeness: [makeCompleteness({ ...withoutId(base), reason: reasons(base.reason, note) })],
    flags: [...allergyConflicts(standing), ...restrictedFlags(standing.map((i) => [i.allergy, i.evidence]))],
  };
}

async function medications(context: ToolContext): Promise<ToolResult> {
  const [orders, reported] = await Promise.all([readOrders(context), readReported(context)]);
  const current = orders.items.filter(isCurrent);
  const lists = [
    { what: 'current medication orders', read: orders.read, items: current.filter((i) => !isOutpatient(i)) },
    { what: `current ${OUTPATIENT}`, read: orders.read, items: current.filter(isOutpatient) },
    { what: 'current reported medications', read: reported.read, items: reported.items.filter(isCurrent) },
  ].filter((list) => list.what !== `current ${OUTPATIENT}` || list.items.length > 0);
  const told = lists.map(({ what, read, items }) => {
    const { shown, note } = bounded(items.sort(newestItemFirst), MOST.medications);
    const base = completenessOf(context, read, what, { found: items.length });
    return { shown, completeness: makeCompleteness({ ...withoutId(base), reason: reasons(base.reason, note) }) };
  });
  const shown = told.flatMap((t) => t.shown);
  return {
    evidence: shown.map((i) => i.evidence),
    completeness: told.map((t) => t.completeness),
    flags: restrictedFlags(shown.map((i) => [i.resource, i.evidence])),
  };
}
