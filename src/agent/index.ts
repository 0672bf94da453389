export { createCopilot } from './agent.ts';
export type * from './types.ts';
