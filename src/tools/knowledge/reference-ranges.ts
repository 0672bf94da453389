// Generic adult ranges, used only where a result brings none, and flagged as generic
// (American Board of Internal Medicine, Laboratory Test Reference Ranges). A hospital's own: KNOWLEDGE_DIR/reference-ranges.json.
import type { Table } from './table.ts';

export type ReferenceRange = {
  analyte: string;
  /** UCUM unit of the limits. */
  unit: string;
  low: number | null;
  high: number | null;
  sex: 'male' | 'female' | null;
  /** Whole years, inclusive. */
  minimumAge: number;
  maximumAge: number | null;
  /** Only for these specimens; null: the analyte's blood specimens. */
  specimen: string | null;
};

const range = (
  analyte: string,
  unit: string,
  low: number | null,
  high: number | null,
  specimen: string | null = null,
): ReferenceRange[] => [{ analyte, unit, low, high, sex: null, minimumAge: 18, maximumAge: null, specimen }];
const bySex = (analyte: string, unit: string, female: readonly [number, number], male: readonly [number, number]): ReferenceRange[] =>
  (['female', 'male'] as const).map((sex) => {
    const [low, high] = sex === 'female' ? female : male;
    return { analyte, unit, low, high, sex, minimumAge: 18, maximumAge: null, specimen: null };
  });

export const REFERENCE_RANGES: Table<ReferenceRange> = {
  name: 'reference-ranges',
  title: 'Laboratory test reference ranges, nonpregnant adults',
  version: 'January 2024',
  publisher: 'American Board of Internal Medicine',
  date: '2024-01-01',
  url: 'https://www.abim.org/Media/bfijryql/laboratory-reference-ranges.pdf',
  own: false,
  entries: [
    ...range('sodium', 'mmol/L', 136, 145),
    ...range('potassium', 'mmol/L', 3.5, 5.0),
    ...range('chloride', 'mmol/L', 98, 106),
    ...range('bicarbonate', 'mmol/L', 23, 28),
    ...range('urea-nitrogen', 'mg/dL', 8, 20),
    ...bySex('creatinine', 'mg/dL', [0.5, 1.1], [0.7, 1.3]),
    ...range('calcium', 'mg/dL', 8.6, 10.2),
    ...range('magnesium', 'mg/dL', 1.6, 2.6),
    ...range('phosphate', 'mg/dL', 3.0, 4.5),
    ...range('albumin', 'g/dL', 3.5, 5.5),
    ...range('total-protein', 'g/dL', 5.5, 9.0),
    ...range('bilirubin', 'mg/dL', 0.3, 1.0),
    ...range('direct-bilirubin', 'mg/dL', 0.1, 0.3),
    ...range('alt', 'U/L', 10, 40),
    ...range('ast', 'U/L', 10, 40),
    ...range('alkaline-phosphatase', 'U/L', 30, 120),
    ...range('ldh', 'U/L', 80, 225),
    ...range('amylase', 'U/L', 25, 125),
    ...bySex('ck', 'U/L', [30, 135], [55, 170]),
    ...range('uric-acid', 'mg/dL', 3.0, 7.0),
    ...range('osmolality', 'mosm/kg', 275, 295),
    ...range('crp', 'mg/L', null, 8),
    ...bySex('esr', 'mm/h', [0, 20], [0, 15]),
    ...range('wbc', '10*3/uL', 4.0, 10.0),
    ...bySex('hemoglobin', 'g/dL', [12, 16], [14, 18]),
    ...bySex('hematocrit', '%', [37, 47], [42, 50]),
    ...range('mcv', 'fL', 80, 98),
    ...range('mch', 'pg', 28, 32),
    ...range('mchc', 'g/dL', 33, 36),
    ...range('platelets', '10*3/uL', 150, 350),
    ...range('pt', 's', 11, 13),
    ...range('aptt', 's', 25, 35),
    ...range('fibrinogen', 'mg/dL', 200, 400),
    ...range('iron', 'ug/dL', 50, 150),
    ...range('tibc', 'ug/dL', 250, 310),
    ...range('transferrin-saturation', '%', 20, 50),
    ...bySex('ferritin', 'ng/mL', [11, 307], [24, 336]),
    ...range('haptoglobin', 'mg/dL', 83, 267),
    ...range('vitamin-b12', 'pg/mL', 200, 800),
    ...range('tsh', 'm[IU]/L', 0.5, 4.0),
    ...range('free-t4', 'ng/dL', 0.8, 1.8),
    ...range('hba1c', '%', 4.0, 5.6),
    ...range('ph', '[pH]', 7.38, 7.44, 'arterial blood'),
    ...range('pco2', 'mm[Hg]', 38, 42, 'arterial blood'),
    ...range('po2', 'mm[Hg]', 75, 100, 'arterial blood'),
    ...range('ionized-calcium', 'mmol/L', 1.12, 1.23),
  ],
};
