// Dates and times in a sentence, and whether a cited time bears them at the precision in which they are said.
import { endOf, offsetOf, startOf } from '../../evidence/index.ts';

export type TimeClaim = {
  raw: string;
  year?: number;
  month?: number;
  day?: number;
  hour?: number;
  minute?: number;
  second?: number;
  offset?: string;
  weekday?: number;
  /** Days from the as-of date: today 0, yesterday -1. */
  relative?: number;
  /** The words before it, by which a bound ("up to", "since") is told from the time of a finding. */
  before: string;
};

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const CLOCK = '(\\d{1,2}):([0-5]\\d)(?::([0-5]\\d)(?:\\.\\d+)?)?\\s*([ap]\\.?m\\b\\.?)?\\s*(z\\b|utc\\b|[+-]\\d{2}:\\d{2})?';
const AT = '(?:\\s*(?:,|t|at|,\\s*at)?\\s*';
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const RELATIVE: Record<string, number> = {
  today: 0,
  tonight: 0,
  'this morning': 0,
  'this afternoon': 0,
  'this evening': 0,
  yesterday: -1,
  'last night': -1,
  tomorrow: 1,
};

type Fields = Omit<TimeClaim, 'raw' | 'before'>;
type Reading = (m: RegExpExecArray) => Fields[] | null;
const monthOf = (word: string) => MONTHS.indexOf(word.slice(0, 3).toLowerCase()) + 1;

/** Hour, minute, second, am/pm and offset at `from` of a match; empty when there is no clock. */
function clock(m: RegExpExecArray, from: number): Fields | null {
  const [hour, minute, second, half, zone] = m.slice(from, from + 5);
  if (hour === undefined) return {};
  let h = Number(hour);
  if (half !== undefined) {
    if (h < 1 || h > 12) return null;
    h = (h % 12) + (/^p/i.test(half) ? 12 : 0);
  }
  if (h > 24) return null;
  const offset = zone === undefined ? undefined : /^(z|utc)$/i.test(zone) ? 'Z' : zone;
  return {
    hour: h,
    ...(minute === undefined ? {} : { minute: Number(minute) }),
    ...(second === undefined ? {} : { second: Number(second) }),
    ...(offset === undefined ? {} : { offset }),
  };
}

const dated = (m: RegExpExecArray, from: number, date: Fields): Fields[] | null => {
  const time = clock(m, from);
  const { month = 1, day = 1 } = date;
  return time === null || month < 1 || month > 12 || day < 1 || day > 31 ? null : [{ ...date, ...time }];
};

/** In this order: what is read first is taken out of the text. */
const READINGS: [RegExp, Reading][] = [
  [
    new RegExp(`\\b(\\d{4})[-/](\\d{2})[-/](\\d{2})${AT}${CLOCK})?`, 'gi'),
    (m) => dated(m, 4, { year: Number(m[1]), month: Number(m[2]), day: Number(m[3]) }),
  ],
  [
    new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${MONTH},? (\\d{4})${AT}${CLOCK})?`, 'gi'),
    (m) => dated(m, 4, { year: Number(m[3]), month: monthOf(m[2]!), day: Number(m[1]) }),
  ],
  [
    new RegExp(`\\b${MONTH} (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})\\b${AT}${CLOCK})?`, 'gi'),
    (m) => dated(m, 4, { year: Number(m[3]), month: monthOf(m[1]!), day: Number(m[2]) }),
  ],
  [
    new RegExp(`\\b(\\d{1,2})[/.](\\d{1,2})[/.](\\d{4})\\b${AT}${CLOCK})?`, 'gi'),
    (m) => {
      const [a, b, year] = [Number(m[1]), Number(m[2]), Number(m[3])];
      const both = [dated(m, 4, { year, month: b, day: a }), dated(m, 4, { year, month: a, day: b })].flatMap((r) => r ?? []);
      return both.length === 0 ? null : both;
    },
  ],
  [/\b(\d{4})-(\d{2})\b(?![-\d])/g, (m) => dated(m, 9, { year: Number(m[1]), month: Number(m[2]) })],
  [new RegExp(`\\b${MONTH},? (\\d{4})\\b`, 'gi'), (m) => dated(m, 9, { year: Number(m[2]), month: monthOf(m[1]!) })],
  [
    new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${MONTH}(?![a-z])${AT}${CLOCK})?`, 'gi'),
    (m) => dated(m, 3, { month: monthOf(m[2]!), day: Number(m[1]) }),
  ],
  [
    new RegExp(`\\b${MONTH} (\\d{1,2})(?:st|nd|rd|th)?\\b(?![.:]\\d)${AT}${CLOCK})?`, 'gi'),
    (m) => dated(m, 3, { month: monthOf(m[1]!), day: Number(m[2]) }),
  ],
  [
    new RegExp(`(?<![\\d:.])${CLOCK}(?![\\d:])`, 'gi'),
    (m) => {
      const t = clock(m, 1);
      return t === null ? null : [t];
    },
  ],
  [
    /(?<![\d:.])(\d{1,2})()()\s*([ap]\.?m\b\.?)/gi,
    (m) => {
      const t = clock(m, 1);
      return t === null ? null : [{ hour: t.hour! }];
    },
  ],
  [/\b(noon|midnight)\b/gi, (m) => [{ hour: /noon/i.test(m[1]!) ? 12 : 0, minute: 0 }]],
  [new RegExp(`\\b(${WEEKDAYS.join('|')})s?\\b`, 'gi'), (m) => [{ weekday: WEEKDAYS.indexOf(m[1]!.toLowerCase()) }]],
  [new RegExp(`\\b(${Object.keys(RELATIVE).join('|')})\\b`, 'gi'), (m) => [{ relative: RELATIVE[m[1]!.toLowerCase()]! }]],
];

