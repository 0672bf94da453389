export * from './id.ts';
export * from './render.ts';
export * from './time.ts';
export type * from './types.ts';
