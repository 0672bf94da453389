// Real and synthetic records against a search written a second time (naive.ts), and that every reference leads somewhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Bundle } from 'fhir/r4.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATES, Naive, parametersOf, REFERENCES, types } from './naive.ts';
import { type Answer, closeAll, type Served, serveFolder } from './serve.ts';

const DATA = resolve(process.env['EVAL_DATA'] ?? '../shared/data', 'fhir');
afterAll(closeAll);

/** Skipped by name where the data are missing; fails where CI=true. */
function needs(folder: string) {
  const path = join(DATA, folder);
  const missing = !existsSync(path) && process.env['CI'] !== 'true';
  return { path, run: missing ? describe.skip : describe, note: missing ? ` (skipped: EVAL_DATA has no fhir/${folder})` : '' };
}

const readBundle = (path: string): Bundle => JSON.parse(gunzipSync(readFileSync(path)).toString('utf8'));

/** A condition whose value stands in one of the patient's resources of the type, or near it. */
function conditionOf(naive: Naive, type: string): fc.Arbitrary<[string, string]> | null {
  const drawn = parametersOf(type).flatMap((name): fc.Arbitrary<[string, string]>[] => {
    const values = naive.resources.filter((one) => one.resourceType === type).flatMap((one) => naive.values(one, name));
    if (values.length === 0) return [];
    const value = fc.constantFrom(...values);
    const pair = (parts: fc.Arbitrary<string>, as = name) => parts.map((part): [string, string] => [as, part]);
    if (DATES.has(name)) {
      const prefix = fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le', 'sa', 'eb');
      const time = value.map((one) => (typeof one === 'string' ? one : (one.start ?? one.end)) as string);
      return [
        pair(fc.tuple(prefix, time, fc.constantFrom(4, 7, 10, 40)).map(([p, t, length]) => p + t.slice(0, length).replace(/\.\d+/, ''))),
      ];
    }
    if (REFERENCES.has(name))
      return [pair(value.filter((one) => one.reference !== undefined).map((one) => naive.reference(one.reference)))];
    if (typeof values[0] === 'string') return [pair(value)];
    const coding = value.map((one) => (one.coding ?? [one])[0] as Answer).filter((one) => one !== undefined);
    const token = fc.tuple(coding, fc.boolean()).map(([one, whole]) => (whole ? `${one.system ?? ''}|` : '') + (one.code ?? one.value));
    const list = fc.array(token, { minLength: 1, maxLength: 3 }).map((tokens) => tokens.join(','));
    const found: fc.Arbitrary<[string, string]>[] = [pair(list)];
    const displays = values
      .flatMap((one) => [one.text, ...(one.coding ?? []).map(({ display }: Answer) => display)])
      .filter((text) => typeof text === 'string' && !/[,|$\\]/.test(text));
    if (displays.length > 0)
      found.push(
        pair(
          fc.constantFrom(...displays).map((text: string) => text.slice(0, 6).toUpperCase().trim()),
          `${name}:text`,
        ),
      );
    return found;
  });
  return drawn.length === 0 ? null : fc.oneof(...drawn);
}

async function equalsNaive(server: Served, patient: string, naive: Naive): Promise<void> {
  const present = types.filter((type) => naive.resources.some(({ resourceType }) => resourceType === type));
  expect(present.length).toBeGreaterThan(3);
  let matched = 0;
  const search = fc
    .constantFrom(...present)
    .chain((type) => fc.tuple(fc.constant(type), fc.array(conditionOf(naive, type)!, { maxLength: 3 })));
  await fc.assert(
    fc.asyncProperty(search, async ([type, conditions]) => {
      const query = new URLSearchParams([['patient', patient], ...conditions, ['_count', '10000']]);
      const found = await server.ids(`${type}?${query}`);
      matched += found.length;
      expect([type, conditions, found.sort()]).toEqual([type, conditions, naive.search(type, conditions).sort()]);
    }),
    { numRuns: 150 },
  );
  expect(matched).toBeGreaterThan(0);
}

