// FHIR and ISO 8601 times: kept as written, compared as instants. A date stays a date.
const FHIR_TIME = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

export type Precision = 'year' | 'month' | 'day' | 'minute' | 'second';

/** The precision of a FHIR date or dateTime, or null when it is none. */
export function precisionOf(time: string): Precision | null {
  const m = FHIR_TIME.exec(time);
  if (m === null || Number.isNaN(startOf(time))) return null;
  return m[6] !== undefined ? 'second' : m[4] !== undefined ? 'minute' : m[3] !== undefined ? 'day' : m[2] !== undefined ? 'month' : 'year';
}

/** The offset of a time as written (`-04:00`, `Z`), or null. */
export function offsetOf(time: string): string | null {
  return FHIR_TIME.exec(time)?.[8] ?? null;
}

/**
 * First instant that the time covers, in ms since 1970; NaN when it is no FHIR time.
 * A time without an offset is taken in `offset` (the record's local time), UTC by default.
 */
export function startOf(time: string, offset = 'Z'): number {
  const m = FHIR_TIME.exec(time);
  if (m === null) return Number.NaN;
  const [year, month, day] = [Number(m[1]), Number(m[2] ?? 1), Number(m[3] ?? 1)];
  const [hour, minute, second] = [Number(m[4] ?? 0), Number(m[5] ?? 0), Number(m[6] ?? 0)];
  // Date.UTC rolls 2023-02-30 over to March, and takes the year 50 for 1950: both are no time of a record.
  if (year < 1000 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 60)
    return Number.NaN;
  const ms = m[7] === undefined ? 0 : Math.trunc(Number(`0.${m[7]}`) * 1000);
  return Date.UTC(year, month - 1, day, hour, minute, second, ms) - offsetMs(m[8] ?? offset);
}

const daysIn = (year: number, month: number) =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : month === 4 || month === 6 || month === 9 || month === 11
      ? 30
      : 31;

function offsetMs(offset: string): number {
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** First instant after what the time covers (a date: the next midnight), in ms; NaN when it is no FHIR time. */
export function endOf(time: string, offset = 'Z'): number {
  const start = startOf(time, offset);
  switch (precisionOf(time)) {
    case 'year':
      return startOf(`${String(Number(time.slice(0, 4)) + 1).padStart(4, '0')}`, offset);
    case 'month': {
      const [y, m] = [Number(time.slice(0, 4)), Number(time.slice(5, 7))];
      const next = m === 12 ? `${String(y + 1).padStart(4, '0')}-01` : `${String(y).padStart(4, '0')}-${String(m + 1).padStart(2, '0')}`;
      return startOf(next, offset);
    }
    case 'day':
      return start + 86_400_000;
    case 'minute':
      return start + 60_000;
    case 'second':
      return start + 1;
    default:
      return Number.NaN;
  }
}

/** Whole years between a birth date (any precision) and a time; null when it cannot be told exactly. */
export function ageYears(birthDate: string | null, at: string): number | null {
  if (birthDate === null || precisionOf(birthDate) === null || precisionOf(at) === null) return null;
  const local = at.slice(0, 10);
  const years = (birth: string) => {
    const age = Number(local.slice(0, 4)) - Number(birth.slice(0, 4));
    return local.slice(5) < birth.slice(5) ? age - 1 : age;
  };
  const [earliest, latest] =
    birthDate.length === 4
      ? [`${birthDate}-01-01`, `${birthDate}-12-31`]
      : birthDate.length === 7
        ? [`${birthDate}-01`, `${birthDate}-31`]
        : [birthDate, birthDate];
  const [oldest, youngest] = [years(earliest), years(latest)];
  return oldest === youngest ? oldest : null;
}

/** An instant written in a given offset (`-04:00`, `Z`), to the second: `2166-08-26T12:00:00-04:00`. */
export function toOffset(ms: number, offset: string): string {
  const local = new Date(ms + offsetMs(offset)).toISOString().slice(0, 19);
  return `${local}${offset}`;
}

/** As a person reads it: `2166-08-26 12:00`, a date as a date; the offset stands in the evidence. */
export function readableTime(time: string): string {
  return time.length <= 10 ? time : time.slice(0, 16).replace('T', ' ');
}
