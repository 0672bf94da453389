// The whole way, from files over the embedded server and the client: counted against the files as they are.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Bundle, Patient, Resource } from 'fhir/r4.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listPatients, openRecordSource, resolvePatient } from '../../src/tools/record/fhir/index.ts';
import type { RecordSource } from '../../src/tools/record/source.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'record-source-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const NOTHING = { FHIR_BASE_URL: undefined, FHIR_TOKEN: undefined, FHIR_CLIENT_ID: undefined, FHIR_PRIVATE_KEY: undefined };
const open = (bundles?: string) => openRecordSource({ ...NOTHING, FHIR_BUNDLES: bundles, DATA_DIR: dataDir });
const signal = new AbortController().signal;
const read = (path: string): Resource[] => (JSON.parse(gunzipSync(readFileSync(path)).toString()) as Bundle).entry!.map((e) => e.resource!);

const DATA = resolve(process.env['EVAL_DATA'] ?? '../shared/data');
/** A folder of the shared data; the tests that need it are skipped by name where it is missing, and fail where CI=true. */
function shared(path: string): { path: string; missing: boolean } {
  const full = join(DATA, path);
  return { path: full, missing: !existsSync(full) && process.env['CI'] !== 'true' };
}

let source: RecordSource | null = null;
afterEach(async () => {
  await source?.close();
  source = null;
});

describe('the demo hospital', () => {
  it('is the source where nothing is configured, with its own date', async () => {
    source = await open();
    expect(source.server).toBe('demo');
    expect(source.ownDate).toBe(JSON.parse(readFileSync(resolve('demo/data/hospital.json'), 'utf8')).asOf);
    expect(await source.health(signal, { thorough: true })).toMatchObject({
      ok: true,
      message: expect.stringMatching(/^demo answers \(FHIR 4\.0\.1/),
    });
  });

  it('lists its patients, tells namesakes apart, and opens each by its number', async () => {
    source = await open();
    const patients = await listPatients(source, '', signal);
    const files = readdirSync(resolve('demo/data')).filter((name) => name.endsWith('.json.gz'));
    expect(patients.map((lock) => lock.id).sort()).toEqual(files.map((name) => name.replace('.json.gz', '')).sort());
    const namesakes = await listPatients(source, 'exampleman', signal);
    expect(namesakes).toHaveLength(2);
    expect(new Set(namesakes.map((lock) => lock.name)).size).toBe(1);
    expect(new Set(namesakes.map((lock) => lock.birthDate)).size).toBe(2);
    for (const lock of patients) expect(await resolvePatient(source, lock.identifier!, signal)).toEqual(lock);
    await expect(resolvePatient(source, 'DEMO-9999', signal)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('one patient sees nothing of the namesake', async () => {
    source = await open();
    const lock = await resolvePatient(source, 'DEMO-0003', signal);
    expect((await source.search('Observation', [], { signal, patient: lock })).resources).toEqual([]);
    await expect(source.read('Patient/dirty', { signal, patient: lock })).rejects.toMatchObject({ code: 'not_allowed' });
  });

  it('refuses a parameter that it does not know, by name', async () => {
    source = await open();
    const lock = await resolvePatient(source, 'DEMO-0001', signal);
    await expect(source.search('Observation', [['bodysite-colour', 'x']], { signal, patient: lock })).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('bodysite-colour'),
    });
  });

  it('a search whose address would be too long gives what the short ones give', async () => {
    source = await open();
    const lock = await resolvePatient(source, 'DEMO-0001', signal);
    const short = await source.search('Observation', [['code', 'http://loinc.org|2160-0']], { signal, patient: lock });
    const filler = Array.from({ length: 300 }, (_, i) => `http://loinc.org|99999-${i}`);
    const long = await source.search('Observation', [['code', ['http://loinc.org|2160-0', ...filler].join(',')]], {
      signal,
      patient: lock,
    });
    expect(short.resources.length).toBeGreaterThan(2);
    expect(long).toMatchObject({ status: 'complete', reason: null });
    expect(long.resources).toEqual(short.resources);
  });
});

describe('a folder of bundles', () => {
  const folder = () => mkdtempSync(join(dataDir, 'bundles-'));
  const write = (path: string, resources: object[]) =>
    writeFileSync(path, JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) }));

  it('a merged record is one patient, by whichever number it is asked for', async () => {
    const path = folder();
    write(join(path, 'merged.json'), [
      { resourceType: 'Patient', id: 'new', identifier: [{ value: '2' }] },
      {
        resourceType: 'Patient',
        id: 'old',
        active: false,
        identifier: [{ value: '1' }],
        link: [{ type: 'replaced-by', other: { reference: 'Patient/new' } }],
      },
      { resourceType: 'Observation', id: 'o-new', status: 'final', code: { text: 'x' }, subject: { reference: 'Patient/new' } },
      { resourceType: 'Observation', id: 'o-old', status: 'final', code: { text: 'x' }, subject: { reference: 'Patient/old' } },
    ]);
    source = await open(path);
    expect(source.ownDate).toBeNull();
    for (const number of ['1', '2', 'old', 'new']) {
      const lock = await resolvePatient(source, number, signal);
      expect(lock).toMatchObject({ id: 'new', ids: ['new', 'old'], identifier: '2' });
      const found = await source.search('Observation', [], { signal, patient: lock });
      expect(found.resources.map((r) => r.id).sort()).toEqual(['o-new', 'o-old']);
    }
    expect((await listPatients(source, '', signal)).map((lock) => lock.ids)).toEqual([['new', 'old']]);
  });

  it('a broken file is named by health', async () => {
    const path = folder();
    write(join(path, 'good.json'), [{ resourceType: 'Patient', id: 'p1' }]);
    writeFileSync(join(path, 'broken.json'), '{"resourceType": "Bundle", "entry": [');
    source = await open(path);
    const health = await source.health(signal, { thorough: true });
    expect(health).toMatchObject({ ok: true, message: expect.stringMatching(/; 1 skipped: .*broken\.json \(.+\)\.$/) });
  });
});

