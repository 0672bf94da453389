// The value of an Observation or of one of its components, with what is wrong with it. Nothing is repaired.
import type { CodeableConcept, Quantity as FhirQuantity, Observation, ObservationComponent } from 'fhir/r4.js';
import { type Quantity, RECORDED_WITHOUT_VALUE, type Value } from '../../../evidence/index.ts';
import type { Analyte } from '../../knowledge/index.ts';
import { conceptOf } from '../names.ts';
import { convert, convertExact, plainUcum, ucumOf } from './units.ts';

export type ReadValue = {
  value: Value;
  /** A plain number that may be compared and put in a trend, in `ucum`; null for `<0.01`, words, absent, implausible. */
  number: number | null;
  ucum: string | null;
  problem: 'unit not recorded' | 'unit not known' | 'unit and its code contradict each other' | 'value not plausible in its unit' | null;
};

type Valued = Pick<Observation & ObservationComponent, 'dataAbsentReason'> & Partial<Observation>;
const UCUM = 'http://unitsofmeasure.org';
const none = (value: Value): ReadValue => ({ value, number: null, ucum: null, problem: null });

/** `analyte` decides what a unit means and which values are plausible. */
export function readValue(source: Valued, analyte?: Analyte): ReadValue {
  const quantity = source.valueQuantity;
  if (quantity !== undefined) return quantity.value === undefined ? absent(source) : readQuantity(quantity, analyte);
  if (source.valueInteger !== undefined) return readQuantity({ value: source.valueInteger }, analyte);
  if (source.valueString !== undefined) return readText(source.valueString, analyte);
  if (source.valueCodeableConcept !== undefined) return readCode(source.valueCodeableConcept);
  if (source.valueBoolean !== undefined) return none({ type: 'boolean', value: source.valueBoolean });
  const range = source.valueRange;
  if (range !== undefined)
    return none({
      type: 'range',
      low: range.low?.value ?? null,
      high: range.high?.value ?? null,
      unit: range.low?.unit ?? range.high?.unit ?? null,
    });
  const ratio = source.valueRatio;
  if (ratio !== undefined) return none({ type: 'text', text: `${amount(ratio.numerator)}:${amount(ratio.denominator)}` });
  const time = source.valueDateTime ?? source.valueTime ?? source.valuePeriod?.start;
  if (time !== undefined) return none({ type: 'time', time });
  if (source.valueSampledData !== undefined)
    return none({ type: 'text', text: `sampled data (${source.valueSampledData.dimensions}-dimensional series, not shown as a number)` });
  return absent(source);
}

const amount = (q: FhirQuantity | undefined) =>
  q?.value === undefined ? '?' : `${q.comparator ?? ''}${q.value}${q.unit ? ` ${q.unit}` : ''}`;

/** FHIR R4 data-absent-reason in words; the rest of its codes read well as they are. */
const ABSENT: Readonly<Record<string, string>> = {
  unknown: 'not known',
  'asked-unknown': 'asked, not known',
  'temp-unknown': 'not known yet',
  'asked-declined': 'asked, declined',
  masked: 'masked: the result was withheld',
  unsupported: RECORDED_WITHOUT_VALUE,
  'as-text': 'given as text only',
  error: 'an error of the source',
  'not-a-number': 'not a number',
};

function absent(source: Valued): ReadValue {
  const reason = source.dataAbsentReason;
  const coding = reason?.coding?.[0];
  const code = coding?.code ?? '';
  const words = reason?.text ?? ABSENT[code] ?? coding?.display?.toLowerCase() ?? code.replaceAll('-', ' ');
  return none({ type: 'absent', reason: words === '' ? 'not recorded' : /^unsupported$/i.test(words) ? RECORDED_WITHOUT_VALUE : words });
}

function readCode(concept: CodeableConcept): ReadValue {
  const missing = concept.coding?.find((c) => /NullFlavor$/.test(c.system ?? '') || /data-absent-reason$/.test(c.system ?? ''));
  if (missing !== undefined) {
    const reason = missing.code === 'MSK' ? 'masked: the result was withheld' : (missing.display ?? missing.code ?? 'not recorded');
    return none({ type: 'absent', reason });
  }
  return none({ type: 'code', concept: conceptOf(concept) });
}

