// The newest of each key laboratory result and vital sign, for the summary.
import { type Completeness, type Evidence, makeCompleteness, offsetOf, startOf, toOffset } from '../../evidence/index.ts';
import { type ToolContext, ToolError, type ToolResult } from '../tool.ts';
import { reasons, timeOf } from './chart/section.ts';
import { fetchResults } from './labs/fetch.ts';
import { hospitalStays } from './stays.ts';

/** What the first look at a patient asks for: blood count, chemistry, clotting, and the usual observations. */
const KEY = {
  lab: ['WBC', 'hemoglobin', 'platelets', 'BMP', 'INR', 'lactate', 'albumin', 'bilirubin', 'troponin'],
  vital: ['vitals'],
} as const;

/** What is newest stands mostly in the last days of care: those are looked through first, and all that is older only for the rest. */
const RECENT_MS = 7 * 86_400_000;

/** In the order asked for; one completeness for all, which names what none was found of. */
export async function keyResults(kind: 'lab' | 'vital', context: ToolContext): Promise<ToolResult> {
  const from = await recentFrom(context);
  const recent = await fetchResults(kind, { names: KEY[kind], ...(from === null ? {} : { from }) }, context);
  const missing = from === null ? [] : recent.completeness.filter((c) => c.found === 0).map(nameOf);
  const older = missing.length === 0 ? null : await fetchResults(kind, { names: missing }, context);
  const order = recent.completeness.map(nameOf);
  const read = [recent, ...(older === null ? [] : [older])];
  const newest = newestOfEach(read.flatMap((r) => r.evidence).filter((e) => e.kind === 'observation'));
  const sorted = older === null ? newest : [...newest].sort((a, b) => placeIn(order, a) - placeIn(order, b));
  const told = completenessOf(
    kind,
    [...recent.completeness.filter((c) => !missing.includes(nameOf(c))), ...(older?.completeness ?? [])],
    newest.length,
    context,
  );
  const known = new Set([...newest.map((e) => e.id), told.id]);
  // A flag stays where all that it rests on is shown.
  return {
    evidence: sorted,
    completeness: [told],
    flags: read.flatMap((r) => r.flags).filter((f) => f.citations.every((id) => known.has(id))),
  };
}

const nameOf = (c: Completeness) => c.what.replace(/^(labs|vitals): /, '');

function placeIn(order: readonly string[], e: Evidence): number {
  const place = order.findIndex((name) => e.concept.name.toLowerCase().startsWith(name.toLowerCase()));
  return place < 0 ? order.length : place;
}

/** The last days of the current stay, else of the last one; null (everything at once) without a stay. */
async function recentFrom(context: ToolContext): Promise<string | null> {
  try {
    const { current, last } = await hospitalStays(context);
    const end = current === null ? last?.end : context.asOf;
    if (end == null) return null;
    const offset = offsetOf(context.asOf) ?? 'Z';
    return toOffset(startOf(end, offset) - RECENT_MS, offset);
  } catch (error) {
    if (context.signal.aborted || !(error instanceof ToolError) || error.code === 'not_allowed') throw error;
    return null;
  }
}

/** Of each analyte, in whichever specimen (its name says which); two values of one time are both shown. What has no result is passed over. */
function newestOfEach(observations: readonly Evidence[]): Evidence[] {
  const told = observations.filter(
    (e) =>
      (e.value === undefined ? e.components !== undefined : e.value.type !== 'absent') &&
      e.status !== 'cancelled' &&
      e.status !== 'pending',
  );
  const keyOf = (e: Evidence) => e.qualifiers?.['analyte'] ?? e.concept.name;
  const newest = new Map<string, number>();
  for (const e of told) newest.set(keyOf(e), Math.max(newest.get(keyOf(e)) ?? Number.NEGATIVE_INFINITY, timeOf(e)));
  return told.filter((e) => timeOf(e) === newest.get(keyOf(e)));
}

const WORST = ['unavailable', 'partial', 'absent_from_source', 'complete'] as const;

function completenessOf(kind: 'lab' | 'vital', all: readonly Completeness[], shown: number, context: ToolContext): Completeness {
  const none = all.filter((c) => c.found === 0).map(nameOf);
  const status = WORST.find((s) => all.some((c) => c.status === s)) ?? 'complete';
  return makeCompleteness({
    what: kind === 'lab' ? 'newest key laboratory results' : 'newest vital signs',
    source: all[0]?.source ?? context.sources.record.server,
    window: [null, context.asOf],
    status,
    read: all.reduce((n, c) => n + c.read, 0),
    found: shown,
    later: all.reduce((n, c) => n + c.later, 0),
    reason: reasons(
      ...new Set(all.filter((c) => c.status !== 'complete').map((c) => c.reason)),
      none.length > 0 ? `none found of: ${none.join(', ')}` : null,
    ),
  });
}
