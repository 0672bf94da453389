import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NotFhir, scan, told } from './scan.ts';

const bytes = (value: unknown, space?: number) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value, null, space));
const patient = { resourceType: 'Patient', id: 'p1' };

describe('finding resources in bytes', () => {
  it('a bundle’s entries are found with type, id and fullUrl, whatever their contents look like', () => {
    const note = {
      resourceType: 'Observation',
      id: 'o"1',
      note: [{ text: '"resource":{"resourceType":"Patient"} \\" } ]' }],
      contained: [patient],
    };
    const bundle = {
      entry: [
        { fullUrl: 'urn:uuid:a', resource: note },
        { search: {}, resource: patient },
      ],
      type: 'collection',
      resourceType: 'Bundle',
    };
    for (const b of [bytes(bundle), bytes(bundle, 2), bytes(`\uFEFF${JSON.stringify(bundle)}\n`)]) {
      const found = scan(b, false);
      expect(found).toMatchObject({ format: 'bundle', bundleType: 'collection', bad: [] });
      expect(found.slices.map((slice) => [slice.type, told(b, slice.id), told(b, slice.fullUrl)])).toEqual([
        ['Observation', 'o"1', 'urn:uuid:a'],
        ['Patient', 'p1', null],
      ]);
      expect(JSON.parse(b.toString('utf8', found.slices[0]!.start, found.slices[0]!.end))).toEqual(note);
    }
  });

  it('what a bundle deletes, answers or refuses is no resource of it', () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { resource: patient, request: { method: 'DELETE', url: 'Patient/p1' } },
        { request: { method: 'DELETE', url: 'Patient/p2' } },
        { resource: { resourceType: 'OperationOutcome', issue: [] }, search: { mode: 'outcome' } },
        { resource: patient, request: { method: 'PUT', url: 'Patient/p1' } },
      ],
    };
    expect(scan(bytes(bundle), false).slices).toHaveLength(1);
  });

  it('a bundle within a bundle is looked into', () => {
    const document = { resourceType: 'Bundle', type: 'document', entry: [{ resource: patient }] };
    const found = scan(
      bytes({ resourceType: 'Bundle', type: 'searchset', entry: [{ resource: document }, { resource: { ...patient, id: 'p2' } }] }),
      false,
    );
    expect(found.slices.map(({ type }) => type)).toEqual(['Patient', 'Patient']);
  });

  it('a List is a resource, though it has entries', () => {
    const list = { resourceType: 'List', id: 'l', entry: [{ item: { reference: 'Patient/p1' } }] };
    expect(scan(bytes(list), false)).toMatchObject({ format: 'resource', slices: [{ type: 'List' }] });
  });

  it('lines are read one by one, and a bad one is told with its number', () => {
    const text = `${JSON.stringify(patient)}\n\n{"resourceType":"Patient","id":\nnot json\n${JSON.stringify({ ...patient, id: 'p2' })}`;
    const found = scan(bytes(text), true);
    expect(found.slices).toHaveLength(2);
    expect(found.bad.map(({ where }) => where)).toEqual(['line 3', 'line 4']);
  });

  it('lines under the name .json are read as lines', () => {
    expect(scan(bytes(`${JSON.stringify(patient)}\n${JSON.stringify(patient)}\n`), false)).toMatchObject({ format: 'ndjson' });
  });

  it.each([
    ['', 'an empty file'],
    ['  \n', 'an empty file'],
    ['[{"resourceType":"Patient"}]', 'a JSON list: not FHIR'],
    ['{"name":"x"}', 'JSON without a resourceType: not FHIR'],
    ['{"resourceType":3}', 'JSON without a resourceType: not FHIR'],
    ['plain text', 'not JSON'],
    ['{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"a"', 'the JSON ends too early'],
    ['{"resourceType":"Patient"} and more', 'text after the JSON ends'],
  ])('%j is refused: %s', (text, reason) => {
    expect(() => scan(bytes(text), false)).toThrow(new NotFhir(reason));
  });

  it('any bytes are taken or refused, never a failure of another kind', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map((text) => text.slice(0, -2)),
        ),
        fc.boolean(),
        (text, lines) => {
          try {
            scan(bytes(text), lines);
          } catch (error) {
            expect(error).toBeInstanceOf(NotFhir);
          }
        },
      ),
    );
  });
});
