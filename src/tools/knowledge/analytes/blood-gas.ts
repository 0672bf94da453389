// Blood gases and oximetry. Arterial, venous and unspecified blood have their own LOINC codes and are never mixed in a trend.
import { analyte, SPECIMENS } from '../analyte.ts';

const specimen = SPECIMENS.B;

export const BLOOD_GAS = [
  analyte('ph', 'Blood pH', '[pH]', 'B:11558-4 A:2744-1 V:2746-6', 'ph|ph of blood', {
    specimen,
    plausible: [6.3, 8.1],
    unitless: true,
  }),
  analyte(
    'pco2',
    'pCO2',
    'mm[Hg]',
    'B:11557-6 A:2019-8 V:2021-4',
    'paco2|pvco2|partial pressure of carbon dioxide|carbon dioxide partial pressure',
    {
      specimen,
      plausible: [3, 250],
    },
  ),
  analyte('po2', 'pO2', 'mm[Hg]', 'B:11556-8 A:2703-7 V:2705-2', 'pao2|pvo2|partial pressure of oxygen|oxygen partial pressure', {
    specimen,
    plausible: [3, 800],
  }),
  analyte('base-excess', 'Base excess', 'mmol/L', 'B:11555-0 A:1925-7 V:1927-3', 'be level|base deficit', {
    specimen,
    valence: 1,
    plausible: [-45, 45],
  }),
  analyte(
    'oxygen-saturation',
    'Oxygen saturation of blood',
    '%',
    'B:20564-1 A:2708-6 V:2711-0',
    'sao2|svo2|oxygen saturation|o2 saturation|blood gas oxygen saturation',
    { specimen, plausible: [1, 101] },
  ),
  analyte('carboxyhemoglobin', 'Carboxyhemoglobin', '%', 'B:20563-3 A:2030-5', 'cohb|carboxyhaemoglobin|co-oximetry', {
    specimen,
    plausible: [0, 90],
  }),
  analyte('methemoglobin', 'Methemoglobin', '%', 'B:2614-6 A:2615-3', 'methb|methaemoglobin', { specimen, plausible: [0, 90] }),
  analyte(
    'aa-gradient',
    'Alveolar-arterial oxygen gradient',
    'mm[Hg]',
    'A:19991-9',
    'a-a gradient|aa gradient|alveolar-arterial gradient',
    {
      specimen: SPECIMENS.A,
    },
  ),
  analyte('pf-ratio', 'PaO2/FiO2 ratio', 'mm[Hg]', 'A:50984-4', 'p/f ratio|pf ratio|horowitz index', { specimen: SPECIMENS.A }),
];
