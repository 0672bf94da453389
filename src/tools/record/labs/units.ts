// Units as sources write them, as UCUM (ucum.org, by the library of the US National Library of Medicine), and conversion.
// The library takes K/uL for kelvin, F for farad and G/L for gauss: what sources mean is mapped before it is asked.
import { createRequire } from 'node:module';
import type { Analyte } from '../../knowledge/index.ts';

type Outcome = { status: string; toVal: number | null };
type Library = {
  validateUnitString(text: string, suggest: boolean): { status: string; ucumCode: string | null };
  convertUnitTo(from: string, value: number, to: string, options?: { molecularWeight?: number; charge?: number }): Outcome;
};

const require = createRequire(import.meta.url);
let loaded: Library | undefined;
// Loaded at the first conversion: 64 ms that a question without units need not pay.
function library(): Library {
  loaded ??= (require('@lhncbc/ucum-lhc') as { UcumLhcUtils: { getInstance(): Library } }).UcumLhcUtils.getInstance();
  return loaded;
}

const words = (ucum: string, texts: string): [string, string][] => texts.split('|').map((text) => [text, ucum]);

/** What sources write (small letters, blanks and ^ removed) for what UCUM calls otherwise. */
const WRITTEN = new Map<string, string>([
  ...words('mg/dL', 'mg/dl|mgs/dl|mg%'),
  ...words('g/dL', 'g/dl|gm/dl|gms/dl|gr/dl|g%'),
  ...words('ug/dL', 'ug/dl|mcg/dl'),
  ...words('ng/dL', 'ng/dl'),
  ...words('g/L', 'g/l|gm/l'),
  ...words('mg/L', 'mg/l'),
  ...words('ug/L', 'ug/l|mcg/l'),
  ...words('ng/L', 'ng/l'),
  ...words('mg/mL', 'mg/ml'),
  ...words('ug/mL', 'ug/ml|mcg/ml'),
  ...words('ng/mL', 'ng/ml'),
  ...words('pg/mL', 'pg/ml'),
  ...words('mmol/L', 'mmol/l|mmole/l|mmoles/l|mm/l'),
  ...words('umol/L', 'umol/l|mcmol/l|micromol/l'),
  ...words('nmol/L', 'nmol/l'),
  ...words('pmol/L', 'pmol/l'),
  ...words('meq/L', 'meq/l|meqs/l'),
  ...words('mmol/mol', 'mmol/mol'),
  ...words(
    '10*3/uL',
    'k/ul|k/mcl|k/mm3|k/cumm|k/cmm|thou/ul|thou/mcl|thousand/ul|thousands/ul|thous/mcl|103/ul|x103/ul|10e3/ul|x10e3/ul|10*3/ul|x10*3/ul|103/mcl|10e3/mcl|th/cumm|th/mm3|x103/mcl|10*3/mm3',
  ),
  ...words(
    '10*6/uL',
    'm/ul|m/mcl|mil/ul|mill/ul|mil/mcl|million/ul|millions/ul|mill/mcl|106/ul|x106/ul|10e6/ul|x10e6/ul|10*6/ul|x10*6/ul|106/mcl|10e6/mcl|m/mm3|mil/cumm|m/cumm|10*6/mm3',
  ),
  ...words('10*9/L', '109/l|x109/l|10e9/l|x10e9/l|10*9/l|x10*9/l|giga/l|bil/l'),
  ...words('10*12/L', '1012/l|x1012/l|10e12/l|x10e12/l|10*12/l|x10*12/l|tera/l|trillion/l'),
  ...words('/uL', '#/ul|/ul|cells/ul|cell/ul|cells/mcl|/mcl|/mm3|cells/mm3|/cumm|/cmm|cells/cumm|#/mcl'),
  ...words('/[HPF]', '#/hpf|/hpf|cells/hpf|perhpf'),
  ...words('/[LPF]', '#/lpf|/lpf|perlpf'),
  ...words('s', 'sec|secs|second|seconds|sec.'),
  ...words('mm/h', 'mm/hr|mm/hour|mm/h'),
  ...words('mm[Hg]', 'mmhg|mm[hg]|torr'),
  ...words('kPa', 'kpa'),
  ...words('cm[H2O]', 'cmh2o|cm[h2o]|cmsh2o'),
  ...words(
    '/min',
    'bpm|beats/min|beats/minute|beat/min|beat/minute|breaths/min|breaths/minute|breath/min|breath/minute|insp/min|resp/min|br/min|/min|permin|{beats}/min|{breaths}/min|{beats}/minute',
  ),
  ...words('[degF]', '°f|degf|deg.f|fahrenheit|[degf]|degreesf|degreesfahrenheit'),
  ...words('Cel', '°c|degc|deg.c|celsius|cel|degreesc|degreescelsius'),
  ...words('mosm/kg', 'mosm/kg|mosmol/kg|mosm/kgh2o|mosmol/kgh2o|mosm/kgwat'),
  ...words('ng{FEU}/mL', 'ng/mlfeu|ng/ml(feu)|ng{feu}/ml|ngfeu/ml|ng/mlfeu.'),
  ...words('ug{FEU}/mL', 'ug/mlfeu|mcg/mlfeu|ug/ml(feu)|mcg/ml(feu)|ug{feu}/ml|ugfeu/ml|mcgfeu/ml'),
  ...words('mg{FEU}/L', 'mg/lfeu|mg/l(feu)|mg{feu}/l|mgfeu/l'),
  ...words('ng{DDU}/mL', 'ng/mlddu|ng/ml(ddu)|ng{ddu}/ml|ngddu/ml|ng/mld-du'),
  ...words('ug{DDU}/mL', 'ug/mlddu|mcg/mlddu|ug{ddu}/ml'),
  ...words('mL/min/{1.73_m2}', 'ml/min/1.73m2|ml/min/1.73sqm|ml/min/1.73|ml/min/{1.73_m2}|ml/min/1.73msq|ml/min/1.73m*2|ml/min/1.73m²'),
  ...words('mL/min', 'ml/min'),
  ...words('L/min', 'l/min|lpm'),
  ...words('mL', 'ml|cc'),
  ...words('kg', 'kg|kgs|kilogram|kilograms'),
  ...words('[lb_av]', 'lb|lbs|pound|pounds|[lb_av]'),
  ...words('[in_i]', 'in|inch|inches|[in_i]'),
  ...words('cm', 'cm|cms|centimeter|centimeters'),
  ...words('kg/m2', 'kg/m2|kg/m*2|kg/sqm|kg/m²'),
  ...words('%', '%|percent|pct'),
  ...words('fL', 'fl|femtoliter'),
  ...words('pg', 'pg'),
  ...words('[pH]', '[ph]|ph|phunits'),
  ...words('mg/g', 'mg/g|mg/gcreat|mg/gcr|mg/gcrea|mg/gcreatinine|mg/g{creat}'),
  ...words('mg/mmol', 'mg/mmol|mg/mmolcreat|mg/mmolcr'),
  ...words('mg/mg', 'mg/mg|mg/mgcreat|mg/mgcr'),
  ...words("[GPL'U]", 'gpl'),
  ...words("[MPL'U]", 'mpl'),
]);

