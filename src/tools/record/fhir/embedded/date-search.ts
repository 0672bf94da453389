// Dates in FHIR searches, R4 3.1.1.4.3 (prefixes) and 3.1.1.4.5 (date): a value is the range that it covers, and ranges are compared.
// A date without an offset has no time zone: it is compared with a time by that time's own wall clock,
// so that `date=2166-08-26` is the record's 26 August, whatever the server's zone.

/** A range of time. `Utc` is NaN where the text has no offset; `Wall` is the wall clock, as if UTC. Open ends are infinite. End is exclusive. */
export type DateRange = { startUtc: number; startWall: number; endUtc: number; endWall: number };

const TIME = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;
const MINUTE = 60_000;
const DAY = 86_400_000;

// Results of one blood sample share their time: one range for all of them.
const read = new Map<string, DateRange | null>();
const KEPT = 100_000;

/** The range that a FHIR date, dateTime or instant covers; null when it is none. Whole seconds cover a second. */
export function rangeOf(text: string): DateRange | null {
  let range = read.get(text);
  if (range === undefined) {
    range = parse(text);
    if (read.size >= KEPT) read.clear();
    read.set(text, range);
  }
  return range;
}

function parse(text: string): DateRange | null {
  const m = TIME.exec(text);
  if (m === null) return null;
  const [, year, month, day, hour, minute, second, fraction, zone] = m;
  const [y, mo, d] = [Number(year), month === undefined ? 0 : Number(month) - 1, day === undefined ? 1 : Number(day)];
  const midnight = utc(y, mo, d);
  if (mo < 0 || mo > 11 || d < 1 || new Date(midnight).getUTCDate() !== d) return null;
  if (hour === undefined) {
    const end = day !== undefined ? midnight + DAY : month !== undefined ? utc(mo === 11 ? y + 1 : y, (mo + 1) % 12, 1) : utc(y + 1, 0, 1);
    return { startUtc: Number.NaN, startWall: midnight, endUtc: Number.NaN, endWall: end };
  }
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second ?? 0) > 60) return null;
  const ms = fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
  const start = midnight + Number(hour) * 60 * MINUTE + Number(minute) * MINUTE + Number(second ?? 0) * 1000 + ms;
  const end = start + (second === undefined ? MINUTE : fraction === undefined ? 1000 : Math.max(1, 10 ** (3 - fraction.length)));
  const offset = zone === undefined ? Number.NaN : zone === 'Z' ? 0 : offsetMs(zone);
  return { startUtc: start - offset, startWall: start, endUtc: end - offset, endWall: end };
}

/** Date.UTC takes the years 0 to 99 for 1900 to 1999. */
const utc = (y: number, month: number, day: number) => (y > 99 ? Date.UTC(y, month, day) : new Date(0).setUTCFullYear(y, month, day));
const offsetMs = (zone: string) => (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * MINUTE;

/** The range from the first instant of `start` to the last of `end`; a missing side is open (FHIR Period). Null when a side is no date. */
export function periodOf(start: string | undefined, end: string | undefined): DateRange | null {
  if (start === undefined && end === undefined) return null;
  const from = start === undefined ? null : rangeOf(start);
  const to = end === undefined ? null : rangeOf(end);
  if ((start !== undefined && from === null) || (end !== undefined && to === null)) return null;
  return {
    startUtc: from?.startUtc ?? Number.NEGATIVE_INFINITY,
    startWall: from?.startWall ?? Number.NEGATIVE_INFINITY,
    endUtc: to?.endUtc ?? Number.POSITIVE_INFINITY,
    endWall: to?.endWall ?? Number.POSITIVE_INFINITY,
  };
}

export type Prefix = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' | 'sa' | 'eb' | 'ap';
export type DateValue = { prefix: Prefix; range: DateRange };

const VALUE = /^(eq|ne|gt|ge|lt|le|sa|eb|ap)?(\d{4}.*)$/;

/** A parameter's value, such as `ge2166-08`; null when it is none. */
export function dateValue(text: string, now = Date.now()): DateValue | null {
  // A plus in a query string reads as a space: `T12:00:00 01:00` was meant as an offset.
  const m = VALUE.exec(text.replace(/ (?=\d\d:\d\d$)/, '+'));
  const range = m === null ? null : rangeOf(m[2]!);
  if (m === null || range === null) return null;
  const prefix = (m[1] ?? 'eq') as Prefix;
  return { prefix, range: prefix === 'ap' ? widen(range, now) : range };
}

/** `ap`: the recommended tenth of the gap between now and the date, on both sides. */
function widen(range: DateRange, now: number): DateRange {
  const by = Math.abs(now - range.startWall) / 10;
  return { startUtc: range.startUtc - by, startWall: range.startWall - by, endUtc: range.endUtc + by, endWall: range.endWall + by };
}

/** a - b by instant where both have offsets, by wall clock otherwise. */
function difference(aUtc: number, aWall: number, bUtc: number, bWall: number): number {
  const byInstant = aUtc - bUtc;
  return Number.isNaN(byInstant) ? aWall - bWall : byInstant;
}

/** Whether a resource's range fits the parameter's. */
export function dateFits(target: DateRange, { prefix, range }: DateValue): boolean {
  const startToStart = difference(target.startUtc, target.startWall, range.startUtc, range.startWall);
  const endToEnd = difference(target.endUtc, target.endWall, range.endUtc, range.endWall);
  const within = startToStart >= 0 && endToEnd <= 0;
  switch (prefix) {
    case 'eq':
      return within;
    case 'ne':
      return !within;
    case 'gt':
      return endToEnd > 0;
    case 'ge':
      return endToEnd > 0 || within;
    case 'lt':
      return startToStart < 0;
    case 'le':
      return startToStart < 0 || within;
    case 'sa':
      return difference(target.startUtc, target.startWall, range.endUtc, range.endWall) >= 0;
    case 'eb':
      return difference(target.endUtc, target.endWall, range.startUtc, range.startWall) <= 0;
    case 'ap':
      return (
        difference(target.startUtc, target.startWall, range.endUtc, range.endWall) < 0 &&
        difference(target.endUtc, target.endWall, range.startUtc, range.startWall) > 0
      );
  }
}
