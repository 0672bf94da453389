// Folders as hospitals and exports leave them: several formats, repeats, broken files, an index that is there or stale.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/tools/record/fhir/embedded/index.ts';
import { type Answer, bundle, closeAll, serveFiles, serveFolder, temporaryFolder } from './serve.ts';

afterEach(closeAll);

const patient = (id: string, more: object = {}) => ({
  resourceType: 'Patient',
  id,
  identifier: [{ system: 'urn:mrn', value: `mrn-${id}` }],
  ...more,
});
const result = (id: string, reference: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject: { reference },
  ...more,
});
const lines = (resources: object[]) => `${resources.map((one) => JSON.stringify(one)).join('\n')}\n`;

describe('formats', () => {
  it('json, ndjson, both compressed, in folders, and single resources make one record', async () => {
    const server = await serveFiles({
      'a.json': bundle([patient('a'), result('o1', 'Patient/a')]),
      'deep/er/b.json.gz': gzipSync(JSON.stringify(bundle([result('o2', 'Patient/a')], 'searchset'))),
      'Observation.ndjson': lines([result('o3', 'Patient/a'), result('o4', 'Patient/other')]),
      'more.ndjson.gz': gzipSync(lines([result('o5', 'Patient/a')])),
      'single.json': result('o6', 'Patient/a'),
      'pretty.json': JSON.stringify(bundle([result('o7', 'Patient/a')], 'batch'), null, 2),
      'solidus.json': JSON.stringify(bundle([result('o8', 'Patient/a')])).replaceAll('/', '\\/'),
      'README.md': 'not looked at',
    });
    expect((await server.ids('Observation?patient=a')).sort()).toEqual(['o1', 'o2', 'o3', 'o5', 'o6', 'o7', 'o8']);
    expect(server.skipped).toEqual([]);
  });

  it('a bulk export, one file a type, is found by patient and resolves what is shared', async () => {
    const server = await serveFiles({
      'Patient.ndjson': lines([patient('a'), patient('b')]),
      'Observation.ndjson': lines([result('o1', 'Patient/a'), result('o2', 'Patient/b'), result('o3', 'Patient/a')]),
      'Medication.ndjson': lines([{ resourceType: 'Medication', id: 'm', code: { text: 'Aspirin' } }]),
      'MedicationRequest.ndjson': lines([
        {
          resourceType: 'MedicationRequest',
          id: 'r',
          status: 'active',
          intent: 'order',
          subject: { reference: 'Patient/a' },
          medicationReference: { reference: 'Medication/m' },
        },
      ]),
    });
    expect(await server.ids('Observation?patient=a')).toEqual(['o1', 'o3']);
    const { body } = await server.get('MedicationRequest?patient=a&_include=MedicationRequest:medication');
    expect(body.entry.map(({ resource }: Answer) => resource.id)).toEqual(['r', 'm']);
  });

  it('an export whose references are absolute is one record all the same', async () => {
    const base = 'https://hospital.example/fhir/r4';
    const order = {
      resourceType: 'MedicationRequest',
      id: 'r',
      status: 'active',
      intent: 'order',
      subject: { reference: `${base}/Patient/a/_history/3` },
      medicationReference: { reference: `${base}/Medication/m` },
    };
    const files = {
      'Patient.ndjson': lines([patient('a')]),
      'Observation.ndjson': lines([result('o1', `${base}/Patient/a`), result('o2', `${base}/Patient/b`)]),
      'Medication.ndjson': lines([{ resourceType: 'Medication', id: 'm' }]),
      'MedicationRequest.ndjson': lines([order]),
    };
    const server = await serveFiles(files);
    expect(await server.ids('Observation?patient=a')).toEqual(['o1']);
    const { body } = await server.get('MedicationRequest?patient=a&_include=MedicationRequest:medication');
    expect(body.entry.map(({ resource }: Answer) => resource.id)).toEqual(['r', 'm']);
    // Of two servers neither is taken for the patient's own.
    const two = await serveFiles({ ...files, 'Other.ndjson': lines([result('o9', 'https://other.example/fhir/Patient/a')]) });
    const answer = await two.get('Observation?patient=a');
    expect(answer.body).toMatchObject({
      total: 0,
      entry: [{ search: { mode: 'outcome' }, resource: { issue: [{ code: 'incomplete' }] } }],
    });
  });

  it('one file is a source of its own', async () => {
    const folder = temporaryFolder({ 'a.json': bundle([patient('a')]), 'b.json': bundle([patient('b')]) });
    expect(await (await serveFolder(join(folder, 'a.json'))).ids('Patient')).toEqual(['a']);
  });

  it('the hospital’s own date is read, and its file is no broken bundle', async () => {
    const server = await serveFiles({ 'hospital.json': { asOf: '2026-01-01T12:00:00Z', name: 'x' }, 'a.json': bundle([patient('a')]) });
    expect(server.ownDate).toBe('2026-01-01T12:00:00Z');
    await server.ready();
    expect(server.skipped).toEqual([]);
  });
});

