// Scores over graded cases, whole and by suite, in the form of contract.md.
import type { Graded } from './grade.ts';
import { meanShare, percentile, proportion, type Score } from './score/interval.ts';
import { isSaid, isSilent } from './score/outcome.ts';

/**
 * `value`: right among the answerable. `confident_error`: wrong among answered or partial (its `high` is the upper bound).
 * `abstention`: abstained or refused among those that must. `clarify`: asked back among those that must, counted apart.
 * `citation_*`: mean share per case where the case lists all evidence. `completeness`: says how far it looked, among those that speak of the record.
 */
export type Scores = Record<(typeof NAMES)[number], Score>;

export const NAMES = [
  'value',
  'confident_error',
  'abstention',
  'clarify',
  'citation_recall',
  'citation_precision',
  'completeness',
  'latency_p50',
  'latency_p95',
] as const;

const share = (cases: readonly Graded[], right: (graded: Graded) => boolean) => proportion(cases.filter(right).length, cases.length);

export function scores(cases: readonly Graded[]): Scores {
  const known = (values: (number | null)[]) => values.filter((value) => value !== null);
  const times = cases.map((graded) => graded.ms);
  return {
    value: share(
      cases.filter((c) => isSaid(c.expected)),
      (c) => c.right,
    ),
    confident_error: share(
      cases.filter((c) => isSaid(c.outcome)),
      (c) => !c.right,
    ),
    abstention: share(
      cases.filter((c) => isSilent(c.expected)),
      (c) => isSilent(c.outcome),
    ),
    clarify: share(
      cases.filter((c) => c.expected === 'clarify'),
      (c) => c.outcome === 'clarify',
    ),
    citation_recall: meanShare(known(cases.map((c) => c.recall))),
    citation_precision: meanShare(known(cases.map((c) => c.precision))),
    completeness: share(
      cases.filter((c) => c.incompleteness !== null),
      (c) => c.incompleteness!.length === 0,
    ),
    latency_p50: percentile(times, 0.5),
    latency_p95: percentile(times, 0.95),
  };
}

export type Summary = {
  scores: Scores;
  suites: Record<string, Scores>;
  cases: Pick<Graded, 'id' | 'suite' | 'outcome' | 'values' | 'right' | 'errors' | 'ms'>[];
};

export function summarize(cases: readonly Graded[]): Summary {
  const suites = [...new Set(cases.map((graded) => graded.suite))];
  return {
    scores: scores(cases),
    suites: Object.fromEntries(suites.map((suite) => [suite, scores(cases.filter((graded) => graded.suite === suite))])),
    cases: cases.map(({ id, suite, outcome, values, right, errors, ms }) => ({ id, suite, outcome, values, right, errors, ms })),
  };
}

export type Threshold = { name: (typeof NAMES)[number]; limit: number };

/** An upper limit for errors and latencies, a lower one for the rest. A score without cases meets no threshold. */
export function missed(summary: Summary, thresholds: readonly Threshold[]): string[] {
  return thresholds.flatMap(({ name, limit }) => {
    const { value } = summary.scores[name];
    if (value === null) return [`${name}: no case counts for it`];
    const upper = name === 'confident_error' || name.startsWith('latency');
    if (upper ? value <= limit : value >= limit) return [];
    return [`${name} is ${Number(value.toFixed(4))}, it must be ${upper ? 'at most' : 'at least'} ${limit}`];
  });
}
