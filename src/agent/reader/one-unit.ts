// Results of one test in several units are ranked and compared only in one: the tool is asked again for the newest result's unit.
import { type Evidence, startOf } from '../../evidence/index.ts';
import { type Call, callKey, type Outcomes } from './calls.ts';
import type { ResultNeed, Thing } from './needs.ts';

/** Whether values are set against each other or against a number. */
const ranks = (need: ResultNeed) => need.pick.type === 'extreme' || need.compare !== null;

/**
 * @param callFor the call that answers for a thing, and the same for it alone in a unit
 * @returns for each thing whose results came in several units, the call for all of them in one
 */
export function callsInOneUnit(
  need: ResultNeed,
  callFor: { all: (thing: Thing) => Call | undefined; alone: (thing: Thing, unit: string) => Call | undefined },
  outcomes: Outcomes,
): Map<Thing, Call> {
  const calls = new Map<Thing, Call>();
  if (!ranks(need) || need.unit !== null || need.compare?.unit != null) return calls;
  for (const thing of need.things.filter((t) => t.keys.length === 1)) {
    const first = callFor.all(thing);
    const outcome = first && outcomes.get(callKey(first));
    if (outcome?.ok !== true) continue;
    const units = unitsOf(outcome.result.evidence, thing);
    const call = units.length > 1 ? callFor.alone(thing, units[0]!) : undefined;
    if (call !== undefined) calls.set(thing, call);
  }
  return calls;
}

/** The newest result's unit first. */
function unitsOf(evidence: readonly Evidence[], thing: Thing): string[] {
  const own = evidence.filter((e) => e.kind === 'observation' && thing.keys.includes(e.qualifiers?.['analyte'] ?? ''));
  const at = (e: Evidence) => startOf(e.time?.start ?? e.time?.end ?? '', 'Z');
  const units = own
    .sort((a, b) => at(b) - at(a))
    .map((e) => (e.value?.type === 'quantity' && e.qualifiers?.['unit'] === undefined ? e.value.unit : null));
  return [...new Set(units.filter((u) => u !== null))];
}
