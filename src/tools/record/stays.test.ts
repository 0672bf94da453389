import type { Encounter, Observation } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { arrayContext, observation } from '../../../test/fixtures/array-source.ts';
import { belongsTo, hospitalStays } from './stays.ts';

const AS_OF = '2026-03-10T12:00:00-05:00';
const encounter = (id: string, code: string, start: string, end: string | null, more: Partial<Encounter> = {}): Encounter => ({
  resourceType: 'Encounter',
  id,
  status: end === null ? 'in-progress' : 'finished',
  class: { code },
  subject: { reference: 'Patient/p1' },
  period: { start, ...(end === null ? {} : { end }) },
  ...more,
});
const staysOf = (encounters: Encounter[]) => hospitalStays(arrayContext(encounters, AS_OF));
const drawn = (time: string, reference?: string): Observation =>
  observation('o', 'K', time, {}, reference === undefined ? {} : { encounter: { reference } });

describe('hospital stays', () => {
  test('are inpatient, observation and emergency encounters in order; visits are none', async () => {
    const { stays, current, last } = await staysOf([
      encounter('b', 'IMP', '2026-02-01T00:00:00Z', '2026-02-05T00:00:00Z'),
      encounter('v', 'AMB', '2026-02-20T09:00:00Z', '2026-02-20T09:30:00Z'),
      encounter('a', 'EMER', '2025-12-01T00:00:00Z', '2025-12-01T04:00:00Z'),
    ]);
    expect(stays.map((s) => s.reference)).toEqual(['Encounter/a', 'Encounter/b']);
    expect([current, last?.reference]).toEqual([null, 'Encounter/b']);
  });

  test('emergency and ICU encounters that are part of a stay are its parts, at any depth', async () => {
    const { stays } = await staysOf([
      encounter('h', 'IMP', '2026-02-01T00:00:00Z', '2026-02-05T00:00:00Z'),
      encounter('ed', 'EMER', '2026-01-31T20:00:00Z', '2026-02-01T00:00:00Z', { partOf: { reference: 'Encounter/h' } }),
      encounter('icu', 'ACUTE', '2026-02-02T00:00:00Z', '2026-02-03T00:00:00Z', { partOf: { reference: 'Encounter/ed' } }),
    ]);
    expect(stays).toMatchObject([{ reference: 'Encounter/h', parts: ['Encounter/ed', 'Encounter/icu'] }]);
  });

  test('an urgent admission classed as ambulatory is a stay (MIMIC): admission source, or its identifier, tells', async () => {
    const { stays } = await staysOf([
      encounter('a', 'AMB', '2026-02-01T00:00:00Z', '2026-02-05T00:00:00Z', {
        hospitalization: { admitSource: { text: 'EMERGENCY ROOM' } },
      }),
      encounter('b', 'AMB', '2026-02-10T00:00:00Z', '2026-02-11T00:00:00Z', {
        identifier: [{ system: 'http://x/identifier/encounter-hosp', value: '1' }],
      }),
    ]);
    expect(stays).toHaveLength(2);
  });

  test('a stay that ends after the as-of time, or has no end, is the current one', async () => {
    const later = await staysOf([
      encounter('a', 'IMP', '2026-03-09T00:00:00Z', '2026-03-20T00:00:00Z', {
        hospitalization: { dischargeDisposition: { text: 'HOME' } },
      }),
    ]);
    expect(later.current).toMatchObject({ reference: 'Encounter/a', end: null, outcome: null });
    expect((await staysOf([encounter('a', 'IMP', '2026-03-09T00:00:00Z', null)])).current?.reference).toBe('Encounter/a');
  });

  test('a stay that begins later does not exist yet; a finished one without an end is not current', async () => {
    const { stays, current } = await staysOf([
      encounter('a', 'IMP', '2026-03-10T12:00:01-05:00', null),
      encounter('b', 'IMP', '2026-01-01', null, { status: 'finished' }),
      encounter('c', 'IMP', '2026-03-01', null, { status: 'cancelled' }),
    ]);
    expect(stays.map((s) => s.reference)).toEqual(['Encounter/b']);
    expect(current).toBeNull();
  });

  test('a stay that was never closed does not outlast a later admission', async () => {
    const { current } = await staysOf([encounter('old', 'IMP', '2020-01-01', null), encounter('new', 'IMP', '2026-03-09T00:00:00Z', null)]);
    expect(current?.reference).toBe('Encounter/new');
    const closed = await staysOf([
      encounter('old', 'IMP', '2020-01-01', null),
      encounter('new', 'IMP', '2026-02-01T00:00:00Z', '2026-02-04T00:00:00Z'),
    ]);
    expect(closed.current).toBeNull();
    expect(closed.last?.reference).toBe('Encounter/new');
  });

  test('a loop of partOf is no endless one', async () => {
    const { stays } = await staysOf([
      encounter('a', 'IMP', '2026-02-01', '2026-02-02', { partOf: { reference: 'Encounter/b' } }),
      encounter('b', 'IMP', '2026-02-01', '2026-02-02', { partOf: { reference: 'Encounter/a' } }),
    ]);
    expect(stays.length).toBeLessThanOrEqual(2);
  });
});

describe('what belongs to a stay', () => {
  const record = [
    encounter('h', 'IMP', '2026-03-01T10:00:00Z', '2026-03-05T10:00:00Z'),
    encounter('ed', 'EMER', '2026-03-01T06:00:00Z', '2026-03-01T10:00:00Z', { partOf: { reference: 'Encounter/h' } }),
  ];
  test.each([
    ['its encounter', drawn('2026-03-09T00:00:00Z', 'Encounter/h'), true],
    ['the encounter of its part, absolute and versioned', drawn('2026-03-01T07:00:00Z', 'http://x/fhir/Encounter/ed/_history/2'), true],
    ['its time', drawn('2026-03-03T00:00:00Z'), true],
    ['its first and last moment', drawn('2026-03-05T10:00:00Z'), true],
    ['time in the emergency department alone', drawn('2026-03-01T07:00:00Z'), false],
    ['another encounter at another time', drawn('2026-03-07T00:00:00Z', 'Encounter/other'), false],
  ])('%s', async (_, resource, expected) => {
    const { stays } = await staysOf(record);
    expect(belongsTo(resource, stays[0]!, AS_OF)).toBe(expected);
  });

  test('the current stay lasts until the as-of time', async () => {
    const { current } = await staysOf([encounter('h', 'IMP', '2026-03-09T00:00:00Z', null)]);
    expect(belongsTo(drawn('2026-03-10T11:00:00-05:00'), current!, AS_OF)).toBe(true);
  });
});
