// Critical limits of adults, in place until the laboratory's own list replaces them (KNOWLEDGE_DIR/critical-values.json).
// Means of the US survey of trauma and medical centres: Kost GJ, JAMA 1990;263:704-707, and its table as reprinted
// by Kost and Hale, Clinical Laboratory Reference (MLO), "Table of critical limits". Limits are inclusive.
import type { Table } from './table.ts';

export type CriticalLimit = {
  /** Key of the analyte. */
  analyte: string;
  /** UCUM unit of the limits. */
  unit: string;
  /** A value at or below is critical. */
  low: number | null;
  /** A value at or above is critical. */
  high: number | null;
  /** Only for this specimen; null: any in which the analyte is measured. */
  specimen: string | null;
};

const limit = (analyte: string, unit: string, low: number | null, high: number | null, specimen: string | null = null): CriticalLimit => ({
  analyte,
  unit,
  low,
  high,
  specimen,
});

export const CRITICAL_VALUES: Table<CriticalLimit> = {
  name: 'critical-values',
  title: 'Critical limits for urgent clinician notification at US medical centers (adults, survey means)',
  version: 'JAMA 1990;263:704-707; Clinical Laboratory Reference 2012-13',
  publisher: 'Kost GJ',
  date: '2012-09-01',
  url: 'https://doi.org/10.1001/jama.263.5.704',
  own: false,
  entries: [
    limit('glucose', 'mg/dL', 46, 484),
    limit('potassium', 'mmol/L', 2.8, 6.2),
    limit('calcium', 'mg/dL', 6.6, 12.9),
    limit('ionized-calcium', 'mmol/L', 0.82, 1.55),
    limit('sodium', 'mmol/L', 120, 158),
    limit('bicarbonate', 'mmol/L', 11, 40),
    limit('total-co2', 'mmol/L', 11, 40),
    limit('magnesium', 'mg/dL', 1.0, 4.9),
    limit('phosphate', 'mg/dL', 1.2, 8.9),
    limit('bilirubin', 'mg/dL', null, 15),
    limit('chloride', 'mmol/L', 75, 126),
    limit('osmolality', 'mosm/kg', 250, 326),
    limit('urea-nitrogen', 'mg/dL', null, 104),
    limit('uric-acid', 'mg/dL', null, 13),
    limit('creatinine', 'mg/dL', null, 7.4),
    limit('lactate', 'mmol/L', null, 3.4),
    limit('csf-glucose', 'mg/dL', 37, 438),
    limit('hematocrit', '%', 18, 61),
    limit('hemoglobin', 'g/dL', 6.6, 19.9),
    limit('platelets', '10*3/uL', 37, 910),
    limit('wbc', '10*3/uL', 2.0, 37.0),
    limit('pt', 's', null, 27),
    limit('aptt', 's', null, 68),
    limit('fibrinogen', 'mg/dL', 88, 775),
    limit('ph', '[pH]', 7.21, 7.59),
    limit('pco2', 'mm[Hg]', 19, 67),
    // Of arterial blood: an ordinary venous pO2 lies below it.
    limit('po2', 'mm[Hg]', 43, null, 'arterial blood'),
  ],
};
