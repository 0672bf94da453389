import type { Encounter, Observation, Resource } from 'fhir/r4.js';
import { expect, test } from 'vitest';
import { encounterAsOf, happenedAt, knownAt } from './as-of.ts';

const AS_OF = '2026-01-10T12:00:00-05:00';
const observation = (parts: Partial<Observation>): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'K' },
  ...parts,
});

test('a result drawn before and issued after the as-of time is pending', () => {
  expect(knownAt(observation({ effectiveDateTime: '2026-01-10T11:00:00-05:00', issued: '2026-01-10T12:30:00-05:00' }), AS_OF)).toBe(
    'pending',
  );
  expect(knownAt(observation({ effectiveDateTime: '2026-01-10T11:00:00-05:00', issued: '2026-01-10T11:40:00-05:00' }), AS_OF)).toBe(
    'known',
  );
});

test('without an issued time the time drawn serves, across offsets', () => {
  expect(knownAt(observation({ effectiveDateTime: '2026-01-10T16:59:59Z' }), AS_OF)).toBe('known');
  expect(knownAt(observation({ effectiveDateTime: '2026-01-10T17:00:01Z' }), AS_OF)).toBe('later');
  expect(knownAt(observation({ effectiveInstant: '2026-01-11T00:00:00Z' }), AS_OF)).toBe('later');
  expect(knownAt(observation({ effectivePeriod: { start: '2026-01-09', end: '2026-01-12' } }), AS_OF)).toBe('known');
});

test('a bare date of the same day is known, the next day is later', () => {
  expect(knownAt({ resourceType: 'Procedure', performedDateTime: '2026-01-10' } as Resource, AS_OF)).toBe('known');
  expect(knownAt({ resourceType: 'Procedure', performedDateTime: '2026-01-11' } as Resource, AS_OF)).toBe('later');
});

test('a resource without a time is undated, or dated by what it hangs on', () => {
  expect(knownAt({ resourceType: 'Condition' }, AS_OF)).toBe('undated');
  expect(knownAt({ resourceType: 'Condition' }, AS_OF, '2026-02-01')).toBe('later');
  expect(happenedAt({ resourceType: 'Patient', birthDate: '1950-01-01' } as Resource)).toBeNull();
});

test('a stay that ends later is the current one: its end, later wards and discharge are not yet known', () => {
  const stay: Encounter = {
    resourceType: 'Encounter',
    status: 'finished',
    class: { code: 'IMP' },
    period: { start: '2026-01-08T10:00:00-05:00', end: '2026-01-12T10:00:00-05:00' },
    length: { value: 4, unit: 'd' },
    hospitalization: { dischargeDisposition: { text: 'home' }, admitSource: { text: 'emergency department' } },
    location: [
      { location: { reference: 'Location/a' }, period: { start: '2026-01-08T10:00:00-05:00', end: '2026-01-09T10:00:00-05:00' } },
      { location: { reference: 'Location/b' }, period: { start: '2026-01-09T10:00:00-05:00', end: '2026-01-11T10:00:00-05:00' } },
      { location: { reference: 'Location/c' }, period: { start: '2026-01-11T10:00:00-05:00' } },
    ],
  };
  const seen = encounterAsOf(stay, AS_OF);
  expect(seen.status).toBe('in-progress');
  expect(seen.period).toEqual({ start: '2026-01-08T10:00:00-05:00' });
  expect(seen.length).toBeUndefined();
  expect(seen.hospitalization).toEqual({ admitSource: { text: 'emergency department' } });
  expect(seen.location?.map((l) => [l.location.reference, l.period?.end])).toEqual([
    ['Location/a', '2026-01-09T10:00:00-05:00'],
    ['Location/b', undefined],
  ]);
  expect(stay.period?.end).toBe('2026-01-12T10:00:00-05:00');
});

test('a stay that ended is left as it was', () => {
  const stay: Encounter = {
    resourceType: 'Encounter',
    status: 'finished',
    class: { code: 'IMP' },
    period: { start: '2026-01-01', end: '2026-01-05' },
  };
  expect(encounterAsOf(stay, AS_OF)).toBe(stay);
});