const NUMERIC = /^\s*(<=|>=|<|>|≤|≥)?\s*(-?\d+(?:\.\d+)?)\s*(\/?[A-Za-zµμ°%[#].*)?$/;

/** A text that is a number, with or without a sign and a unit that is known, is read as one; any other text stays a text. */
function readText(text: string, analyte?: Analyte): ReadValue {
  const [, sign, digits, rest] = NUMERIC.exec(text) ?? [];
  const unit = rest?.trim() ?? '';
  if (digits === undefined || (unit !== '' && ucumOf(unit, analyte) === null)) return none({ type: 'text', text: text.trim() });
  const comparator = ({ '≤': '<=', '≥': '>=' } as Record<string, string>)[sign ?? ''] ?? sign;
  return readQuantity(
    { value: Number(digits), ...(unit === '' ? {} : { unit }), ...(comparator === undefined ? {} : { comparator: comparator as '<' }) },
    analyte,
  );
}

function readQuantity(quantity: FhirQuantity, analyte?: Analyte): ReadValue {
  const number = quantity.value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return none({ type: 'absent', reason: 'the recorded value is no number' });
  const unit = quantity.unit ?? quantity.code ?? null;
  const { ucum, problem } = unitOf(quantity, number, analyte);
  const value: Quantity = { type: 'quantity', value: number, unit: unit?.trim() === '' ? null : unit, ucum };
  if (quantity.comparator !== undefined) value.comparator = quantity.comparator as NonNullable<Quantity['comparator']>;
  const found = problem ?? (isPlausible(number, ucum, analyte) ? null : ('value not plausible in its unit' as const));
  const usable = quantity.comparator === undefined && (found === null || (found === 'unit not known' && ucum === null));
  return { value, number: usable ? number : null, ucum: found === null ? ucum : null, problem: found };
}

/** The unit by its UCUM code, else by its text, else by the analyte where it has none (pH, INR, FiO2). */
function unitOf(quantity: FhirQuantity, number: number, analyte?: Analyte): Pick<ReadValue, 'ucum' | 'problem'> {
  const text = quantity.unit?.trim() || undefined;
  const code = quantity.code?.trim() || undefined;
  if (text === undefined && code === undefined) {
    if (analyte?.unitless || analyte?.unit === '1') return { ucum: plainUcum(analyte.unit ?? '1'), problem: null };
    if (analyte?.key === 'fio2') return fractionOrPercent(number);
    return { ucum: null, problem: analyte?.unit === null ? null : 'unit not recorded' };
  }
  const byText = ucumOf(text, analyte);
  const byCode = code === text ? byText : ucumOf(code, analyte);
  if (byText !== null && byCode !== null && plainUcum(byText) !== plainUcum(byCode)) {
    const same = convertExact(1, byText, byCode, analyte);
    if (same === null || Math.abs(same.value - 1) > 1e-9) return { ucum: null, problem: 'unit and its code contradict each other' };
  }
  const ucum = (quantity.system === UCUM ? (byCode ?? byText) : (byText ?? byCode)) ?? null;
  if (ucum !== null) return { ucum, problem: null };
  return { ucum: null, problem: 'unit not known' };
}

/** FiO2 without a unit: 21 to 100 are percent, 0.21 to 1 a fraction; between them nothing can be told. */
function fractionOrPercent(number: number): Pick<ReadValue, 'ucum' | 'problem'> {
  if (number >= 21 && number <= 100) return { ucum: '%', problem: null };
  if (number >= 0.21 && number <= 1) return { ucum: '1', problem: null };
  return { ucum: null, problem: 'unit not recorded' };
}

function isPlausible(number: number, ucum: string | null, analyte?: Analyte): boolean {
  if (ucum === null || analyte?.plausible === undefined || analyte.unit === null) return true;
  const canonical = convert(number, ucum, analyte.unit, analyte);
  if (canonical === null) return true;
  const [low, high] = analyte.plausible;
  return canonical.value >= low && canonical.value <= high;
}
