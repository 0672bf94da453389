// fetch_labs: laboratory results by test, panel or LOINC code, with trends.
import * as z from 'zod';
import { defineTool } from '../tool.ts';
import { fetchResults, windowFields } from './labs/fetch.ts';

export const fetchLabs = defineTool({
  name: 'fetch_labs',
  title: 'Laboratory results',
  description:
    'Laboratory results of the patient, newest first, as evidence with value, unit, time, specimen, reference range and comments; ' +
    'and for each comparable series a trend (first, last, minimum, maximum, change, percent, direction, baseline). ' +
    'Tests by clinical name (creat, K, Hgb, A1c, trop), LOINC code, or panel (BMP, CMP, CBC, LFTs, coags, ABG, lipids, iron studies, UA). ' +
    'Completeness says for each test how far was looked; found 0 means none recorded, never normal. Not for vital signs, cultures by organism, or orders.',
  needsPatient: true,
  input: z.strictObject({
    tests: z.array(z.string().min(1).max(100)).min(1).max(20).describe('Names as clinicians use them, LOINC codes, or panels.'),
    ...windowFields,
  }),
  run: ({ tests, ...window }, context) => fetchResults('lab', { names: tests, ...window }, context),
});
