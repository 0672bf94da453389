// A tool returns the newest 200 results of a test and counts the rest. What rests on all of them (the first, "ever above", "all normal")
// is read on from the oldest that came back, a bounded number of times.
import { type Evidence, startOf } from '../../evidence/index.ts';
import type { ToolResult } from '../../tools/index.ts';
import { type Call, callKey, type Outcomes } from './calls.ts';
import type { ResultNeed } from './needs.ts';

const MOST_SHOWN = 200;
const MOST_PAGES = 8;

/** Whether the newest results alone cannot answer. */
export function needsAll(need: ResultNeed): boolean {
  if (need.ask === 'trend' || (need.ask === 'count' && need.compare === null && need.normality === null)) return false;
  if (need.compare !== null && need.ask === 'exists' && need.picked && need.pick.type === 'nth' && need.pick.n < 0) return false;
  if (need.compare !== null || need.normality !== null)
    return need.whole || need.when !== null || need.compare !== null || need.ask !== 'normal';
  return (
    need.pick.type === 'extreme' ||
    ((need.pick.type === 'nth' || need.pick.type === 'several') && need.pick.n * (need.pick.type === 'nth' ? 1 : -1) > 0)
  );
}

export type Paged = {
  /** What is known to be needed by now, the first call not among them. */
  calls: Call[];
  /** All pages that came back as one result; trends and completeness are the first call's, which is over everything. */
  result: ToolResult | null;
  /** More is recorded than was read. */
  cut: boolean;
};

export function pagesOf(first: Call, outcomes: Outcomes): Paged {
  const outcome = outcomes.get(callKey(first));
  if (outcome?.ok !== true) return { calls: [], result: null, cut: false };
  const evidence = new Map(outcome.result.evidence.map((e) => [e.id, e]));
  const calls: Call[] = [];
  let page = outcome.result;
  let cut = isCut(page);
  while (cut && calls.length < MOST_PAGES) {
    const to = readOnFrom(page.evidence);
    if (to === null || calls.some((c) => c.args['to'] === to)) break;
    const call = { name: first.name, args: { ...first.args, to } };
    calls.push(call);
    const next = outcomes.get(callKey(call));
    if (next?.ok !== true) break;
    page = next.result;
    for (const e of page.evidence) if (e.kind === 'observation') evidence.set(e.id, e);
    cut = isCut(page);
  }
  return { calls, result: { ...outcome.result, evidence: [...evidence.values()] }, cut };
}

const isCut = ({ completeness }: ToolResult) => completeness.some((c) => /newest \d+ are shown/.test(c.reason ?? ''));

/** The oldest result of a test that filled its page; of several the newest, so that none is passed over. */
function readOnFrom(evidence: readonly Evidence[]): string | null {
  const groups = Map.groupBy(
    evidence.filter((e) => e.kind === 'observation' && e.time?.start),
    (e) => e.qualifiers?.['analyte'] ?? e.concept.name,
  );
  const ends = [...groups.values()]
    .filter((group) => group.length >= MOST_SHOWN)
    .map((group) => group.map((e) => e.time!.start!).reduce((a, b) => (startOf(b) < startOf(a) ? b : a)));
  return ends.length === 0 ? null : ends.reduce((a, b) => (startOf(b) > startOf(a) ? b : a));
}
