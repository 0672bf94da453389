// The list of tools, in the stable order in which every way in offers them. A new tool is one file plus one line here.
import { fetchLabs } from './record/fetch-labs.ts';
import { fetchVitals } from './record/fetch-vitals.ts';
import { getPatientSummary } from './record/get-patient-summary.ts';
import { readChart } from './record/read-chart.ts';
import type { Tool } from './tool.ts';

export { type CalledTool, mergeResults, runTool } from './run.ts';
export type { Sources, Tool, ToolContext, ToolResult } from './tool.ts';

export const TOOLS: readonly Tool[] = [getPatientSummary, fetchLabs, fetchVitals, readChart];
