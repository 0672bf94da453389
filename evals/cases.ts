// Eval cases as data: one JSON object a line (contract.md, "Eval cases"). A line that is none is named by file and number.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import * as z from 'zod';
import { precisionOf } from '../src/evidence/index.ts';

const OUTCOMES = ['answered', 'partial', 'abstained', 'clarify', 'refused', 'failed'] as const;

const expectation = z.strictObject({
  outcome: z.enum(OUTCOMES).default('answered'),
  values: z.array(z.union([z.number(), z.string(), z.boolean()])).optional(),
  unit: z.string().optional(),
  /** Numbers are equal after rounding both to so many decimals … */
  decimals: z.int().min(0).max(12).optional(),
  /** … or within this share of the expected one. */
  tolerance: z.number().min(0).optional(),
  evidence: z.array(z.string().regex(/^[A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/, 'a FHIR reference such as Observation/123')).default([]),
  /** All that may be cited stands in `evidence`: only then are recall and precision of the citations counted. */
  evidenceComplete: z.boolean().default(false),
  mustSay: z.array(z.string().min(1)).default([]),
  mustNotSay: z.array(z.string().min(1)).default([]),
  order: z.boolean().default(false),
});

const evalCase = z.strictObject({
  id: z.string().min(1),
  suite: z.string().min(1),
  source: z
    .string()
    .min(1)
    .refine((path) => !isAbsolute(path) && !path.split(/[/\\]/).includes('..'), '`demo` or a path under EVAL_DATA')
    .default('demo'),
  patient: z.string().min(1).nullable().default(null),
  asOf: z
    .string()
    .refine((time) => precisionOf(time.replace(' ', 'T')) !== null, 'an ISO 8601 time')
    .transform((time) => time.replace(' ', 'T'))
    .optional(),
  question: z.string().min(1),
  expect: expectation,
  /** For people: how the expected answer was found. */
  note: z.string().optional(),
});

export type EvalCase = z.output<typeof evalCase>;
export type Expectation = EvalCase['expect'];

/** A cases file that cannot be used; the message names file and line. */
export class CaseError extends Error {}

const CASES = join(import.meta.dirname, 'cases');

export function readCases(path: string): EvalCase[] {
  if (!existsSync(path)) throw new CaseError(`${path} does not exist; --cases takes a JSON-lines file of eval cases.`);
  const cases: EvalCase[] = [];
  const seen = new Map<string, number>();
  const lines = readFileSync(path, 'utf8').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const where = `${basename(path)} line ${index + 1}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw new CaseError(`${where} is not JSON.`);
    }
    const parsed = evalCase.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      throw new CaseError(`${where}: ${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}.`);
    }
    const before = seen.get(parsed.data.id);
    if (before !== undefined) throw new CaseError(`${where} has the id ${parsed.data.id} of line ${before}; ids are unique in a file.`);
    seen.set(parsed.data.id, index + 1);
    cases.push(parsed.data);
  }
  if (cases.length === 0) throw new CaseError(`${basename(path)} holds no case.`);
  return cases;
}

/** The suites of this repository: evals/cases/NAME.jsonl. */
export function suiteNames(folder = CASES): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
    .sort();
}

export function readSuite(name: string, folder = CASES): EvalCase[] {
  return readCases(join(folder, `${name}.jsonl`));
}
