import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'evals/**/*.test.ts', 'demo/**/*.test.ts'],
    // Two cores: one fork each; a file starts at most one server.
    maxWorkers: 2,
    // Modules are loaded once a worker, not once a file: no module of ours keeps state that a test could leave behind.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