const mimic = shared('fhir/mimic_iv_demo/bundles');
describe.skipIf(mimic.missing)(`MIMIC-IV demo (${mimic.missing ? `skipped: ${mimic.path} is missing` : 'EVAL_DATA'})`, () => {
  let files: Resource[] = [];
  beforeAll(() => {
    files = read(join(mimic.path, '10014078.json.gz'));
  });
  const of = (type: string) => files.filter((r) => r.resourceType === type);

  it('every resource of a patient comes back, of each type, through pages of any size', async () => {
    source = await open(join(mimic.path, '10014078.json.gz'));
    const lock = await resolvePatient(source, '10014078', signal);
    expect(lock).toMatchObject({ id: of('Patient')[0]?.id, identifier: '10014078', birthDate: (of('Patient')[0] as Patient).birthDate });
    for (const type of [
      'Observation',
      'Encounter',
      'Condition',
      'MedicationRequest',
      'MedicationAdministration',
      'Procedure',
      'Specimen',
    ]) {
      const found = await source.search(type, [['_count', type === 'Observation' ? '97' : '7']], { signal, patient: lock });
      expect(found).toMatchObject({ status: 'complete', reason: null });
      expect(found.resources.map((r) => r.id).sort()).toEqual(
        of(type)
          .map((r) => r.id)
          .sort(),
      );
    }
  });

  it('what no file holds is absent from the source, not empty', async () => {
    source = await open(join(mimic.path, '10014078.json.gz'));
    const lock = await resolvePatient(source, '10014078', signal);
    expect(await source.search('AllergyIntolerance', [], { signal, patient: lock })).toMatchObject({ status: 'absent_from_source' });
    expect(await source.supports('AllergyIntolerance')).toBe(false);
  });

  it('included medications come with their requests', async () => {
    source = await open(join(mimic.path, '10014078.json.gz'));
    const lock = await resolvePatient(source, '10014078', signal);
    const found = await source.search('MedicationRequest', [['_include', 'MedicationRequest:medication']], { signal, patient: lock });
    const wanted = found.resources.flatMap(
      (r) => (r as { medicationReference?: { reference: string } }).medicationReference?.reference ?? [],
    );
    expect(wanted.length).toBeGreaterThan(10);
    expect(new Set(found.included.map((r) => `Medication/${r.id}`))).toEqual(new Set(wanted));
  });
});

const synthea = shared('fhir/synthea');
describe.skipIf(synthea.missing)(`Synthea (${synthea.missing ? `skipped: ${synthea.path} is missing` : 'EVAL_DATA'})`, () => {
  it('a patient is found by id, record number, security number and system|value, and is one', async () => {
    const name = readdirSync(synthea.path).find((file) => file.endsWith('.json.gz'))!;
    const files = read(join(synthea.path, name));
    const patient = files.find((r): r is Patient => r.resourceType === 'Patient')!;
    const numbers = patient.identifier!;
    const recordNumber = numbers.find((i) => i.type?.coding?.[0]?.code === 'MR')!;
    source = await open(join(synthea.path, name));
    for (const text of [patient.id!, ...numbers.map((i) => i.value!), `${recordNumber.system}|${recordNumber.value}`])
      expect(await resolvePatient(source, text, signal)).toMatchObject({
        id: patient.id,
        ids: [patient.id],
        identifier: recordNumber.value,
      });
    const lock = await resolvePatient(source, patient.id!, signal);
    for (const type of ['Observation', 'Encounter', 'Condition', 'Immunization'])
      expect((await source.search(type, [], { signal, patient: lock })).resources).toHaveLength(
        files.filter((r) => r.resourceType === type).length,
      );
  });
});
