import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findTimes } from './time-words.ts';

const AS_OF = '2166-08-26T12:00:00-04:00';
const only = (text: string) => {
  const spans = findTimes(text, AS_OF);
  expect(spans.map((s) => text.slice(s.start, s.end))).toHaveLength(1);
  return spans[0]!;
};
const window = (text: string) => {
  const { when } = only(text);
  if (when.type !== 'window') throw new Error(`${text}: ${JSON.stringify(when)}`);
  return [when.from?.slice(0, 16) ?? null, when.to?.slice(0, 16) ?? null];
};
const stay = (text: string) => {
  const { when } = only(text);
  if (when.type !== 'stay') throw new Error(`${text}: ${JSON.stringify(when)}`);
  return when.stay;
};

describe('windows', () => {
  test.each([
    ['potassium between 3 and 5 May', '2166-05-03T00:00', '2166-05-05T23:59'],
    ['sodium, May 3 to 5', '2166-05-03T00:00', '2166-05-05T23:59'],
    ['from 3 May 2166 to 10 May 2166', '2166-05-03T00:00', '2166-05-10T23:59'],
    ['between 2164 and 2165', '2164-01-01T00:00', '2165-12-31T23:59'],
    ['creatinine yesterday', '2166-08-25T00:00', '2166-08-25T23:59'],
    ['creatinine the day before yesterday', '2166-08-24T00:00', '2166-08-24T23:59'],
    ['in the last 24 hours', '2166-08-25T12:00', '2166-08-26T12:00'],
    ['over the past two days', '2166-08-24T12:00', '2166-08-26T12:00'],
    ['the last few days', '2166-08-23T12:00', '2166-08-26T12:00'],
    ['past 3 months', '2166-05-26T12:00', '2166-08-26T12:00'],
    ['lowest sats overnight', '2166-08-25T19:00', '2166-08-26T07:00'],
    ['lactate this morning', '2166-08-26T00:00', '2166-08-26T11:59'],
    ['last week', '2166-08-18T00:00', '2166-08-24T23:59'],
    ['over the last week', '2166-08-19T12:00', '2166-08-26T12:00'],
    ['in the previous month', '2166-07-01T00:00', '2166-07-31T23:59'],
    ['two weeks ago', '2166-08-09T00:00', '2166-08-15T23:59'],
    ['K yest', '2166-08-25T00:00', '2166-08-25T23:59'],
    ['K last 24h', '2166-08-25T12:00', '2166-08-26T12:00'],
    ['K 48h', '2166-08-24T12:00', '2166-08-26T12:00'],
    ['glucose since midnight', '2166-08-26T00:00', '2166-08-26T12:00'],
    ['K+ this am', '2166-08-26T00:00', '2166-08-26T11:59'],
    ['am labs', '2166-08-26T00:00', '2166-08-26T11:59'],
    ['creatinine on the 25th', '2166-08-25T00:00', '2166-08-25T23:59'],
    ['creatinine on the 31st', '2166-07-31T00:00', '2166-07-31T23:59'],
    ['creatinine trend 2165', '2165-01-01T00:00', '2165-12-31T23:59'],
    ['in 05/2166', '2166-05-01T00:00', '2166-05-31T23:59'],
    ['in 07/this year', '2166-07-01T00:00', '2166-07-31T23:59'],
    ['in 04/last year', '2165-04-01T00:00', '2165-04-30T23:59'],
    ['in May', '2166-05-01T00:00', '2166-05-31T23:59'],
    ['in 2136', '2136-01-01T00:00', '2136-12-31T23:59'],
    ['on 12/18/2165', '2165-12-18T00:00', '2165-12-18T23:59'],
    ['on 18/12/2165', '2165-12-18T00:00', '2165-12-18T23:59'],
    ['on 3rd of May', '2166-05-03T00:00', '2166-05-03T23:59'],
  ])('%s', (text, from, to) => expect(window(text)).toEqual([from, to]));

  test.each([
    ['since March 2164', '2164-03-01T00:00', null],
    ['since 172 days ago', '2166-03-07T12:00', null],
    ['since 2 pm yesterday', '2166-08-25T14:00', null],
    ['after 3 May', '2166-05-04T00:00', null],
    ['before 3 May', null, '2166-05-02T23:59'],
    ['up to 3 May', null, '2166-05-03T23:59'],
  ])('%s is open on one side', (text, from, to) => expect(window(text)).toEqual([from, to]));
});

