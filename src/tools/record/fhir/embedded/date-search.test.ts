import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateFits, dateValue, type Prefix, periodOf, rangeOf } from './date-search.ts';

const fits = (target: string, value: string) => dateFits(rangeOf(target)!, dateValue(value)!);
const period = (start: string | undefined, end: string | undefined, value: string) => dateFits(periodOf(start, end)!, dateValue(value)!);

describe('dates as FHIR R4 3.1.1.4.3 and 3.1.1.4.5 compare them', () => {
  it('eq: the search value holds the whole of the target', () => {
    expect(fits('2013-01-14', '2013-01')).toBe(true);
    expect(fits('2013-01-14T10:00:00Z', '2013-01-14T10:00Z')).toBe(true);
    expect(fits('2013-01', 'eq2013-01-14')).toBe(false);
    expect(fits('2013-01', 'ne2013-01-14')).toBe(true);
  });

  it('gt and lt: what lies beyond the search value meets the target', () => {
    // The standard's own examples.
    expect(fits('2013-01-14T10:00:00Z', 'lt2013-01-14T10:00Z')).toBe(false);
    expect(fits('2013-01-14T09:59:00Z', 'lt2013-01-14T10:00Z')).toBe(true);
    expect(fits('2013-01-14T10:00:30Z', 'gt2013-01-14T10:00Z')).toBe(false);
    expect(fits('2013-01-14T10:01:00Z', 'gt2013-01-14T10:00Z')).toBe(true);
  });

  it('sa and eb: the target lies wholly beyond the search value', () => {
    expect(period('2013-03-14', undefined, 'sa2013-03-13')).toBe(true);
    expect(period('2013-03-14', undefined, 'sa2013-03-14')).toBe(false);
    expect(period('2013-03-10', '2013-03-13', 'eb2013-03-14')).toBe(true);
    expect(period(undefined, '2013-03-14', 'eb2013-03-14')).toBe(false);
  });

  it('an open end of a period has no bound', () => {
    expect(period('2010-05-23', undefined, 'ge2030')).toBe(true);
    expect(period('2010-05-23', undefined, 'lt2010')).toBe(false);
    expect(period(undefined, '2010-05-23', 'le1900')).toBe(true);
    expect(period('2010-05-23', undefined, 'eq2010-05-23')).toBe(false);
  });

  it('a day is the record’s own day, by the wall clock of its time', () => {
    expect(fits('2166-08-26T23:30:00-04:00', '2166-08-26')).toBe(true);
    expect(fits('2166-08-26T23:30:00-04:00', '2166-08-27')).toBe(false);
    expect(fits('2166-08-26', 'ge2166-08-26T00:00:00-04:00')).toBe(true);
  });

  it('two times with offsets compare as instants', () => {
    expect(fits('2166-08-26T12:00:00-04:00', '2166-08-26T16:00:00Z')).toBe(true);
    expect(fits('2166-08-26T12:00:00-04:00', 'gt2166-08-26T15:59:59Z')).toBe(true);
    // In a query string an unescaped plus reads as a space.
    expect(fits('2166-08-26T12:00:00+02:00', '2166-08-26T12:00:00 02:00')).toBe(true);
  });

  it('ap takes a tenth of the gap to now on both sides', () => {
    const now = Date.UTC(2020, 0, 1);
    expect(dateFits(rangeOf('2010-07-01')!, dateValue('ap2010-01-01', now)!)).toBe(true);
    expect(dateFits(rangeOf('2012-01-01')!, dateValue('ap2010-01-01', now)!)).toBe(false);
  });

  it.each(['2023-02-30', '2023-13', '2023-1-1', '12/03/2023', '2023-01-01T25:00:00Z', '2023-01-01T10:00:00+99', '', 'yesterday'])(
    '%j is no date',
    (text) => {
      expect(rangeOf(text)).toBeNull();
      expect(dateValue(`ge${text}`)).toBeNull();
    },
  );

  it('the year 50 is not 1950', () => {
    expect(rangeOf('0050')!.startWall).toBeLessThan(Date.UTC(1000, 0, 1));
  });

  it('for any two days the prefixes agree with the order of their texts', () => {
    const day = fc
      .date({ min: new Date('1850-01-01'), max: new Date('2250-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    const expected: Record<Exclude<Prefix, 'ap'>, (a: string, b: string) => boolean> = {
      eq: (a, b) => a === b,
      ne: (a, b) => a !== b,
      gt: (a, b) => a > b,
      ge: (a, b) => a >= b,
      lt: (a, b) => a < b,
      le: (a, b) => a <= b,
      sa: (a, b) => a > b,
      eb: (a, b) => a < b,
    };
    fc.assert(
      fc.property(day, day, fc.constantFrom(...(Object.keys(expected) as Exclude<Prefix, 'ap'>[])), (a, b, prefix) => {
        expect(fits(a, `${prefix}${b}`)).toBe(expected[prefix](a, b));
      }),
    );
  });
});
