// Which files there are and which of them are in memory: a question about one patient reads that patient's files,
// and those that belong to nobody (wards, drugs, practitioners).
import { CopilotError } from '../../../../errors.ts';
import { type BundleFile, listFiles, readBytes } from './bundle-files.ts';
import { type FileFacts, type Held, loadIndex, plain, readFacts, saveIndex } from './file-index.ts';
import { identifiersOf, Resources } from './references.ts';
import { NotFhir, scan } from './scan.ts';
import { FILE, makeRow, type Row, Tables, textOf } from './tables.ts';

export type Skipped = { path: string; reason: string };

/** Two read ahead while one is parsed: memory stays small, and both cores are used. */
const AT_ONCE = 3;
/** Bytes kept from the first look at the files, so that a small folder is read once. */
const HOLD = 48 << 20;

/** `broken`: why nothing of the file is served, or null; what the file itself tells stands in its facts, which are kept. */
type Entry = { file: BundleFile; place: number; facts: FileFacts; broken: string | null; held: Held | null; loading: Promise<void> | null };

/** What a search needs of the files. */
export type Need = { patients: readonly string[] } | { keys: readonly string[] } | 'patients' | 'all';

export class Library {
  readonly tables = new Tables();
  readonly skipped: Skipped[] = [];
  private readonly entries: Entry[] = [];
  private readonly urls = new Map<string, string>();
  private readonly missing = new Set<string>();
  private readonly counted = new Set<string>();
  private readonly files: BundleFile[];
  private sharedIdentifiers: Map<string, string | null> | null = null;
  private scanned: Promise<void> = Promise.resolve();
  private ownBase: string | null = null;
  /** Everything was asked for while the files were still looked at: what is read then need not be read again. */
  private wantsAll = false;

  private constructor(files: BundleFile[]) {
    this.files = files;
  }

  /** Resolves once a first usable file is found. Throws CopilotError `config` when there is none. */
  static async open(path: string, dataDir: string): Promise<Library> {
    const files = await listFiles(path);
    if (files.length === 0)
      throw new CopilotError('config', `${path} holds no FHIR file; put bundles there that end in .json, .ndjson, .json.gz or .ndjson.gz.`);
    const library = new Library(files);
    await new Promise<void>((usable, none) => {
      library.scanned = library.scanAll(path, dataDir, usable);
      library.scanned.then(() => {
        if (library.entries.some(({ broken }) => broken === null)) return usable();
        const first = library.skipped[0];
        none(
          new CopilotError(
            'config',
            `None of the ${files.length} files under ${path} is usable as FHIR R4${first === undefined ? '' : ` (${first.path}: ${first.reason})`}.`,
          ),
        );
      }, none);
    });
    return library;
  }

  private async scanAll(path: string, dataDir: string, usable: () => void): Promise<void> {
    const known = await loadIndex(dataDir, path);
    let fresh = known.size !== this.files.length;
    const facts: FileFacts[] = new Array(this.files.length);
    const held: (Held | null)[] = new Array(this.files.length).fill(null);
    let holding = 0;
    await eachOf(this.files, async (file, place) => {
      const kept = known.get(file.name);
      const same = kept !== undefined && kept.size === file.size && kept.mtimeMs === file.mtimeMs;
      if (!same) fresh = true;
      const looked = same ? { facts: kept, held: null } : await readFacts(file);
      facts[place] = looked.facts;
      if (looked.facts.broken === null) usable();
      const size = looked.held?.bytes.length ?? 0;
      if (!this.wantsAll && holding + size > HOLD) return;
      holding += size;
      held[place] = looked.held;
    });
    this.files.forEach((file, place) => {
      this.enter({ file, place, facts: facts[place]!, broken: facts[place]!.broken, held: held[place]!, loading: null });
    });
    this.ownBase = this.baseOfExport();
    if (fresh) await saveIndex(dataDir, path, facts);
  }

  /**
   * The server from which files without fullUrl were exported, told by their absolute references to patients. Only one can be,
   * and only patients without an address of another server are taken for its own.
   */
  private baseOfExport(): string | null {
    const used = this.entries.filter(({ broken }) => broken === null).map(({ facts }) => facts);
    const [base, ...others] = new Set(used.flatMap(({ bases }) => bases));
    const isElsewhere = ({ fullUrl }: { fullUrl: string | null }) =>
      fullUrl?.startsWith('http') === true && !fullUrl.startsWith(`${base}/`);
    const patients = used.flatMap((facts) => facts.patients);
    return base !== undefined && others.length === 0 && patients.length > 0 && !patients.some(isElsewhere) ? base : null;
  }