/** Each claim with its possible readings (12/03/2166 has two), and the text without them. */
export function readTimes(text: string): { claims: TimeClaim[][]; rest: string } {
  const claims: TimeClaim[][] = [];
  let rest = text;
  for (const [pattern, read] of READINGS) {
    pattern.lastIndex = 0;
    rest = rest.replace(pattern, (...args: unknown[]) => {
      const groups = args.filter((a): a is string | undefined => typeof a === 'string' || a === undefined);
      const at = args.find((a): a is number => typeof a === 'number')!;
      const raw = String(args[0]);
      const readings = read(groups.slice(0, -1) as unknown as RegExpExecArray);
      if (readings === null) return raw;
      const before = rest.slice(Math.max(0, at - 30), at).toLowerCase();
      claims.push(readings.map((r) => ({ ...r, raw, before })));
      return ' '.repeat(raw.length);
    });
  }
  return { claims, rest };
}

const pad = (n: number) => String(n).padStart(2, '0');

/** Whether the time as recorded bears the claim: no field of the claim is finer than the record, and none differs. */
export function bearsTime(claim: TimeClaim, time: string, asOf: string): boolean {
  const m = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?)?)?/.exec(time);
  if (m === null) return false;
  if (claim.weekday !== undefined || claim.relative !== undefined) {
    if (m[3] === undefined) return false;
    if (claim.weekday !== undefined) return new Date(`${time.slice(0, 10)}T00:00:00Z`).getUTCDay() === claim.weekday;
    const day = new Date(startOf(asOf.slice(0, 10)) + claim.relative! * 86_400_000).toISOString().slice(0, 10);
    return time.slice(0, 10) === day;
  }
  if (claim.offset !== undefined && offsetOf(time) !== null && claim.day !== undefined && claim.year !== undefined) {
    const said = `${claim.year}-${pad(claim.month!)}-${pad(claim.day)}T${pad(claim.hour ?? 0)}:${pad(claim.minute ?? 0)}`;
    const instant = startOf(`${said}${claim.second === undefined ? '' : `:${pad(claim.second)}`}${claim.offset}`);
    return instant <= startOf(time) && startOf(time) < instant + (claim.second === undefined ? 60_000 : 1_000);
  }
  const recorded = m.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
  const said = [claim.year, claim.month, claim.day, claim.hour, claim.minute, claim.second];
  return said.every((field, i) => field === undefined || field === recorded[i]);
}

/** Words before a date by which it bounds a window instead of dating a finding. */
const BOUND =
  /(?:as[ -]of|up to|until|till|through|to|by|before|after|since|from|between|and|later than|earlier than|starting|ending|:)\s*(?:the\s*)?$/;
export const isBound = (claim: TimeClaim) => BOUND.test(claim.before);

/** Durations in ms between the times, for "3 days ago" and "over 5 days". */
export function intervals(times: readonly string[], asOf: string): number[] {
  const starts = times.flatMap((t) => [startOf(t), endOf(t)]).filter((t) => !Number.isNaN(t));
  const now = startOf(asOf);
  const extremes = starts.length > 60 ? [Math.min(...starts), Math.max(...starts)] : starts;
  const found = new Set<number>();
  for (const a of [...extremes, now]) for (const b of extremes) if (a > b) found.add(a - b);
  return [...found];
}
