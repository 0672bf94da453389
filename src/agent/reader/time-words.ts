// Time expressions of a question: dates joined by since, between, before; stays; points in time. What is found is masked from the rest of the grammar.
import { Clock, DAY, dateMs } from './clock.ts';
import { type Atom, findDates } from './dates.ts';
import type { StayRef, When } from './needs.ts';

export type TimeSpan = {
  start: number;
  end: number;
  when: When;
  /** "on admission" chooses the first of the stay, "at discharge" the last. */
  pick?: 'first' | 'last';
};

const ORDINALS: Record<string, number> = {
  first: 1,
  '1st': 1,
  second: 2,
  '2nd': 2,
  third: 3,
  '3rd': 3,
  fourth: 4,
  '4th': 4,
  fifth: 5,
  '5th': 5,
};
const STAY_NOUN =
  '(?:hospital(?:i[sz]ation)?s?|inpatient|in-?patient|icu|intensive care(?: unit)?|ed|er|emergency(?: room| department)?)?[ -]?(?:stay|admission|hospitali[sz]ation|visit|encounter)';
const STAY = new RegExp(
  `\\b(?:(?:over|during|in|for|on|since|throughout|of|from|within|at|through|across|after|before|until|prior to)\\s+)?(?:(?:the|this|her|his|their|its|that|patient(?:'s)?)\\s+){0,2}((?:very )?(?:current|present|ongoing|last|latest|most recent|previous|prior|first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|(?:19|20|21|22)\\d{2}))?\\s*(?:\\w+ \\d{4} )?(${STAY_NOUN})(?: (?:in|of) ((?:19|20|21|22)\\d{2}))?\\b(?!s)`,
  'gi',
);
const SINCE_ADMISSION =
  /\b(?:since|from|during|throughout|over|after) (?:(?:the|her|his|their|being|time of|s?he was|they were|(?:the )?patient was) ){0,2}(?:admission|admitted|arrival|arriving|hospitali[sz]ed)(?: to (?:the )?hospital)?\b|\bwhile (?:(?:s?he|they|the patient) (?:is|was|has been|were) )?(?:in|an)[ -]?(?:the )?(?:hospital|patient|house)\b|\bthis time in hospital\b|\bduring hospitali[sz]ation\b/gi;
const AT_ADMISSION =
  /\b(?:on|at|upon) (?:the |her |his |their |hospital )?(?:time of )?(?:admission|arrival|presentation|admit)(?= |[?.,;!]|$)|(?<=^\s*|[,;:.]\s*|\b(?:the|her|his|their|was|is|and|or|vs|versus|show|give me|get) )admission (?!dates?\b|times?\b|diagnos|reason|notes?\b|med|drug|to\b|for\b|from\b|history|h&p|orders?\b|and\b|or\b|in\b|at\b|on\b|of\b|is\b|was\b|type|source|status|\d)(?=[a-z])|(?<=\b(?:vs\.?|versus|compared (?:to|with)) )admission(?=[?.,;!]|$)|(?<=^\s*|\b(?:the|her|his|their|what were|what was) )admission (?=and (?:at )?discharge [a-z])/gi;
const AT_DISCHARGE =
  /\b(?:on|at|upon|before|prior to) (?:the |her |his |their )?(?:time of )?discharge\b(?! (?:summary|letter|note|diagnos|med))|(?<=^\s*|[,;:.]\s*|\b(?:the|her|his|their|was|is|and|or|vs|versus|show|give me|get|last) )discharge (?!dates?\b|times?\b|diagnos|summary|letter|notes?\b|med|drug|presc|dispo|destination|location|plan|instruct|home\b|status|ready|service|ward|to\b|from\b|and\b|or\b|in\b|at\b|on\b|of\b|is\b|was\b|\d)(?=[a-z])/gi;