  private enter(entry: Entry): void {
    const { facts, file } = entry;
    this.entries.push(entry);
    entry.broken ??= this.strangerIn(facts);
    if (entry.broken !== null) this.skip(file.name, entry.broken);
    for (const { where, reason } of facts.bad) this.skip(`${file.name}, ${where}`, reason);
    if (entry.broken !== null) return;
    facts.patients.forEach(({ id, fullUrl, json }, i) => {
      const bytes = Buffer.from(json);
      this.tables.add(makeRow('Patient', id, { bytes, start: 0, end: bytes.length }, entry.place * FILE + i));
      if (fullUrl !== null) this.urls.set(fullUrl, `Patient/${id}`);
    });
  }

  /** Two files may use one id for two people: one record must not be made of both. */
  private strangerIn(facts: FileFacts): string | null {
    for (const { id, json } of facts.patients) {
      const known = this.tables.get('Patient', id);
      if (known !== undefined && areTwoPeople(JSON.parse(textOf(known)), JSON.parse(json)))
        return 'its Patient has the id of another person in an earlier file';
    }
    return null;
  }

  private skip(path: string, reason: string): void {
    const key = `${path}\n${reason}`;
    if (this.counted.has(key)) return;
    this.counted.add(key);
    this.skipped.push({ path, reason });
  }

  /** All files known: which patients and types there are. */
  ready(): Promise<void> {
    return this.scanned;
  }

  /** Resource types with their counts, the same resource in several files counted as often. */
  async types(): Promise<Map<string, number>> {
    await this.scanned;
    const found = new Map<string, number>();
    for (const { facts, broken } of this.entries) {
      if (broken !== null) continue;
      for (const [type, count] of Object.entries(facts.counts)) found.set(type, (found.get(type) ?? 0) + count);
    }
    return found;
  }

  /** Files that may concern a patient and were left out, in part, or whose patients are of a server that is not told: what is found may not be all. */
  async gapsFor(patients: readonly string[]): Promise<string[]> {
    await this.scanned;
    const gaps = new Set<string>();
    for (const { facts, broken } of this.entries) {
      const isForeign = facts.bases.length > 0 && this.ownBase === null;
      if (broken === null && facts.bad.length === 0 && !isForeign) continue;
      if (facts.mentions.some((id) => patients.includes(id))) gaps.add(facts.name);
    }
    return [...gaps];
  }

  /** Says, before the files are known, that all will be needed: their bytes are kept from the first look. */
  expectAll(): void {
    this.wantsAll = true;
  }

  /** Reads into memory what is needed. */
  async need(need: Need): Promise<void> {
    await this.scanned;
    if (need === 'patients') return;
    if (need === 'all') return this.load(this.entries);
    if ('patients' in need) {
      await this.loadShared();
      const wanted = new Set(need.patients);
      return this.load(this.entries.filter(({ facts }) => facts.anybody || facts.mentions.some((id) => wanted.has(id))));
    }
    await this.needKeys(need.keys);
  }

  /** Looks for resources by `Type/id`: in memory, in the shared files, then in the bytes of the files not read yet. */
  private async needKeys(keys: readonly string[]): Promise<void> {
    const absent = () => keys.filter((key) => !this.missing.has(key) && !this.has(key));
    if (absent().length === 0) return;
    await this.loadShared();
    const wanted = absent();
    if (wanted.length === 0) return;
    const types = new Set(wanted.map((key) => key.slice(0, key.indexOf('/'))));
    // A resource without an id of its own is named by its fullUrl's last part.
    const ids = wanted.map((key) => Buffer.from(key.slice(key.indexOf('/') + 1)));
    const unread = this.entries.filter(
      ({ facts, loading }) => loading === null && Object.keys(facts.counts).some((type) => types.has(type)),
    );
    const holding: Entry[] = [];
    await eachOf(unread, async (entry) => {
      const bytes = entry.held?.bytes ?? (await readBytes(entry.file.path).catch(() => null));
      if (bytes !== null && ids.some((id) => bytes.includes(id))) holding.push(entry);
    });
    await this.load(holding);
    for (const key of wanted) if (!this.has(key)) this.missing.add(key);
  }

