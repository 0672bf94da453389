// Finds the resources in a FHIR file's bytes without parsing their JSON: where each begins and ends, its type, id and fullUrl.
// A tenth of the time of a parse; what it takes for granted (escapes, numbers, literals) the parse of each resource checks later.

/**
 * `id` and `fullUrl` are where their JSON strings stand in the bytes (opening quote, after the closing one); read by `told`.
 * `refersByUrl`: a reference may be a URN, a URL or a search, which is to be resolved; relative ones (the most) are not.
 */
export type Slice = {
  start: number;
  end: number;
  type: string;
  id: Place | null;
  fullUrl: Place | null;
  isDelete: boolean;
  refersByUrl: boolean;
};
type Place = { from: number; to: number };
export type Scan = {
  format: 'bundle' | 'resource' | 'ndjson';
  bundleType: string | null;
  slices: Slice[];
  /** Lines of an ndjson file, or entries, that are no resource. */
  bad: { where: string; reason: string }[];
};

/** Why a file cannot be used: one clause. */
export class NotFhir extends Error {}

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const COMMA = 44;
const OPEN = 123;
const CLOSE = 125;
const LIST = 91;
const END_LIST = 93;
const QUESTION = 63;
const LETTER_R = 114;
const LETTER_U = 117;

const truncated = () => new NotFhir('the JSON ends too early');

function space(b: Buffer, i: number): number {
  let at = i;
  for (let c = b[at]; c === 32 || c === 10 || c === 13 || c === 9; c = b[at]) at += 1;
  return at;
}

/** From the opening quote to after the closing one. */
function string(b: Buffer, i: number): number {
  for (let at = i + 1; at < b.length; at++) {
    const c = b[at];
    if (c === QUOTE) return at + 1;
    if (c === BACKSLASH) at += 1;
  }
  throw truncated();
}