const mimic = needs('mimic_iv_demo/bundles');
mimic.run(`a MIMIC-IV demo patient${mimic.note}`, () => {
  const file = join(mimic.path, '10014078.json.gz');
  let server: Served;
  let naive: Naive;
  let patient: string;
  beforeAll(async () => {
    server = await serveFolder(file);
    naive = new Naive(readBundle(file));
    [patient = ''] = await server.ids('Patient?identifier=10014078');
  });

  it('every search finds what a naive filter finds', () => equalsNaive(server, patient, naive));

  it('the mixes’ ingredients come with the orders', async () => {
    const { body } = await server.get(
      `MedicationRequest?patient=${patient}&_count=1000&_include=MedicationRequest:medication&_include:iterate=Medication:ingredient`,
    );
    const requests = naive.resources.filter(({ resourceType }) => resourceType === 'MedicationRequest');
    const byKey = new Map(naive.resources.map((one) => [`${one.resourceType}/${one.id}`, one]));
    const direct = requests.flatMap(({ medicationReference }) => medicationReference?.reference ?? []);
    const parts = direct.flatMap((key) =>
      (byKey.get(key).ingredient ?? []).flatMap(({ itemReference }: Answer) => itemReference?.reference ?? []),
    );
    const included = body.entry
      .filter(({ search }: Answer) => search.mode === 'include')
      .map(({ resource }: Answer) => `Medication/${resource.id}`);
    expect(included.sort()).toEqual([...new Set([...direct, ...parts])].sort());
    expect(parts.length).toBeGreaterThan(0);
  });

  it('a resource is given byte for byte as the file has it', async () => {
    const raw = gunzipSync(readFileSync(file)).toString('utf8');
    const answer = await fetch(`${server.url}/Patient/${patient}`, { headers: { authorization: `Bearer ${server.token}` } });
    expect(raw).toContain(await answer.text());
  });
});

const synthea = needs('synthea');
synthea.run(`Synthea patients${synthea.note}`, () => {
  let server: Served;
  const files = readdirSync(existsSync(synthea.path) ? synthea.path : '.').filter((name) => name.endsWith('.json.gz'));
  beforeAll(async () => {
    server = await serveFolder(synthea.path);
  });

  it('the twelve bundles hold twelve patients, and the list beside them is named as no FHIR', async () => {
    expect(files).toHaveLength(12);
    const ids = files.map(
      (name) => readBundle(join(synthea.path, name)).entry!.find(({ resource }) => resource!.resourceType === 'Patient')!.resource!.id,
    );
    expect((await server.ids('Patient')).sort()).toEqual(ids.sort());
    expect(server.skipped).toEqual([{ path: 'index.json', reason: 'a JSON list: not FHIR' }]);
  });

  it('every resource is served, and every reference leads to one', async () => {
    const { body } = await server.get('metadata');
    const keys = new Set<string>();
    const references = new Set<string>();
    for (const { type } of body.rest[0].resource) {
      const page = await server.get(`${type}?_count=10000`);
      for (const { resource } of page.body.entry) {
        keys.add(`${type}/${resource.id}`);
        for (const [, reference = ''] of JSON.stringify(resource).matchAll(/"reference":"([^"]*)"/g)) references.add(reference);
      }
    }
    const all = files.flatMap((name) =>
      readBundle(join(synthea.path, name)).entry!.map(({ resource }) => `${resource!.resourceType}/${resource!.id}`),
    );
    expect([...keys].sort()).toEqual([...new Set(all)].sort());
    expect([...references].filter((reference) => !reference.startsWith('#') && !keys.has(reference))).toEqual([]);
  });

  it('every search finds what a naive filter finds', async () => {
    const naive = new Naive(readBundle(join(synthea.path, files[0]!)));
    const patient = naive.resources.find(({ resourceType }) => resourceType === 'Patient').id;
    await equalsNaive(server, patient, naive);
  });
});
