// Who is meant by an id or identifier, and which records are one person.
import type { Patient } from 'fhir/r4.js';
import { afterEach, describe, expect, it } from 'vitest';
import { listPatients, resolvePatient } from '../../src/tools/record/fhir/index.ts';
import { findPatients } from '../../src/tools/record/find-patients.ts';
import { type Asked, clientOf, type Handler, outcome, searchset, serve, type TestServer } from './server.ts';

const open: TestServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});
const { signal } = new AbortController();

const patient = (id: string, more: Partial<Patient> = {}): Patient => ({ resourceType: 'Patient', id, ...more });
const mrn = (value: string, system = 'urn:mrn') => ({ system, value });
const link = (type: 'replaced-by' | 'replaces' | 'refer' | 'seealso', id: string) => ({ type, other: { reference: `Patient/${id}` } });

/** A server that holds these patients, and finds them by identifier, name, birth date and link. */
async function holding(patients: Patient[], special: Handler = () => undefined): Promise<TestServer> {
  const server = await serve(async (asked, response) => {
    const reply = await special(asked, response);
    if (reply !== undefined) return reply;
    const id = /\/Patient\/([^/]+)$/.exec(asked.url.pathname)?.[1];
    if (id !== undefined) {
      const found = patients.find((p) => p.id === id);
      return found === undefined ? { status: 404, body: outcome('error', 'not-found') } : { body: found };
    }
    return { body: searchset(asked, matching(patients, asked)) };
  });
  open.push(server);
  return server;
}

function matching(patients: Patient[], { url }: Asked): Patient[] {
  const fits = (p: Patient, name: string, value: string): boolean => {
    const plain = value.replaceAll('\\', '');
    if (name === 'identifier') return (p.identifier ?? []).some((i) => plain === i.value || plain === `${i.system}|${i.value}`);
    if (name === 'link') return (p.link ?? []).some((l) => l.other.reference === value);
    if (name === 'name')
      return (p.name ?? []).some((n) => [n.family, ...(n.given ?? [])].some((x) => x?.toLowerCase().startsWith(value.toLowerCase())));
    if (name === 'birthdate') return (p.birthDate ?? '').startsWith(value);
    return true;
  };
  return patients.filter((p) => [...url.searchParams].every(([name, value]) => fits(p, name, value)));
}

const resolve = async (server: TestServer, text: string) => resolvePatient(clientOf(server.base), text, signal);

