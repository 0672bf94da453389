// Dates as people write them: ISO, 3/5/2165, 05/2165, years, "3 May", "last week", "two days ago", "this morning".
// Each is an atom with the window that it covers; time-words.ts joins atoms with since, between, before.
import * as chrono from 'chrono-node/en';
import { back, type Clock, calendar, DAY, dateMs, HOUR, type Unit } from './clock.ts';

export type Atom = {
  start: number;
  end: number;
  /** Local milliseconds, both included. */
  from: number;
  to: number;
  /** A point in time within the window (a clock time was given). */
  at?: number;
  /** The exact moment for "since 3 days ago". */
  since?: number;
  /** It is a window by itself up to now: "the last 24 hours". */
  rolling?: true;
  /** A day some weeks or months back: asked for is what lies nearest to it. */
  nearest?: number;
  /** A clock time alone: of today, unless it belongs to a day beside it. */
  bare?: true;
  /** Two readings of a date written in figures (day first, month first). */
  readings?: { from: number; to: number; label: string }[];
};

const NUMBER_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const COUNT = `\\d+|a|an|${NUMBER_WORDS.slice(1).join('|')}|couple of|couple|few`;
const UNIT = 'minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|wks?|months?|mos?|years?|yrs?';

function countOf(text: string): number | null {
  const word = text.toLowerCase();
  if (/^\d+$/.test(word)) return Number(word);
  if (word === 'a' || word === 'an') return 1;
  if (word.startsWith('couple')) return 2;
  if (word === 'few') return 3; // the answer shows the window
  const n = NUMBER_WORDS.indexOf(word);
  return n > 0 ? n : null;
}

function unitOf(text: string): Unit {
  const word = text.toLowerCase();
  if (word.startsWith('mi')) return 'minute';
  if (word.startsWith('h')) return 'hour';
  if (word.startsWith('d')) return 'day';
  if (word.startsWith('w')) return 'week';
  return word.startsWith('m') ? 'month' : 'year';
}

type Rule = { pattern: RegExp; read: (m: RegExpExecArray, clock: Clock) => Omit<Atom, 'start' | 'end'> | null };

const day = (ms: number, clock: Clock) => (Number.isNaN(ms) ? null : { ...calendar(ms, 'day'), label: clock.iso(ms).slice(0, 10) });

/** Both readings of a/b/year; one where only one is a date. */
function figures(a: number, b: number, year: number, clock: Clock): Omit<Atom, 'start' | 'end'> | null {
  const monthFirst = day(dateMs(year, a, b), clock);
  const dayFirst = day(dateMs(year, b, a), clock);
  if (monthFirst && dayFirst && a !== b) return { ...monthFirst, readings: [monthFirst, dayFirst] };
  return monthFirst ?? dayFirst;
}

/** Both readings of a/b, each of the year in which it has passed. */
function dayAndMonth(a: number, b: number, clock: Clock): Omit<Atom, 'start' | 'end'> | null {
  const { year } = clock.fields(clock.now);
  const past = (month: number, ofMonth: number) => (dateMs(year, month, ofMonth) > clock.now ? year - 1 : year);
  const monthFirst = day(dateMs(past(a, b), a, b), clock);
  const dayFirst = day(dateMs(past(b, a), b, a), clock);
  if (monthFirst && dayFirst && a !== b) return { ...monthFirst, readings: [monthFirst, dayFirst] };
  return monthFirst ?? dayFirst;
}

function dayOfMonth(ofMonth: number, clock: Clock): Omit<Atom, 'start' | 'end'> | null {
  const { year, month } = clock.fields(clock.now);
  for (let ago = 0; ago < 3; ago++) {
    const months = year * 12 + month - 1 - ago;
    const ms = dateMs(Math.floor(months / 12), (months % 12) + 1, ofMonth);
    if (ms <= clock.now) return calendar(ms, 'day');
  }
  return null;
}

const yearOf = (word: string, clock: Clock) => clock.fields(clock.now).year - (/last|previous/i.test(word) ? 1 : 0);

