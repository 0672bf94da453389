// One suite that every tool must pass (design.md, A tool), run on the demo hospital through the real client and the embedded server.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readConfig } from '../src/config.ts';
import { CopilotError, ToolError } from '../src/errors.ts';
import type { PatientLock } from '../src/evidence/index.ts';
import { completenessSchema, evidenceSchema, flagSchema } from '../src/evidence/schema.ts';
import { makeContext } from '../src/tools/context.ts';
import { runTool, TOOLS, type Tool } from '../src/tools/index.ts';
import { listPatients, openRecordSource } from '../src/tools/record/fhir/index.ts';
import { findPatients } from '../src/tools/record/find-patients.ts';
import type { RecordSource } from '../src/tools/record/source.ts';

/** Inputs to try each tool with; a tool without any fails the suite. */
const INPUTS: Record<string, unknown[]> = {
  find_patients: [{ query: 'a' }],
  get_patient_summary: [{}],
  fetch_labs: [
    { tests: ['creatinine', 'potassium', 'CBC'] },
    { tests: ['2160-0'], from: '2020-01-01', unit: 'umol/L' },
    { tests: ['no such test xyz'] },
  ],
  fetch_vitals: [{ signs: ['blood pressure', 'heart rate'] }],
  read_chart: ['conditions', 'medications', 'allergies', 'encounters'].map((section) => ({ section })),
};

const dataDir = mkdtempSync(join(tmpdir(), 'copilot-contract-'));
let record: RecordSource;
let patients: PatientLock[];
beforeAll(async () => {
  record = await openRecordSource(readConfig({ DATA_DIR: dataDir }));
  patients = await listPatients(record, '', AbortSignal.timeout(20_000));
});
afterAll(async () => {
  await record?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const contextFor = (patient: PatientLock | null, source: RecordSource = record, signal: AbortSignal = AbortSignal.timeout(20_000)) =>
  makeContext({ patient, asOf: record.ownDate ?? '2026-01-01T00:00:00Z', sources: { record: source }, signal });
const all: readonly Tool[] = [...TOOLS, findPatients];

test('there are tools and demo patients to try them on, and every tool has inputs', () => {
  expect(TOOLS.length).toBeGreaterThanOrEqual(4);
  expect(patients.length).toBeGreaterThanOrEqual(2);
  expect(new Set(all.map((t) => t.name)).size).toBe(all.length);
  for (const tool of all) expect(INPUTS[tool.name], `inputs for ${tool.name}`).toBeDefined();
});

describe.each(all.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  test('has a snake-case name, a title, a description and an input without a patient', () => {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/);
    expect(tool.title.length).toBeGreaterThan(3);
    expect(tool.description.length).toBeGreaterThan(40);
    expect(typeof tool.needsPatient).toBe('boolean');
    const schema = z.toJSONSchema(tool.input, { io: 'input' });
    expect(schema.additionalProperties).toBe(false);
    for (const field of Object.keys(schema.properties ?? {})) expect(field).not.toMatch(/patient|subject|mrn/i);
  });

  test('gives unique ids that are the same over two runs, sources, calculations whose inputs are named, and completeness', async () => {
    for (const patient of tool.needsPatient ? patients : [null]) {
      for (const input of INPUTS[name]!) {
        const [first, second] = [await runTool(tool, input, contextFor(patient)), await runTool(tool, input, contextFor(patient))];
        expect(second).toEqual(first);
        const ids = [...first.evidence, ...first.completeness, ...first.flags].map((item) => item.id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const evidence of first.evidence) {
          evidenceSchema.parse(evidence);
          if (tool.needsPatient && evidence.kind !== 'knowledge') expect(patient!.ids).toContain(evidence.patient);
          if (evidence.source.type === 'calculation') expect(evidence.source.inputs.length).toBeGreaterThan(0);
        }
        for (const item of first.completeness) completenessSchema.parse(item);
        expect(first.completeness.length).toBeGreaterThan(0);
        for (const flag of first.flags) {
          flagSchema.parse(flag);
          for (const id of flag.citations) expect(ids, `${flag.kind} cites ${id}`).toContain(id);
        }
      }
    }
  });

  test('honours an abort', async () => {
    const aborted = runTool(tool, INPUTS[name]![0], contextFor(tool.needsPatient ? patients[0]! : null, record, AbortSignal.abort()));
    await expect(aborted).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('refuses a field that it does not have, by name', async () => {
    const wrong = runTool(tool, { ...(INPUTS[name]![0] as object), windwo: 1 }, contextFor(tool.needsPatient ? patients[0]! : null));
    await expect(wrong).rejects.toThrow(ToolError);
    await expect(wrong).rejects.toThrow(/windwo/);
  });

  test('says that a source is down instead of finding nothing, and never lets a foreign error through', async () => {
    const down: RecordSource = {
      ...bound(record),
      search: async () => ({
        status: 'unavailable',
        reason: 'connection refused',
        resources: [],
        included: [],
        total: null,
        server: record.server,
      }),
      read: async () => {
        throw new ToolError('unavailable', 'The record could not be reached.');
      },
    };
    const broken: RecordSource = {
      ...bound(record),
      search: () => Promise.reject(new TypeError('db down at 10.0.0.1')),
      read: () => Promise.reject(new TypeError('db down')),
    };
    const patient = tool.needsPatient ? patients[0]! : null;
    const result = await runTool(tool, INPUTS[name]![0], contextFor(patient, down)).catch((error: unknown) => error as ToolError);
    if (result instanceof Error) expect(result).toMatchObject({ code: 'unavailable' });
    else expect(result.completeness.filter((c) => c.status !== 'complete').length).toBeGreaterThan(0);
    const failed = await runTool(tool, INPUTS[name]![0], contextFor(patient, broken)).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(CopilotError);
    expect((failed as Error).message).not.toContain('10.0.0.1');
  });
});

test('the tools can only read: a source is given four verbs, none of which writes', () => {
  const verbs = Object.keys(bound(record)).filter((key) => typeof bound(record)[key as keyof RecordSource] === 'function');
  expect(verbs.sort()).toEqual(['close', 'health', 'read', 'search', 'supports']);
});

function bound(source: RecordSource): RecordSource {
  return {
    server: source.server,
    ownDate: source.ownDate,
    search: (...args) => source.search(...args),
    read: (...args) => source.read(...args),
    supports: (...args) => source.supports(...args),
    health: (...args) => source.health(...args),
    close: () => source.close(),
  };
}
