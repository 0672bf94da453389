// What was asked, one entry an analyte, and which results answer it.
import { type Analyte, analyteByKey, phraseOf, type ResolvedTest, resolveTest, type Specimen } from '../../knowledge/index.ts';
import { type Item, methodOf, specimenOf } from './item.ts';

export type Asked = {
  /** As completeness names it: `creatinine`, `INR`, `potassium in blood`. */
  what: string;
  /** Null: a name that the tables do not know, looked for as text. */
  analyte: Analyte | null;
  specimen: Specimen | null;
  method: string | null;
  loinc: string | null;
  /** As asked. */
  text: string;
  near: string | null;
};

/** `Creatinine` within a sentence is `creatinine`; INR, FiO2, BNP and Glasgow Coma Scale stay. */
export const inSentence = (name: string): string =>
  /^[A-Z][a-z-]+($|[ ,(](?![A-Z][a-z]))/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;

/** Each analyte once, in the order asked; panels and families give their members. */
export function askedOf(tests: readonly ResolvedTest[]): Asked[] {
  const asked = tests.flatMap((t): Asked[] => {
    const rest = { specimen: t.specimen, method: t.method, loinc: t.loinc, text: t.asked, near: t.near };
    if (t.analytes.length === 0) return [{ what: t.asked, analyte: null, ...rest }];
    return t.analytes.map((analyte) => ({ what: describe(analyte, t), analyte, ...rest }));
  });
  return [...new Map(asked.map((a) => [a.what, a])).values()];
}

function describe(analyte: Analyte, test: ResolvedTest): string {
  const name = inSentence(analyte.name);
  if (test.loinc !== null) return `${name} (LOINC ${test.loinc})`;
  if (test.method !== null) return `${name} (${test.method})`;
  return test.specimen === null ? name : `${name} in ${test.specimen}`;
}

export function resolveAll(names: readonly string[], kind: 'lab' | 'vital'): ResolvedTest[] {
  return names.map((name) => resolveTest(name, kind));
}

/** Analytes that are looked for beside those asked: another assay where the asked one is not recorded, and the parts of a sum. */
export function besides(asked: readonly Asked[]): Analyte[] {
  const keys = asked.flatMap((a) =>
    a.loinc !== null
      ? []
      : [...(a.analyte?.instead ?? []), ...(a.analyte?.key === 'gcs-total' ? ['gcs-eye', 'gcs-verbal', 'gcs-motor'] : [])],
  );
  return [...new Set(keys)].map((key) => analyteByKey(key)!).filter((b) => !asked.some((a) => a.analyte === b));
}

/** Blood drawn from an artery, a vein or a finger may be recorded as blood alone; serum never is whole blood. */
function isSpecimen(item: Item, wanted: Specimen): boolean {
  const specimen = (specimenOf(item) ?? '').toLowerCase();
  if (specimen === wanted || specimen.includes(wanted)) return true;
  if (/^(arterial|venous|capillary)/.test(wanted)) return specimen === 'blood';
  if (wanted === 'blood') return /blood/.test(specimen);
  return /serum|plasma/.test(wanted) && /serum|plasma/.test(specimen);
}

const isMethod = (item: Item, wanted: string | null) => wanted === null || (methodOf(item)?.includes(wanted) ?? false);

const words = new Map<string, readonly string[]>();
const wordsOf = (text: string): readonly string[] => {
  let found = words.get(text);
  if (found === undefined) {
    found = phraseOf(text).split(' ').filter(Boolean);
    if (words.size < 5000) words.set(text, found);
  }
  return found;
};

export function answers(item: Item, asked: Asked): boolean {
  const { code, identified } = item;
  if (asked.loinc !== null)
    return code.coding?.some((c) => c.code === asked.loinc && /loinc|2\.16\.840\.1\.113883\.6\.1$/.test(c.system ?? '')) ?? false;
  if (asked.analyte !== null)
    return (
      identified?.analyte === asked.analyte && (asked.specimen === null || isSpecimen(item, asked.specimen)) && isMethod(item, asked.method)
    );
  const wanted = wordsOf(asked.text);
  const labels = [code.text, ...(code.coding ?? []).map((c) => c.display)].filter((t): t is string => t !== undefined);
  return (
    wanted.length > 0 &&
    labels.some((label) => wanted.every((w) => wordsOf(label).some((l) => l === w || (w.length >= 4 && l.startsWith(w)))))
  );
}