const RULES: Rule[] = [
  {
    pattern: /\b(\d{4})-(\d{2})-(\d{2})(?:[T ](?:at )?(\d{2}):(\d{2})(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)?(?![\d-])/g,
    read: (m) => {
      const ms = dateMs(Number(m[1]), Number(m[2]), Number(m[3]));
      if (Number.isNaN(ms)) return null;
      const window = calendar(ms, 'day');
      return m[4] === undefined ? window : { ...window, at: ms + Number(m[4]) * HOUR + Number(m[5]) * 60_000 };
    },
  },
  { pattern: /\b(\d{4})-(\d{2})(?![\d-])/g, read: (m) => window(dateMs(Number(m[1]), Number(m[2]), 1), 'month') },
  {
    pattern: /\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b/g,
    read: (m, clock) => figures(Number(m[1]), Number(m[2]), Number(m[3]), clock),
  },
  {
    pattern: /\b(\d{1,2})-(\d{1,2})-(\d{4})\b/g,
    read: (m, clock) => figures(Number(m[1]), Number(m[2]), Number(m[3]), clock),
  },
  {
    pattern: /\b(\d{1,2})\/(\d{1,2})\/(\d{2})\b(?!\/)/g,
    read: (m, clock) => {
      const { year } = clock.fields(clock.now);
      const full = Math.floor(year / 100) * 100 + Number(m[3]);
      return figures(Number(m[1]), Number(m[2]), full > year ? full - 100 : full, clock);
    },
  },
  {
    pattern: /\b(\d{1,2})\/(\d{1,2})\/((?:this|last|previous) year)\b/gi,
    read: (m, clock) => figures(Number(m[1]), Number(m[2]), yearOf(m[3]!, clock), clock),
  },
  {
    // "on 3/4": a date only behind such a word (a pain of 3/10 is none), of the year in which it has passed.
    pattern: /(?<=\b(?:on|since|from|before|after|until|till|by|dated|of) (?:the )?)(\d{1,2})\/(\d{1,2})(?![/\d])/gi,
    read: (m, clock) => dayAndMonth(Number(m[1]), Number(m[2]), clock),
  },
  { pattern: /\b(\d{1,2})\/(\d{4})\b/g, read: (m) => window(dateMs(Number(m[2]), Number(m[1]), 1), 'month') },
  {
    pattern: /\b(\d{1,2})\/((?:this|last|previous) year)\b/gi,
    read: (m, clock) => window(dateMs(yearOf(m[2]!, clock), Number(m[1]), 1), 'month'),
  },
  {
    // "the last 24 hours", "past week", "over the last two days": up to now. "last week" without an article is the calendar's.
    pattern: new RegExp(`\\b(?:(the|these) )?(last|past|previous|preceding|prior) (?:(${COUNT}|24|48|72) ?)?(${UNIT})\\b`, 'gi'),
    read: (m, clock) => {
      const unit = unitOf(m[4]!);
      const isCalendar = /previous|preceding|prior/i.test(m[2]!) || (m[1] === undefined && !/past/i.test(m[2]!));
      if (m[3] === undefined && (unit === 'week' || unit === 'month' || unit === 'year') && isCalendar)
        return calendar(back(clock.now, 1, unit), unit);
      if (m[3] === undefined && /s$/i.test(m[4]!) && !/hrs$/i.test(m[4]!)) return null;
      const n = m[3] === undefined ? 1 : countOf(m[3]);
      return n === null ? null : { from: back(clock.now, n, unit), to: clock.now, rolling: true };
    },
  },
  {
    pattern: new RegExp(`\\b(${COUNT}) ?(${UNIT}) ago\\b`, 'gi'),
    read: (m, clock) => {
      const [n, unit] = [countOf(m[1]!), unitOf(m[2]!)];
      if (n === null) return null;
      const since = back(clock.now, n, unit);
      if (unit === 'week' || unit === 'month') {
        const [midnight, reach] = [Math.floor(since / DAY) * DAY, unit === 'week' ? 3 : 15];
        return { from: midnight - reach * DAY, to: Math.min(midnight + (reach + 1) * DAY - 1000, clock.now), since, nearest: since };
      }
      return { ...calendar(since, unit === 'minute' ? 'hour' : unit), since };
    },
  },
  { pattern: /\bthis (week|month|year)\b/gi, read: (m, clock) => calendar(clock.now, m[1]!.toLowerCase() as 'week') },
  { pattern: /\b(?:the )?day before yesterday\b/gi, read: (_, clock) => calendar(clock.today - 2 * DAY, 'day') },
  { pattern: /\b(?:yesterday|yest) (morning|afternoon|evening|am|pm)\b/gi, read: (m, clock) => part(clock.today - DAY, m[1]!) },
  // "this am", "am labs": the morning, not the verb.
  { pattern: /\bthis (morning|afternoon|evening|am|pm)\b/gi, read: (m, clock) => part(clock.today, m[1]!) },
  { pattern: /(?<!\b(?:i|\d) ?)\b(am|pm) (?=(?:labs?|vitals|bloods|draw)\b)/gi, read: (m, clock) => part(clock.today, m[1]!) },
  {
    pattern: /\bat ([01]\d|2[0-3])([0-5]\d)(?: ?(?:h|hrs|hours))?(?=\s*(?:[?.,;!]|$|today\b))/gi,
    read: (m, clock) => {
      const at = clock.today + Number(m[1]) * HOUR + Number(m[2]) * 60_000;
      const passed = at > clock.now ? at - DAY : at;
      return { ...calendar(passed, 'day'), at: passed, bare: true };
    },
  },
  { pattern: /\bsince (?:last )?midnight\b/gi, read: (_, clock) => ({ from: clock.today, to: clock.now, rolling: true }) },
  {
    // "K 24h", "in 48 hours": up to now; a 24 h urine is a test.
    pattern:
      /(?:\b(?:in|over|for|within)(?: the)? (12|24|36|48|72) ?(?:h|hrs?|hours)\b(?! ?(?:urine|urinary|collection))|(?<!\bevery )\b(12|24|36|48|72) ?(?:h|hrs?|hours)(?=\s*[?.!]*$))/gi,
    read: (m, clock) => ({ from: back(clock.now, Number(m[1] ?? m[2]), 'hour'), to: clock.now, rolling: true }),
  },
  {
    // "on the 25th": of this month where it has come, else of the last month that has such a day.
    pattern:
      /(?<=\b(?:on|since|from|before|after|until|till|by|of) )the (\d{1,2})(?:st|nd|rd|th)\b(?=\s*(?:[?.,;!)]|$|and\b|at\b|to\b|until\b))/gi,
    read: (m, clock) => dayOfMonth(Number(m[1]), clock),
  },
  {
    // A year or a date in figures that ends the question: "creatinine trend 2025", "K 12/5". Not after a comparison, a score or a number.
    pattern:
      /(?<=(?:^|\s)(?!(?:above|below|over|under|than|is|was|are|pain|score|strength|power|grade|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*)\s)[a-z]{2,} )((?:19|20|21|22)\d{2})(?=\s*[?.!]*$)/gi,
    read: (m, clock) => (Number(m[1]) > clock.fields(clock.now).year ? null : window(dateMs(Number(m[1]), 1, 1), 'year')),
  },
  {
    pattern:
      /(?<=(?:^|\s)(?!(?:above|below|over|under|than|is|was|are|pain|score|strength|power|grade|vision)\s)[a-z]+ )(\d{1,2})\/(\d{1,2})(?=\s*[?.!]*$)/gi,
    read: (m, clock) => dayAndMonth(Number(m[1]), Number(m[2]), clock),
  },
  // A night is taken from 19:00 to 07:00, the usual nursing shift; the answer shows the window.
  { pattern: /\b(?:overnight|last night|over night|through the night)\b/gi, read: (_, clock) => night(clock) },
  { pattern: /\btonight\b/gi, read: (_, clock) => part(clock.today, 'evening') },
  { pattern: /\btoday(?: so far)?\b/gi, read: (_, clock) => calendar(clock.now, 'day') },
  { pattern: /\b(?:yesterday|yest|yday)\b/gi, read: (_, clock) => calendar(clock.today - DAY, 'day') },
  {
    pattern:
      /(?<=\b(?:in|since|during|of|from|before|after|until|till|by|throughout|for|to|and|between|year) (?:the year )?)((?:19|20|21|22)\d{2})\b(?![/-])/gi,
    read: (m) => window(dateMs(Number(m[1]), 1, 1), 'year'),
  },
];

