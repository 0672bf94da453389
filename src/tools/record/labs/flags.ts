// What must be said of an analyte's results unasked: preliminary, corrected, conflicting, entered in error, stale.
import { type Completeness, type Flag, formatValue, makeFlag, offsetOf, readableTime, startOf } from '../../../evidence/index.ts';
import { belongsTo } from '../stays.ts';
import type { About, Mine } from './about.ts';
import { type Asked, inSentence } from './asked.ts';
import { type Shown, seriesOf } from './series.ts';

const HOUR = 3_600_000;

const say = ({ item, evidence }: Shown) =>
  `${item.pending || evidence.value === undefined ? 'no value' : formatValue(evidence.value)}${item.time === null ? '' : ` at ${readableTime(item.time)}`}`;

export function flagsOf(asked: Asked, mine: Mine, inWindow: readonly Shown[], completeness: Completeness): Flag[] {
  const flags: Flag[] = [];
  const name = asked.analyte?.name ?? asked.text;
  const add = (kind: Flag['kind'], text: string, citations: string[]) => flags.push(makeFlag({ kind, text, citations }));
  const several = (n: number) => (n > 1 ? ` (and ${n - 1} more)` : '');
  const withStatus = (...statuses: string[]) => inWindow.filter((s) => statuses.includes(s.item.resource.status) && !s.item.pending);
  const preliminary = withStatus('preliminary', 'registered');
  if (preliminary.length > 0)
    add(
      'preliminary',
      `${name} ${say(preliminary[0]!)} is preliminary${several(preliminary.length)}.`,
      preliminary.map((s) => s.evidence.id),
    );
  const corrected = withStatus('corrected', 'amended');
  if (corrected.length > 0)
    add(
      'corrected',
      `${name} ${say(corrected[0]!)} is a corrected result${several(corrected.length)}.`,
      corrected.map((s) => s.evidence.id),
    );
  // Charted every few minutes, vital signs conflict somewhere in every long stay: only a recent conflict bears on the answer.
  const newest = Math.max(...inWindow.map((s) => s.item.ms).filter((ms) => !Number.isNaN(ms)));
  const bears = (ms: number) => asked.analyte?.kind !== 'vital' || newest - ms <= 24 * HOUR;
  const conflicts = seriesOf(inWindow)
    .flatMap((s) => s.conflicts)
    .filter((c) => bears(c[0]!.item.ms))
    .sort((a, b) => b[0]!.item.ms - a[0]!.item.ms);
  if (conflicts.length > 0)
    add(
      'conflicting',
      `${name} has conflicting values at one time: ${conflicts[0]!.map((s) => formatValue(s.evidence.value!)).join(' and ')} at ${readableTime(conflicts[0]![0]!.item.time!)}${several(conflicts.length)}.`,
      conflicts.flat().map((s) => s.evidence.id),
    );
  const contradictory = inWindow.filter((s) => !s.item.pending && /contradict|plausible/.test(s.item.read.problem ?? ''));
  if (contradictory.length > 0)
    add(
      'conflicting',
      `${name} ${say(contradictory[0]!)}: value and unit do not fit together, so it is shown as recorded and not used${several(contradictory.length)}.`,
      contradictory.map((s) => s.evidence.id),
    );
  if (mine.enteredInError.length > 0) {
    const n = mine.enteredInError.length;
    add('entered_in_error', `${n} ${name} result${n === 1 ? ' was' : 's were'} entered in error and ${n === 1 ? 'is' : 'are'} left out.`, [
      completeness.id,
    ]);
  }
  return flags;
}

export type Stale = { name: string; time: string; hours: number; limit: string; id: string };

/** Old: before the current stay, or more than 72 hours ago in hospital; more than 90 days ago otherwise. Only where the newest was asked for. */
export function staleOf(asked: Asked, inWindow: readonly Shown[], about: About): Stale | null {
  const newest = inWindow.find((s) => !Number.isNaN(s.item.ms) && !s.item.pending);
  if (newest === undefined || !about.window.isOpen) return null;
  const { asOf } = about.context;
  const hours = (startOf(asOf) - newest.item.ms) / HOUR;
  const current = about.stays?.current ?? null;
  const admitted = current?.start == null ? null : startOf(current.start, offsetOf(asOf) ?? 'Z');
  const isBeforeStay = admitted !== null && newest.item.ms < admitted && !belongsTo(newest.item.resource, current!, asOf);
  if (!(isBeforeStay || hours > (current === null ? 90 * 24 : 72))) return null;
  const limit = isBeforeStay
    ? 'before the current stay'
    : current === null
      ? 'more than 90 days ago'
      : 'more than 72 hours ago, in hospital';
  return { name: inSentence(asked.analyte?.name ?? asked.text), time: newest.item.time!, hours, limit, id: newest.evidence.id };
}

const age = (hours: number) => {
  const days = Math.floor(hours / 24);
  return days < 2 ? `${Math.floor(hours)} hours` : days < 730 ? `${days} days` : `${Math.floor(days / 365.25)} years`;
};

/** One flag for all that is old: a panel is not said eleven times. */
export function staleFlag(stale: readonly Stale[]): Flag[] {
  const [first] = stale;
  if (first === undefined) return [];
  const text =
    stale.length === 1
      ? `The newest ${first.name} is ${age(first.hours)} old (${readableTime(first.time)}), ${first.limit}.`
      : `The newest results are old: ${stale.map((s) => `${s.name} ${age(s.hours)} (${readableTime(s.time)})`).join(', ')}.`;
  return [makeFlag({ kind: 'stale', text, citations: stale.map((s) => s.id) })];
}
