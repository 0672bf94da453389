// fetch_vitals: vital signs and bedside measurements, with trends.
import * as z from 'zod';
import { defineTool } from '../tool.ts';
import { fetchResults, windowFields } from './labs/fetch.ts';

export const fetchVitals = defineTool({
  name: 'fetch_vitals',
  title: 'Vital signs',
  description:
    'Vital signs of the patient, newest first, as evidence with value, unit, time and method (arterial line or cuff, site of temperature); ' +
    'and for each comparable series a trend. Signs: heart rate, respiratory rate, SpO2, blood pressure (systolic, diastolic, mean), temperature, ' +
    'GCS (a total is computed only where all three parts were charted at one time), FiO2, PEEP, weight, height, BMI, pain; or "vitals" for the common ones. ' +
    'Completeness says for each sign how far was looked. Not for laboratory results or urine output.',
  needsPatient: true,
  input: z.strictObject({
    signs: z.array(z.string().min(1).max(100)).min(1).max(20).describe('Names as clinicians use them (HR, BP, temp, GCS), or LOINC codes.'),
    ...windowFields,
  }),
  run: ({ signs, ...window }, context) => fetchResults('vital', { names: signs, ...window }, context),
});