function window(ms: number, unit: 'day' | 'month' | 'year') {
  return Number.isNaN(ms) ? null : calendar(ms, unit);
}

function part(dayMs: number, name: string) {
  const [from, to] = (
    { morning: [0, 12], am: [0, 12], afternoon: [12, 18], evening: [18, 24], pm: [12, 24] } as Record<string, [number, number]>
  )[name.toLowerCase()]!;
  return { from: dayMs + from * HOUR, to: dayMs + to * HOUR - 1000 };
}

function night(clock: Clock) {
  // Asked before 19:00, it is the night that ended this morning; later, the one that has begun.
  const start = clock.now - clock.today >= 19 * HOUR ? clock.today + 19 * HOUR : clock.today - 5 * HOUR;
  return { from: start, to: Math.min(start + 12 * HOUR, clock.now) };
}

/** Words that are also months, weekdays or clock words; alone they name no time. */
const NO_TIME = /^(?:may|mar|march|sun|sat|wed|mon|dec|now|second|a second|sec|min|(?:at )?\d{1,3}(?:[.,]\d+)?)$/i;

/** What the library finds in what is left: month names, weekdays, clock times. */
function byLibrary(text: string, clock: Clock): Atom[] {
  const atoms: Atom[] = [];
  for (const result of chrono.casual.parse(text, { instant: new Date(clock.now), timezone: 0 })) {
    const { start } = result;
    const known = (part: 'year' | 'month' | 'day' | 'weekday' | 'hour') => start.isCertain(part);
    const before = text.slice(0, result.index);
    const words = result.text.trim();
    const isMonthByPreposition = /\b(?:in|since|during|last|this|of|by|until|before|after|from|to|between|and) $/i.test(before);
    if (NO_TIME.test(words) && !(isMonthByPreposition && /^(?:may|march|dec)$/i.test(words))) continue;
    if (!known('day') && !known('month') && !known('weekday')) {
      const clockTime = bareTime(words, clock);
      if (clockTime !== null) atoms.push({ start: result.index, end: result.index + result.text.trimEnd().length, ...clockTime });
      continue;
    }
    // How many are several is not said; figures with strokes are read above, in both orders.
    if (/several|\d\/\d/i.test(words)) continue;
    // "and the day before" is told from what was asked before, not from today.
    if (/^(?:(?:about|around|at|on) )?(?:the )?(?:day|week|month|year) (?:before|after|prior)$/i.test(words)) continue;
    let ms = dateMs(start.get('year')!, start.get('month')!, start.get('day')!);
    const unit = known('day') || known('weekday') ? 'day' : 'month';
    // What is asked about lies in the past.
    if (calendar(ms, unit).from > clock.now && !known('year')) ms = known('weekday') && !known('day') ? ms - 7 * DAY : back(ms, 1, 'year');
    const at = known('hour') ? ms + start.get('hour')! * HOUR + (start.get('minute') ?? 0) * 60_000 : undefined;
    const leading = result.text.length - result.text.trimStart().length;
    const span = { start: result.index + leading, end: result.index + leading + words.length };
    if (result.end) {
      const end = dateMs(result.end.get('year')!, result.end.get('month')!, result.end.get('day')!);
      if (end >= ms) atoms.push({ ...span, from: ms, to: calendar(end, unit).to, rolling: true });
      continue;
    }
    atoms.push({ ...span, ...calendar(ms, unit), ...(at === undefined ? {} : { at }) });
  }
  return atoms;
}

