// The ids of a file's resources, and references among them (FHIR R4 2.36.4 resolving references in bundles, 3.1.0.11.2 transaction):
// urn:uuid and absolute ones become `Type/id`, versions are kept, contained and unresolvable ones stay as written.
import { createHash } from 'node:crypto';
import type { Scan, Slice } from './scan.ts';

export type Located = { bytes: Buffer; start: number; end: number };
/** A reference from outside the file: by the fullUrl of another file's resource, or by `Type?identifier=…`. Null when unknown. */
export type Elsewhere = (reference: string) => string | null;

const REST_URL = /^(https?:\/\/.+)\/([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/([A-Za-z0-9.-]{1,64}))?$/;
const RELATIVE = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(\/_history\/[A-Za-z0-9.-]{1,64})?$/;
const CONDITIONAL = /^([A-Z][A-Za-z]+)\?(.+)$/;
const URN = /^urn:(?:uuid|oid):(.+)$/;
const FHIR_ID = /^[A-Za-z0-9.-]{1,64}$/;
// Written in JSON text: a quote inside a string is escaped, so this key cannot stand within one.
const WRITTEN = /"(reference|url)"(\s*:\s*)"((?:[^"\\]|\\.)*)"/g;

const hash = (of: string | Buffer) => createHash('sha256').update(of).digest('hex').slice(0, 32);

/** Whether any reference may need another form; relative ones (the most) do not. */
function mayNeedResolving(bytes: Buffer, scan: Scan): boolean {
  if (new Set(scan.slices.map(({ fullUrl }) => baseOf(fullUrl)).filter((base) => base !== null)).size > 1) return true;
  if (bytes.includes('"urn:uuid:') || bytes.includes('"urn:oid:')) return true;
  for (let at = bytes.indexOf('"reference"'); at >= 0; at = bytes.indexOf('"reference"', at)) {
    at += 11;
    while (at < bytes.length && (bytes[at]! <= 32 || bytes[at] === 58)) at += 1;
    if (bytes[at] !== 34) continue;
    const first = bytes[at + 1];
    if (first === 104 || first === 117) return true; // http, urn
    for (at += 1; at < bytes.length && bytes[at] !== 34 && bytes[at] !== 47; at++) if (bytes[at] === 63) return true; // Type?…
  }
  return false;
}

const baseOf = (fullUrl: string | null) => (fullUrl === null ? null : (REST_URL.exec(fullUrl)?.[1] ?? null));

/** A file's resources under the ids and references by which the server gives them. */
export class Resources {
  readonly bytes: Buffer;
  readonly slices: Slice[];
  /** One for each slice. */
  readonly ids: string[] = [];
  private readonly byUrl = new Map<string, string>();
  private readonly resolving: boolean;
  private readonly mainBase: string | null;
  private readonly elsewhere: Elsewhere;
  private identifiers: Map<string, string | null> | null = null;

  constructor(bytes: Buffer, scan: Scan, elsewhere: Elsewhere) {
    this.bytes = bytes;
    this.slices = scan.slices;
    this.elsewhere = elsewhere;
    this.resolving = mayNeedResolving(bytes, scan);
    this.mainBase = scan.slices.map(({ fullUrl }) => baseOf(fullUrl)).find((base) => base !== null) ?? null;
    const own = new Set<string>();
    for (const slice of this.slices) if (!this.isForeign(slice)) own.add(`${slice.type}/${slice.id}`);
    for (const slice of this.slices) {
      const id = this.idOf(slice, own);
      this.ids.push(id);
      if (slice.fullUrl !== null) this.byUrl.set(slice.fullUrl, `${slice.type}/${id}`);
    }
  }

  /** From another server than the bundle's first resource: its `Patient/1` is not this one's. */
  private isForeign(slice: Slice): boolean {
    const base = baseOf(slice.fullUrl);
    return base !== null && base !== this.mainBase;
  }

  private idOf(slice: Slice, own: Set<string>): string {
    const written = slice.id ?? REST_URL.exec(slice.fullUrl ?? '')?.[3] ?? URN.exec(slice.fullUrl ?? '')?.[1] ?? null;
    if (written === null || !FHIR_ID.test(written)) return hash(slice.fullUrl ?? this.bytes.subarray(slice.start, slice.end));
    return this.isForeign(slice) && own.has(`${slice.type}/${written}`) ? hash(slice.fullUrl!) : written;
  }

  /** The resource's JSON with its id and its references resolved: the file's own bytes where nothing had to change. */
  located(i: number): Located {
    const slice = this.slices[i]!;
    const id = this.ids[i]!;
    if (!this.resolving && slice.id === id) return { bytes: this.bytes, start: slice.start, end: slice.end };
    const original = this.bytes.toString('utf8', slice.start, slice.end);
    let text = this.resolving ? this.resolveText(original, slice) : original;
    if (slice.id === null) text = `{"id":${JSON.stringify(id)}${/^\{\s*\}$/.test(text) ? '' : ','}${text.slice(1)}`;
    else if (slice.id !== id) text = JSON.stringify({ ...JSON.parse(text), id });
    if (text === original) return { bytes: this.bytes, start: slice.start, end: slice.end };
    const bytes = Buffer.from(text);
    return { bytes, start: 0, end: bytes.length };
  }

  private resolveText(text: string, slice: Slice): string {
    const base = this.isForeign(slice) ? baseOf(slice.fullUrl) : null;
    return text.replace(WRITTEN, (whole, key: string, between: string, escaped: string) => {
      const written = escaped.includes('\\') ? (JSON.parse(`"${escaped}"`) as string) : escaped;
      // An attachment's url may name an entry of the bundle (a Binary); any other url is none of ours.
      const resolved = key === 'url' ? (URN.test(written) ? (this.byUrl.get(written) ?? written) : written) : this.resolve(written, base);
      return resolved === written ? whole : `"${key}"${between}${JSON.stringify(resolved)}`;
    });
  }

  /** The reference as the server gives it; itself when it cannot be resolved. */
  resolve(written: string, foreignBase: string | null = null): string {
    if (written.startsWith('#')) return written;
    const exact = this.byUrl.get(written);
    if (exact !== undefined) return exact;
    const rest = REST_URL.exec(written);
    if (rest !== null) {
      const url = `${rest[1]}/${rest[2]}/${rest[3]}`;
      const key = this.byUrl.get(url) ?? this.elsewhere(url);
      return key === null ? written : rest[4] === undefined ? key : `${key}/_history/${rest[4]}`;
    }
    if (URN.test(written)) return this.elsewhere(written) ?? written;
    const relative = RELATIVE.exec(written);
    if (relative !== null) {
      if (foreignBase === null) return written;
      const url = `${foreignBase}/${relative[1]}/${relative[2]}`;
      const key = this.byUrl.get(url);
      return key === undefined ? `${foreignBase}/${written}` : `${key}${relative[3] ?? ''}`;
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
    this.identifiers ??= identifiersOf(this.slices.map((slice, i) => ({ type: slice.type, id: this.ids[i]!, text: () => this.text(i) })));
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