describe('the same resource in several files', () => {
  it('is one, the newest where they differ', async () => {
    const org = (name: string, meta: object) => ({ resourceType: 'Organization', id: 'x', name, meta });
    const server = await serveFiles({
      'a.json': bundle([patient('a'), org('old', { lastUpdated: '2020-01-01T00:00:00Z' }), result('o', 'Patient/a')]),
      'b.json': bundle([patient('b'), org('new', { lastUpdated: '2021-01-01T00:00:00Z' }), result('o', 'Patient/a')]),
    });
    const { body } = await server.get('Organization');
    expect(body).toMatchObject({ total: 1, entry: [{ resource: { name: 'new' } }] });
    expect(await server.ids('Observation?patient=a')).toEqual(['o']);
  });

  it('two versions in one file: the later is the resource, both can be read', async () => {
    const version = (versionId: string, family: string) => patient('a', { meta: { versionId }, name: [{ family }] });
    const server = await serveFiles({ 'a.json': bundle([version('2', 'Second'), version('1', 'First')]) });
    expect((await server.get('Patient/a')).body.name[0].family).toBe('Second');
    expect((await server.get('Patient/a/_history/1')).body.name[0].family).toBe('First');
    expect((await server.get('Patient')).body.total).toBe(1);
  });

  it('one id for two people in two files does not mix their records: the second file is left out by name', async () => {
    const folder = temporaryFolder({
      'a.json': bundle([
        patient('1', { identifier: [{ system: 'urn:a', value: '7' }], birthDate: '1950-01-01' }),
        result('o1', 'Patient/1'),
      ]),
      'b.json': bundle([
        patient('1', { identifier: [{ system: 'urn:b', value: '9' }], birthDate: '1990-01-01' }),
        result('o2', 'Patient/1'),
      ]),
    });
    const dataDir = temporaryFolder();
    const server = await serveFolder(folder, dataDir);
    expect(await server.ids('Observation?patient=1')).toEqual(['o1']);
    expect(server.skipped).toMatchObject([{ path: 'b.json', reason: expect.stringContaining('another person') }]);
    // Nothing of that is kept: alone, the second file is as good as any.
    rmSync(join(folder, 'a.json'));
    expect(await (await serveFolder(folder, dataDir)).ids('Observation?patient=1')).toEqual(['o2']);
  });
});