function stayOf(m: RegExpMatchArray): StayRef | null {
  const [whole, word, noun, inYear] = m;
  const which = word?.toLowerCase();
  // A visit or encounter of no kind may be one to a clinic; the current one is the stay.
  const isAny = /^\s*(?:visit|encounter)$/i.test(noun!) && which !== undefined && !/current|present|ongoing/.test(which);
  const kind = /icu|intensive/i.test(noun!) ? 'icu' : /^(?:ed|er|emergency)/i.test(noun!) ? 'emergency' : isAny ? 'any' : 'hospital';
  if (inYear !== undefined && which === undefined && !/\b(?:the|this|her|his|their|that)\b/i.test(whole)) return null;
  if (inYear !== undefined) return { which: ORDINALS[which ?? ''] ?? -1, kind, year: Number(inYear) };
  if (which === undefined)
    return /^(?:[a-z]+\s)*(?:the|this|her|his|their|that|since|over|during)\s/i.test(whole) ? { which: 'current', kind } : null;
  if (/^\d{4}$/.test(which)) return { which: -1, kind, year: Number(which) };
  if (/current|present|ongoing/.test(which)) return { which: 'current', kind };
  if (which in ORDINALS) return { which: ORDINALS[which]!, kind };
  return { which: 'last', kind };
}

function findStays(text: string): TimeSpan[] {
  const spans: TimeSpan[] = [];
  const current: StayRef = { which: 'current', kind: 'hospital' };
  const add = (m: RegExpMatchArray, stay: StayRef, pick?: 'first' | 'last') => {
    const [start, end] = [m.index!, m.index! + m[0].trimEnd().length];
    if (spans.some((s) => start < s.end && s.start < end)) return;
    spans.push({ start, end, when: { type: 'stay', stay, words: m[0].trim() }, ...(pick ? { pick } : {}) });
  };
  for (const m of text.matchAll(AT_ADMISSION)) add(m, current, 'first');
  for (const m of text.matchAll(AT_DISCHARGE)) add(m, { which: 'last', kind: 'hospital' }, 'last');
  for (const m of text.matchAll(SINCE_ADMISSION)) add(m, current);
  for (const m of text.matchAll(STAY)) {
    const stay = stayOf(m);
    // "before the last admission", "after the visit": a relation to a stay, not the stay.
    if (/^(?:after|before|until|prior to)\b/i.test(m[0])) {
      if (stay) spans.push({ start: m.index, end: m.index + m[0].length, when: { type: 'unsupported', words: m[0].trim() } });
    } else if (stay) add(m, stay);
  }
  return spans;
}

/** "between 3 and 5 May", "3-5 May 2165", "from 3rd to 5th of May", "May 3 to 5". */
function findDayPairs(text: string, clock: Clock): Atom[] {
  const months =
    'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
  const d = '(\\d{1,2})(?:st|nd|rd|th)?';
  const to = '\\s*(?:-|–|to|and|until|through)\\s*';
  const atoms: Atom[] = [];
  const add = (m: RegExpMatchArray, first: string, last: string, month: string, year: string | undefined) => {
    const index =
      ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].indexOf(month.slice(0, 3).toLowerCase()) + 1;
    const now = clock.fields(clock.now).year;
    let y = year === undefined ? now : Number(year);
    if (year === undefined && dateMs(y, index, Number(first)) > clock.now) y -= 1;
    const [from, end] = [dateMs(y, index, Number(first)), dateMs(y, index, Number(last))];
    if (!(end >= from)) return;
    atoms.push({ start: m.index!, end: m.index! + m[0].length, from, to: end + DAY - 1000, rolling: true });
  };
  const lead = '\\b(?:(?:between|from|on)\\s+)?(?:the\\s+)?';
  for (const m of text.matchAll(new RegExp(`${lead}${d}${to}(?:the )?${d}\\s+(?:of\\s+)?(${months})\\b\\.?(?:,?\\s+(\\d{4}))?`, 'gi')))
    add(m, m[1]!, m[2]!, m[3]!, m[4]);
  for (const m of text.matchAll(new RegExp(`${lead}(${months})\\s+(?:the )?${d}${to}(?:the )?${d}\\b(?!:)(?:,?\\s+(\\d{4}))?`, 'gi')))
    add(m, m[2]!, m[3]!, m[1]!, m[4]);
  return atoms;
}

const OPENING =
  /\b(since|from|starting|after|later than|before|earlier than|prior to|until|till|up to|by|between|on|in|during|at|around|of|for|over|within|through|throughout|as of|dated)\s+(?:the\s+)?(?:(?:date|day|month|year|night|morning)\s+(?:of\s+)?)?$/i;
const JOIN = /^\s*,?\s*(?:and|to|-|–|until|till|through)\s*(?:the\s+)?$/i;

