// A copilot that answers from a script, a record that holds two people, and the real store and audit, for the tests of the ways in over HTTP.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Patient } from 'fhir/r4.js';
import type { AskEvent, AskRequest, Copilot } from '../../src/agent/types.ts';
import { openAudit } from '../../src/audit/index.ts';
import { readConfig } from '../../src/config.ts';
import { CopilotError } from '../../src/errors.ts';
import { type Answer, type Evidence, makeCompleteness, makeEvidence, type PatientLock, type Sentence } from '../../src/evidence/index.ts';
import { createServer, type ServerParts } from '../../src/server/index.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import type { RecordSource, SearchResult } from '../../src/tools/record/source.ts';

export const AS_OF = '2031-03-04T12:00:00-05:00';

const PEOPLE: Patient[] = [
  {
    resourceType: 'Patient',
    id: 'p-one',
    identifier: [{ system: 'urn:example:mrn', value: '1001' }],
    name: [{ text: 'Ottilie Fictiva', family: 'Fictiva', given: ['Ottilie'] }],
    birthDate: '1958-02-11',
    gender: 'female',
  },
  {
    resourceType: 'Patient',
    id: 'p-two',
    identifier: [{ system: 'urn:example:mrn', value: '1002' }],
    name: [{ text: 'Barnabas Inventus', family: 'Inventus', given: ['Barnabas'] }],
    birthDate: '1990-10-30',
    gender: 'male',
  },
];

function fakeRecord(options: { down?: boolean } = {}): RecordSource {
  const down = options.down ?? false;
  return {
    server: 'fake',
    ownDate: AS_OF,
    async search(type, parameters): Promise<SearchResult> {
      const found =
        type === 'Patient' && !down ? PEOPLE.filter((person) => parameters.every(([name, value]) => fits(person, name, value))) : [];
      const status = down ? 'unavailable' : 'complete';
      return { resources: found, included: [], total: found.length, server: 'fake', status, reason: down ? 'connection refused' : null };
    },
    async read(reference) {
      if (down) throw new CopilotError('unavailable', 'The record server fake could not be reached.');
      return PEOPLE.find((person) => `Patient/${person.id}` === reference) ?? null;
    },
    supports: async () => true,
    health: async () => ({ ok: !down, message: down ? 'The record server fake could not be reached.' : 'The record server fake answers.' }),
    close: async () => {},
  };
}

function fits(person: Patient, name: string, value: string): boolean {
  if (name === '_id') return value.split(',').includes(person.id!);
  if (name === 'identifier') return person.identifier!.some((each) => value.split('|').at(-1) === each.value);
  if (name.startsWith('name')) return person.name![0]!.text!.toLowerCase().includes(value.toLowerCase());
  return true;
}

const lockOf = (text: string): PatientLock | null => {
  const person = PEOPLE.find((each) => each.id === text || each.identifier![0]!.value === text);
  if (person === undefined) return null;
  const { id, identifier, name, birthDate, gender } = person;
  return { id: id!, ids: [id!], identifier: identifier![0]!.value!, name: name![0]!.text!, birthDate: birthDate!, sex: gender! };
};

/** What a note of a hostile or careless source may hold. */
const HOSTILE_COMMENT = '<img src=x onerror="document.title=\'owned\'"> repeat advised';

/** Creatinine of one stay, in mg/dL, oldest first. */
const VALUES: [time: string, value: number][] = [
  ['2031-02-27T06:00:00-05:00', 1.1],
  ['2031-02-28T06:10:00-05:00', 1.4],
  ['2031-03-01T05:50:00-05:00', 2.05],
  ['2031-03-02T06:05:00-05:00', 1.9],
  ['2031-03-03T06:00:00-05:00', 1.6],
  ['2031-03-04T05:55:00-05:00', 1.3],
];

function creatinine(patient: string, scale = 1): Evidence[] {
  return VALUES.map(([start, value], i) =>
    makeEvidence({
      kind: 'observation',
      patient,
      concept: { name: 'Creatinine', codings: [{ system: 'http://loinc.org', code: '2160-0' }] },
      value: { type: 'quantity', value: Number((value * scale).toFixed(2)), unit: 'mg/dL', ucum: 'mg/dL' },
      time: { start, end: null, kind: 'effective' },
      status: i === 2 ? 'corrected' : 'final',
      qualifiers: { analyte: 'creatinine', specimen: 'serum' },
      referenceRange: { low: 0.5, high: 1.1, unit: 'mg/dL', generic: false },
      ...(i === 5 ? { comments: [HOSTILE_COMMENT], interpretation: ['H'] } : {}),
      source: { type: 'fhir', server: 'fake', reference: `Observation/${patient}-${i}`, version: '1' },
    }),
  );
}

export type Script = { sentences: Sentence[]; evidence: Evidence[]; inputs: Evidence[]; completeness: Answer['completeness'] };

