// The check between any model and the reader of an answer: does what a sentence cites bear what it says? Pure functions.
// It knows numbers with units, dates and times, set words, given or not, and direction; it does not judge style.
import type { Completeness, Evidence, Sentence } from '../../evidence/index.ts';
import { foreignConcept } from './concepts.ts';
import { type Facts, factsOf, type NumberFact } from './facts.ts';
import { isAscii, normalText } from './normal.ts';
import { type NumberClaim, readNumbers } from './numbers.ts';
import { checkPolarity } from './polarity.ts';
import { checkSetWords } from './set-words.ts';
import { bearsTime, intervals, isBound, readTimes, type TimeClaim } from './times.ts';
import { canonicalUnit, sameUnit, TIME_UNITS } from './units.ts';

export { groundValue, valuesIn } from './values.ts';

/** All that the tools of this question returned. */
export type Known = {
  evidence: ReadonlyMap<string, Evidence>;
  completeness: ReadonlyMap<string, Completeness>;
  asOf: string;
  question: string;
};

export type GroundKind = 'citation' | 'value' | 'time' | 'unit' | 'set_word' | 'concept' | 'polarity' | 'direction';
export type Grounded = { ok: true } | { ok: false; reason: string; kind: GroundKind };

const OK: Grounded = { ok: true };
const no = (kind: GroundKind, reason: string): Grounded => ({ ok: false, reason, kind });

/** Names with digits that clinicians write whatever the record calls them. */
const IDENTIFIERS = new Set(
  'a1c hba1c b1 b2 b6 b12 d2 d3 t3 t4 ft3 ft4 cd3 cd4 cd8 cd19 cd20 c3 c4 ca-125 ca125 ca19-9 h2o o2 co2 tco2 hco3 nh3 no2 so2 spo2 sao2 svo2 fio2 pao2 paco2 pco2 po2 etco2 p50 ph g6pd p2y12 il-6 covid-19 sars-cov-2 h1n1 hiv-1 hiv-2 factor-8 25-oh 25-hydroxy 5-hiaa 17-oh'.split(
    ' ',
  ),
);

/** Whether the sentence may be shown. A sentence that cites nothing may be a limit, a question or advice; they claim nothing. */
export function ground(sentence: Sentence, known: Known): Grounded {
  const { text, citations, kind } = sentence;
  if (citations.length === 0) return kind === 'finding' || kind === 'flag' ? no('citation', 'It cites nothing.') : OK;
  const unknown = citations.find((id) => !known.evidence.has(id) && !known.completeness.has(id));
  if (unknown !== undefined) return no('citation', `It cites ${unknown}, which no tool returned.`);
  const evidence = citations.map((id) => known.evidence.get(id)).filter((e) => e !== undefined);
  const completeness = citations.map((id) => known.completeness.get(id)).filter((c) => c !== undefined);
  const facts = factsOf(evidence, completeness);
  const normal = withoutCodes(withoutQuotations(normalText(text), facts), facts);
  if (!isAscii(normal) && /[\p{No}\p{Nl}]/u.test(normal)) return no('value', 'It holds a number sign that cannot be checked.');
  const { claims: times, rest } = readTimes(normal);
  for (const readings of times) {
    if (!readings.some((claim) => isBorne(claim, facts, known, kind)))
      return no('time', `“${readings[0]!.raw.trim()}” is not in what it cites.`);
  }
  const { claims, factors, identifiers } = readNumbers(rest);
  for (const word of identifiers) {
    const problem = checkIdentifier(word, facts, known);
    if (problem !== null) return problem;
  }
  const factor = factors.find((word) => !facts.words.includes(word.toLowerCase()));
  if (factor !== undefined) return no('value', `“${factor}” is computed in the sentence.`);
  for (const claim of claims) {
    const problem = checkNumber(claim, facts, known, normal);
    if (problem !== null) return problem;
  }
  const foreign = foreignConcept(text, [...evidence, ...completeness], facts.words);
  if (foreign !== null) return no('concept', `“${foreign}” is not what it cites.`);
  const set = checkSetWords(normal, kind, evidence, completeness, facts.words);
  if (set !== null) return no(set.kind, set.reason);
  const polarity = checkPolarity(normal, evidence);
  return polarity === null ? OK : no(polarity.kind, polarity.reason);
}

