// Which analyte a source's coded test is: by LOINC first, else by its label under general rules.
import type { Analyte, Specimen } from './analyte.ts';
import { ANALYTES, analytesByExact, analytesByLoinc, analytesByPhrase, inSpecimen, phraseOf, splitSpecimen } from './analytes.ts';

export type Identified = { analyte: Analyte; specimen: Specimen; method: string | null; loinc: string | null };

const REFINED = new Set(ANALYTES.flatMap((a) => a.refines ?? []));

/**
 * @param codes LOINC codes, in the source's order
 * @param labels displays and text, in the source's order
 * @param unit as recorded; tells percent from count where one label serves both
 */
export function identify(
  kind: 'lab' | 'vital',
  codes: readonly string[],
  labels: readonly string[],
  unit: string | null,
): Identified | null {
  for (const code of codes) {
    const analyte = analytesByLoinc(code).find((a) => a.kind === kind);
    const entry = analyte?.loinc.find((l) => l.code === code);
    if (analyte && entry) {
      const narrower = REFINED.has(analyte.key)
        ? labels.map((l) => identifyLabel(kind, l, unit)).find((i) => i?.analyte.refines === analyte.key)
        : null;
      return { analyte: narrower?.analyte ?? analyte, specimen: entry.specimen, method: entry.method, loinc: code };
    }
  }
  for (const label of labels) {
    const found = identifyLabel(kind, label, unit);
    if (found !== null) return found;
  }
  return null;
}

const isPercent = (unit: string | null) => unit !== null && /^%/.test(unit.trim());
const byUnit = (list: readonly Analyte[], unit: string | null): Analyte | undefined =>
  list.length <= 1 ? list[0] : list.find((a) => a.key.endsWith(isPercent(unit) ? '-percent' : '-absolute'));

function identifyLabel(kind: 'lab' | 'vital', label: string, unit: string | null): Identified | null {
  // LOINC's long names: `Creatinine [Mass/volume] in Serum or Plasma by Creatinase method`.
  const bare = label
    .normalize('NFKC')
    .replace(/\u200b/g, '')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\bby .*$/i, ' ');
  const phrase = phraseOf(bare);
  const ofKind = (list: readonly Analyte[]) => list.filter((a) => a.kind === kind);
  const whole =
    byUnit(ofKind(analytesByPhrase(phrase)), unit) ??
    (label.trim().length <= 4 ? ofKind(analytesByExact(label.trim().replace(/[^A-Za-z0-9]/g, '')))[0] : undefined);
  if (whole) return { analyte: whole, specimen: whole.specimen, method: null, loinc: null };
  const { core, specimen } = splitSpecimen(phrase);
  if (specimen === null) return null;
  const analyte = byUnit(ofKind(analytesByPhrase(core)), unit);
  const there = analyte && inSpecimen(analyte, specimen);
  return there ? { analyte: there, specimen, method: null, loinc: null } : null;
}