describe('references into other files', () => {
  it('a urn:uuid and a search by identifier resolve into files that belong to nobody', async () => {
    const uuid = 'b1a6a7f4-5a3c-4f3a-9d4e-0c2f6d0f2a11';
    const server = await serveFiles({
      'a.json': bundle([
        patient('a'),
        {
          resourceType: 'Encounter',
          id: 'e',
          status: 'finished',
          class: { code: 'AMB' },
          subject: { reference: 'Patient/a' },
          serviceProvider: { reference: `urn:uuid:${uuid}` },
          participant: [{ individual: { reference: 'Practitioner?identifier=urn:npi|5' } }],
        },
      ]),
      'hospitals.json': {
        resourceType: 'Bundle',
        type: 'batch',
        entry: [{ fullUrl: `urn:uuid:${uuid}`, resource: { resourceType: 'Organization', name: 'H' } }],
      },
      'people.json': bundle([{ resourceType: 'Practitioner', id: 'dr', identifier: [{ system: 'urn:npi', value: '5' }] }]),
    });
    const { body } = await server.get('Encounter?patient=a&_include=Encounter:service-provider&_include=Encounter:practitioner');
    expect(body.entry.map(({ resource }: Answer) => `${resource.resourceType}/${resource.id}`)).toEqual([
      'Encounter/e',
      `Organization/${uuid}`,
      'Practitioner/dr',
    ]);
  });

  it('a resource in another patient’s file is found when it is read', async () => {
    const server = await serveFiles({
      'a.json': bundle([patient('a'), result('o', 'Patient/a', { performer: [{ reference: 'Practitioner/dr' }] })]),
      'b.json': bundle([patient('b'), { resourceType: 'Practitioner', id: 'dr' }]),
    });
    expect(await server.ids('Observation?patient=a')).toEqual(['o']);
    expect((await server.get('Practitioner/dr')).status).toBe(200);
    expect((await server.get('Practitioner/none')).status).toBe(404);
  });
});

describe('broken files', () => {
  it('are named and left out; the others are served', async () => {
    const good = bundle([patient('a'), result('o1', 'Patient/a')]);
    const server = await serveFiles({
      'good.json': good,
      'truncated.json': JSON.stringify(bundle([patient('t')])).slice(0, -20),
      'truncated.json.gz': gzipSync(JSON.stringify(bundle([patient('g')]))).subarray(0, 60),
      'not-gzip.json.gz': Buffer.from([0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]),
      'list.json': [1, 2],
      'package.json': { name: 'x' },
      'empty.json': '',
      'text.ndjson': 'hello\n',
      'lines.ndjson': `${JSON.stringify(result('o2', 'Patient/a'))}\n{"resourceType":"Observation","id":\n${JSON.stringify(result('o3', 'Patient/a'))}\n`,
    });
    expect((await server.ids('Observation?patient=a')).sort()).toEqual(['o1', 'o2', 'o3']);
    expect(await server.ids('Patient')).toEqual(['a']);
    expect(server.skipped.map(({ path }) => path).sort()).toEqual(
      [
        'empty.json',
        'lines.ndjson, line 2',
        'list.json',
        'not-gzip.json.gz',
        'package.json',
        'text.ndjson',
        'truncated.json',
        'truncated.json.gz',
      ].sort(),
    );
    expect(server.skipped.find(({ path }) => path === 'truncated.json.gz')?.reason).toBe('a truncated gzip file');
  });

  it('JSON that only a parse finds wrong is left out when it is read', async () => {
    const server = await serveFiles({
      'a.json': bundle([patient('a')]),
      'b.json': JSON.stringify(bundle([result('o1', 'Patient/a'), result('o2', 'Patient/a', { valueInteger: 7 })])).replace(':7', ':07'),
      'c.ndjson': lines([result('o3', 'Patient/a'), result('o4', 'Patient/a', { valueInteger: 7 })]).replace(':7', ':07'),
    });
    expect(await server.ids('Observation?patient=a')).toEqual(['o3']);
    expect(server.skipped.map(({ path }) => path).sort()).toEqual(['b.json', 'c.ndjson, line 2']);
  });

  it('an answer about a patient whom a broken file concerns says that it may not be all', async () => {
    const server = await serveFiles({
      'a.json': bundle([patient('a'), result('o1', 'Patient/a')]),
      'b.json': bundle([patient('b'), result('o2', 'Patient/b')]),
      'later.json': JSON.stringify(bundle([result('o3', 'Patient/a')])).slice(0, -5),
    });
    const outcomes = async (path: string) =>
      ((await server.get(path)).body.entry ?? []).filter(({ search }: Answer) => search.mode === 'outcome');
    expect(await outcomes('Observation?patient=a')).toMatchObject([
      {
        resource: { resourceType: 'OperationOutcome', issue: [{ code: 'incomplete', diagnostics: expect.stringContaining('later.json') }] },
      },
    ]);
    expect(await outcomes('Observation?patient=b')).toEqual([]);
  });

  it('an empty folder, or one without a usable file, does not start', async () => {
    const dataDir = temporaryFolder();
    await expect(openEmbedded({ path: temporaryFolder(), dataDir, server: 'bundles' })).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('no FHIR file'),
    });
    await expect(openEmbedded({ path: temporaryFolder({ 'x.json': 'nonsense' }), dataDir, server: 'bundles' })).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('x.json: not JSON'),
    });
  });
});

