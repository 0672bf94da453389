// What the demo laboratory and wards measure: LOINC codes (copyright Regenstrief Institute, loinc.org/license), UCUM units,
// and the demo laboratory's own reference ranges and critical limits. Invented for the demo; no range of a real laboratory.
import type { CodeableConcept } from 'fhir/r4.js';

export type Measured = {
  loinc: string;
  name: string;
  unit: string;
  /** UCUM code where it differs from the unit as shown. */
  ucum?: string;
  low?: number;
  high?: number;
  criticalLow?: number;
  criticalHigh?: number;
  decimals: number;
};

export const LABS = {
  creatinine: { loinc: '2160-0', name: 'Creatinine', unit: 'mg/dL', low: 0.5, high: 1.1, decimals: 2 },
  egfr: { loinc: '98979-8', name: 'eGFR (CKD-EPI 2021)', unit: 'mL/min/1.73m2', ucum: 'mL/min/{1.73_m2}', low: 60, decimals: 0 },
  ureaNitrogen: { loinc: '3094-0', name: 'Urea nitrogen', unit: 'mg/dL', low: 7, high: 20, decimals: 0 },
  potassium: { loinc: '2823-3', name: 'Potassium', unit: 'mmol/L', low: 3.5, high: 5.1, criticalLow: 2.8, criticalHigh: 6.2, decimals: 1 },
  sodium: { loinc: '2951-2', name: 'Sodium', unit: 'mmol/L', low: 135, high: 145, criticalLow: 120, criticalHigh: 160, decimals: 0 },
  chloride: { loinc: '2075-0', name: 'Chloride', unit: 'mmol/L', low: 98, high: 107, decimals: 0 },
  bicarbonate: { loinc: '2028-9', name: 'Carbon dioxide, total', unit: 'mmol/L', low: 22, high: 29, criticalLow: 10, decimals: 0 },
  glucose: { loinc: '2345-7', name: 'Glucose', unit: 'mg/dL', low: 70, high: 140, criticalLow: 50, criticalHigh: 450, decimals: 0 },
  calcium: { loinc: '17861-6', name: 'Calcium', unit: 'mg/dL', low: 8.5, high: 10.5, decimals: 1 },
  phosphate: { loinc: '2777-1', name: 'Phosphate', unit: 'mg/dL', low: 2.5, high: 4.5, decimals: 1 },
  albumin: { loinc: '1751-7', name: 'Albumin', unit: 'g/dL', low: 3.5, high: 5, decimals: 1 },
  haemoglobin: { loinc: '718-7', name: 'Hemoglobin', unit: 'g/dL', low: 12, high: 15.5, criticalLow: 7, decimals: 1 },
  haematocrit: { loinc: '4544-3', name: 'Hematocrit', unit: '%', low: 36, high: 46, decimals: 1 },
  leukocytes: { loinc: '6690-2', name: 'Leukocytes', unit: 'K/uL', ucum: '10*3/uL', low: 4, high: 11, decimals: 1 },
  platelets: { loinc: '777-3', name: 'Platelets', unit: 'K/uL', ucum: '10*3/uL', low: 150, high: 400, criticalLow: 20, decimals: 0 },
  hba1c: { loinc: '4548-4', name: 'Hemoglobin A1c', unit: '%', low: 4, high: 5.6, decimals: 1 },
  urineAcr: { loinc: '9318-7', name: 'Albumin/creatinine ratio, urine', unit: 'mg/g', high: 30, decimals: 0 },
  pth: { loinc: '2731-8', name: 'Parathyroid hormone, intact', unit: 'pg/mL', low: 15, high: 65, decimals: 0 },
  ferritin: { loinc: '2276-4', name: 'Ferritin', unit: 'ng/mL', low: 15, high: 150, decimals: 0 },
  transferrinSaturation: { loinc: '2502-3', name: 'Transferrin saturation', unit: '%', low: 20, high: 50, decimals: 0 },
  magnesium: { loinc: '19123-9', name: 'Magnesium', unit: 'mg/dL', low: 1.7, high: 2.4, decimals: 1 },
  lactate: { loinc: '2524-7', name: 'Lactate', unit: 'mmol/L', low: 0.5, high: 2, criticalHigh: 4, decimals: 1 },
  crp: { loinc: '1988-5', name: 'C-reactive protein', unit: 'mg/L', high: 5, decimals: 1 },
  troponinIHighSensitivity: { loinc: '89579-7', name: 'Troponin I, high sensitivity', unit: 'ng/L', high: 34, decimals: 0 },
  inr: { loinc: '6301-6', name: 'INR', unit: 'INR', ucum: '{INR}', low: 0.9, high: 1.1, criticalHigh: 5, decimals: 1 },
} as const satisfies Record<string, Measured>;

export const VITALS = {
  heartRate: { loinc: '8867-4', name: 'Heart rate', unit: 'beats/min', ucum: '/min', decimals: 0 },
  respiratoryRate: { loinc: '9279-1', name: 'Respiratory rate', unit: 'breaths/min', ucum: '/min', decimals: 0 },
  spo2: { loinc: '2708-6', name: 'Oxygen saturation in arterial blood', unit: '%', decimals: 0 },
  temperature: { loinc: '8310-5', name: 'Body temperature', unit: '°C', ucum: 'Cel', decimals: 1 },
  weight: { loinc: '29463-7', name: 'Body weight', unit: 'kg', decimals: 1 },
  height: { loinc: '8302-2', name: 'Body height', unit: 'cm', decimals: 0 },
} as const satisfies Record<string, Measured>;

export type LabKey = keyof typeof LABS;
export type VitalKey = keyof typeof VITALS;

export const SYSTEM = {
  loinc: 'http://loinc.org',
  ucum: 'http://unitsofmeasure.org',
  snomed: 'http://snomed.info/sct',
  icd10: 'http://hl7.org/fhir/sid/icd-10-cm',
  rxnorm: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  cvx: 'http://hl7.org/fhir/sid/cvx',
  mrn: 'https://demo-hospital.invalid/mrn',
  local: 'https://demo-hospital.invalid/laboratory',
} as const;

/** A code of HL7's terminology server, by the last part of its system's name. */
export const hl7 = (system: string, code: string, display?: string) => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code, ...(display === undefined ? {} : { display }) }],
});

/** A named thing with its codes; the text is ours, a terminology's own display is not claimed. A code that is not known for certain is left out. */
export function named(text: string, codes: { snomed?: string; icd10?: string; rxnorm?: string; cvx?: string } = {}): CodeableConcept {
  const coding = Object.entries(codes).map(([system, code]) => ({ system: SYSTEM[system as keyof typeof SYSTEM], code }));
  return { ...(coding.length > 0 ? { coding } : {}), text };
}
