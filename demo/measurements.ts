// Observations as the demo hospital writes them: laboratory results with range, flag and release time; vital signs with theirs.
import type { Observation, Reference } from 'fhir/r4.js';
import type { Chart } from './chart.ts';
import { plusMinutes } from './clock.ts';
import { hl7, LABS, type LabKey, type Measured, SYSTEM, VITALS, type VitalKey } from './codes.ts';

type Made = { encounter?: Reference /** Minutes from collection to release. */; after?: number; range?: { low?: number; high?: number } };

const rounded = (value: number, decimals: number) => Number(value.toFixed(decimals));

export const codeOf = (measured: Measured) => ({
  coding: [{ system: SYSTEM.loinc, code: measured.loinc, display: measured.name }],
  text: measured.name,
});

const quantity = (value: number, measured: Measured) => ({
  value: rounded(value, measured.decimals),
  unit: measured.unit,
  system: SYSTEM.ucum,
  code: measured.ucum ?? measured.unit,
});

function flag(value: number, range: { low?: number; high?: number }, measured: Measured): string | null {
  if (measured.criticalLow !== undefined && value < measured.criticalLow) return 'LL';
  if (measured.criticalHigh !== undefined && value > measured.criticalHigh) return 'HH';
  if (range.low !== undefined && value < range.low) return 'L';
  return range.high !== undefined && value > range.high ? 'H' : null;
}

/** A final result with the demo laboratory's range and flag. */
export function lab(chart: Chart, key: LabKey, effective: string, value: number, made: Made = {}): Observation {
  const measured: Measured = LABS[key];
  const shown = rounded(value, measured.decimals);
  const range = made.range ?? {
    ...(measured.low === undefined ? {} : { low: measured.low }),
    ...(measured.high === undefined ? {} : { high: measured.high }),
  };
  const letter = flag(shown, range, measured);
  return chart.add({
    resourceType: 'Observation',
    id: chart.id(key, effective),
    status: 'final',
    category: [hl7('observation-category', 'laboratory')],
    code: codeOf(measured),
    subject: chart.patient,
    ...(made.encounter ? { encounter: made.encounter } : {}),
    effectiveDateTime: effective,
    issued: plusMinutes(effective, made.after ?? 60),
    valueQuantity: quantity(shown, measured),
    ...(letter === null ? {} : { interpretation: [hl7('v3-ObservationInterpretation', letter)] }),
    referenceRange: [
      {
        ...(range.low === undefined ? {} : { low: quantity(range.low, measured) }),
        ...(range.high === undefined ? {} : { high: quantity(range.high, measured) }),
      },
    ],
  });
}

export function vital(chart: Chart, key: VitalKey, effective: string, value: number, encounter?: Reference): Observation {
  const measured: Measured = VITALS[key];
  return chart.add({
    resourceType: 'Observation',
    id: chart.id(key, effective),
    status: 'final',
    category: [hl7('observation-category', 'vital-signs')],
    code: codeOf(measured),
    subject: chart.patient,
    ...(encounter ? { encounter } : {}),
    effectiveDateTime: effective,
    issued: plusMinutes(effective, 2),
    valueQuantity: quantity(value, measured),
  });
}

/** Both pressures in one Observation, as the FHIR vital-signs profile has them. */
export function bloodPressure(chart: Chart, effective: string, systolic: number, diastolic: number, encounter?: Reference): Observation {
  const part = (loinc: string, name: string, value: number) => ({
    code: { coding: [{ system: SYSTEM.loinc, code: loinc, display: name }], text: name },
    valueQuantity: { value: rounded(value, 0), unit: 'mmHg', system: SYSTEM.ucum, code: 'mm[Hg]' },
  });
  return chart.add({
    resourceType: 'Observation',
    id: chart.id('bloodPressure', effective),
    status: 'final',
    category: [hl7('observation-category', 'vital-signs')],
    code: { coding: [{ system: SYSTEM.loinc, code: '85354-9', display: 'Blood pressure panel' }], text: 'Blood pressure' },
    subject: chart.patient,
    ...(encounter ? { encounter } : {}),
    effectiveDateTime: effective,
    issued: plusMinutes(effective, 2),
    component: [part('8480-6', 'Systolic blood pressure', systolic), part('8462-4', 'Diastolic blood pressure', diastolic)],
  });
}

/** CKD-EPI 2021 creatinine equation, without race (Inker et al., NEJM 2021, doi:10.1056/NEJMoa2102953), in mL/min/1.73 m2. */
export function egfr2021(creatinineMgDl: number, ageYears: number, female: boolean): number {
  const [kappa, alpha] = female ? [0.7, -0.241] : [0.9, -0.302];
  const ratio = creatinineMgDl / kappa;
  return 142 * Math.min(ratio, 1) ** alpha * Math.max(ratio, 1) ** -1.2 * 0.9938 ** ageYears * (female ? 1.012 : 1);
}