function windowOf(word: string, atom: Atom, clock: Clock): { from: number | null; to: number | null } {
  switch (word) {
    case 'since':
    case 'from':
    case 'starting':
      return { from: atom.at ?? atom.since ?? atom.from, to: null };
    case 'after':
    case 'later than':
      return { from: (atom.at ?? atom.to) + 1000, to: null };
    case 'before':
    case 'earlier than':
    case 'prior to':
      return { from: null, to: (atom.at ?? atom.from) - 1000 };
    case 'until':
    case 'till':
    case 'up to':
    case 'by':
    case 'as of':
      return { from: null, to: atom.at ?? Math.min(atom.to, clock.now) };
    default:
      return { from: atom.from, to: atom.to };
  }
}

/** Every time expression of the text, none overlapping, by place. */
export function findTimes(text: string, asOf: string): TimeSpan[] {
  const clock = new Clock(asOf);
  const spans = findStays(text);
  const mask = (source: string) => spans.reduce((t, s) => t.slice(0, s.start) + '#'.repeat(s.end - s.start) + t.slice(s.end), source);
  for (const pair of findDayPairs(mask(text), clock)) spans.push(span(pair, 'during', text, clock));
  const masked = mask(text);
  const atoms = findDates(masked, clock);
  for (let i = 0; i < atoms.length; i++) {
    let atom = atoms[i]!;
    const opening = OPENING.exec(masked.slice(0, atom.start));
    const word = opening?.[1]?.toLowerCase().replace(/\s+/g, ' ') ?? '';
    const next = atoms[i + 1];
    if (
      next &&
      JOIN.test(masked.slice(atom.end, next.start)) &&
      ['between', 'from', 'in', 'on', 'during'].includes(word) &&
      !atom.readings &&
      !next.readings
    ) {
      if (/and/i.test(masked.slice(atom.end, next.start)) && word !== 'between') {
        spans.push(span({ ...atom, start: opening!.index }, word, text, clock));
        continue; // "in May and June": two windows
      }
      const [first, last] = atom.from <= next.from ? [atom, next] : [next, atom];
      const range = { start: opening!.index, end: next.end, from: first.at ?? first.from, to: last.at ?? last.to, rolling: true as const };
      spans.push(span(range, 'during', text, clock));
      i += 1;
      continue;
    }
    if (opening) atom = { ...atom, start: opening.index };
    spans.push(span(atom, word, text, clock));
  }
  // Where two readings share words, the longer one stands.
  const kept: TimeSpan[] = [];
  for (const s of spans.sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start))
    if (!kept.some((k) => s.start < k.end && k.start < s.end)) kept.push(s);
  return kept.sort((a, b) => a.start - b.start);
}

function span(atom: Atom, word: string, text: string, clock: Clock): TimeSpan {
  const { start, end } = atom;
  const words = text.slice(start, end).trim();
  if (atom.readings) {
    const readings = atom.readings.map((r) => {
      const w = windowOf(word, { ...atom, from: r.from, to: r.to }, clock);
      return { from: w.from === null ? '' : clock.iso(w.from), to: w.to === null ? '' : clock.iso(w.to), label: r.label };
    });
    return { start, end, when: { type: 'ambiguous', readings, words } };
  }
  if (atom.at !== undefined && !/since|from|after|later|before|earlier|prior|until|till|up to|by/.test(word)) {
    const [from, to] = [clock.iso(atom.at - DAY), clock.iso(Math.min(atom.at + DAY, Math.max(clock.now, atom.at)))];
    return { start, end, when: { type: 'around', at: clock.iso(atom.at), from, to, words } };
  }
  // "labs from Monday": of that day; "from 3 May on" is since.
  const isOfDay = word === 'from' && atom.to - atom.from < DAY && !/^\s*(?:on|onwards?|until now)\b/i.test(text.slice(end));
  const w = atom.rolling || isOfDay ? { from: atom.from, to: atom.to } : windowOf(word, atom, clock);
  return {
    start,
    end,
    when: {
      type: 'window',
      from: w.from === null ? null : clock.iso(w.from),
      to: w.to === null ? null : clock.iso(w.to),
      words,
      ...(atom.nearest === undefined || w.from !== atom.from ? {} : { nearest: clock.iso(atom.nearest) }),
    },
  };
}
