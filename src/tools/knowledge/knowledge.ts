// The tables in use: ours, or a hospital's own from KNOWLEDGE_DIR, table by table.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { CopilotError } from '../../errors.ts';
import { analyteByKey } from './analytes.ts';
import { BIOLOGICAL_VARIATION, type BiologicalVariation } from './biological-variation.ts';
import { CRITICAL_VALUES, type CriticalLimit } from './critical-values.ts';
import { REFERENCE_RANGES, type ReferenceRange } from './reference-ranges.ts';
import type { Table } from './table.ts';

export type Knowledge = {
  criticalValues: Table<CriticalLimit>;
  referenceRanges: Table<ReferenceRange>;
  biologicalVariation: Table<BiologicalVariation>;
};

export const OUR_KNOWLEDGE: Knowledge = {
  criticalValues: CRITICAL_VALUES,
  referenceRanges: REFERENCE_RANGES,
  biologicalVariation: BIOLOGICAL_VARIATION,
};

const analyteKey = z
  .string()
  .refine((key) => analyteByKey(key) !== undefined, { error: (issue) => `“${String(issue.input)}” is no analyte that is known here` });
const bound = z.number().nullable();
const tableOf = <E extends z.ZodType>(entry: E) =>
  z.strictObject({
    title: z.string().min(1),
    version: z.string().min(1),
    publisher: z.string().min(1),
    date: z.iso.date(),
    url: z.url().optional(),
    entries: z.array(entry).min(1),
  });
const bounded = <T extends { low: number | null; high: number | null }>(entry: T) => entry.low !== null || entry.high !== null;
const ordered = <T extends { low: number | null; high: number | null }>(entry: T) =>
  entry.low === null || entry.high === null || entry.low < entry.high;

const criticalValues = tableOf(
  z
    .strictObject({ analyte: analyteKey, unit: z.string().min(1), low: bound, high: bound, specimen: z.string().nullable().default(null) })
    .refine(bounded, 'needs a low or a high limit')
    .refine(ordered, 'low must be below high'),
);
const referenceRanges = tableOf(
  z
    .strictObject({
      analyte: analyteKey,
      unit: z.string().min(1),
      low: bound,
      high: bound,
      sex: z.enum(['male', 'female']).nullable().default(null),
      minimumAge: z.number().int().min(0).default(18),
      maximumAge: z.number().int().positive().nullable().default(null),
      specimen: z.string().nullable().default(null),
    })
    .refine(bounded, 'needs a low or a high limit')
    .refine(ordered, 'low must be below high'),
);
const biologicalVariation = tableOf(z.strictObject({ analyte: analyteKey, cvi: z.number().positive().max(200) }));

/**
 * @param dir KNOWLEDGE_DIR; undefined: ours.
 * Throws CopilotError `config` that names the file and the field when one is wrong or unknown.
 */
export function openKnowledge(dir: string | undefined): Knowledge {
  if (dir === undefined) return OUR_KNOWLEDGE;
  const names = ['critical-values.json', 'reference-ranges.json', 'biological-variation.json'];
  const stranger = readdirSync(dir).find((file) => file.endsWith('.json') && !names.includes(file));
  if (stranger !== undefined)
    throw new CopilotError('config', `KNOWLEDGE_DIR holds ${stranger}, which is no table; the tables are ${names.join(', ')}.`);
  return {
    criticalValues: overlay(dir, 'critical-values', criticalValues, OUR_KNOWLEDGE.criticalValues),
    referenceRanges: overlay(dir, 'reference-ranges', referenceRanges, OUR_KNOWLEDGE.referenceRanges),
    biologicalVariation: overlay(dir, 'biological-variation', biologicalVariation, OUR_KNOWLEDGE.biologicalVariation),
  };
}

function overlay<E extends { analyte: string }>(
  dir: string,
  name: string,
  schema: z.ZodType<Omit<Table<E>, 'name' | 'own'>>,
  ours: Table<E>,
): Table<E> {
  const file = `${name}.json`;
  if (!existsSync(join(dir, file))) return ours;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(join(dir, file), 'utf8'));
  } catch {
    throw new CopilotError('config', `KNOWLEDGE_DIR: ${file} is not readable as JSON.`);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new CopilotError('config', `KNOWLEDGE_DIR: ${file}, field ${issue.path.join('.') || '(whole file)'}: ${issue.message}.`);
  }
  return { name, own: true, ...parsed.data };
}
