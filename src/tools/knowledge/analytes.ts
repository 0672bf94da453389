// All analytes in one index: by key, by LOINC code, and by the words that name them.
import type { Analyte, Specimen } from './analyte.ts';
import { SPECIMENS } from './analyte.ts';
import { BLOOD_GAS } from './analytes/blood-gas.ts';
import { CHEMISTRY } from './analytes/chemistry.ts';
import { DRUGS_IMMUNOLOGY } from './analytes/drugs-immunology.ts';
import { ENDOCRINE_CARDIAC } from './analytes/endocrine-cardiac.ts';
import { HAEMATOLOGY } from './analytes/haematology.ts';
import { FLUID_ANALYTES, FLUIDS, URINE } from './analytes/urine-fluids.ts';
import { VITAL_SIGNS } from './analytes/vital-signs.ts';
import { COMPONENT_PANELS, FAMILIES } from './panels.ts';

export const ANALYTES: readonly Analyte[] = [
  ...CHEMISTRY,
  ...HAEMATOLOGY,
  ...BLOOD_GAS,
  ...ENDOCRINE_CARDIAC,
  ...DRUGS_IMMUNOLOGY,
  ...URINE,
  ...FLUID_ANALYTES,
  ...VITAL_SIGNS,
];

const byKey = new Map(ANALYTES.map((a) => [a.key, a]));
export const analyteByKey = (key: string): Analyte | undefined => byKey.get(key);

/** Words as they are compared: small letters, one blank between words, no punctuation but % and #. */
export function phraseOf(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+|[%#]/gu) ?? []
  ).join(' ');
}

/** All names that sources may give an analyte, those that it shares with other assays of its family included. */
export function namesOf(analyte: Analyte): string[] {
  return [...analyte.synonyms, ...FAMILIES.filter((f) => f.analytes.includes(analyte.key)).flatMap((f) => f.words)];
}

/** The LOINC codes under which an analyte stands: its own, those of a wider analyte, and of the panels that hold it as a component. */
export function codesOf(analyte: Analyte): string[] {
  const wider = byKey.get(analyte.refines ?? '')?.loinc ?? [];
  return [
    ...[...analyte.loinc, ...wider].map((l) => l.code),
    ...COMPONENT_PANELS.filter((p) => p.analytes.includes(analyte.key)).flatMap((p) => p.codes),
  ];
}

const collect = <K>(pairs: Iterable<readonly [K, Analyte]>) => {
  const map = new Map<K, Analyte[]>();
  for (const [key, value] of pairs) {
    const list = map.get(key);
    if (list === undefined) map.set(key, [value]);
    else if (!list.includes(value)) list.push(value);
  }
  return map;
};

const byLoinc = collect(ANALYTES.flatMap((a) => a.loinc.map((l) => [l.code, a] as const)));
const byPhrase = collect([
  ...ANALYTES.flatMap((a) => a.synonyms.map((s) => [phraseOf(s), a] as const)),
  ...FAMILIES.flatMap((f) => f.words.flatMap((w) => f.analytes.map((key) => [phraseOf(w), byKey.get(key)!] as const))),
]);
const byExact = collect(ANALYTES.flatMap((a) => a.exact.map((e) => [e.replace(/[^A-Za-z0-9]/g, ''), a] as const)));

/** British spelling as the tables spell it: haemoglobin, leucocytes, oestradiol, ionised, sulphate. */
const BRITISH = /ae|oe|leuco|sulph|ised|colour/;
const american = (phrase: string): string => (BRITISH.test(phrase) ? americanised(phrase) : phrase);
const americanised = (phrase: string): string =>
  phrase
    .replace(/ae(?=m|sium|rul)/g, 'e')
    .replace(/\boe(?=str|so)/g, 'e')
    .replace(/\bleuco/g, 'leuko')
    .replace(/sulph/g, 'sulf')
    .replace(/(ioni|glycosylat|normali)s(?=ed)/g, '$1z')
    .replace(/\bcolour\b/g, 'color');