  private has(key: string): boolean {
    const slash = key.indexOf('/');
    return this.tables.get(key.slice(0, slash), key.slice(slash + 1)) !== undefined;
  }

  private loadShared(): Promise<void> {
    return this.load(this.entries.filter(({ facts }) => facts.mentions.length === 0));
  }

  private async load(entries: readonly Entry[]): Promise<void> {
    await eachOf(entries, (entry) => {
      entry.loading ??= entry.broken === null ? this.read(entry) : Promise.resolve();
      return entry.loading;
    });
  }

  private async read(entry: Entry): Promise<void> {
    const { file, place, facts } = entry;
    try {
      const { bytes, found } = entry.held ?? (await this.readAgain(file));
      entry.held = null;
      const resources = new Resources(bytes, found, (reference) => this.elsewhere(reference));
      const rows: Row[] = [];
      for (let i = 0; i < resources.slices.length; i++) {
        const { type } = resources.slices[i]!;
        try {
          const id = resources.id(i);
          rows.push(makeRow(type, id, resources.located(i, id), place * FILE + i));
        } catch (error) {
          if (!(error instanceof SyntaxError)) throw error;
          if (found.format !== 'ndjson') throw new NotFhir('not JSON');
          const line = lineAt(bytes, resources.slices[i]!.start);
          facts.bad.push({ where: `line ${line}`, reason: 'not JSON' });
          this.skip(`${file.name}, line ${line}`, 'not JSON');
        }
      }
      for (const row of rows) this.tables.add(row);
      const shared = facts.mentions.length === 0;
      if (shared) for (let i = 0; i < rows.length; i++) this.share(resources, i);
    } catch (error) {
      if (!(error instanceof NotFhir)) throw error;
      entry.broken = error.message;
      this.skip(file.name, error.message);
    }
  }

  private async readAgain(file: BundleFile): Promise<Held> {
    const bytes = plain(await readBytes(file.path), file.lines);
    return { bytes, found: scan(bytes, file.lines) };
  }

  private share(resources: Resources, i: number): void {
    const fullUrl = resources.fullUrl(i);
    if (fullUrl !== null) this.urls.set(fullUrl, `${resources.slices[i]!.type}/${resources.id(i)}`);
    this.sharedIdentifiers = null;
  }

  /** References into other files: patients of any file, and what the shared files hold. */
  private elsewhere(reference: string): string | null {
    const known = this.urls.get(reference);
    if (known !== undefined) return known;
    if (this.ownBase !== null && reference.startsWith(`${this.ownBase}/`)) {
      const relative = reference.slice(this.ownBase.length + 1);
      if (/^[A-Z][A-Za-z]+\/[^/]+$/.test(relative)) return relative;
    }
    const conditional = /^([A-Z][A-Za-z]+)\?identifier=(.+)$/.exec(reference);
    if (conditional === null) return null;
    this.sharedIdentifiers ??= identifiersOf(
      ['Patient', 'Practitioner', 'PractitionerRole', 'Organization', 'Location', 'Medication', 'Device']
        .flatMap((type) => this.tables.rows(type))
        .map((row) => ({ type: row.type, id: row.id, text: () => textOf(row) })),
    );
    return this.sharedIdentifiers.get(`${conditional[1]}?${decodeURIComponent(conditional[2]!)}`) ?? null;
  }
}

async function eachOf<T>(items: readonly T[], work: (item: T, place: number) => Promise<void>): Promise<void> {
  let next = 0;
  const run = async () => {
    while (next < items.length) {
      const place = next++;
      await work(items[place]!, place);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, run));
}

function lineAt(bytes: Buffer, place: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at >= 0 && at < place; at = bytes.indexOf(10, at + 1)) line += 1;
  return line;
}

type Person = { birthDate?: string; name?: { family?: string }[]; identifier?: { system?: string; value?: string }[] };

/** No identifier in common, and another birth date or family name. */
function areTwoPeople(a: Person, b: Person): boolean {
  const numbers = (person: Person) => (person.identifier ?? []).map(({ system, value }) => `${system}|${value}`);
  if (numbers(a).some((number) => numbers(b).includes(number))) return false;
  const families = (person: Person) => (person.name ?? []).flatMap(({ family }) => family?.toLowerCase() ?? []);
  const dates = a.birthDate !== undefined && b.birthDate !== undefined && a.birthDate !== b.birthDate;
  const names = families(a).length > 0 && families(b).length > 0 && !families(a).some((family) => families(b).includes(family));
  return dates || names;
}
