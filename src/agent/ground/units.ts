// Units beside numbers: which words are units, and which spellings mean the same. No conversion: a converted value is evidence of its own.

/** Spellings, after lower-casing, of one canonical unit (UCUM where there is one). */
const SAME: Record<string, string> = {
  mcg: 'ug',
  microgram: 'ug',
  milligram: 'mg',
  nanogram: 'ng',
  picogram: 'pg',
  gram: 'g',
  gm: 'g',
  kilogram: 'kg',
  kilo: 'kg',
  kgs: 'kg',
  litre: 'l',
  liter: 'l',
  millilitre: 'ml',
  milliliter: 'ml',
  decilitre: 'dl',
  deciliter: 'dl',
  cc: 'ml',
  microlitre: 'ul',
  microliter: 'ul',
  millimole: 'mmol',
  micromole: 'umol',
  nanomole: 'nmol',
  picomole: 'pmol',
  mole: 'mol',
  milliequivalent: 'meq',
  millimolar: 'mmol/l',
  mm: 'mm',
  unit: 'u',
  iu: 'u',
  '[iu]': 'u',
  '[u]': 'u',
  percent: '%',
  'per cent': '%',
  percentage: '%',
  mmhg: 'mm[hg]',
  'mm hg': 'mm[hg]',
  cmh2o: 'cm[h2o]',
  torr: 'mm[hg]',
  kilopascal: 'kpa',
  celsius: 'cel',
  '°c': 'cel',
  degc: 'cel',
  c: 'cel',
  'deg c': 'cel',
  fahrenheit: 'degf',
  '°f': 'degf',
  '[degf]': 'degf',
  f: 'degf',
  'deg f': 'degf',
  bpm: '/min',
  'beats/min': '/min',
  'beat/min': '/min',
  'breaths/min': '/min',
  'breath/min': '/min',
  'insp/min': '/min',
  'min-1': '/min',
  '1/min': '/min',
  'k/ul': '10^9/l',
  '10^3/ul': '10^9/l',
  'x10^3/ul': '10^9/l',
  'thou/ul': '10^9/l',
  'thousand/ul': '10^9/l',
  'k/mm3': '10^9/l',
  '10^3/mm^3': '10^9/l',
  'g/l(10^9)': '10^9/l',
  'm/ul': '10^12/l',
  '10^6/ul': '10^12/l',
  sec: 's',
  second: 's',
  minute: 'min',
  mins: 'min',
  hour: 'h',
  hr: 'h',
  hrs: 'h',
  day: 'd',
  week: 'wk',
  month: 'mo',
  mth: 'mo',
  year: 'a',
  yr: 'a',
  yrs: 'a',
  y: 'a',
  yo: 'a',
  inch: '[in_i]',
  inches: '[in_i]',
  in: '[in_i]',
  pound: '[lb_av]',
  lb: '[lb_av]',
  lbs: '[lb_av]',
  centimetre: 'cm',
  centimeter: 'cm',
  metre: 'm',
  meter: 'm',
  millimetre: 'mm',
  millimeter: 'mm',
  tablet: 'tab',
  tabs: 'tab',
  capsule: 'cap',
  caps: 'cap',
  puff: 'puff',
  drop: 'drop',
  fl: 'fl',
  osmol: 'osm',
};
const BASE = new Set([
  ...'mg g kg ug ng pg mol mmol umol nmol pmol meq eq l ml dl ul fl u ku mu % s min h d wk mo a mm cm m km kpa pa cel degf osm mosm ratio tab cap puff drop ml/min mm[hg] cm[h2o] /min 10^9/l 10^12/l kj kcal cal w j v mv ma hz au copies cells mg/dl [in_i] [lb_av]'.split(
    ' ',
  ),
]);
/** Canonical time units in ms. Months and years are means; a claim in them is compared after rounding. */
export const TIME_UNITS: Record<string, number> = {
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  wk: 604_800_000,
  mo: 2_629_800_000,
  a: 31_557_600_000,
};

/** One spelling for all that mean the same; unknown words come back lower-cased. */
export function canonicalUnit(unit: string): string {
  const plain = unit
    .trim()
    .toLowerCase()
    .replace(/[µμ]/g, 'u')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\s+per\s+/g, '/')
    .replace(/\s*\/\s*/g, '/')
    .replace(/^x\s*(?=10)/, '')
    .replace(/10(?:\*|e|\*\*)(?=\d)/, '10^');
  if (SAME[plain] !== undefined) return SAME[plain];
  return plain
    .split('/')
    .map((part) => SAME[part] ?? (part.length > 3 && part.endsWith('s') ? (SAME[part.slice(0, -1)] ?? part.slice(0, -1)) : part))
    .join('/')
    .replace(/^10\^3\/ul$/, '10^9/l');
}

export const sameUnit = (a: string, b: string) => canonicalUnit(a) === canonicalUnit(b);

/** Whether a word behind a number is a unit. `C`, `F`, `in`, `a`, `d`, `m` and the like only as written in full or with a sign. */
function isUnit(word: string): boolean {
  if (/^[%°]/.test(word)) return true;
  if (/^(in|a|c|f|m|kilo|cal|w|j|v|drop|ratio|second)$/i.test(word)) return word === 'C' || word === 'F';
  const canonical = canonicalUnit(word);
  if (BASE.has(canonical)) return true;
  const parts = canonical.split('/');
  return (
    parts.length > 1 &&
    parts.length <= 3 &&
    (parts[0] === '' || /^[a-z%[\]\d^.]+$/.test(parts[0]!)) &&
    parts.slice(1).every((p) => BASE.has(p) || /^[\d.]+[a-z]+[\d^]*$/.test(p))
  );
}

/** The unit at the beginning of `rest` (what follows a number), as written, or null. */
export function unitAt(rest: string): string | null {
  const power = /^\s*(?:x\s*)?10[\^*e]\d+\s*\/\s*[a-z]+/i.exec(rest);
  if (power) return power[0].trim();
  const phrase = /^[\s-]*([a-z]+ per [a-z]+(?: per [a-z]+)?|mm hg|per cent|deg(?:rees)? [cf]\w*)\b/i.exec(rest);
  if (phrase && (/^(mm hg|per cent|deg)/i.test(phrase[1]!) || isUnit(phrase[1]!.replace(/\s+per\s+/g, '/'))))
    return phrase[1]!.replace(/^degrees /i, '');
  const word = /^\s*-?([%°a-z/][^\s,;:()"]*)/i.exec(rest)?.[1]?.replace(/[.?!'-]+$/, '');
  if (word === undefined || word === '') return null;
  if (isUnit(word)) return word;
  // "67-year-old", "3-day": the unit ends at the dash.
  const first = word.split('-')[0]!;
  return first !== '' && first !== word && isUnit(first) ? first : null;
}
