// Runs cases one after the other against the real copilot, each with a state of its own; only the record's source is shared.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Copilot } from '../src/agent/types.ts';
import { openAudit } from '../src/audit/index.ts';
import type { Config } from '../src/config.ts';
import { asCopilotError } from '../src/errors.ts';
import type { Answer, Evidence } from '../src/evidence/index.ts';
import { openStore, type Store } from '../src/store/index.ts';
import type { Sources } from '../src/tools/index.ts';
import { openRecordSource } from '../src/tools/record/fhir/index.ts';
import type { RecordSource } from '../src/tools/record/source.ts';
import type { EvalCase } from './cases.ts';
import { failed, type Graded, grade } from './grade.ts';
import { localAsOf } from './local-time.ts';
import { citedReferences } from './score/citations.ts';
import { placeOf } from './source.ts';

const CASE_LIMIT_MS = 120_000;

export type CreateCopilot = (house: {
  config: Config;
  sources: Sources;
  store: Store;
  audit: ReturnType<typeof openAudit>;
}) => Promise<Copilot>;

export type Run = { graded: Graded[]; skipped: { case: EvalCase; reason: string }[] };

/** @param done is called after each case, in order. */
export async function runCases(
  cases: readonly EvalCase[],
  config: Config,
  createCopilot: CreateCopilot,
  done: (graded: Graded, answer: Answer | null) => void = () => {},
): Promise<Run> {
  const run: Run = { graded: [], skipped: [] };
  const folder = mkdtempSync(join(tmpdir(), 'copilot-eval-'));
  const records = new Map<string, RecordSource>();
  try {
    for (const [index, evalCase] of cases.entries()) {
      const place = placeOf(evalCase.source, config);
      if (place === null) {
        run.skipped.push({ case: evalCase, reason: `${evalCase.source} is not under EVAL_DATA` });
        continue;
      }
      const { key, ...where } = place;
      let record = records.get(key);
      if (record === undefined) {
        record = await openRecordSource({ ...config, ...where, DATA_DIR: join(folder, `source-${records.size}`) });
        records.set(key, record);
      }
      const own = { ...config, ...where, DATA_DIR: join(folder, `case-${index}`) };
      const { graded, answer } = await runCase(evalCase, own, record, createCopilot);
      run.graded.push(graded);
      done(graded, answer);
      rmSync(own.DATA_DIR, { recursive: true, force: true });
    }
  } finally {
    for (const record of records.values()) await record.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return run;
}

async function runCase(
  evalCase: EvalCase,
  config: Config,
  record: RecordSource,
  createCopilot: CreateCopilot,
): Promise<{ graded: Graded; answer: Answer | null }> {
  const signal = AbortSignal.timeout(CASE_LIMIT_MS);
  const store = await openStore(config);
  const start = performance.now();
  try {
    const copilot = await createCopilot({ config, sources: { record }, store, audit: openAudit(store) });
    const asOf = evalCase.asOf === undefined ? undefined : await localAsOf(evalCase.asOf, evalCase.patient, record, signal);
    const request = { question: evalCase.question, patient: evalCase.patient, principal: 'local', way: 'eval', signal } as const;
    let answer: Answer | null = null;
    for await (const event of copilot.ask({ ...request, ...(asOf === undefined ? {} : { asOf }) }))
      if (event.type === 'answer') answer = event.answer;
    if (answer === null) return { graded: failed(evalCase, 'the copilot ended without an answer', performance.now() - start), answer };
    const open = async (id: string) => ((await store.evidence(id, 'local'))?.item ?? null) as Evidence | null;
    return { graded: grade(evalCase, answer, await citedReferences(answer, open)), answer };
  } catch (error) {
    // The sentence hides what may be of the record; the one who looks for the cause asks for it.
    if (config.LOG_LEVEL === 'debug') console.error(evalCase.id, error);
    return { graded: failed(evalCase, asCopilotError(error).message, performance.now() - start), answer: null };
  } finally {
    await store.close();
  }
}
