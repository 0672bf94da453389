// A Patient resource as a lock: which number and name stand for it.
import fc from 'fast-check';
import type { Patient } from 'fhir/r4.js';
import { expect, it } from 'vitest';
import { isReplaced, lockFrom } from './patient-lock.ts';

const lock = (more: object) => lockFrom({ resourceType: 'Patient', id: 'p', ...more } as Patient);
const mr = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] };

it.each([
  [
    'the medical record number',
    [
      { use: 'official', value: 'a' },
      { value: 'b', type: mr },
    ],
    'b',
  ],
  ['else the one in usual use', [{ value: 'a' }, { use: 'official', value: 'b' }, { use: 'usual', value: 'c' }], 'c'],
  ['else the official one', [{ value: 'a' }, { use: 'official', value: 'b' }], 'b'],
  ['else the first', [{ value: 'a' }, { value: 'b' }], 'a'],
  ['not an old record number', [{ use: 'old', value: 'a', type: mr }, { value: 'b' }], 'b'],
  ['an old one where there is no other', [{ use: 'old', value: 'a' }], 'a'],
  ['none where none has a value', [{ system: 'urn:x' }, { value: '' }], null],
])('the identifier is %s', (_which, identifier, value) => {
  expect(lock({ identifier }).identifier).toBe(value);
});

it.each([
  [[{ use: 'official', given: ['Ann', 'B.'], family: 'Carr' }], 'Ann B. Carr'],
  [
    [
      { use: 'maiden', family: 'X' },
      { use: 'usual', family: 'Carr' },
    ],
    'Carr',
  ],
  [[{ use: 'old', family: 'X' }, { text: 'Ann  Carr' }], 'Ann Carr'],
  [[{ given: ['Ann'] }], 'Ann'],
  [[{ text: '   ' }], null],
  [[], null],
])('%j is %j', (name, text) => {
  expect(lock({ name }).name).toBe(text);
});

it('birth date and sex are as recorded, or null', () => {
  expect(lock({ birthDate: '1950', gender: 'unknown' })).toMatchObject({ birthDate: '1950', sex: 'unknown' });
  expect(lock({})).toMatchObject({ birthDate: null, sex: null, id: 'p', ids: ['p'] });
});

it('no shape of a Patient breaks the lock, and a name is one printable line', () => {
  fc.assert(
    fc.property(
      fc.record({
        name: fc.oneof(
          fc.anything(),
          fc.array(fc.oneof(fc.anything(), fc.record({ text: fc.anything(), given: fc.anything(), family: fc.anything() }))),
        ),
        identifier: fc.oneof(fc.anything(), fc.array(fc.record({ value: fc.anything(), type: fc.anything() }))),
        link: fc.oneof(fc.anything(), fc.array(fc.anything())),
        birthDate: fc.anything(),
        gender: fc.anything(),
      }),
      (more) => {
        const { name, ids } = lock(more);
        expect(ids).toEqual(['p']);
        expect(isReplaced({ resourceType: 'Patient', ...more } as unknown as Patient)).toBeTypeOf('boolean');
        if (name !== null) expect(name).toMatch(/^[^\p{Cc}]{1,200}$/u);
      },
    ),
  );
});
