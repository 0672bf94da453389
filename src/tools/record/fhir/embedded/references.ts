// The ids of a file's resources, and references among them (FHIR R4 2.36.4 resolving references in bundles, 3.1.0.11.2 transaction):
// urn:uuid and absolute ones become `Type/id`, versions are kept, contained and unresolvable ones stay as written.
import { createHash } from 'node:crypto';
import { type Scan, type Slice, told } from './scan.ts';

export type Located = { bytes: Buffer; start: number; end: number };
/** A reference from outside the file: by the fullUrl of another file's resource, or by `Type?identifier=…`. Null when unknown. */
export type Elsewhere = (reference: string) => string | null;

const REST_URL = /^(https?:\/\/.+)\/([A-Z][A-Za-z]+)\/([A-Za-z0-9._-]{1,128})(?:\/_history\/([A-Za-z0-9._-]{1,128}))?$/;
const RELATIVE = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9._-]{1,128})(\/_history\/[A-Za-z0-9._-]{1,128})?$/;
const CONDITIONAL = /^([A-Z][A-Za-z]+)\?(.+)$/;
const URN = /^urn:(?:uuid|oid):(.+)$/;
const FHIR_ID = /^[A-Za-z0-9._-]{1,128}$/;
// Written in JSON text: a quote inside a string is escaped, so this key cannot stand within one.
const WRITTEN = /"(reference|url)"(\s*:\s*)"((?:[^"\\]|\\.)*)"/g;

const hash = (of: string | Buffer) => createHash('sha256').update(of).digest('hex').slice(0, 32);

/** The server that the first absolute fullUrl names; null where there is none. */
export function firstBase(bytes: Buffer, slices: readonly Slice[]): string | null {
  for (const { fullUrl } of slices) {
    const base = baseOf(told(bytes, fullUrl));
    if (base !== null) return base;
  }
  return null;
}

/** Compared as bytes: `BASE/Type/id` has one solidus after the base. */
function hasOtherBase(bytes: Buffer, slices: readonly Slice[], base: string): boolean {
  const start = Buffer.from(`"${base}/`);
  return slices.some(({ fullUrl }) => {
    if (fullUrl === null || bytes[fullUrl.from + 1] !== 104) return false;
    for (let i = 0; i < start.length; i++) if (bytes[fullUrl.from + i] !== start[i]) return true;
    let rest = 0;
    for (let at = fullUrl.from + start.length; at < fullUrl.to; at++) if (bytes[at] === 47) rest += 1;
    return rest !== 1 && baseOf(told(bytes, fullUrl)) !== base;
  });
}

const baseOf = (fullUrl: string | null) => (fullUrl === null ? null : (REST_URL.exec(fullUrl)?.[1] ?? null));

/** A file's resources under the ids and references by which the server gives them. Ids are read when they are asked for. */
export class Resources {
  readonly bytes: Buffer;
  readonly slices: Slice[];
  private readonly elsewhere: Elsewhere;
  /** The server of the first entry, and the keys of its resources; null where all entries are of one server. */
  private readonly mainBase: string | null;
  private readonly own: Set<string> | null = null;
  private byUrl: Map<string, string> | null = null;
  private identifiers: Map<string, string | null> | null = null;

  constructor(bytes: Buffer, scan: Scan, elsewhere: Elsewhere) {
    this.bytes = bytes;
    this.slices = scan.slices;
    this.elsewhere = elsewhere;
    this.mainBase = firstBase(bytes, scan.slices);
    if (this.mainBase !== null && hasOtherBase(bytes, scan.slices, this.mainBase))
      this.own = new Set(
        this.slices.flatMap((slice) => (this.foreignBase(slice) === null ? [`${slice.type}/${told(bytes, slice.id)}`] : [])),
      );
  }

  fullUrl(i: number): string | null {
    return told(this.bytes, this.slices[i]!.fullUrl);
  }

  /** The base of another server than the first entry's: its `Patient/1` is not this one's. */
  private foreignBase(slice: Slice): string | null {
    const base = baseOf(told(this.bytes, slice.fullUrl));
    return base === this.mainBase ? null : base;
  }

  id(i: number): string {
    const slice = this.slices[i]!;
    const own = told(this.bytes, slice.id);
    if (own !== null && this.own === null && FHIR_ID.test(own)) return own;
    const fullUrl = told(this.bytes, slice.fullUrl);
    const written = own ?? REST_URL.exec(fullUrl ?? '')?.[3] ?? URN.exec(fullUrl ?? '')?.[1] ?? null;
    if (written === null || !FHIR_ID.test(written)) return hash(fullUrl ?? this.bytes.subarray(slice.start, slice.end));
    const taken = this.own?.has(`${slice.type}/${written}`) && this.foreignBase(slice) !== null;
    return taken ? hash(fullUrl!) : written;
  }