export function creatinineScript(patient: string, scale = 1): Script {
  const inputs = creatinine(patient, scale);
  const last = inputs.at(-1)!;
  const amount = (value: number) => ({ type: 'quantity' as const, value: Number((value * scale).toFixed(2)), unit: 'mg/dL' });
  const trend = makeEvidence({
    kind: 'calculation',
    patient,
    concept: { name: 'Creatinine trend', codings: [{ system: 'http://loinc.org', code: '2160-0' }] },
    components: [
      { name: 'first', value: amount(1.1), time: inputs[0]!.time! },
      { name: 'last', value: amount(1.3), time: last.time! },
      { name: 'maximum', value: amount(2.05), time: inputs[2]!.time! },
      { name: 'direction', value: { type: 'text', text: 'no reliable change' } },
    ],
    time: { start: inputs[0]!.time!.start, end: last.time!.start, kind: 'computed' },
    source: { type: 'calculation', method: 'trend', inputs: inputs.map((each) => each.id) },
  });
  const looked = makeCompleteness({
    what: 'labs: creatinine',
    source: 'fake',
    window: [null, AS_OF],
    status: 'complete',
    read: 6,
    found: 6,
    later: 0,
    reason: null,
  });
  const down = makeCompleteness({
    what: 'medications',
    source: 'pharmacy',
    window: [null, AS_OF],
    status: 'unavailable',
    read: 0,
    found: 0,
    later: 0,
    reason: 'connection refused',
  });
  const value = last.value?.type === 'quantity' ? last.value.value : Number.NaN;
  return {
    sentences: [
      { text: 'The creatinine of 1 March was corrected after it was first reported.', citations: [inputs[2]!.id], kind: 'flag' },
      { text: 'The medications could not be reached.', citations: [down.id], kind: 'limit' },
      { text: `The last creatinine is ${value} mg/dL, drawn 2031-03-04 05:55.`, citations: [last.id, looked.id], kind: 'finding' },
      { text: 'Over the stay it shows no reliable change.', citations: [trend.id], kind: 'finding' },
    ],
    evidence: [inputs[2]!, last, trend],
    inputs,
    completeness: [looked, down],
  };
}

/** Answers every question from the script of its patient, as the real one does: audit, then store, then events. */
export function fakeCopilot(store: Store, options: { before?: (request: AskRequest) => Promise<void>; sentences?: Sentence[] } = {}) {
  const asked: AskRequest[] = [];
  const copilot: Copilot = {
    model: { provider: 'reader', name: 'fake', prompt: 'none' },
    async *ask(request): AsyncIterable<AskEvent> {
      const turn = asked.push(request);
      if (request.question.trim() === '' || request.question.length > 20_000)
        throw new CopilotError('bad_input', 'The question is empty or longer than 20,000 characters; ask in fewer words.');
      const lock = request.patient === null ? null : lockOf(request.patient);
      const script = lock === null ? null : creatinineScript(lock.id, lock.id === 'p-two' ? 0.5 : 1);
      const tool = { name: 'fetch_labs', input: { tests: ['creatinine'] }, ms: 3, evidence: 7 };
      yield { type: 'tool', tool };
      await options.before?.(request);
      if (request.signal.aborted) throw new CopilotError('cancelled', 'The question was stopped.');
      const sentences = options.sentences ??
        script?.sentences ?? [{ text: 'Which patient do you mean? Choose one first.', citations: [], kind: 'question' }];
      const { ids: _ids, ...patient } = lock ?? { ids: [] };
      const answer: Answer = {
        id: request.answerId!,
        conversation: request.conversation ?? `conversation-${turn}`,
        question: request.question,
        asOf: request.asOf ?? AS_OF,
        patient: lock === null ? null : (patient as Answer['patient']),
        outcome: lock === null ? 'clarify' : 'partial',
        reason: lock === null ? 'ambiguous' : 'unreachable',
        sentences,
        values: [],
        evidence: Object.fromEntries((script?.evidence ?? []).map((each) => [each.id, each])),
        completeness: script?.completeness ?? [],
        withheld: [],
        model: copilot.model,
        tools: [tool],
        timing: { ms: 5, sourcesMs: 3 },
      };
      const also = (script?.inputs ?? []).map((item) => ({ item, type: 'evidence' as const, patients: lock!.ids }));
      await store.saveAnswer(answer, request.principal, lock, also);
      for (const [index, sentence] of sentences.entries()) {
        if (request.signal.aborted) throw new CopilotError('cancelled', 'The question was stopped.');
        yield { type: sentence.kind === 'flag' ? 'flag' : 'sentence', sentence, index };
      }
      yield { type: 'answer', answer };
    },
  };
  return { copilot, asked };
}

export async function makeParts(options: { env?: Record<string, string>; down?: boolean } & Parameters<typeof fakeCopilot>[1] = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'copilot-server-'));
  const config = readConfig({ DATA_DIR: folder, LOG_LEVEL: 'silent', PORT: '0', ...options.env });
  const store = await openStore(config);
  const { copilot, asked } = fakeCopilot(store, options);
  const parts: ServerParts = { config, copilot, sources: { record: fakeRecord(options) }, store, audit: openAudit(store) };
  const close = async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { parts, asked, close, app: createServer(parts) };
}

export const postJson = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
