import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ageYears, endOf, offsetOf, precisionOf, readableTime, startOf, toOffset } from './time.ts';

test('a time keeps the precision in which it was written', () => {
  expect(['2166', '2166-08', '2166-08-26', '2166-08-26T12:00-04:00', '2166-08-26T12:00:30.123Z'].map(precisionOf)).toEqual([
    'year',
    'month',
    'day',
    'minute',
    'second',
  ]);
  expect(['2166-13', '2023-02-30', 'yesterday', '', '26/08/2166'].map(precisionOf)).toEqual([null, null, null, null, null]);
  expect(offsetOf('2166-08-26T12:00:00-04:00')).toBe('-04:00');
  expect(offsetOf('2166-08-26')).toBeNull();
});

test('a date covers its whole day in the record’s own offset', () => {
  expect(startOf('2024-02-29', '-05:00')).toBe(Date.parse('2024-02-29T05:00:00Z'));
  expect(endOf('2024-02-29', '-05:00')).toBe(Date.parse('2024-03-01T05:00:00Z'));
  expect(endOf('2023-12')).toBe(Date.parse('2024-01-01T00:00:00Z'));
  expect(endOf('2023')).toBe(Date.parse('2024-01-01T00:00:00Z'));
  expect(startOf('2023-02-30')).toBeNaN();
});

test('the start of any instant is what the platform reads, and its end lies after it', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1900-01-01'), max: new Date('2300-01-01'), noInvalidDate: true }),
      fc.constantFrom('Z', '-04:00', '+05:30'),
      (date, offset) => {
        const written = toOffset(Math.floor(date.getTime() / 1000) * 1000, offset);
        expect(startOf(written)).toBe(Date.parse(written));
        expect(endOf(written)).toBeGreaterThan(startOf(written));
        expect(startOf(written.slice(0, 10), offset)).toBeLessThanOrEqual(startOf(written));
        expect(endOf(written.slice(0, 10), offset)).toBeGreaterThan(startOf(written));
      },
    ),
  );
});

test('age turns on the birthday, and is unknown where the birth date does not tell', () => {
  expect(ageYears('2006-11-22', '2024-11-21T23:59:00Z')).toBe(17);
  expect(ageYears('2006-11-22', '2024-11-22T00:00:00Z')).toBe(18);
  expect(ageYears('2000-02-29', '2024-02-28T12:00:00Z')).toBe(23);
  expect(ageYears('2006', '2024-11-22')).toBeNull();
  expect(ageYears('1950', '2024-12-31')).toBe(74);
  expect(ageYears(null, '2024-11-22')).toBeNull();
});

test('a reader sees a date as a date and a time to the minute', () => {
  expect(readableTime('2166-08-26')).toBe('2166-08-26');
  expect(readableTime('2166-08-26T05:00:00-04:00')).toBe('2166-08-26 05:00');
});
