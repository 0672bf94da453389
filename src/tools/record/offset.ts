// The offset in which the record is written: "today", "overnight" and bare dates mean the hospital's day, also where the as-of time is in UTC.
import type { Encounter, Observation, Resource } from 'fhir/r4.js';
import { offsetOf, startOf, toOffset } from '../../evidence/index.ts';
import type { ToolContext } from '../tool.ts';
import { readRecord, shareReads } from './read.ts';
import type { SearchParameters } from './source.ts';

const DAY = 86_400_000;
/** A time within these days of the as-of time has its offset, but for the days around a clock change. */
const NEAR_MS = 7 * DAY;
/** Clocks are put forward and back in these months, on either half of the earth. */
const CHANGES = new Set([3, 4, 9, 10, 11]);

const offsets = new WeakMap<ToolContext, Promise<string>>();
const locals = new WeakMap<ToolContext, Promise<ToolContext>>();

/**
 * The offset (`-05:00`, `Z`) of the newest time at the as-of time that the encounters tell, or an observation near the as-of time where
 * those are old; the as-of time's own where the record tells none or cannot be read. Throws only where the signal aborts.
 */
export function recordOffset(context: ToolContext): Promise<string> {
  let found = offsets.get(context);
  if (found === undefined) {
    found = readOffset(context).then((offset) => offset ?? offsetOf(context.asOf) ?? 'Z');
    offsets.set(context, found);
  }
  return found;
}

/**
 * The same context with an as-of time in UTC written in the record's offset (the same instant); one that names an offset of its own is left.
 * What was read for the one is shared with the other.
 */
export function inRecordOffset(context: ToolContext): Promise<ToolContext> {
  if (context.patient === null || offsetOf(context.asOf) !== 'Z') return Promise.resolve(context);
  let found = locals.get(context);
  if (found === undefined) {
    found = recordOffset(context).then((offset) => {
      if (offset === 'Z') return context;
      const local = { ...context, asOf: toOffset(startOf(context.asOf), offset) };
      shareReads(context, local);
      return local;
    });
    locals.set(context, found);
  }
  return found;
}

async function readOffset(context: ToolContext): Promise<string | null> {
  const asOf = startOf(context.asOf);
  const read = async <R extends Resource>(type: R['resourceType'], parameters: SearchParameters, limit?: number): Promise<R[]> => {
    try {
      return (await readRecord<R>(context, { type, parameters, ...(limit === undefined ? {} : { limit }) })).resources;
    } catch {
      context.signal.throwIfAborted();
      return []; // the tool that needs it says what failed
    }
  };
  const encounters = newest((await read<Encounter>('Encounter', [])).flatMap(timesOf), asOf);
  if (encounters !== null && (asOf - encounters.ms <= NEAR_MS || !mayChange(encounters.ms, asOf))) return encounters.offset;
  const from = toOffset(asOf - NEAR_MS, 'Z');
  const near = await read<Observation>(
    'Observation',
    [
      ['date', `ge${from}`],
      ['date', `le${context.asOf}`],
    ],
    1,
  );
  return (
    (
      newest(
        near.flatMap((o) => o.effectiveDateTime ?? o.issued ?? []),
        asOf,
      ) ?? encounters
    )?.offset ?? null
  );
}

function mayChange(from: number, to: number): boolean {
  if (to - from > 200 * DAY) return true;
  for (let at = from; at <= to; at += DAY) if (CHANGES.has(new Date(at).getUTCMonth() + 1)) return true;
  return CHANGES.has(new Date(to).getUTCMonth() + 1);
}

const timesOf = ({ period, location }: Encounter): string[] =>
  [period, ...(location ?? []).map((l) => l.period)].flatMap((p) => [p?.start, p?.end]).filter((t) => t !== undefined);

function newest(times: readonly string[], asOf: number): { ms: number; offset: string } | null {
  let best: { ms: number; offset: string } | null = null;
  for (const time of times) {
    const offset = offsetOf(time);
    const ms = startOf(time);
    if (offset !== null && ms <= asOf && (best === null || ms > best.ms)) best = { ms, offset };
  }
  return best;
}
