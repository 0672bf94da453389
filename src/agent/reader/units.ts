// Units as they are typed in questions, found before the words are cut.

const BASE = 'mg|mcg|µg|μg|ug|ng|pg|g|kg|mmol|µmol|μmol|umol|nmol|pmol|mEq|meq|IU|mIU|uIU|U|units?|K|cells?|mOsm|mL|ml';
const PER = 'dl|l|ml|µl|μl|ul|mm3|kg|h|hr|hour|min|day|mol|mmol|g';
const RATE = `(?:${BASE})\\s?/\\s?(?:${PER})(?:\\s?/\\s?(?:kg|h|hr|min|1\\.73))?`;
const ALONE =
  'mmHg|mm Hg|kPa|cmH2O|bpm|beats per minute|breaths per minute|°\\s?[CF]|degrees (?:celsius|fahrenheit|[CF])|celsius|fahrenheit|percent|%|pounds?|lbs?|inches|cm|x10\\S+|10\\S*/[uµμ]?L';
const NUMBERED = 'mg|mcg|µg|ug|g|kg|mmol|mEq|meq|units?|iu|ml|mL|l|m|C|F|K|tablets?|tabs?|puffs?|drops?';

/** A unit directly behind a number. */
export const UNIT_AFTER_NUMBER = new RegExp(`^\\s?(${RATE}|${ALONE}|${NUMBERED})(?![\\p{L}\\d])`, 'iu');
/** A unit by itself: "in mmol/L", "(mg/dL)". */
export const UNIT_ALONE = new RegExp(
  `(?<![\\p{L}\\d])(${RATE}|mmHg|kPa|°\\s?[CF]|degrees (?:celsius|fahrenheit)|celsius|fahrenheit)(?![\\p{L}\\d])`,
  'giu',
);
/** "in kg", "in percent": short units only behind "in". */
export const UNIT_AFTER_IN = /\bin (kg|kilograms|pounds|lbs?|cm|inches|percent|%|bpm|mmhg|kpa)(?![\p{L}\d])/giu;

const PLAIN: Record<string, string> = {
  celsius: '°C',
  'degrees celsius': '°C',
  '°c': '°C',
  'degrees c': '°C',
  fahrenheit: '°F',
  'degrees fahrenheit': '°F',
  '°f': '°F',
  'degrees f': '°F',
  percent: '%',
  pounds: 'lb',
  pound: 'lb',
  lb: 'lb',
  lbs: 'lb',
  kilograms: 'kg',
  inches: 'in',
  mmhg: 'mmHg',
  'mm hg': 'mmHg',
}; // prettier-ignore

/** The unit as a tool takes it: UCUM for spelled-out ones, else as typed without spaces. */
export function unitName(text: string): string {
  const plain = text.trim().toLowerCase().replace(/°\s/, '°');
  return PLAIN[plain] ?? text.trim().replaceAll(/\s/g, '').replaceAll('μ', 'u').replaceAll('µ', 'u');
}
