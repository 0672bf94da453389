// Nothing of another patient passes the client, whatever the server returns.
import type { Resource } from 'fhir/r4.js';
import { afterEach, describe, expect, it } from 'vitest';
import { capabilities, clientOf, type Handler, lock, observation, searchset, serve, type TestServer } from './server.ts';

const open: TestServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});
async function start(handler: Handler, metadata?: Handler): Promise<TestServer> {
  const server = await serve(handler, metadata);
  open.push(server);
  return server;
}
const signal = new AbortController().signal;
const locked = (...ids: string[]) => ({ signal, patient: lock(...ids) });
const subject = (reference: object) => observation('o1', 'p1', { subject: reference });
const returning = (...matches: Resource[]) => start((asked) => ({ body: searchset(asked, matches) }));
const included = (resource: object) =>
  start((asked) => ({
    body: searchset(asked, [observation('o1')], { entries: [{ resource: resource as never, search: { mode: 'include' } }] }),
  }));

describe('another patient', () => {
  it('in a match stops the answer, and the sentence names the resource alone', async () => {
    const server = await returning(observation('o1'), observation('123', 'p2'));
    await expect(clientOf(server.base).search('Observation', [], locked())).rejects.toMatchObject({
      code: 'not_allowed',
      message: 'The source returned Observation/123 of another patient; nothing of this answer was used.',
    });
  });

  it('on a later page stops the whole answer', async () => {
    const server = await start((asked) => ({
      body: searchset(asked, [asked.url.searchParams.has('page') ? observation('o2', 'p2') : observation('o1')], {
        ...(asked.url.searchParams.has('page') ? {} : { next: `${asked.url.href}&page=2` }),
      }),
    }));
    await expect(clientOf(server.base).search('Observation', [], locked())).rejects.toMatchObject({ code: 'not_allowed' });
  });

  it.each([
    ['an included Encounter', { resourceType: 'Encounter', id: 'e1', subject: { reference: 'Patient/p2' } }],
    ['an included Patient', { resourceType: 'Patient', id: 'p2' }],
    ['an included Device that is implanted in another', { resourceType: 'Device', id: 'd1', patient: { reference: 'Patient/p2' } }],
    ['an included Observation of nobody', { resourceType: 'Observation', id: 'o9' }],
  ])('%s stops the answer', async (_what, resource) => {
    const server = await included(resource);
    await expect(clientOf(server.base).search('Observation', [], locked())).rejects.toMatchObject({ code: 'not_allowed' });
  });

  it.each([
    ['an included Medication', { resourceType: 'Medication', id: 'm1' }],
    ['an included Practitioner', { resourceType: 'Practitioner', id: 'x1' }],
    ['an included Device on the shelf', { resourceType: 'Device', id: 'd1' }],
    ['the own Patient', { resourceType: 'Patient', id: 'p1' }],
  ])('%s passes', async (_what, resource) => {
    const found = await clientOf((await included(resource)).base).search('Observation', [], locked());
    expect(found.included).toHaveLength(1);
  });

  it('a shelf device is no answer to a search for the devices of the patient', async () => {
    const server = await returning({ resourceType: 'Device', id: 'd1' } as Resource);
    await expect(clientOf(server.base).search('Device', [], locked())).rejects.toMatchObject({
      code: 'not_allowed',
      message: 'The source returned Device/d1 without saying whose it is; nothing of this answer was used.',
    });
  });

  it('an included resource of the searched type is no match', async () => {
    const found = await clientOf((await included(observation('member'))).base).search('Observation', [], locked());
    expect(found.resources.map((r) => r.id)).toEqual(['o1']);
    expect(found.included.map((r) => r.id)).toEqual(['member']);
  });

  it('read by reference is refused', async () => {
    const server = await start(({ url }) => ({
      body: url.pathname.includes('Patient') ? { resourceType: 'Patient', id: 'p2' } : observation('o1', 'p2'),
    }));
    const client = clientOf(server.base);
    await expect(client.read('Observation/o1', locked())).rejects.toMatchObject({ code: 'not_allowed' });
    await expect(client.read('Patient/p2', locked())).rejects.toMatchObject({ code: 'not_allowed' });
    expect(await client.read('Patient/p2', { signal, patient: null })).toMatchObject({ id: 'p2' });
  });

  it('a read that answers with another resource is not that resource', async () => {
    const server = await returning();
    await expect(clientOf(server.base).read('Observation/o1', locked())).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('whose it is', () => {
  const refused = async (reference: object, ...ids: string[]) =>
    expect(clientOf((await returning(subject(reference))).base).search('Observation', [], locked(...ids))).rejects.toMatchObject({
      code: 'not_allowed',
    });
  const passes = async (reference: object, ...ids: string[]) =>
    expect((await clientOf((await returning(subject(reference))).base).search('Observation', [], locked(...ids))).resources).toHaveLength(
      1,
    );

  it('a versioned reference names the same patient', () => passes({ reference: 'Patient/p1/_history/3' }));
  it('a urn:uuid of the patient names the same patient', () => passes({ reference: 'urn:uuid:p1' }));
  it('an id that begins like ours is another', () => refused({ reference: 'Patient/p11' }));
  it('an absolute reference to another server is another patient', () =>
    refused({ reference: 'https://other.example.org/fhir/Patient/p1' }));
  it('a group is no patient', () => refused({ reference: 'Group/p1' }));
  it('a display alone is nobody', () => refused({ display: 'Jane Doe' }));
  it('a missing subject is refused', () => refused(undefined as never));
  it('a contained stranger is refused', () => refused({ reference: '#p1' }));

  it('an absolute reference to this very server names the same patient', async () => {
    const server = await start((asked) => ({ body: searchset(asked, [subject({ reference: `${server.base}/Patient/p1` })]) }));
    expect((await clientOf(server.base).search('Observation', [], locked())).resources).toHaveLength(1);
  });

  it('an absolute reference to the name that the server gives itself is the same patient', async () => {
    const own = 'https://fhir.hospital.example/r4';
    const entry = { fullUrl: `${own}/Observation/o1`, resource: subject({ reference: `${own}/Patient/p1` }) as never };
    const byFullUrl = await start((asked) => ({ body: searchset(asked, [], { entries: [entry] }) }));
    expect((await clientOf(byFullUrl.base).search('Observation', [], locked())).resources).toHaveLength(1);
    const byMetadata = await start(
      (asked) => ({ body: searchset(asked, [subject({ reference: `${own}/Patient/p1` })]) }),
      () => ({ body: { ...capabilities(), implementation: { description: 'x', url: own } } }),
    );
    expect((await clientOf(byMetadata.base).search('Observation', [], locked())).resources).toHaveLength(1);
  });

  it('a read resource may name the server by its own name too', async () => {
    const own = 'https://fhir.hospital.example/r4';
    const server = await start(
      () => ({ body: subject({ reference: `${own}/Patient/p1` }) }),
      () => ({ body: { ...capabilities(), implementation: { description: 'x', url: own } } }),
    );
    expect(await clientOf(server.base).read('Observation/o1', locked())).toMatchObject({ id: 'o1' });
  });

  it('a reference by identifier is compared with the identifiers of the patient', async () => {
    const byIdentifier = (value: string, system = 'urn:mrn') =>
      start((asked) =>
        asked.url.pathname.endsWith('/Patient/p1')
          ? { body: { resourceType: 'Patient', id: 'p1', identifier: [{ system: 'urn:mrn', value: '4711' }] } }
          : { body: searchset(asked, [subject({ type: 'Patient', identifier: { system, value } }), observation('o2')]) },
      );
    expect((await clientOf((await byIdentifier('4711')).base).search('Observation', [], locked())).resources).toHaveLength(2);
    await expect(clientOf((await byIdentifier('4711', 'urn:other')).base).search('Observation', [], locked())).rejects.toMatchObject({
      code: 'not_allowed',
    });
    await expect(clientOf((await byIdentifier('4712')).base).search('Observation', [], locked())).rejects.toMatchObject({
      code: 'not_allowed',
    });
  });

  it('a merged record is the linked set', async () => {
    const server = await returning(observation('o1', 'new'), observation('o2', 'old'));
    const found = await clientOf(server.base).search('Observation', [], locked('new', 'old'));
    expect(found.resources).toHaveLength(2);
    expect(server.searches()[0]?.url.searchParams.get('patient')).toBe('new,old');
    await expect(clientOf(server.base).search('Observation', [], locked('new'))).rejects.toMatchObject({ code: 'not_allowed' });
  });
});

describe('the patient parameter', () => {
  it.each([
    ['Observation', 'patient'],
    ['Encounter', 'patient'],
    ['AdverseEvent', 'subject'],
    ['Patient', '_id'],
  ])('%s is found by %s', async (type, parameter) => {
    const server = await returning();
    await clientOf(server.base).search(type, [], locked());
    expect(server.searches()[0]?.url.searchParams.get(parameter)).toBe('p1');
  });

  it('a server that lists only subject is asked by subject', async () => {
    const server = await start(
      (asked) => ({ body: searchset(asked, [observation('o1')]) }),
      () => ({ body: capabilities({ search: { Observation: ['subject', 'code'] } }) }),
    );
    await clientOf(server.base).search('Observation', [], locked());
    expect(server.searches()[0]?.url.search).toBe('?subject=p1&_count=1000');
  });

  it('what belongs to nobody is asked for without a patient', async () => {
    const server = await start((asked) => ({ body: searchset(asked, [{ resourceType: 'Medication', id: 'm1' } as Resource]) }));
    expect((await clientOf(server.base).search('Medication', [['_id', 'm1']], locked())).resources).toHaveLength(1);
    expect(server.searches()[0]?.url.search).toBe('?_id=m1&_count=1000');
  });

  it('patient data without a lock are not asked for', async () => {
    const server = await returning();
    await expect(clientOf(server.base).search('Observation', [], { signal, patient: null })).rejects.toMatchObject({ code: 'not_allowed' });
    await expect(clientOf(server.base).read('Observation/o1', { signal, patient: null })).rejects.toMatchObject({ code: 'not_allowed' });
    await expect(clientOf(server.base).search('Foo', [], locked())).rejects.toMatchObject({ code: 'unsupported' });
    await expect(clientOf(server.base).search('../admin', [], locked())).rejects.toMatchObject({ code: 'bad_input' });
    expect(server.asked).toHaveLength(0);
  });
});

describe('read', () => {
  it.each([404, 410])('HTTP %i is null', async (status) => {
    const server = await start(() => ({ status }));
    expect(await clientOf(server.base).read('Observation/o1', locked())).toBeNull();
  });

  it('HTTP 500 is unavailable, not null', async () => {
    const server = await start(() => ({ status: 500 }));
    await expect(clientOf(server.base).read('Observation/o1', locked())).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('a reference to another server is not followed', async () => {
    const server = await start(() => ({ status: 500 }));
    await expect(clientOf(server.base).read('https://other.example.org/Observation/1', locked())).rejects.toMatchObject({
      code: 'bad_input',
    });
    expect(server.asked).toHaveLength(0);
  });

  it('a resource of the patient and one of nobody are read', async () => {
    const server = await start(({ url }) => ({
      body: url.pathname.includes('Medication') ? { resourceType: 'Medication', id: 'm1' } : observation('o1'),
    }));
    expect(await clientOf(server.base).read('Observation/o1', locked())).toMatchObject({ id: 'o1' });
    expect(await clientOf(server.base).read('Medication/m1', locked())).toMatchObject({ id: 'm1' });
  });
});
