// Whatever a server sends, a search ends in a status or in a ToolError: never in a crash, never in a silent success.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ToolError } from '../../tool.ts';
import { readPages } from './pages.ts';
import { contradicted } from './spot-check.ts';

const anything = fc.anything({ withNullPrototype: false });
const issue = fc.record({
  severity: fc.oneof(fc.constantFrom('error', 'warning', 'fatal'), anything),
  code: anything,
  diagnostics: anything,
});
const resource = fc.oneof(
  anything,
  fc.record({
    resourceType: fc.constantFrom('Observation', 'OperationOutcome', 'Patient'),
    id: anything,
    issue: fc.oneof(anything, fc.array(fc.oneof(issue, anything))),
    code: anything,
    category: anything,
  }),
);
const entry = fc.oneof(anything, fc.record({ resource, fullUrl: anything, search: anything }));
const link = fc.oneof(
  anything,
  fc.record({ relation: fc.constantFrom('self', 'next'), url: fc.oneof(fc.string(), fc.webUrl(), anything) }),
);
const bundle = fc.record({
  resourceType: fc.constant('Bundle'),
  entry: fc.oneof(anything, fc.array(entry)),
  link: fc.oneof(anything, fc.array(link)),
  total: anything,
});

it('any JSON is an answer, a refusal, or told as broken', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(bundle, anything), { minLength: 1, maxLength: 3 }), async (bodies) => {
      let served = 0;
      const found = await readPages({
        type: 'Observation',
        asked: ['patient', 'code'],
        url: 'Observation?patient=p',
        base: 'http://127.0.0.1/fhir',
        limit: 5,
        maxPages: 4,
        get: async () => {
          served += 1;
          return bodies[(served - 1) % bodies.length];
        },
        check: async (page) => {
          contradicted(
            'Observation',
            [
              ['code', 'x'],
              ['category', 'y'],
              ['date', 'ge2020'],
              ['_id', 'z'],
            ],
            page.matches,
          );
        },
      }).catch((error: unknown) => error);
      if (found instanceof Error) expect(found).toBeInstanceOf(ToolError);
      else expect(['complete', 'partial', 'unavailable']).toContain((found as { status: string }).status);
      expect(served).toBeLessThanOrEqual(4);
    }),
    { numRuns: 500 },
  );
});