/** Analytes that a phrase (of `phraseOf`) names; more than one for a family of assays, or where a laboratory and a bedside value share the name. */
export const analytesByPhrase = (phrase: string): readonly Analyte[] => byPhrase.get(phrase) ?? byPhrase.get(american(phrase)) ?? [];
/** Analytes that a short word names only as written (`K`, `PT`). */
export const analytesByExact = (word: string): readonly Analyte[] => byExact.get(word) ?? [];
/** Laboratory and bedside may share a code (2708-6). */
export const analytesByLoinc = (code: string): readonly Analyte[] => byLoinc.get(code) ?? [];
export const knownPhrases = (): Iterable<string> => byPhrase.keys();

const SPECIMEN_WORDS: readonly (readonly [string, Specimen])[] = [
  ['serum or plasma', SPECIMENS.S],
  ['serum plasma or blood', SPECIMENS.S],
  ['serum plasma', SPECIMENS.S],
  ['platelet poor plasma', SPECIMENS.P],
  ['arterial blood', SPECIMENS.A],
  ['arterial', SPECIMENS.A],
  ['mixed venous blood', SPECIMENS.V],
  ['venous blood', SPECIMENS.V],
  ['venous', SPECIMENS.V],
  ['capillary blood', SPECIMENS.C],
  ['capillary', SPECIMENS.C],
  ['fingerstick', SPECIMENS.C],
  ['finger stick', SPECIMENS.C],
  ['whole blood', SPECIMENS.B],
  ['urine sediment', SPECIMENS.U],
  ['24 hour urine', SPECIMENS.U],
  ['urine', SPECIMENS.U],
  ['urinary', SPECIMENS.U],
  ['ur', SPECIMENS.U],
  ['stool', SPECIMENS.F],
  ['feces', SPECIMENS.F],
  ['faeces', SPECIMENS.F],
  ['fecal', SPECIMENS.F],
  ['faecal', SPECIMENS.F],
  ['bone marrow', SPECIMENS.M],
  ...FLUIDS.flatMap((fluid) => fluid.words.map((word) => [word, fluid.specimen] as const)),
  ['serum', SPECIMENS.S],
  ['plasma', SPECIMENS.P],
  ['blood', SPECIMENS.B],
  ['bld', SPECIMENS.B],
];

/** Any of them at all: most phrases of a sentence name no specimen. */
const SPECIMEN_WORD = new RegExp(` (${SPECIMEN_WORDS.map(([words]) => words).join('|')}) `);

/** The specimen that a phrase names, and the phrase without it: `potassium whole blood` → `potassium`, blood. */
export function splitSpecimen(phrase: string): { core: string; specimen: Specimen | null } {
  const padded = ` ${phrase} `;
  if (!SPECIMEN_WORD.test(padded)) return { core: phrase, specimen: null };
  for (const [words, specimen] of SPECIMEN_WORDS) {
    const at = padded.indexOf(` ${words} `);
    if (at < 0) continue;
    const core = `${padded.slice(0, at)} ${padded.slice(at + words.length + 1)}`
      .replace(/ (in|of|from)(?= *$)/, ' ')
      .replace(/ (in|of) +/, ' ');
    return { core: core.trim().replace(/ +/g, ' '), specimen };
  }
  return { core: phrase, specimen: null };
}

const PREFIX: Partial<Record<Specimen, string>> = {
  [SPECIMENS.U]: 'urine',
  ...Object.fromEntries(FLUIDS.map((fluid) => [fluid.specimen, fluid.key])),
};

/** The same measurement in another specimen: creatinine in urine is `urine-creatinine`; undefined where the table has none. */
export function inSpecimen(analyte: Analyte, specimen: Specimen): Analyte | undefined {
  if (analyte.specimen === specimen) return analyte;
  const prefix = PREFIX[specimen];
  if (prefix !== undefined)
    return (
      byKey.get(`${prefix}-${analyte.key.replace(/-(percent|absolute)$/, '')}`) ??
      byKey.get(`${prefix}-${analyte.key.replace('total-', '')}`)
    );
  const isBlood = /serum|plasma|blood/.test(specimen);
  return isBlood && /serum|plasma|blood/.test(analyte.specimen) ? analyte : undefined;
}