/** Arbitrary and enzyme units: `IU` of an enzyme is its U; `U` of a hormone is its IU. */
const ACTIVITY = new Map<string, string>([
  ...words('U/L', 'iu/l|u/l|units/l|[iu]/l'),
  ...words('U/mL', 'iu/ml|u/ml|units/ml|[iu]/ml'),
  ...words('mU/L', 'miu/l|mu/l|m[iu]/l'),
  ...words('mU/mL', 'miu/ml|mu/ml|m[iu]/ml'),
  ...words('uU/mL', 'uiu/ml|uu/ml|mciu/ml|u[iu]/ml|mcu/ml'),
  ...words('kU/L', 'kiu/l|ku/l|k[iu]/l'),
  ...words('ukat/L', 'ukat/l|mckat/l'),
]);

const compact = (text: string) =>
  text
    .normalize('NFKC')
    .replace(/[µμ]/g, 'u')
    .replace(/\bper\b/gi, '/')
    .replace(/[\s^]/g, '')
    .toLowerCase();

// What cannot be UCUM is not shown to the library, which prints what it cannot read.
const SHAPE = /^[A-Za-z0-9%/[{][A-Za-z0-9%*/.'[\]{}_+-]{0,39}$/;

const valid = new Map<string, boolean>();
function isUcum(code: string): boolean {
  if (!SHAPE.test(code)) return false;
  let known = valid.get(code);
  if (known === undefined) {
    const checked = library().validateUnitString(code, false);
    // The library forgives `mg/dl`; a code that it would write otherwise is not UCUM.
    known = checked.status === 'valid' && checked.ucumCode === code;
    valid.set(code, known);
  }
  return known;
}

/** A source's unit text as UCUM; null when it is none that is known. `analyte` decides what letters mean (F, IU, units). */
export function ucumOf(text: string | null | undefined, analyte?: Pick<Analyte, 'key' | 'unit'>): string | null {
  const trimmed = text?.normalize('NFKC').trim() ?? '';
  if (trimmed === '') return null;
  const unit = analyte?.unit ?? null;
  const small = compact(trimmed);
  if (analyte?.key === 'temperature' && /^[fc]$/.test(small)) return small === 'f' ? '[degF]' : 'Cel';
  if (unit === '[pH]' && /^(units?|ph|phunits?)$/.test(small)) return '[pH]';
  if (unit === '1' && /^(ratio|units?|index|inr|\{inr\}|\{ratio\}|1)$/.test(small)) return '1';
  if (unit === '{score}' && /^(score|points?|\{score\}|\(score\)|1)$/.test(small)) return '1';
  if (unit !== null && /^10\*\d/.test(unit) && trimmed === 'G/L') return '10*9/L';
  if (unit !== null && /^10\*6/.test(unit) && trimmed === 'T/L') return '10*12/L';
  const activity = ACTIVITY.get(small);
  if (activity !== undefined) {
    if (unit?.includes('[IU]') || (unit === null && /iu/.test(small))) return activity.replace('U', '[IU]');
    return unit !== null && /(^|[mu])U\//.test(unit) ? activity : /iu/.test(small) ? activity.replace('U', '[IU]') : activity;
  }
  const mapped = WRITTEN.get(small);
  if (mapped !== undefined) return mapped;
  return isUcum(trimmed) ? trimmed : null;
}

const HARMLESS = /\{(score|inr|ratio|cells?|beats|breaths|total|rbc|wbc|creat|creatinine|hb|copies|count|#|\(score\)|titer)\}/gi;

/** A unit without the remarks that change nothing: `{score}` is 1, `mg/g{creat}` is mg/g. FEU, DDU and 1.73 m2 stay. */
export function plainUcum(ucum: string): string {
  return ucum.replace(HARMLESS, '') || '1';
}

const annotations = (ucum: string) => (ucum.match(/\{[^}]*\}/g) ?? []).sort().join();

export type Conversion = { value: number; method: string };

/** Up to 12 significant digits: binary noise (4.999999999999999) is none of the value. */
const clean = (value: number) => Number(value.toPrecision(12));

function viaLibrary(value: number, from: string, to: string, options?: { molecularWeight?: number; charge?: number }): number | null {
  // An international unit is commensurable with itself alone (UCUM 24): the library refuses even u[IU]/mL to m[IU]/L.
  const isArbitrary = from.includes('[IU]') && to.includes('[IU]');
  const bare = (ucum: string) => (isArbitrary ? ucum.replaceAll('[IU]', 'U') : ucum).replace(/\{[^}]*\}/g, '');
  const result = library().convertUnitTo(bare(from), value, bare(to), options);
  return result.status === 'succeeded' && result.toVal !== null && Number.isFinite(result.toVal) ? clean(result.toVal) : null;
}

const isEquivalent = (ucum: string) => /(^|[^a-z])[mun]?eq(\/|$)/.test(ucum);

/** Between units of one dimension: exact, no property of the substance is needed but an ion's charge. Null when they differ in kind. */
export function convertExact(value: number, from: string, to: string, analyte?: Pick<Analyte, 'valence'>): Conversion | null {
  const [a, b] = [plainUcum(from), plainUcum(to)];
  if (a === b) return { value, method: 'same unit' };
  if (annotations(a) !== annotations(b)) return null;
  if (isEquivalent(a) !== isEquivalent(b)) {
    if (analyte?.valence === undefined) return null;
    // The library converts equivalents to moles, and only then within moles.
    const molar = isEquivalent(a) ? a.replace(/eq/, 'mol') : b.replace(/eq/, 'mol');
    const [first, second] = isEquivalent(a)
      ? [viaLibrary(value, a, molar, { charge: analyte.valence }), b]
      : [viaLibrary(value, a, molar), b];
    if (first === null) return null;
    const result = isEquivalent(a) ? viaLibrary(first, molar, second) : clean(first * analyte.valence);
    return result === null ? null : { value: result, method: `valence ${analyte.valence}` };
  }
  const result = viaLibrary(value, a, b);
  return result === null ? null : { value: result, method: 'UCUM' };
}

/** IFCC-NGSP master equation: NGSP % = 0.09148 × IFCC mmol/mol + 2.152 (Hoelzel W et al., Clin Chem 2004;50:166-174). */
function convertHba1c(value: number, from: string, to: string): Conversion | null {
  const method = 'IFCC-NGSP master equation (Hoelzel 2004)';
  if (from === '%' && to === 'mmol/mol') return { value: clean((value - 2.152) / 0.09148), method };
  if (from === 'mmol/mol' && to === '%') return { value: clean(0.09148 * value + 2.152), method };
  return from === to ? { value, method: 'same unit' } : null;
}

/** Between any units that the analyte's molar mass, charge or equation connects. Null when nothing does. */
export function convert(value: number, from: string, to: string, analyte?: Analyte): Conversion | null {
  const [a, b] = [plainUcum(from), plainUcum(to)];
  if (analyte?.key === 'hba1c') return convertHba1c(value, a, b);
  const exact = convertExact(value, a, b, analyte);
  if (exact !== null || analyte?.molarMass === undefined || annotations(a) !== annotations(b)) return exact;
  const through = { molecularWeight: analyte.molarMass, ...(analyte.valence === undefined ? {} : { charge: analyte.valence }) };
  const result = viaLibrary(value, a, b, through);
  return result === null ? null : { value: result, method: `molar mass ${analyte.molarMass} g/mol` };
}

/** A converted value with as many significant digits as were recorded, at least three. */
export function roundLike(value: number, recorded: number): number {
  const digits = String(Math.abs(recorded))
    .replace(/^0\.0*/, '')
    .replace(/\D/g, '').length;
  return value === 0 ? 0 : Number(value.toPrecision(Math.min(Math.max(3, digits), 7)));
}
