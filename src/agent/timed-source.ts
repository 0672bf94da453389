// The record source with a stop-watch: the time in which at least one request was under way, so that answers can tell
// what was waiting and what was our own.
import type { RecordSource } from '../tools/record/source.ts';

export type TimedSource = { source: RecordSource; ms: () => number };

export function timeSource(source: RecordSource): TimedSource {
  let under = 0;
  let since = 0;
  let total = 0;
  const timed = async <T>(call: () => Promise<T>): Promise<T> => {
    if (under++ === 0) since = performance.now();
    try {
      return await call();
    } finally {
      if (--under === 0) total += performance.now() - since;
    }
  };
  return {
    source: {
      server: source.server,
      ownDate: source.ownDate,
      search: (...args) => timed(() => source.search(...args)),
      read: (...args) => timed(() => source.read(...args)),
      supports: (...args) => timed(() => source.supports(...args)),
      health: (signal) => source.health(signal),
      close: () => source.close(),
    },
    ms: () => Math.round(total + (under > 0 ? performance.now() - since : 0)),
  };
}
