// R4 search.html#conformance: the self link names the parameters that were processed.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ignoredParameters } from './self-link.ts';

const BASE = 'https://fhir.example.org/r4';
const name = fc.constantFrom('code', 'date', 'status', 'category', '_sort', 'code:in', 'value-quantity');
const value = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'abzA0129|/:.-_ é+%&=?#$') }),
  fc.constantFrom('http://loinc.org|2160-0', 'ge2020-01-01', 'lt2020-01-01T10:00:00+02:00', 'a,b', 'final,amended'),
);
const parameters = fc.array(fc.tuple(name, value), { maxLength: 6 });
const self = (used: readonly (readonly [string, string])[]) => `${BASE}/Observation?${new URLSearchParams(used.map(([n, v]) => [n, v]))}`;

it('a server that used all, in any order and with parameters of its own, ignored none', () => {
  fc.assert(
    fc.property(parameters, fc.array(fc.tuple(fc.constantFrom('_format', '_total', 'other'), value)), fc.integer(), (asked, own, seed) => {
      const used = [...asked, ...own].map((pair, i) => ({ pair, key: Math.sin(seed + i) })).sort((a, b) => a.key - b.key);
      expect(ignoredParameters(asked, self(used.map(({ pair }) => pair)), BASE, null)).toEqual([]);
    }),
  );
});

it('a parameter that is missing altogether is named, whatever else was used', () => {
  fc.assert(
    fc.property(parameters, value, (asked, wanted) => {
      expect(ignoredParameters([...asked, ['specimen', wanted]], self(asked), BASE, null)).toContain('specimen');
    }),
  );
});

it.each([
  ['date', 'ge2020-01-01T00:00:00-05:00', 'ge2020-01-01T05:00:00.000Z'],
  ['date', 'ge2020-01-01', 'ge2020-01-01T00:00:00-05:00'],
  ['date', 'eq2020-01-01', '2020-01-01'],
  ['date', 'le2020-01-01T10:00:00+02:00', 'le2020-01-01T10:00:00 02:00'],
  ['code', 'a,b', 'b,a'],
  ['status', 'final', 'FINAL'],
])('%s=%s and %s are the same', (parameter, asked, used) => {
  expect(ignoredParameters([[parameter, asked]], self([[parameter, used]]), BASE, null)).toEqual([]);
});

it.each([
  ['date', 'ge2020-01-01', 'gt2020-01-01'],
  ['date', 'ge2020-01-01', 'ge2021-01-01'],
  ['date', '2020-01-01', '2020-01-01T00:00:00Z'],
  ['code', 'a,b', 'a'],
  ['code', 'http://loinc.org|1', 'http://snomed.info/sct|1'],
  ['code:in', 'x', ''],
])('%s=%s and %s are not', (parameter, asked, used) => {
  expect(ignoredParameters([[parameter, asked]], self([[parameter, used]]), BASE, null)).toEqual([parameter]);
});

it('a modifier that was dropped is a parameter that was ignored', () => {
  expect(ignoredParameters([['code:not', 'x']], self([['code', 'x']]), BASE, null)).toEqual(['code:not']);
});

it('a lock over a merged record is used only with all its ids', () => {
  const lock = [['patient', 'a,b']] as const;
  expect(ignoredParameters(lock, self([['patient', 'Patient/b,Patient/a']]), BASE, 'patient')).toEqual([]);
  expect(ignoredParameters(lock, self([['patient', 'a']]), BASE, 'patient')).toEqual(['patient']);
  expect(ignoredParameters(lock, `${BASE}/Patient/a/Observation`, BASE, 'patient')).toEqual(['patient']);
});

it.each([null, 'http://[', ''])('self link %j: at least nothing breaks', (link) => {
  expect(() => ignoredParameters([['code', 'x']], link, BASE, null)).not.toThrow();
});
