// Loading a folder of bundles, against a program that inflates, parses and keeps everything; and the first answer about one patient.
// Each measure is a process of its own, so that its memory is its own. The folder is the 80 MIMIC-IV demo bundles (300 MB of JSON).
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { mimicFolder } from './data.ts';
import { percentile, type Row, row } from './row.ts';

type Measure = { ms: number; rssMb: number; patient: string; file: string; found: number };

const RUNS = 3;

export async function bench(): Promise<Row[]> {
  const data = mimicFolder();
  if (data === null) {
    process.stderr.write('load: skipped, the MIMIC bundles are not under EVAL_DATA.\n');
    return [];
  }
  const folder = resolve(data);
  const dataDir = mkdtempSync(join(tmpdir(), 'fhir-load-'));
  const runs: Record<'reference' | 'whole' | 'one' | 'cold' | 'warm', Measure[]> = {
    reference: [],
    whole: [],
    one: [],
    cold: [],
    warm: [],
  };
  try {
    for (let i = 0; i < RUNS; i++) {
      const reference = await child('reference', folder, dataDir, '', '');
      runs.reference.push(reference);
      runs.whole.push(await child('whole', folder, join(dataDir, `whole-${i}`), '', ''));
      runs.one.push(await child('reference-one', folder, dataDir, reference.patient, reference.file));
      for (const index of ['cold', 'warm'] as const)
        runs[index].push(await child('first', folder, join(dataDir, `index-${i}`), reference.patient, ''));
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
  const seconds = (measures: Measure[]) =>
    percentile(
      measures.map(({ ms }) => ms),
      50,
    ) / 1000;
  const memory = (measures: Measure[]) => Math.max(...measures.map(({ rssMb }) => rssMb));
  const found = (measures: Measure[]) => `${measures[0]!.found} results`;
  const bare = 'reference: inflate, parse and keep all';
  const alone = 'from process start; reference: inflate and parse that one file';
  const { reference, whole, one, cold, warm } = runs;
  return [
    row('MIMIC folder loaded whole (p50)', 's', seconds(whole), seconds(reference), 'ratio 1.5', `${found(whole)}; ${bare}`),
    row('memory with the MIMIC folder (highest)', 'MB', memory(whole), memory(reference), 'under 1536 MB', `resident; ${bare}`),
    row('largest MIMIC patient, no index (p50)', 's', seconds(cold), seconds(one), 'under 4 s', `${found(cold)}; ${alone}`),
    row('largest MIMIC patient, index there (p50)', 's', seconds(warm), seconds(one), 'under 4 s', `${found(warm)}; ${alone}`),
  ];
}

/** Runs one measure in a process of its own; `ms` is from its start. */
function child(mode: string, folder: string, dataDir: string, patient: string, file: string): Promise<Measure> {
  return new Promise((done, failed) => {
    const started = performance.now();
    const running = spawn(process.execPath, [fileURLToPath(import.meta.url), mode, folder, dataDir, patient, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    running.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      // The last line is the answer: what follows it (closing) is not measured.
      if (!text.endsWith('\n')) return;
      done({ ...JSON.parse(text), ms: performance.now() - started });
    });
    running.on('error', failed);
    running.on('exit', (code) => {
      if (code !== 0) failed(new Error(`The measure ${mode} ended with ${code}.`));
    });
  });
}

type Bundle = { entry: { resource: { resourceType: string; id: string; identifier?: { value: string }[] } }[] };

function parseFile(path: string): Bundle {
  return JSON.parse(gunzipSync(readFileSync(path)).toString('utf8'));
}

async function measure(mode: string, folder: string, dataDir: string, patient: string, file: string): Promise<Omit<Measure, 'ms'>> {
  const rssMb = () => process.memoryUsage().rss / 1e6;
  if (mode === 'reference-one') {
    const found = parseFile(join(folder, file)).entry.filter(({ resource }) => resource.resourceType === 'Observation').length;
    return { rssMb: rssMb(), patient, file, found };
  }
  if (mode === 'reference') {
    const names = readdirSync(folder).filter((name) => name.endsWith('.json.gz'));
    const kept = names.map((name) => parseFile(join(folder, name)));
    // The patient with the largest bundle: the longest first answer.
    const largest = kept.reduce((best, bundle, i) => (bundle.entry.length > kept[best]!.entry.length ? i : best), 0);
    const person = kept[largest]!.entry.find(({ resource }) => resource.resourceType === 'Patient')!.resource;
    return { rssMb: rssMb(), patient: person.identifier![0]!.value, file: names[largest]!, found: kept.length };
  }
  const { openEmbedded } = await import('../src/tools/record/fhir/embedded/index.ts');
  const { url, token } = await openEmbedded({ path: folder, dataDir, server: 'bundles' });
  const get = async (query: string) => {
    const answer = await fetch(`${url}/${query}`, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${query}: ${answer.status}`);
    return answer.json() as Promise<{ total: number } & Bundle>;
  };
  if (mode === 'whole') {
    const { total } = await get('Observation?_summary=count');
    return { rssMb: rssMb(), patient, file, found: total };
  }
  const { id } = (await get(`Patient?identifier=${patient}`)).entry[0]!.resource;
  const { total } = await get(`Observation?patient=${id}&code:text=creatinine&_sort=-date&_count=1000`);
  return { rssMb: rssMb(), patient, file, found: total };
}

if (import.meta.main) {
  const [mode = '', folder = '', dataDir = '', patient = '', file = ''] = process.argv.slice(2);
  process.stdout.write(`${JSON.stringify(await measure(mode, folder, dataDir, patient, file))}\n`);
  process.exit(0);
}
