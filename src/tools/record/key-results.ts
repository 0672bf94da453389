// The newest of each key laboratory result and vital sign, for the summary.
import { type Completeness, type Evidence, makeCompleteness } from '../../evidence/index.ts';
import type { ToolContext, ToolResult } from '../tool.ts';
import { reasons, timeOf } from './chart/section.ts';
import { fetchResults } from './labs/fetch.ts';

/** What the first look at a patient asks for: blood count, chemistry, clotting, and the usual observations. */
const KEY = {
  lab: ['WBC', 'hemoglobin', 'platelets', 'BMP', 'INR', 'lactate', 'albumin', 'bilirubin', 'troponin'],
  vital: ['vitals'],
} as const;

/** In the order asked for; one completeness for all, which names what none was found of. */
export async function keyResults(kind: 'lab' | 'vital', context: ToolContext): Promise<ToolResult> {
  const read = await fetchResults(kind, { names: KEY[kind] }, context);
  const newest = newestOfEach(read.evidence.filter((e) => e.kind === 'observation'));
  const told = completenessOf(kind, read.completeness, newest.length, context);
  const known = new Set([...newest.map((e) => e.id), told.id]);
  // A flag stays where all that it rests on is shown.
  return { evidence: newest, completeness: [told], flags: read.flags.filter((f) => f.citations.every((id) => known.has(id))) };
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
  const none = all.filter((c) => c.found === 0).map((c) => c.what.replace(/^(labs|vitals): /, ''));
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
