// What every section of the chart takes and how it keeps to its bounds.
import { type Evidence, endOf, offsetOf, startOf } from '../../../evidence/index.ts';
import type { ToolContext, ToolResult } from '../../tool.ts';

export type SectionRequest = { about: string | null; from: string | null; to: string | null; status: 'active' | 'all' };
export type Section = (context: ToolContext, request: SectionRequest) => Promise<ToolResult>;

/** Items of one kind that an answer carries; what is left out is counted and said. */
const MOST_ITEMS = 200;

/** Whether it touches the window; an item without a time touches no window but the open one. */
export function inWindow(evidence: Evidence, { from, to }: Pick<SectionRequest, 'from' | 'to'>, asOf: string): boolean {
  if (from === null && to === null) return true;
  const offset = offsetOf(asOf) ?? 'Z';
  const { start = null, end = null, kind } = evidence.time ?? { kind: 'recorded' as const };
  if (start === null && end === null) return false;
  const first = start === null ? Number.NEGATIVE_INFINITY : startOf(start, offset);
  // An infusion that still runs, or an order that is in force, has no end yet: it touches every window from its start on.
  const { running, state } = evidence.qualifiers ?? {};
  const open = kind === 'period' || kind === 'onset' || running !== undefined || (evidence.kind === 'order' && state === 'active');
  const last = end !== null ? endOf(end, offset) : open ? Number.POSITIVE_INFINITY : endOf(start!, offset);
  return (to === null || first < endOf(to, offset)) && (from === null || last > startOf(from, offset));
}

export const timeOf = (e: Evidence): number => {
  const time = e.time?.start ?? e.time?.end;
  return time == null ? Number.NEGATIVE_INFINITY : startOf(time);
};

/** Newest first; ties by id, so that every run gives the same order. */
export const newestFirst = (a: Evidence, b: Evidence) => timeOf(b) - timeOf(a) || (a.id < b.id ? -1 : 1);

export function bounded<T>(items: readonly T[], most = MOST_ITEMS): { shown: T[]; note: string | null } {
  if (items.length <= most) return { shown: [...items], note: null };
  return { shown: items.slice(0, most), note: `newest ${most} of ${items.length} shown` };
}

export const reasons = (...all: (string | null | undefined)[]): string | null => {
  const said = all.filter((r): r is string => typeof r === 'string' && r !== '');
  return said.length === 0 ? null : said.join('; ');
};

export const what = (section: string, about: string | null) => (about === null ? section : `${section}: ${about}`);
/** To make completeness again with another reason or count: the id follows from the rest. */
export const withoutId = <T extends { id: string }>({ id: _id, ...rest }: T) => rest;

/** Evidence is made when it is first asked for: its hash costs more than the choice whether it is needed. */
export function withEvidence<T extends object>(item: T, make: () => Evidence): T & { readonly evidence: Evidence } {
  let made: Evidence | undefined;
  return Object.defineProperty(item, 'evidence', {
    enumerable: true,
    get: () => {
      made ??= make();
      return made;
    },
  }) as T & { readonly evidence: Evidence };
}
