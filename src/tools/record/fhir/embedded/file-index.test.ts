import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mentionsIn } from './file-index.ts';

it('every patient that a file refers to is seen, whatever ids begin alike', () => {
  const id = fc.stringMatching(/^[A-Za-z0-9._-]{1,6}$/);
  const forms = fc.constantFrom(
    (one: string) => ({ reference: `Patient/${one}` }),
    (one: string) => ({ reference: `http://a.org/fhir/Patient/${one}` }),
    (one: string) => ({ reference: `Patient/${one}/_history/2` }),
  );
  const reference = fc.tuple(id, forms).map(([one, form]) => ({ id: one, json: form(one) }));
  fc.assert(
    fc.property(fc.array(reference), (references) => {
      const bytes = Buffer.from(JSON.stringify(references.map(({ json }) => json)));
      expect(mentionsIn(bytes)).toEqual(new Set(references.map(({ id: one }) => one)));
    }),
  );
});
