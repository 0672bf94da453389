// Which entries are one dose: tablets scanned one by one, and a dose charted by the ICU and by the ward (MIMIC).
import { type Evidence, startOf, type Value } from '../../../evidence/index.ts';
import { drugKey } from './about.ts';
import { timeOf } from './section.ts';

export type Dose = {
  /** Newest first. */
  entries: readonly Evidence[];
  /** In the ICU's charting and in the ward's. */
  isTwice: boolean;
};

/**
 * An ICU charts beside the eMAR, and nothing in the record joins the two. Of one drug, an entry in each within this time is taken for
 * one dose, unless both tell an amount in one unit and the amounts differ; each entry serves once. In MIMIC-IV the two lie minutes to
 * half an hour apart (charted at the scan, and on the flowsheet), and the shortest usual dosing interval of a scheduled drug is an hour.
 */
const TWICE_WITHIN_MS = 45 * 60_000;

export const isIcuCharting = (e: Evidence) => e.concept.codings.some((c) => /\bicu\b/i.test(c.system ?? ''));
export const isInfusion = (e: Evidence) => e.time?.end != null || e.qualifiers?.['running'] !== undefined;

/** @param given evidence of doses that were given, newest first. */
export function wholeDoses(given: readonly Evidence[]): Dose[] {
  const byDose = new Map<string, Evidence[]>();
  for (const e of given) {
    const key = JSON.stringify(e.time === undefined ? e.id : [e.concept.name, e.concept.codings[0]?.system, e.time.start, e.time.end]);
    byDose.set(key, [...(byDose.get(key) ?? []), e]);
  }
  return joinTwice([...byDose.values()]);
}

function joinTwice(doses: readonly Evidence[][]): Dose[] {
  const points = doses.filter(([e]) => e!.time?.start != null && !isInfusion(e!));
  const ward = new Set(points.filter(([e]) => !isIcuCharting(e!)));
  const partner = new Map<Evidence[], Evidence[]>();
  if (ward.size > 0)
    for (const icu of points.filter(([e]) => isIcuCharting(e!))) {
      const near = [...ward].filter((w) => isOneDose(icu, w)).sort((a, b) => apart(icu, a) - apart(icu, b))[0];
      if (near === undefined) continue;
      ward.delete(near);
      partner.set(near, icu);
      partner.set(icu, near);
    }
  const joined = new Set<Evidence[]>();
  return doses.flatMap((entries): Dose[] => {
    if (joined.has(entries)) return [];
    const other = partner.get(entries);
    if (other === undefined) return [{ entries, isTwice: false }];
    joined.add(other);
    return [{ entries: [...entries, ...other], isTwice: true }];
  });
}

const at = (dose: readonly Evidence[]) => startOf(dose[0]!.time!.start!);
const apart = (a: readonly Evidence[], b: readonly Evidence[]) => Math.abs(at(a) - at(b));

function isOneDose(icu: readonly Evidence[], ward: readonly Evidence[]): boolean {
  if (apart(icu, ward) > TWICE_WITHIN_MS || !isOneDrug(drugKey(icu[0]!.concept.name), drugKey(ward[0]!.concept.name))) return false;
  const [a, b] = [sumOf(icu), sumOf(ward)];
  if (a.type !== 'quantity' || b.type !== 'quantity') return true;
  return a.unit?.toLowerCase() !== b.unit?.toLowerCase() || a.value === b.value;
}

/** One chart may name what the other leaves open: "Insulin" and "Insulin - Humalog". */
const isOneDrug = (a: string, b: string) => a === b || `${a} `.startsWith(`${b} `) || `${b} `.startsWith(`${a} `);

/** The amount of a dose: its entries' sum where all tell it in one unit; charted twice, the one that tells more than "1 dose". */
export function amountOf({ entries, isTwice }: Dose): Value {
  if (!isTwice) return sumOf(entries);
  const ward = sumOf(entries.filter((e) => !isIcuCharting(e)));
  return ward.type === 'quantity' && !/^doses?$/i.test(ward.unit ?? '') ? ward : sumOf(entries.filter(isIcuCharting));
}

function sumOf(entries: readonly Evidence[]): Value {
  const amounts = entries.flatMap((e) => (e.value?.type === 'quantity' ? [e.value] : []));
  const first = amounts[0];
  if (first === undefined || amounts.length < entries.length || amounts.some((a) => a.unit !== first.unit))
    return { type: 'absent', reason: 'amount not recorded as a dose of this drug' };
  return amounts.length === 1 ? first : { ...first, value: Number(amounts.reduce((sum, a) => sum + a.value, 0).toPrecision(10)) };
}

/** Newest first. */
export const timeOfDose = (dose: Dose) => Math.max(...dose.entries.map(timeOf));