  /** The resource's JSON with its id and its references resolved: the file's own bytes where nothing had to change. */
  located(i: number, id = this.id(i)): Located {
    const slice = this.slices[i]!;
    const { bytes } = this;
    const asWritten = told(bytes, slice.id);
    const resolving = slice.refersByUrl || this.own !== null;
    if (!resolving && asWritten === id) return { bytes, start: slice.start, end: slice.end };
    const original = bytes.toString('utf8', slice.start, slice.end);
    let text = resolving ? this.resolveText(original, slice) : original;
    if (asWritten === null) text = `{"id":${JSON.stringify(id)}${/^\{\s*\}$/.test(text) ? '' : ','}${text.slice(1)}`;
    else if (asWritten !== id) text = JSON.stringify({ ...JSON.parse(text), id });
    if (text === original) return { bytes, start: slice.start, end: slice.end };
    const changed = Buffer.from(text);
    return { bytes: changed, start: 0, end: changed.length };
  }

  private keyOf(url: string): string | null {
    if (this.byUrl === null) {
      this.byUrl = new Map();
      for (let i = 0; i < this.slices.length; i++) {
        const fullUrl = this.fullUrl(i);
        if (fullUrl !== null) this.byUrl.set(fullUrl, `${this.slices[i]!.type}/${this.id(i)}`);
      }
    }
    return this.byUrl.get(url) ?? null;
  }

  private resolveText(text: string, slice: Slice): string {
    const base = this.own === null ? null : this.foreignBase(slice);
    return text.replace(WRITTEN, (whole, key: string, between: string, escaped: string) => {
      const written = escaped.includes('\\') ? (JSON.parse(`"${escaped}"`) as string) : escaped;
      // An attachment's url may name an entry of the bundle (a Binary); any other url is none of ours.
      const resolved = key === 'url' ? (URN.test(written) ? (this.keyOf(written) ?? written) : written) : this.resolve(written, base);
      return resolved === written ? whole : `"${key}"${between}${JSON.stringify(resolved)}`;
    });
  }

  /** The reference as the server gives it; itself when it cannot be resolved. */
  resolve(written: string, foreignBase: string | null = null): string {
    if (written.startsWith('#')) return written;
    const exact = this.keyOf(written);
    if (exact !== null) return exact;
    const rest = REST_URL.exec(written);
    if (rest !== null) {
      const url = `${rest[1]}/${rest[2]}/${rest[3]}`;
      const key = this.keyOf(url) ?? this.elsewhere(url);
      return key === null ? written : rest[4] === undefined ? key : `${key}/_history/${rest[4]}`;
    }
    if (URN.test(written)) return this.elsewhere(written) ?? written;
    const relative = RELATIVE.exec(written);
    if (relative !== null) {
      if (foreignBase === null) return written;
      const url = `${foreignBase}/${relative[1]}/${relative[2]}`;
      const key = this.keyOf(url);
      return key === null ? `${foreignBase}/${written}` : `${key}${relative[3] ?? ''}`;
    }
    const conditional = CONDITIONAL.exec(written);
    if (conditional !== null) return this.byIdentifier(conditional[1]!, conditional[2]!) ?? this.elsewhere(written) ?? written;
    return written;
  }

  /** `Type?identifier=system|value` within the file, when exactly one resource has it. */
  private byIdentifier(type: string, query: string): string | null {
    const parameters = new URLSearchParams(query);
    const wanted = parameters.get('identifier');
    if (wanted === null || [...parameters].length !== 1) return null;
    this.identifiers ??= identifiersOf(this.slices.map((slice, i) => ({ type: slice.type, id: this.id(i), text: () => this.text(i) })));
    return this.identifiers.get(`${type}?${wanted}`) ?? null;
  }

  private text(i: number): string {
    const slice = this.slices[i]!;
    return this.bytes.toString('utf8', slice.start, slice.end);
  }
}

/** `Type?system|value` and `Type?value` to `Type/id`; null where two share it. */
export function identifiersOf(resources: Iterable<{ type: string; id: string; text: () => string }>): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const { type, id, text } of resources) {
    let identifiers: unknown;
    try {
      identifiers = JSON.parse(text()).identifier;
    } catch {
      continue;
    }
    for (const one of Array.isArray(identifiers) ? identifiers : [identifiers]) {
      if (typeof one?.value !== 'string') continue;
      const key = `${type}/${id}`;
      for (const name of [`${type}?${one.system ?? ''}|${one.value}`, `${type}?${one.value}`]) {
        found.set(name, found.has(name) && found.get(name) !== key ? null : key);
      }
    }
  }
  return found;
}