/** "at 6am", "06:30": today, or yesterday where that has not come yet. */
function bareTime(words: string, clock: Clock): Omit<Atom, 'start' | 'end'> | null {
  const m = /^(?:at |around |about )?(\d{1,2})(?::([0-5]\d))? ?(am|pm)?$/i.exec(words);
  if (m === null || (m[2] === undefined && m[3] === undefined) || (m[3] === undefined && !/^(?:at|around|about) /i.test(words)))
    return null;
  const half = m[3]?.toLowerCase();
  const hour = (Number(m[1]) % (half === undefined ? 24 : 12)) + (half === 'pm' ? 12 : 0);
  let at = clock.today + hour * HOUR + Number(m[2] ?? 0) * 60_000;
  if (at > clock.now) at -= DAY;
  return { ...calendar(at, 'day'), at, bare: true };
}

/** All dates of the text, by place, none overlapping. */
export function findDates(text: string, clock: Clock): Atom[] {
  const atoms: Atom[] = [];
  let rest = text;
  for (const rule of RULES) {
    for (const m of [...rest.matchAll(rule.pattern)] as RegExpExecArray[]) {
      const read = rule.read(m, clock);
      // A date in figures that does not exist is read in no other way.
      if (read === null && !/\d[/.-]\d/.test(m[0])) continue;
      if (read !== null) atoms.push({ start: m.index, end: m.index + m[0].length, ...read });
      rest = rest.slice(0, m.index) + '#'.repeat(m[0].length) + rest.slice(m.index + m[0].length);
    }
  }
  const found = [...atoms, ...byLibrary(rest, clock)].sort((a, b) => a.start - b.start).map((atom) => withClockTime(text, atom));
  return found.filter((a) => a.bare === undefined || !found.some((b) => b !== a && a.start < b.end && b.start < a.end));
}