/** From the opening bracket to after the closing one. */
function container(b: Buffer, i: number): number {
  const n = b.length;
  let depth = 0;
  for (let at = i; at < n; at++) {
    const c = b[at];
    if (c === QUOTE) {
      for (at += 1; at < n && b[at] !== QUOTE; at++) if (b[at] === BACKSLASH) at += 1;
    } else if (c === OPEN || c === LIST) depth += 1;
    else if (c === CLOSE || c === END_LIST) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  throw truncated();
}

function value(b: Buffer, i: number): number {
  const c = b[i];
  if (c === QUOTE) return string(b, i);
  if (c === OPEN || c === LIST) return container(b, i);
  let at = i;
  while (at < b.length && b[at] !== COMMA && b[at] !== CLOSE && b[at] !== END_LIST && b[at]! > 32) at += 1;
  if (at === i) throw new NotFhir('not JSON');
  return at;
}

/** The members of the object at `i`; `member` gets where the key stands, and the place of the value; it returns the place after it. */
function members(b: Buffer, i: number, member: (from: number, to: number, at: number) => number): number {
  let at = space(b, i + 1);
  if (b[at] === CLOSE) return at + 1;
  for (;;) {
    if (b[at] !== QUOTE) throw at >= b.length ? truncated() : new NotFhir('not JSON');
    const from = at + 1;
    const after = string(b, at);
    at = space(b, after);
    if (b[at] !== COLON) throw at >= b.length ? truncated() : new NotFhir('not JSON');
    at = space(b, member(from, after - 1, space(b, at + 1)));
    if (b[at] === CLOSE) return at + 1;
    if (b[at] !== COMMA) throw at >= b.length ? truncated() : new NotFhir('not JSON');
    at = space(b, at + 1);
  }
}

function elements(b: Buffer, i: number, element: (at: number) => number): number {
  let at = space(b, i + 1);
  if (b[at] === END_LIST) return at + 1;
  for (;;) {
    at = space(b, element(at));
    if (b[at] === END_LIST) return at + 1;
    if (b[at] !== COMMA) throw at >= b.length ? truncated() : new NotFhir('not JSON');
    at = space(b, at + 1);
  }
}

function text(b: Buffer, from: number, to: number): string | null {
  if (b[from] !== QUOTE) return null;
  try {
    return JSON.parse(b.toString('utf8', from, to));
  } catch {
    throw new NotFhir('not JSON');
  }
}

/** The string at a place of a slice; null where there is none. */
export const told = (b: Buffer, place: Place | null): string | null => (place === null ? null : text(b, place.from, place.to));

// A hundred thousand entries share a dozen types: each is read from the bytes once.
const types = new Map<number, { bytes: Buffer; type: string }>();

function typeAt(b: Buffer, from: number, to: number): string {
  const hint = (to - from) * 256 + (b[from + 1] ?? 0);
  const known = types.get(hint);
  if (known !== undefined && same(b, from, to, known.bytes)) return known.type;
  const type = text(b, from, to) ?? '';
  types.set(hint, { bytes: Buffer.from(b.subarray(from, to)), type });
  return type;
}

function same(b: Buffer, from: number, to: number, key: Buffer): boolean {
  if (to - from !== key.length) return false;
  for (let i = 0; i < key.length; i++) if (b[from + i] !== key[i]) return false;
  return true;
}

const noSlice = (start: number): Slice => ({ start, end: start, type: '', id: null, fullUrl: null, isDelete: false, refersByUrl: false });

const key = (name: string) => Buffer.from(name);
const [REFERENCE, RESOURCE_TYPE, ID, ENTRY, RESOURCE, REQUEST, METHOD, FULL_URL, BUNDLE_TYPE] = [
  key('reference'),
  key('resourceType'),
  key('id'),
  key('entry'),
  key('resource'),
  key('request'),
  key('method'),
  key('fullUrl'),
  key('type'),
];

/**
 * The end of the resource at slice.start, whose type, id and kind of references it fills in. One loop, as nearly all bytes of
 * a file are gone through here.
 */
function resource(b: Buffer, slice: Slice): number {
  const n = b.length;
  let depth = 0;
  let isReference = false;
  for (let at = slice.start; at < n; at++) {
    const c = b[at];
    if (c === QUOTE) {
      const from = at + 1;
      for (at += 1; at < n && b[at] !== QUOTE; at++) if (b[at] === BACKSLASH) at += 1;
      if (isReference || b[from] === LETTER_U) slice.refersByUrl ||= mayBeUrl(b, from, at, isReference);
      isReference = b[from] === LETTER_R && same(b, from, at, REFERENCE);
      if (depth !== 1) continue;
      const isType = same(b, from, at, RESOURCE_TYPE);
      if (!isType && !same(b, from, at, ID)) continue;
      const colon = space(b, at + 1);
      if (b[colon] !== COLON) continue;
      const place = space(b, colon + 1);
      if (b[place] !== QUOTE) continue;
      const after = string(b, place);
      if (isType) slice.type = typeAt(b, place, after);
      else slice.id = { from: place, to: after };
      at = after - 1;
    } else if (c === OPEN || c === LIST) depth += 1;
    else if (c === CLOSE || c === END_LIST) {
      depth -= 1;
      if (depth === 0) {
        slice.end = at + 1;
        return slice.end;
      }
    }
  }
  throw truncated();
}

/** A reference by URN, URL or search; or any other string that is a urn:uuid (an attachment's url may be one). */
function mayBeUrl(b: Buffer, from: number, to: number, isReference: boolean): boolean {
  if (b[from] === LETTER_U && b[from + 1] === LETTER_R && b[from + 3] === COLON) return isReference || b[from + 4] === LETTER_U;
  if (!isReference) return false;
  for (let at = from; at < to; at++) if (b[at] === COLON || b[at] === QUESTION) return true;
  return false;
}

const TYPE = /^[A-Z][A-Za-z]{2,50}$/;

type Root = { type: string; id: Place | null; bundleType: string | null; entries: Slice[]; end: number };

/** The object at `start`, read as a bundle may be: its entries' resources apart. */
function root(b: Buffer, start: number): Root {
  const found: Root = { type: '', id: null, bundleType: null, entries: [], end: start };
  found.end = members(b, start, (from, to, at) => {
    if (b[at] === LIST && same(b, from, to, ENTRY)) {
      return elements(b, at, (item) => {
        const slice = noSlice(-1);
        const after = b[item] === OPEN ? entry(b, item, slice) : value(b, item);
        if (slice.start >= 0) found.entries.push(slice);
        return after;
      });
    }
    const after = value(b, at);
    if (same(b, from, to, RESOURCE_TYPE)) found.type = text(b, at, after) ?? '';
    else if (b[at] === QUOTE && same(b, from, to, ID)) found.id = { from: at, to: after };
    else if (b[at] === QUOTE && same(b, from, to, BUNDLE_TYPE)) found.bundleType = text(b, at, after);
    return after;
  });
  return found;
}

/** The entry at `item`; slice.start stays as it is when it holds no resource. */
function entry(b: Buffer, item: number, slice: Slice): number {
  return members(b, item, (from, to, at) => {
    if (b[at] === OPEN && same(b, from, to, RESOURCE)) {
      slice.start = at;
      return resource(b, slice);
    }
    if (b[at] === OPEN && same(b, from, to, REQUEST)) {
      return members(b, at, (start, end, place) => {
        const after = value(b, place);
        if (same(b, start, end, METHOD)) slice.isDelete = text(b, place, after) === 'DELETE';
        return after;
      });
    }
    const after = value(b, at);
    if (b[at] === QUOTE && same(b, from, to, FULL_URL)) slice.fullUrl = { from: at, to: after };
    return after;
  });
}

function slicesOf(b: Buffer, found: Root, start: number, where: string, bad: Scan['bad']): Slice[] {
  if (!TYPE.test(found.type)) throw new NotFhir('JSON without a resourceType: not FHIR');
  if (found.type !== 'Bundle') {
    const slice = noSlice(start);
    resource(b, slice);
    return [slice];
  }
  return found.entries.flatMap((slice, i) => {
    if (slice.isDelete || slice.type === 'OperationOutcome') return [];
    // A bundle in a bundle (documents that a search found): its resources are looked for as any.
    if (slice.type === 'Bundle') return slicesOf(b, root(b, slice.start), slice.start, `${where}entry ${i}, `, bad);
    if (TYPE.test(slice.type)) return [slice];
    bad.push({ where: `${where}entry ${i}`, reason: 'a resource without a resourceType' });
    return [];
  });
}

/** Throws NotFhir with the reason when the bytes are no FHIR JSON. `lines`: the file's name says ndjson. */
export function scan(b: Buffer, lines: boolean): Scan {
  const start = space(b, b[0] === 0xef && b[1] === 0xbb && b[2] === 0xbf ? 3 : 0);
  if (start >= b.length) throw new NotFhir('an empty file');
  if (!lines) {
    if (b[start] !== OPEN) throw new NotFhir(b[start] === LIST ? 'a JSON list: not FHIR' : 'not JSON');
    const found = root(b, start);
    const rest = space(b, found.end);
    if (rest >= b.length) {
      const bad: Scan['bad'] = [];
      const slices = slicesOf(b, found, start, '', bad);
      const isBundle = found.type === 'Bundle';
      return { format: isBundle ? 'bundle' : 'resource', bundleType: isBundle ? found.bundleType : null, slices, bad };
    }
    // More than one value: lines of JSON under another name.
    if (b[rest] !== OPEN) throw new NotFhir('text after the JSON ends');
  }
  return scanLines(b, start);
}

function scanLines(b: Buffer, from: number): Scan {
  const found: Scan = { format: 'ndjson', bundleType: null, slices: [], bad: [] };
  let line = 1;
  for (let start = from; start < b.length; line++) {
    const newline = b.indexOf(10, start);
    const end = newline < 0 ? b.length : newline;
    const at = space(b, start);
    if (at < end) {
      try {
        const one = b.subarray(0, end);
        if (one[at] !== OPEN) throw new NotFhir('not a JSON object');
        const object = root(one, at);
        if (space(one, object.end) < end) throw new NotFhir('text after the JSON ends');
        for (const slice of slicesOf(one, object, at, `line ${line}, `, found.bad)) found.slices.push(slice);
      } catch (error) {
        if (!(error instanceof NotFhir)) throw error;
        found.bad.push({ where: `line ${line}`, reason: error.message });
      }
    }
    start = end + 1;
  }
  if (found.slices.length === 0)
    throw new NotFhir(found.bad.length > 0 ? `no line is a resource (${found.bad[0]!.reason})` : 'an empty file');
  return found;
}
