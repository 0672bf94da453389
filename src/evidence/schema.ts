// The types of types.ts as zod schemas: MCP publishes them (resource schema://evidence), the contract suite checks every tool with them.
import * as z from 'zod';
import type { Completeness, Evidence, Flag } from './types.ts';

const coding = z.strictObject({ system: z.string().optional(), code: z.string(), display: z.string().optional() });
const concept = z.strictObject({ name: z.string().min(1), codings: z.array(coding) });
const fhirTime = z.string().regex(/^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/);
const time = z.strictObject({
  start: fhirTime.nullable(),
  end: fhirTime.nullable(),
  kind: z.enum(['effective', 'issued', 'period', 'recorded', 'authored', 'given', 'onset', 'birth', 'computed']),
});
const value = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('quantity'),
    value: z.number(),
    unit: z.string().nullable(),
    ucum: z.string().nullable().optional(),
    comparator: z.enum(['<', '<=', '>=', '>']).optional(),
    converted: z.strictObject({ value: z.number(), unit: z.string(), method: z.string() }).optional(),
  }),
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.strictObject({ type: z.literal('code'), concept }),
  z.strictObject({ type: z.literal('range'), low: z.number().nullable(), high: z.number().nullable(), unit: z.string().nullable() }),
  z.strictObject({ type: z.literal('time'), time: fhirTime }),
  z.strictObject({ type: z.literal('boolean'), value: z.boolean() }),
  z.strictObject({ type: z.literal('absent'), reason: z.string().min(1) }),
]);
const source = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('fhir'), server: z.string(), reference: z.string(), version: z.string(), path: z.string().optional() }),
  z.strictObject({
    type: z.literal('dicom'),
    study: z.string(),
    series: z.string(),
    instance: z.string(),
    frame: z.number().int().optional(),
    version: z.string(),
  }),
  z.strictObject({ type: z.literal('vcf'), file: z.string(), sha256: z.string(), line: z.number().int(), sample: z.string() }),
  z.strictObject({ type: z.literal('model'), pack: z.string(), sha256: z.string(), provider: z.string(), inputs: z.array(z.string()) }),
  z.strictObject({
    type: z.literal('knowledge'),
    table: z.string(),
    entry: z.string(),
    version: z.string(),
    publisher: z.string(),
    date: z.string(),
    url: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('calculation'), method: z.string(), reference: z.string().optional(), inputs: z.array(z.string()) }),
  z.strictObject({
    type: z.literal('note'),
    server: z.string(),
    reference: z.string(),
    version: z.string(),
    start: z.number().int(),
    end: z.number().int(),
  }),
  z.strictObject({ type: z.literal('mcp'), server: z.string(), tool: z.string(), time: z.string(), sha256: z.string() }),
]);

export const evidenceSchema: z.ZodType<Evidence> = z.strictObject({
  id: z.string().regex(/^e[0-9a-f]{16}$/),
  kind: z.enum([
    'observation',
    'medication',
    'condition',
    'allergy',
    'encounter',
    'procedure',
    'order',
    'device',
    'immunization',
    'family_history',
    'care_plan',
    'note',
    'document',
    'image',
    'comparison',
    'variant',
    'genotype',
    'recommendation',
    'prediction',
    'calculation',
    'knowledge',
    'statement',
  ]),
  patient: z.string().nullable(),
  concept,
  value: value.optional(),
  components: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        concept: concept.optional(),
        value,
        time: time.optional(),
        inputs: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  time: time.optional(),
  status: z.string().optional(),
  qualifiers: z.record(z.string(), z.string()).optional(),
  referenceRange: z
    .strictObject({
      low: z.number().nullable(),
      high: z.number().nullable(),
      unit: z.string().nullable(),
      text: z.string().optional(),
      generic: z.boolean(),
      source: z.string().optional(),
    })
    .optional(),
  interpretation: z.array(z.string()).optional(),
  comments: z.array(z.string()).optional(),
  source,
});

export const completenessSchema: z.ZodType<Completeness> = z.strictObject({
  id: z.string().regex(/^c[0-9a-f]{16}$/),
  what: z.string().min(1),
  source: z.string().min(1),
  window: z.tuple([fhirTime.nullable(), fhirTime.nullable()]),
  status: z.enum(['complete', 'partial', 'unavailable', 'absent_from_source']),
  read: z.number().int().nonnegative(),
  found: z.number().int().nonnegative(),
  later: z.number().int().nonnegative(),
  reason: z.string().min(1).nullable(),
});

export const flagSchema: z.ZodType<Flag> = z.strictObject({
  id: z.string().regex(/^f[0-9a-f]{16}$/),
  kind: z.enum([
    'critical',
    'stale',
    'preliminary',
    'corrected',
    'conflicting',
    'entered_in_error',
    'paediatric',
    'pregnant',
    'deceased',
    'merged',
    'restricted',
    'unreadable',
  ]),
  text: z.string().min(1),
  citations: z.array(z.string()).min(1),
});
