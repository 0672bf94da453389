import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { analyteByKey } from './analytes.ts';
import { OUR_KNOWLEDGE, openKnowledge } from './knowledge.ts';
import { tableEvidence } from './table.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'knowledge-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const write = (file: string, content: unknown) =>
  writeFileSync(join(dir, file), typeof content === 'string' ? content : JSON.stringify(content));
const own = { title: 'Critical list', version: '7', publisher: 'St. Elsewhere', date: '2026-01-01' };
const limit = { analyte: 'potassium', unit: 'mmol/L', low: 3, high: 6 };

describe('our tables', () => {
  test('name analytes that exist, with limits in order', () => {
    for (const { entries } of [OUR_KNOWLEDGE.criticalValues, OUR_KNOWLEDGE.referenceRanges])
      for (const e of entries) {
        expect(analyteByKey(e.analyte), e.analyte).toBeDefined();
        expect(e.low !== null || e.high !== null).toBe(true);
        if (e.low !== null && e.high !== null) expect(e.low).toBeLessThan(e.high);
      }
    for (const e of OUR_KNOWLEDGE.biologicalVariation.entries) expect(analyteByKey(e.analyte), e.analyte).toBeDefined();
  });

  test('critical limits are those of the survey (Kost, JAMA 1990, abstract)', () => {
    const of = (key: string) => OUR_KNOWLEDGE.criticalValues.entries.find((e) => e.analyte === key);
    expect([of('potassium'), of('sodium'), of('platelets'), of('wbc'), of('ph'), of('pco2'), of('hematocrit')]).toMatchObject([
      { low: 2.8, high: 6.2 },
      { low: 120, high: 158 },
      { low: 37, high: 910 },
      { low: 2, high: 37 },
      { low: 7.21, high: 7.59 },
      { low: 19, high: 67 },
      { low: 18, high: 61 },
    ]);
  });

  test('a critical value lies outside the generic range', () => {
    for (const range of OUR_KNOWLEDGE.referenceRanges.entries) {
      const found = OUR_KNOWLEDGE.criticalValues.entries.find((e) => e.analyte === range.analyte && e.unit === range.unit);
      if (found?.low != null && range.low !== null) expect(found.low, range.analyte).toBeLessThan(range.low);
      if (found?.high != null && range.high !== null) expect(found.high, range.analyte).toBeGreaterThan(range.high);
    }
  });

  test('a row is evidence with its table, version and publisher, the same in every run', () => {
    const make = () =>
      tableEvidence(OUR_KNOWLEDGE.criticalValues, 'potassium', 'Potassium', { type: 'range', low: 2.8, high: 6.2, unit: 'mmol/L' });
    expect(make()).toEqual(make());
    expect(make()).toMatchObject({
      kind: 'knowledge',
      patient: null,
      source: { type: 'knowledge', entry: 'potassium', publisher: 'Kost GJ', url: expect.stringMatching(/^https/) },
    });
  });
});

describe("a hospital's own tables", () => {
  test('replace ours table by table', () => {
    write('critical-values.json', { ...own, entries: [limit] });
    const knowledge = openKnowledge(dir);
    expect(knowledge.criticalValues).toMatchObject({ own: true, publisher: 'St. Elsewhere', entries: [{ ...limit, specimen: null }] });
    expect(knowledge.referenceRanges).toBe(OUR_KNOWLEDGE.referenceRanges);
    expect(openKnowledge(undefined)).toBe(OUR_KNOWLEDGE);
  });

  test.each([
    ['a field that is not there', { ...own, entries: [{ ...limit, lo: 3 }] }, /critical-values\.json, field entries\.0/],
    ['an analyte that is unknown', { ...own, entries: [{ ...limit, analyte: 'kryptonite' }] }, /entries\.0\.analyte.*kryptonite/],
    ['a limit that is no number', { ...own, entries: [{ ...limit, high: '6' }] }, /entries\.0\.high/],
    ['limits the wrong way round', { ...own, entries: [{ ...limit, low: 7 }] }, /low must be below high/],
    ['no limits', { ...own, entries: [{ ...limit, low: null, high: null }] }, /needs a low or a high limit/],
    ['no entries', { ...own, entries: [] }, /field entries/],
    ['no version', { ...own, version: undefined, entries: [limit] }, /field version/],
    ['a date that is none', { ...own, date: 'May', entries: [limit] }, /field date/],
    ['no JSON', '{ "title": ', /critical-values\.json is not readable as JSON/],
  ])('%s stops the start with the file and the field', (_, content, message) => {
    write('critical-values.json', content);
    expect(() => openKnowledge(dir)).toThrow(expect.objectContaining({ code: 'config', message: expect.stringMatching(message) }));
  });

  test('a file of another name is no table', () => {
    write('critical-limits.json', {});
    expect(() => openKnowledge(dir)).toThrow(/critical-limits\.json, which is no table; the tables are critical-values\.json/);
  });
});
