// Small cited tables, and the index from words and codes to analytes. Each table tells its source in its file's head.
export type { Analyte, Specimen } from './analyte.ts';
export { ANALYTES, analyteByKey, codesOf, namesOf, phraseOf } from './analytes.ts';
export type { CriticalLimit } from './critical-values.ts';
export { findAnalytes, type ResolvedTest, resolveTest } from './find.ts';
export { type Knowledge, OUR_KNOWLEDGE, openKnowledge } from './knowledge.ts';
export { type Identified, identify } from './label.ts';
export { FAMILIES, PANELS } from './panels.ts';
export { type Table, tableEvidence } from './table.ts';
