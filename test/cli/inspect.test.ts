// `inspect` as a command: what files are told to be, and the exit code.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'inspect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inspect = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((done) => {
    execFile(process.execPath, [join(root, 'src/cli/main.ts'), 'inspect', ...args], { cwd: folder }, (error, out, err) =>
      done({ code: error === null ? 0 : (error.code as number), out, err }),
    );
  });
const asLines = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const BUNDLE = {
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    { fullUrl: 'urn:uuid:1', resource: { resourceType: 'Patient', id: 'p', identifier: [{ system: 'urn:mrn', value: '7' }] } },
    {
      resource: {
        resourceType: 'Observation',
        id: 'o',
        status: 'final',
        code: { text: 'x' },
        subject: { reference: 'urn:uuid:1' },
        effectiveDateTime: '2024-03-01T23:30:00-05:00',
      },
    },
    {
      resource: {
        resourceType: 'Observation',
        id: 'q',
        status: 'final',
        code: { text: 'x' },
        subject: { reference: 'Patient/p' },
        effectiveDateTime: '2020',
        performer: [{ reference: 'Practitioner/none' }],
      },
    },
  ],
};

beforeAll(() => {
  mkdirSync(join(folder, 'set/deep'), { recursive: true });
  const put = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content);
  put('set/b.json.gz', gzipSync(JSON.stringify(BUNDLE)));
  put('set/deep/a.ndjson', `${JSON.stringify(BUNDLE.entry[0]!.resource)}\nbroken\n`);
  put('set/hospital.json', '{"asOf":"2024-01-01T00:00:00Z"}');
  put('truncated.json', JSON.stringify(BUNDLE).slice(0, -3));
  put('truncated.json.gz', gzipSync(JSON.stringify(BUNDLE)).subarray(0, 50));
  put('other.json', '{"name":"x"}');
  put('image.dcm', Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]));
  put('calls.vcf.gz', gzipSync('##fileformat=VCFv4.2\n'));
  put('empty', '');
});

test('a folder is walked, compressed bundles looked into, and the facts told', async () => {
  const { code, out } = await inspect('--json', 'set');
  expect(code).toBe(0);
  const [bundle, lines, ...more] = asLines(out);
  expect(more).toEqual([]);
  expect(bundle).toEqual({
    path: join('set', 'b.json.gz'),
    kind: 'fhir',
    usable: true,
    problems: [{ code: 'dangling_references', message: expect.any(String) }],
    facts: {
      format: 'bundle',
      bundleType: 'transaction',
      resources: 3,
      counts: { Patient: 1, Observation: 2 },
      patientCount: 1,
      patients: [{ id: 'p', identifier: 'urn:mrn|7' }],
      dateRange: { from: '2020-01-01', to: '2024-03-01' },
      danglingReferences: 1,
    },
  });
  expect(lines).toMatchObject({
    usable: true,
    problems: [{ code: 'left_out', where: 'line 2' }],
    facts: { format: 'ndjson', resources: 1 },
  });
});

test('in the order asked, each with its reason; one that cannot be used makes the exit code 1', async () => {
  const names = ['truncated.json', 'truncated.json.gz', 'other.json', 'image.dcm', 'calls.vcf.gz', 'empty', 'missing', 'set/b.json.gz'];
  const { code, out } = await inspect(...names, '--json');
  expect(code).toBe(1);
  expect(asLines(out).map(({ path, kind, usable, problems }) => [path, kind, usable, problems[0]?.code])).toEqual([
    ['truncated.json', 'fhir', false, 'broken'],
    ['truncated.json.gz', 'fhir', false, 'unreadable'],
    ['other.json', 'unknown', false, 'not_fhir'],
    ['image.dcm', 'dicom', false, 'not_yet_supported'],
    ['calls.vcf.gz', 'vcf', false, 'not_yet_supported'],
    ['empty', 'unknown', false, 'empty'],
    ['missing', 'unknown', false, 'not_found'],
    ['set/b.json.gz', 'fhir', true, 'dangling_references'],
  ]);
});

test('without --json a person can read it', async () => {
  const { code, out } = await inspect('set/b.json.gz');
  expect(code).toBe(0);
  expect(out).toContain('set/b.json.gz: fhir, usable');
  expect(out).toContain('Observation 2, Patient 1');
  expect(out).toContain('from 2020-01-01 to 2024-03-01');
});

test('help, an unknown option and nothing to inspect', async () => {
  expect(await inspect('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--json'), err: '' });
  expect(await inspect('--jsn', 'set')).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/--jsn.*--json/) });
  expect(await inspect()).toMatchObject({ code: 2, out: '', err: expect.stringContaining('inspect needs a file') });
});
