// Finds the resources in a FHIR file's bytes without parsing their JSON: where each begins and ends, its type, id and fullUrl.
// A tenth of the time of a parse; what it takes for granted (escapes, numbers, literals) the parse of each resource checks later.

export type Slice = { start: number; end: number; type: string; id: string | null; fullUrl: string | null; method: string | null };
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

function container(b: Buffer, i: number): number {
  let depth = 0;
  for (let at = i; at < b.length; at++) {
    const c = b[at];
    if (c === QUOTE) at = string(b, at) - 1;
    else if (c === OPEN || c === LIST) depth += 1;
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

/** The members of the object at `i`; `member` gets the key and the place of the value and returns the place after it. */
function members(b: Buffer, i: number, member: (key: string, at: number) => number): number {
  let at = space(b, i + 1);
  if (b[at] === CLOSE) return at + 1;
  for (;;) {
    if (b[at] !== QUOTE) throw at >= b.length ? truncated() : new NotFhir('not JSON');
    const after = string(b, at);
    const key = b.toString('latin1', at + 1, after - 1);
    at = space(b, after);
    if (b[at] !== COLON) throw at >= b.length ? truncated() : new NotFhir('not JSON');
    at = space(b, member(key, space(b, at + 1)));
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

const noSlice = (start: number): Slice => ({ start, end: start, type: '', id: null, fullUrl: null, method: null });

/** The end of the resource at slice.start, whose type and id it fills in. */
function resource(b: Buffer, slice: Slice): number {
  slice.end = members(b, slice.start, (key, at) => {
    const after = value(b, at);
    if (key === 'resourceType') slice.type = text(b, at, after) ?? '';
    else if (key === 'id') slice.id = text(b, at, after);
    return after;
  });
  return slice.end;
}

const TYPE = /^[A-Z][A-Za-z]{2,50}$/;

type Root = { type: string; id: string | null; bundleType: string | null; entries: Slice[]; empty: number; end: number };

/** The object at `start`, read as a bundle may be: its entries' resources apart. */
function root(b: Buffer, start: number): Root {
  const found: Root = { type: '', id: null, bundleType: null, entries: [], empty: 0, end: start };
  found.end = members(b, start, (key, at) => {
    if (key === 'entry' && b[at] === LIST) {
      return elements(b, at, (item) => {
        if (b[item] !== OPEN) return value(b, item);
        const slice = noSlice(-1);
        const after = members(b, item, (name, place) => {
          if (name === 'resource' && b[place] === OPEN) {
            slice.start = place;
            return resource(b, slice);
          }
          if (name === 'request' && b[place] === OPEN) {
            return members(b, place, (part, where) => {
              const ended = value(b, where);
              if (part === 'method') slice.method = text(b, where, ended);
              return ended;
            });
          }
          const ended = value(b, place);
          if (name === 'fullUrl') slice.fullUrl = text(b, place, ended);
          return ended;
        });
        if (slice.start >= 0) found.entries.push(slice);
        else found.empty += 1;
        return after;
      });
    }
    const after = value(b, at);
    if (key === 'resourceType') found.type = text(b, at, after) ?? '';
    else if (key === 'id') found.id = text(b, at, after);
    else if (key === 'type') found.bundleType = b[at] === QUOTE ? text(b, at, after) : null;
    return after;
  });
  return found;
}

function slicesOf(found: Root, start: number, where: string, bad: Scan['bad']): Slice[] {
  if (!TYPE.test(found.type)) throw new NotFhir('JSON without a resourceType: not FHIR');
  if (found.type !== 'Bundle') return [{ ...noSlice(start), end: found.end, type: found.type, id: found.id }];
  return found.entries.filter((slice, i) => {
    if (slice.method === 'DELETE' || slice.type === 'OperationOutcome') return false;
    if (TYPE.test(slice.type)) return true;
    bad.push({ where: `${where}entry ${i}`, reason: 'a resource without a resourceType' });
    return false;
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
      const slices = slicesOf(found, start, '', bad);
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
        for (const slice of slicesOf(object, at, `line ${line}, `, found.bad)) found.slices.push(slice);
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