/** What stands in quotation marks and is recorded so is the record's own word. */
function withoutQuotations(text: string, facts: Facts): string {
  const quotable = facts.quotable.map((q) => normalText(q).toLowerCase());
  return text.replace(/"([^"]{2,})"/g, (whole, inside: string) => {
    const said = inside
      .trim()
      .replace(/[.,;]$/, '')
      .toLowerCase();
    return quotable.some((q) => q.includes(said)) ? ' ' : whole;
  });
}

/** A code said as a code ("ICD-9 25000", "LOINC 2160-0") is a name, where the evidence has it. */
function withoutCodes(text: string, facts: Facts): string {
  return text.replace(
    /\b(icd(?:-?(?:9|10)(?:-?cm)?)?|loinc|snomed(?: ct)?|rxnorm|ndc|code)\b[\s:#]*([a-z0-9][a-z0-9.-]*[a-z0-9])/gi,
    (whole, _system, code: string) =>
      facts.codes.includes(code.toLowerCase()) || facts.codes.includes(code.toLowerCase().replaceAll('.', '')) ? ' ' : whole,
  );
}

/** The as-of time and the ends of a window bound a statement; they date a finding only where the sentence says that they bound it. */
function isBorne(claim: TimeClaim, facts: Facts, known: Known, kind: Sentence['kind']): boolean {
  if (facts.times.some((time) => bearsTime(claim, time, known.asOf))) return true;
  // A ratio such as 1:40 is read as a clock.
  if (/^\d+:\d+$/.test(claim.raw.trim()) && facts.words.includes(claim.raw.trim())) return true;
  if (kind === 'finding' && !isBound(claim)) return false;
  return [...facts.bounds, known.asOf].some((time) => bearsTime(claim, time, known.asOf));
}

/** Letters with digits are a name that the evidence or the question knows, or else a number in disguise (K5.9). */
function checkIdentifier(word: string, facts: Facts, known: Known): Grounded | null {
  const plain = word.toLowerCase().replace(/[.,]$/, '');
  if (IDENTIFIERS.has(plain) || standsIn(facts.words, plain)) return null;
  if (standsIn(normalText(known.question).toLowerCase(), plain) && !/\d\.\d/.test(plain)) return null;
  const inner = /^(\p{L}+)[-/]?(\d+(?:\.\d+)?)$/u.exec(plain);
  const claim = inner === null ? undefined : readNumbers(inner[2]!).claims[0];
  if (claim === undefined) return no('value', `“${word}” is not in what it cites.`);
  return checkNumber(claim, facts, known, plain);
}

/** Whether the word stands in the text with neither letter nor digit beside it. */
function standsIn(text: string, word: string): boolean {
  const alone = (character: string | undefined) => character === undefined || !/[\p{L}\p{N}]/u.test(character);
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (alone(text[at - 1]) && alone(text[at + word.length])) return true;
  return false;
}

const close = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

function checkNumber(claim: NumberClaim, facts: Facts, known: Known, text: string): Grounded | null {
  const { value, unit, comparator, raw } = claim;
  if (Number.isNaN(value)) return no('value', `“${raw}” cannot be checked.`);
  const timeUnit = unit === null ? undefined : TIME_UNITS[canonicalUnit(unit)];
  const falls = /\b(?:fell|fall\w*|decreas\w*|dropp\w*|declin\w*|down|lower|less|reduc\w*|loss|lost|below|negative|minus)\b/i.test(text);
  const equal = facts.numbers.filter((n) => close(n.value, value) || (falls && close(n.value, -value)));
  const withUnit = unit === null ? equal : equal.filter((n) => n.units.some((u) => sameUnit(u, unit)));
  const fits = withUnit.filter((n) => fitsRole(n, claim, facts) && fitsComparator(n, timeUnit === undefined ? comparator : null));
  if (fits.length > 0) return null;
  if (timeUnit !== undefined && bearsDuration(value, timeUnit, raw, facts, known)) return null;
  if (unit === null && /^\d{4}$/.test(raw) && facts.times.some((t) => t.startsWith(raw))) return null;
  if (comparator !== null && bearsThreshold(claim, facts, known, text)) return null;
  if (withUnit.length === 0 && equal.some((n) => n.role !== 'count' && n.role !== 'name'))
    return no('unit', `“${raw} ${unit}” is recorded with another unit.`);
  return no('value', `“${raw}” is not in what it cites.`);
}

const PREPOSITION = /^\s*(?:on|at|in|and|or|to|from|by|for|with|as|but|which|since|until|before|after|between|than|this|yesterday|today)\b/;
/** "9 results", "3 of 9", "1 dose": a number of things, not a measured value. */
function isCount({ value, before, after }: NumberClaim): boolean {
  if (/\b(?:number|count|total|found|read|of|all|counted)\W*(?:(?:was|is|are|were)\W*)?$/.test(before)) return true;
  if (/\b(?:number|count|total) of [^.;]{1,35}\b(?:was|is|are|were)\W*$/.test(before)) return true;
  if (PREPOSITION.test(after)) return false;
  if (/^\s*(?:[a-z]+ )?(?:of|found|read|recorded|later|more|other|times?)\b/.test(after)) return true;
  return value === 1 ? /^\s+[a-z-]{3,}/.test(after) : /^\s+(?:[a-z()/-]+ ){0,5}(?!was\b|is\b|has\b|its\b|this\b)[a-z-]+s\b/.test(after);
}

/** "3.5–5.1", "the upper limit is 5.1": of a reference range, not a measured value. */
const isLimit = ({ before, after }: NumberClaim) =>
  /\b(?:range|reference|limit|normal|interval|within)\b(?:[^.;]|\.\d)*$/.test(before) ||
  /\d\s*-\s*$/.test(before) ||
  /^\s*-\s*\d/.test(after);

/** A count bears a count only; a limit a limit; a number within a name bears the same words or the same unit. */
function fitsRole(fact: NumberFact, claim: NumberClaim, facts: Facts): boolean {
  if (fact.role === 'count') return claim.unit === null && isCount(claim);
  if (fact.role === 'limit') return claim.comparator !== null || isLimit(claim);
  if (fact.role !== 'name' || claim.unit !== null) return true;
  const raw = claim.raw.toLowerCase();
  const [before, after] = [/[\p{L}\d]+\W*$/u.exec(claim.before)?.[0], /^\W*[\p{L}\d]+/u.exec(claim.after)?.[0]];
  return (before !== undefined && facts.words.includes(before + raw)) || (after !== undefined && facts.words.includes(raw + after));
}

/** `<0.01` is not 0.01; and 5.9 is not "above 5.9". A limit or a count may be what something is compared with. */
function fitsComparator(fact: NumberFact, said: NumberClaim['comparator']): boolean {
  if (fact.comparator !== null) return said === fact.comparator;
  return said === null || fact.role !== 'value';
}

/** A threshold of the question ("above 6?") may be said again: where a cited value passes it, or in a denial where none does. */
function bearsThreshold({ value, unit, comparator }: NumberClaim, facts: Facts, known: Known, text: string): boolean {
  const asked = readNumbers(readTimes(normalText(known.question)).rest).claims;
  if (!asked.some((n) => close(n.value, value))) return false;
  const values = facts.numbers.filter((n) => n.role === 'value' && (unit === null || n.units.some((u) => sameUnit(u, unit))));
  const passes = values.some((n) => (comparator === '>' ? n.value >= value : n.value <= value));
  return /\b(?:no|none|never|not|nothing)\b/i.test(text) ? !passes : passes;
}

/** "3 days ago", "over 5 days", "the last 24 hours": between cited times, or the window that was looked at. */
function bearsDuration(value: number, unitMs: number, raw: string, facts: Facts, known: Known): boolean {
  const decimals = /\.(\d+)/.exec(raw)?.[1]?.length ?? 0;
  const spans = [...intervals(facts.times, known.asOf), ...intervals(facts.bounds, known.asOf)];
  return spans.some((span) => {
    const n = span / unitMs;
    return close(Number(n.toFixed(decimals)), value) || (decimals === 0 && Math.floor(n) === value && value > 0);
  });
}
