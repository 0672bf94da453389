// Local time of the record: dates of a question are read in the offset of the as-of time. Local milliseconds are UTC milliseconds of the same wall clock.
import { offsetOf, startOf, toOffset } from '../../evidence/index.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export type Unit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

export class Clock {
  readonly offset: string;
  /** The as-of time as local milliseconds. */
  readonly now: number;
  private readonly ahead: number;
  constructor(asOf: string) {
    this.offset = offsetOf(asOf) ?? 'Z';
    this.ahead = startOf('1970-01-01T00:00:00Z') - startOf(`1970-01-01T00:00:00${this.offset}`);
    this.now = this.local(asOf);
  }
  /** Any ISO time as wall clock of this offset. */
  local(time: string): number {
    return startOf(time, this.offset) + this.ahead;
  }
  iso(localMs: number): string {
    return toOffset(localMs - this.ahead, this.offset);
  }
  get today(): number {
    return Math.floor(this.now / DAY) * DAY;
  }
  fields(localMs: number): { year: number; month: number; day: number; weekday: number } {
    const date = new Date(localMs);
    return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay() };
  }
}

/** Local milliseconds of a date, or NaN when there is no such day. */
export function dateMs(year: number, month: number, day: number): number {
  const ms = Date.UTC(year, month - 1, day);
  const back = new Date(ms);
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === day ? ms : Number.NaN;
}

/** Goes back n units; months and years keep the day of the month where it exists, else the last one. */
export function back(localMs: number, n: number, unit: Unit): number {
  const fixed = { minute: 60_000, hour: HOUR, day: DAY, week: 7 * DAY };
  if (unit !== 'month' && unit !== 'year') return localMs - n * fixed[unit];
  const date = new Date(localMs);
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() - n * (unit === 'year' ? 12 : 1);
  const [year, month] = [Math.floor(months / 12), ((months % 12) + 12) % 12];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), last)) + (localMs % DAY);
}

/** First and last second of the calendar unit in which the time lies; weeks begin on Monday (ISO 8601). */
export function calendar(localMs: number, unit: 'hour' | 'day' | 'week' | 'month' | 'year'): { from: number; to: number } {
  const date = new Date(localMs);
  const [y, m] = [date.getUTCFullYear(), date.getUTCMonth()];
  const day = Math.floor(localMs / DAY) * DAY;
  switch (unit) {
    case 'hour':
      return { from: Math.floor(localMs / HOUR) * HOUR, to: Math.floor(localMs / HOUR) * HOUR + HOUR - 1000 };
    case 'day':
      return { from: day, to: day + DAY - 1000 };
    case 'week': {
      const monday = day - ((date.getUTCDay() + 6) % 7) * DAY;
      return { from: monday, to: monday + 7 * DAY - 1000 };
    }
    case 'month':
      return { from: Date.UTC(y, m, 1), to: Date.UTC(y, m + 1, 1) - 1000 };
    case 'year':
      return { from: Date.UTC(y, 0, 1), to: Date.UTC(y + 1, 0, 1) - 1000 };
  }
}