const CLOCK_TIME = '(?:at |around |about )?(\\d{1,2})(?::(\\d{2})|(?::(\\d{2}))? ?(am|pm|a\\.m\\.|p\\.m\\.|h|hrs|hours|o.?clock))';
const CLOCK_BEFORE = new RegExp(`\\b${CLOCK_TIME}(?: on| of|,)? (?:the )?$`, 'i');
const CLOCK_AFTER = new RegExp(`^,? ${CLOCK_TIME}(?![\\w/])`, 'i');

/** "at 0400". */
const MILITARY = '([01]\\d|2[0-3])([0-5]\\d)(?: ?(?:h|hrs|hours))?(?![\\w/-])';
const MILITARY_AFTER = new RegExp(`^,? (?:at )${MILITARY}`, 'i');

/** "at 08:00 on 25 August", "yesterday at 2 pm": the clock time belongs to the day beside it. */
function withClockTime(text: string, atom: Atom): Atom {
  if (atom.at !== undefined || atom.rolling || atom.readings || atom.to - atom.from >= DAY) return atom;
  const before = CLOCK_BEFORE.exec(text.slice(0, atom.start));
  const m = before ?? CLOCK_AFTER.exec(text.slice(atom.end));
  const military = m === null ? MILITARY_AFTER.exec(text.slice(atom.end)) : null;
  if (military !== null) {
    const at = Math.floor(atom.from / DAY) * DAY + Number(military[1]) * HOUR + Number(military[2]) * 60_000;
    return { ...atom, at, end: atom.end + military[0].length };
  }
  if (m === null) return atom;
  const half = m[4]?.toLowerCase()[0];
  const hour = (Number(m[1]) % (half === 'a' || half === 'p' ? 12 : 24)) + (half === 'p' ? 12 : 0);
  const at = Math.floor(atom.from / DAY) * DAY + hour * HOUR + Number(m[2] ?? m[3] ?? 0) * 60_000;
  return before ? { ...atom, at, start: before.index } : { ...atom, at, end: atom.end + m[0].length };
}