describe('a patient is found', () => {
  const ann = patient('p1', {
    name: [
      { use: 'old', family: 'Maiden' },
      { use: 'usual', given: ['Annie'], family: 'Bell' },
      { use: 'official', given: ['Ann', 'Mary'], family: 'Bell' },
    ],
    identifier: [
      { use: 'old', value: '0' },
      { type: { coding: [{ code: 'SS' }] }, ...mrn('999-99', 'urn:ssn') },
      { type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] }, ...mrn('4711') },
    ],
    birthDate: '1950-03-02',
    gender: 'female',
  });

  it.each(['p1', 'Patient/p1', ' 4711 ', 'urn:mrn|4711', '999-99', 'urn:ssn|999-99'])(
    'by %j, and the lock names who it is',
    async (text) => {
      expect(await resolve(await holding([ann, patient('p2')]), text)).toEqual({
        id: 'p1',
        ids: ['p1'],
        identifier: '4711',
        name: 'Ann Mary Bell',
        birthDate: '1950-03-02',
        sex: 'female',
      });
    },
  );

  it.each(['4712', 'urn:other|4711', 'p9', 'Ann Bell', '471'])('not by %j', async (text) => {
    await expect(resolve(await holding([ann]), text)).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each(['', '   ', 'urn:mrn|', 'x'.repeat(301)])('%j is no identifier', async (text) => {
    await expect(resolve(await holding([ann]), text)).rejects.toMatchObject({ code: 'bad_input' });
  });

  it('an identifier with FHIR separators is asked for escaped', async () => {
    const odd = patient('p3', { identifier: [{ value: 'A,B$C' }] });
    expect((await resolve(await holding([odd]), 'A,B$C')).id).toBe('p3');
  });

  it('a name without parts is the text, on one line', async () => {
    const server = await holding([patient('p4', { name: [{ text: 'Ann\nBell\u202e' }] })]);
    expect((await resolve(server, 'p4')).name).toBe('Ann Bell');
  });

  it('a server that finds any identifier does not choose the patient', async () => {
    const server = await holding([ann], (asked) =>
      asked.url.searchParams.has('identifier') ? { body: searchset(asked, [ann], { self: null }) } : undefined,
    );
    await expect(resolve(server, '12345')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('two patients', () => {
  it('with one identifier are ambiguous, and both are offered', async () => {
    const two = [
      patient('p1', { identifier: [mrn('77', 'urn:a')], name: [{ family: 'Bell' }], birthDate: '1950' }),
      patient('p2', { identifier: [mrn('77', 'urn:b')] }),
    ];
    const server = await holding(two);
    await expect(resolve(server, '77')).rejects.toMatchObject({
      code: 'ambiguous',
      candidates: [
        { value: 'p1', label: 'Bell, born 1950' },
        { value: 'p2', label: 'name not recorded, birth date not recorded' },
      ],
    });
    expect((await resolve(server, 'urn:b|77')).id).toBe('p2');
  });

  it('of whom one has as id what the other has as identifier are ambiguous', async () => {
    const server = await holding([patient('77'), patient('p2', { identifier: [mrn('77')] })]);
    await expect(resolve(server, '77')).rejects.toMatchObject({ code: 'ambiguous' });
  });
});

describe('a source that cannot tell', () => {
  it('is unavailable, never not found', async () => {
    const down = await serve(() => undefined);
    await down.close();
    await expect(resolve(down, '4711')).rejects.toMatchObject({ code: 'unavailable' });
    const failing = await holding([], ({ url }) => (url.searchParams.has('identifier') ? { status: 500 } : undefined));
    await expect(resolve(failing, '4711')).rejects.toMatchObject({ code: 'unavailable' });
    const closed = await holding([], () => ({ status: 403 }));
    await expect(resolve(closed, '4711')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('that gave only part of its patients is unavailable, where the part held none', async () => {
    const server = await holding([], (asked) =>
      asked.url.searchParams.has('identifier') ? { body: searchset(asked, [], { next: 'https://other.example.org/?page=2' }) } : undefined,
    );
    await expect(resolve(server, '4711')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('without a search by identifier finds by id, and says so otherwise', async () => {
    const server = await holding([patient('p1')], ({ url }) =>
      url.searchParams.has('identifier') ? { status: 400, body: outcome('error', 'not-supported') } : undefined,
    );
    expect((await resolve(server, 'p1')).id).toBe('p1');
    await expect(resolve(server, '4711')).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('that takes only its own form of ids still finds by identifier', async () => {
    const server = await holding([patient('p1', { identifier: [mrn('4711')] })], ({ url }) =>
      url.pathname.endsWith('/Patient/4711') ? { status: 400 } : undefined,
    );
    expect((await resolve(server, '4711')).id).toBe('p1');
  });

  it('with a linked record that cannot be read is unavailable', async () => {
    const server = await holding([patient('p1', { link: [link('seealso', 'p2')] })], ({ url }) =>
      url.pathname.endsWith('/p2') ? { status: 500 } : undefined,
    );
    await expect(resolve(server, 'p1')).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a merged record', () => {
  const survivor = patient('new', { identifier: [mrn('2')], link: [link('replaces', 'old')] });
  const replaced = patient('old', { active: false, identifier: [mrn('1')], link: [link('replaced-by', 'new')] });

  it.each(['old', 'new', '1', '2'])('asked for by %s is the surviving one with the linked set', async (text) => {
    expect(await resolve(await holding([replaced, survivor]), text)).toMatchObject({ id: 'new', ids: ['new', 'old'], identifier: '2' });
  });

  it('is found from both sides where only one of them has the link', async () => {
    const onlyOld = await holding([replaced, patient('new')]);
    expect(await resolve(onlyOld, 'new')).toMatchObject({ id: 'new', ids: ['new', 'old'] });
    const onlyNew = await holding([patient('old'), survivor]);
    expect(await resolve(onlyNew, 'old')).toMatchObject({ id: 'new', ids: ['new', 'old'] });
  });

  it('one identifier on both is one person', async () => {
    const both = [
      patient('old', { identifier: [mrn('1')], link: [link('replaced-by', 'new')] }),
      patient('new', { identifier: [mrn('1')] }),
    ];
    expect((await resolve(await holding(both), '1')).ids).toEqual(['new', 'old']);
  });

  it('in a chain is followed to its end', async () => {
    const chain = [
      patient('a', { link: [link('replaced-by', 'b')] }),
      patient('b', { link: [link('replaced-by', 'c')] }),
      patient('c', { link: [link('seealso', 'd')] }),
      patient('d'),
    ];
    const server = await holding(chain);
    for (const text of ['a', 'b', 'c']) expect(await resolve(server, text)).toMatchObject({ id: 'c', ids: ['c', 'a', 'b', 'd'] });
    expect(await resolve(server, 'd')).toMatchObject({ id: 'd', ids: ['d', 'a', 'b', 'c'] });
  });

  it('in a circle ends, and is the record in use', async () => {
    const circle = [
      patient('a', { active: false, link: [link('replaced-by', 'b')] }),
      patient('b', { active: true, link: [link('replaced-by', 'a')] }),
    ];
    expect(await resolve(await holding(circle), 'a')).toMatchObject({ id: 'b', ids: ['b', 'a'] });
  });

  it('that is gone from the server keeps its id in the set', async () => {
    expect(await resolve(await holding([survivor]), 'new')).toMatchObject({ id: 'new', ids: ['new', 'old'] });
  });

  it('replaced by two others is ambiguous', async () => {
    const split = [patient('a', { link: [link('replaced-by', 'b'), link('replaced-by', 'c')] }), patient('b'), patient('c')];
    await expect(resolve(await holding(split), 'a')).rejects.toMatchObject({
      code: 'ambiguous',
      candidates: [{ value: 'b' }, { value: 'c' }],
    });
  });

  it('of records both in use stays the one that was asked for', async () => {
    const two = [patient('a', { link: [link('refer', 'b')] }), patient('b', { link: [link('seealso', 'a')] })];
    expect(await resolve(await holding(two), 'a')).toMatchObject({ id: 'a', ids: ['a', 'b'] });
  });

  it('of records both in use with one identifier is one person', async () => {
    const two = [patient('a', { identifier: [mrn('1')], link: [link('seealso', 'b')] }), patient('b', { identifier: [mrn('1')] })];
    expect((await resolve(await holding(two), '1')).ids.toSorted()).toEqual(['a', 'b']);
  });

  it('of absurdly many links is refused', async () => {
    const many = patient('a', { link: Array.from({ length: 40 }, (_, i) => link('seealso', `x${i}`)) });
    await expect(resolve(await holding([many]), 'a')).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('is told without the search by link, where the server has none', async () => {
    const server = await holding([replaced, survivor], ({ url }) =>
      url.searchParams.has('link') ? { status: 400, body: outcome('error', 'not-supported') } : undefined,
    );
    expect(await resolve(server, 'old')).toMatchObject({ id: 'new', ids: ['new', 'old'] });
  });

  it('does not take in a stranger whom the server returns for a search by link', async () => {
    const server = await holding([patient('a'), patient('stranger')], (asked) =>
      asked.url.searchParams.has('link') ? { body: searchset(asked, [patient('stranger')], { self: null }) } : undefined,
    );
    expect((await resolve(server, 'a')).ids).toEqual(['a']);
  });
});

describe('patients are listed', () => {
  const people = [
    patient('p1', { name: [{ given: ['Ann'], family: 'Bell' }], birthDate: '1950-03-02', identifier: [mrn('4711')] }),
    patient('p2', { name: [{ given: ['Ann'], family: 'Bell' }], birthDate: '1981-12-24', identifier: [mrn('4712')] }),
    patient('p3', { name: [{ given: ['Zoë'], family: 'Acarr' }], active: false, link: [link('replaced-by', 'p4')] }),
    patient('p4', { name: [{ given: ['Zoe'], family: 'Carr' }] }),
  ];
  const ids = async (server: TestServer, query: string, name?: string) =>
    (await listPatients(clientOf(server.base, name === undefined ? {} : { server: name }), query, signal)).map((lock) => lock.id);

  it('by name, identifier and birth date on a hospital server', async () => {
    const server = await holding(people);
    expect(await ids(server, 'ann bell')).toEqual(['p1', 'p2']);
    expect(await ids(server, 'bell 1981-12-24')).toEqual(['p2']);
    expect(await ids(server, '4711')).toEqual(['p1']);
    expect(await ids(server, 'nobody')).toEqual([]);
  });

  it('a replaced record as the one that replaced it, with the linked set', async () => {
    const found = await listPatients(clientOf((await holding(people)).base, { server: 'demo' }), 'carr', signal);
    expect(found.map((lock) => lock.ids)).toEqual([['p4', 'p3']]);
  });

  it('by any fragment on an embedded source', async () => {
    const server = await holding(people);
    expect(await ids(server, '', 'demo')).toEqual(['p1', 'p2', 'p4']);
    expect(await ids(server, 'ell 1950', 'demo')).toEqual(['p1']);
    expect(await ids(server, '712', 'bundles')).toEqual(['p2']);
    expect(await ids(server, 'ZOE', 'demo')).toEqual(['p4']);
  });

  it('a server that is down is an error, not an empty list', async () => {
    const server = await serve(() => undefined);
    await server.close();
    await expect(ids(server, 'ann')).rejects.toMatchObject({ code: 'unavailable' });
  });

  const context = (server: TestServer) => ({
    patient: null,
    asOf: '2026-01-01T00:00:00Z',
    sources: { record: clientOf(server.base) },
    signal,
    progress: () => {},
  });

  it('find_patients gives one statement for each, with birth date and identifier', async () => {
    const found = await findPatients.run({ query: 'bell', birth_date: '1981' }, context(await holding(people)));
    expect(found.evidence).toHaveLength(1);
    expect(found.evidence[0]).toMatchObject({
      kind: 'statement',
      patient: 'p2',
      value: { type: 'text', text: 'Ann Bell' },
      components: [
        { name: 'birth date', value: { type: 'time', time: '1981-12-24' } },
        { name: 'sex', value: { type: 'absent' } },
        { name: 'identifier', value: { type: 'text', text: '4712' } },
        { name: 'id', value: { type: 'text', text: 'p2' } },
      ],
      source: { type: 'fhir', reference: 'Patient/p2' },
    });
    expect(found.completeness[0]).toMatchObject({ what: 'patients', status: 'complete', found: 1 });
  });

  it('where only one of name and identifier can be searched, the list is partial', async () => {
    const server = await holding(people, ({ url }) =>
      url.searchParams.has('identifier') ? { status: 400, body: outcome('error', 'not-supported') } : undefined,
    );
    const found = await findPatients.run({ query: 'bell' }, context(server));
    expect(found.evidence).toHaveLength(2);
    expect(found.completeness[0]).toMatchObject({ status: 'partial', reason: 'the source supports only one of name and identifier' });
  });

  it('a replaced record whose survivor cannot be read is listed as it stands', async () => {
    const server = await holding(people, ({ url }) => (url.pathname.endsWith('/p4') ? { status: 500 } : undefined));
    expect(await ids(server, 'acarr')).toEqual(['p3']);
  });

  it('find_patients names the records that are linked to one', async () => {
    const found = await findPatients.run({ query: 'acarr' }, context(await holding(people)));
    expect(found.evidence.map((e) => [e.patient, e.components?.at(-1)])).toEqual([
      ['p4', { name: 'linked records', value: { type: 'text', text: 'p3' } }],
    ]);
  });

  it('find_patients on a server that is down says so, and finds nobody', async () => {
    const server = await serve(() => undefined);
    await server.close();
    const found = await findPatients.run({ query: 'bell' }, context(server));
    expect(found).toMatchObject({ evidence: [], completeness: [{ status: 'unavailable', reason: 'could not be reached (ECONNREFUSED)' }] });
  });

  it.each([{ query: 'x', birth_date: '1950-13-01' }, { query: 'x', birth_date: 'May' }, { query: 1 }, { query: 'x', patient: 'p1' }])(
    'find_patients refuses %j',
    (input) => {
      expect(findPatients.input.safeParse(input).success).toBe(false);
    },
  );
});