describe('stays', () => {
  test.each([
    ['changed over the stay', { which: 'current', kind: 'hospital' }],
    ['since admission', { which: 'current', kind: 'hospital' }],
    ['since she was admitted', { which: 'current', kind: 'hospital' }],
    ['this admission', { which: 'current', kind: 'hospital' }],
    ['during her last admission', { which: 'last', kind: 'hospital' }],
    ['on the first ICU stay', { which: 1, kind: 'icu' }],
    ['during their current ICU visit', { which: 'current', kind: 'icu' }],
    ['the 2019 admission', { which: -1, kind: 'hospital', year: 2019 }],
    ['the second hospital visit', { which: 2, kind: 'hospital' }],
  ] as const)('%s', (text, expected) => expect(stay(text)).toEqual(expected));

  test('on admission chooses the first of the stay, at discharge the last', () => {
    expect(only('creatinine on admission').pick).toBe('first');
    expect(only('sodium at discharge').pick).toBe('last');
    expect(only('admission labs').pick).toBe('first');
    expect(only('admission creatinine').pick).toBe('first');
    expect(only('what was the discharge creatinine').pick).toBe('last');
  });
});

describe('what is no time, or not one', () => {
  test.each([
    'May I see the potassium?',
    'is the second value high',
    'O2 sat',
    'potassium above 5.5',
    'pain 3/10',
    'I am on call',
    'the 3rd potassium',
    '24 h urine protein',
    'potassium over 2000',
    'admission diagnosis',
    'how many admissions',
    'before the transfusion',
    'March',
  ])('%s', (text) => expect(findTimes(text, AS_OF)).toEqual([]));

  test('a date in figures with two readings is ambiguous, in a question with and without a year', () => {
    for (const text of ['creatinine on 03/04/2165', 'labs on 3/4', 'creatinine 12/5', 'since 5/6/2165', 'on 12/10/last year']) {
      const { when } = only(text);
      expect(when.type, text).toBe('ambiguous');
      if (when.type === 'ambiguous') expect(when.readings).toHaveLength(2);
    }
    expect(only('on 5/5/2165').when.type).toBe('window');
  });

  test('the 30th of February is no date', () => {
    expect(findTimes('on 2166-02-30', AS_OF)).toEqual([]);
    expect(findTimes('on 30/02/2165', AS_OF)).toEqual([]);
  });
});

test('a clock time alone is of today, or of yesterday where it has not come', () => {
  const at = (text: string) => {
    const { when } = only(text);
    return when.type === 'around' && when.at;
  };
  expect(at('K at 6am')).toBe('2166-08-26T06:00:00-04:00');
  expect(at('K at 0400')).toBe('2166-08-26T04:00:00-04:00');
  expect(at('creatinine on 25 aug at 0400')).toBe('2166-08-25T04:00:00-04:00');
  expect(at('K at 18:30')).toBe('2166-08-25T18:30:00-04:00');
  expect(at('K yesterday at 2 pm')).toBe('2166-08-25T14:00:00-04:00');
});

test('a clock time belongs to the day beside it', () => {
  for (const text of ['potassium at 8am on 3 May', 'potassium on 3 May at 8 am', 'at 08:00 on 2166-05-03']) {
    const { when } = only(text);
    expect(when.type === 'around' && when.at, text).toBe('2166-05-03T08:00:00-04:00');
  }
});

test('spans lie within the text, in order, and never overlap', () => {
  const word = fc.constantFrom(
    'since',
    'yesterday',
    'May',
    '3',
    'between',
    'and',
    '5',
    '2165',
    'last',
    'week',
    'the',
    'stay',
    '03/04/2165',
    'ago',
    'two',
    'days',
    'admission',
    'at',
    '8am',
    'to',
    ',',
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 9 }), (words) => {
      const text = words.join(' ');
      let end = 0;
      for (const span of findTimes(text, AS_OF)) {
        expect(span.start).toBeGreaterThanOrEqual(end);
        expect(span.end).toBeGreaterThan(span.start);
        expect(span.end).toBeLessThanOrEqual(text.length);
        end = span.end;
      }
    }),
    { numRuns: 300 },
  );
});