describe('the index under DATA_DIR', () => {
  const indexIn = (dataDir: string) => readdirSync(dataDir).filter((name) => name.startsWith('fhir-index-'));

  it('is written whole, readable by its owner alone, and used by the next start', async () => {
    const folder = temporaryFolder({ 'a.json': bundle([patient('a'), result('o', 'Patient/a')]) });
    const dataDir = join(temporaryFolder(), 'new');
    await (await serveFolder(folder, dataDir)).ready();
    const [name, ...others] = indexIn(dataDir);
    expect(others).toEqual([]);
    expect(statSync(join(dataDir, name!)).mode & 0o077).toBe(0);
    // What the index says is believed while the file is unchanged: this name stands nowhere else.
    writeFileSync(join(dataDir, name!), readFileSync(join(dataDir, name!), 'utf8').replaceAll('mrn-a', 'mrn-z'));
    expect(await (await serveFolder(folder, dataDir)).ids('Patient?identifier=mrn-z')).toEqual(['a']);
  });

  it('a changed, new or removed file is looked at again', async () => {
    const folder = temporaryFolder({ 'a.json': bundle([patient('a')]), 'b.json': bundle([patient('b')]) });
    const dataDir = temporaryFolder();
    await (await serveFolder(folder, dataDir)).ready();
    writeFileSync(join(folder, 'a.json'), JSON.stringify(bundle([patient('c')])));
    utimesSync(join(folder, 'a.json'), 1_000_000_000, 1_000_000_000);
    writeFileSync(join(folder, 'd.json'), JSON.stringify(bundle([patient('d')])));
    expect(await (await serveFolder(folder, dataDir)).ids('Patient')).toEqual(['c', 'b', 'd']);
  });

  it('a broken index, or a folder that cannot be written, costs no answer', async () => {
    const folder = temporaryFolder({ 'a.json': bundle([patient('a')]) });
    const dataDir = temporaryFolder();
    await (await serveFolder(folder, dataDir)).ready();
    writeFileSync(join(dataDir, indexIn(dataDir)[0]!), '{"version":3,"fil');
    expect(await (await serveFolder(folder, dataDir)).ids('Patient')).toEqual(['a']);
    const file = join(temporaryFolder({ x: 'a file' }), 'x');
    expect(await (await serveFolder(folder, join(file, 'no folder'))).ids('Patient')).toEqual(['a']);
    expect(existsSync(join(file, 'no folder'))).toBe(false);
  });

  it('several that start at once all answer, and leave one index', async () => {
    const folder = temporaryFolder(Object.fromEntries(['a', 'b', 'c'].map((id) => [`${id}.json`, bundle([patient(id)])])));
    const dataDir = temporaryFolder();
    const servers = await Promise.all([1, 2, 3, 4].map(() => serveFolder(folder, dataDir)));
    for (const server of servers) expect(await server.ids('Patient')).toEqual(['a', 'b', 'c']);
    await Promise.all(servers.map((server) => server.ready()));
    expect(readdirSync(dataDir)).toHaveLength(1);
    expect(JSON.parse(readFileSync(join(dataDir, readdirSync(dataDir)[0]!), 'utf8')).files).toHaveLength(3);
  });
});
