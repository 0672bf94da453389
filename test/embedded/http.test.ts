// The embedded FHIR server as a client meets it: token, searches, paging, refusals. The records are made here by hand.

import type { Bundle } from 'fhir/r4.js';
import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, closeAll, type Served, serveFiles } from './serve.ts';

const LOINC = 'http://loinc.org';
const result = (id: string, patient: string, code: string, display: string, time: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] }],
  code: { coding: [{ system: LOINC, code, display }] },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: time,
  ...more,
});

const RECORDS = [
  {
    resourceType: 'Patient',
    id: 'a',
    identifier: [{ system: 'urn:mrn', value: '100' }],
    name: [{ use: 'official', family: 'Müller', given: ['Änne', 'Marie'] }],
    birthDate: '1950-04-02',
    gender: 'female',
  },
  {
    resourceType: 'Patient',
    id: 'b',
    identifier: [{ system: 'urn:other', value: '100' }],
    name: [{ text: 'Bo Mullins' }],
    birthDate: '1951',
    gender: 'male',
  },
  result('k1', 'a', '2823-3', 'Potassium', '2024-01-01T08:00:00-05:00', {
    encounter: { reference: 'Encounter/e1' },
    specimen: { reference: 'Specimen/s1' },
  }),
  result('k2', 'a', '2823-3', 'Potassium', '2024-01-02T23:30:00-05:00', { status: 'corrected' }),
  result('k3', 'b', '2823-3', 'Potassium', '2024-01-02T08:00:00-05:00'),
  result('c1', 'a', '2160-0', 'Creatinine', '2024-01-03', { meta: { lastUpdated: '2024-02-01T00:00:00Z' } }),
  result('bp', 'a', '85354-9', 'Blood pressure', '2024-01-04T08:00:00Z', {
    component: [
      { code: { coding: [{ system: LOINC, code: '8480-6', display: 'Systolic' }] }, valueQuantity: { value: 120, unit: 'mmHg' } },
    ],
  }),
  { ...result('u1', 'a', 'x', 'y', '2024-01-05'), code: { text: 'Serum rhubarb, total' }, effectiveDateTime: undefined },
  {
    resourceType: 'Encounter',
    id: 'e1',
    status: 'finished',
    class: { code: 'IMP' },
    subject: { reference: 'Patient/a' },
    period: { start: '2024-01-01T00:00:00-05:00' },
    location: [{ location: { reference: 'Location/w' } }],
  },
  { resourceType: 'Location', id: 'w', name: 'Ward 1' },
  { resourceType: 'Specimen', id: 's1', subject: { reference: 'Patient/a' } },
  {
    resourceType: 'Condition',
    id: 'd1',
    subject: { reference: 'Patient/a' },
    clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] },
    code: { coding: [{ system: 'http://snomed.info/sct', code: '709044004', display: 'Chronic kidney disease' }] },
    onsetDateTime: '2015-03',
    recordedDate: '2016-01-01',
  },
  { resourceType: 'Medication', id: 'mix', ingredient: [{ itemReference: { reference: 'Medication/part' } }] },
  { resourceType: 'Medication', id: 'part', code: { text: 'Potassium chloride' } },
  {
    resourceType: 'MedicationRequest',
    id: 'm1',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/a' },
    medicationReference: { reference: 'Medication/mix' },
    authoredOn: '2024-01-02T10:00:00-05:00',
  },
];

let server: Served;
beforeAll(async () => {
  server = await serveFiles({ 'all.json': bundle(RECORDS) });
});
afterAll(closeAll);

describe('access', () => {
  it('everything without the token is 401, with an OperationOutcome', async () => {
    for (const path of ['metadata', 'Patient', 'Patient/a', 'Nonsense', '../']) {
      for (const authorization of [undefined, 'Bearer wrong', server.token]) {
        const answer = await fetch(`${server.url}/${path}`, { headers: authorization === undefined ? {} : { authorization } });
        expect(answer.status).toBe(401);
        expect(await answer.json()).toMatchObject({ resourceType: 'OperationOutcome' });
      }
    }
  });

  it('listens on loopback only, and two servers have two tokens', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/fhir$/);
    const other = await serveFiles({ 'p.json': RECORDS[0]! });
    expect(other.token).not.toBe(server.token);
    expect((await fetch(`${other.url}/Patient`, { headers: { authorization: `Bearer ${server.token}` } })).status).toBe(401);
  });

  it('nothing can be written', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect(await server.get('Patient/a', { method })).toMatchObject({ status: 405, body: { resourceType: 'OperationOutcome' } });
  });
});

describe('what the server says of itself', () => {
  it('metadata lists the types that there are, and every listed parameter is understood', async () => {
    const { body } = await server.get('metadata');
    expect(body).toMatchObject({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1' });
    const { resource } = body.rest[0];
    expect(resource.map(({ type }: { type: string }) => type)).toEqual(
      [...new Set(RECORDS.map(({ resourceType }) => resourceType))].sort(),
    );
    const sample: Record<string, string> = { date: '2024', reference: 'Patient/a', token: 'x', string: 'x', uri: 'urn:x' };
    for (const { type, searchParam } of resource)
      for (const { name, type: kind } of searchParam)
        expect([type, name, (await server.get(`${type}?${name}=${sample[kind]}`)).status]).toEqual([type, name, 200]);
  });
});

describe('searches', () => {
  it.each([
    ['Observation?patient=a', ['k1', 'k2', 'c1', 'bp', 'u1']],
    ['Observation?patient=Patient/a,Patient/b&code=2823-3', ['k1', 'k2', 'k3']],
    ['Observation?subject=Patient/b', ['k3']],
    ['Observation?subject:Patient=b', ['k3']],
    ['Observation?patient=nobody', []],
    [`Observation?patient=a&code=${LOINC}|2823-3,${LOINC}|2160-0`, ['k1', 'k2', 'c1']],
    ['Observation?patient=a&code=|2823-3', []],
    [`Observation?patient=a&code=${LOINC}|`, ['k1', 'k2', 'c1', 'bp']],
    ['Observation?patient=a&code=urn:x|2823-3', []],
    ['Observation?patient=a&code:text=POTASS', ['k1', 'k2']],
    ['Observation?patient=a&code:text=rhubarb', ['u1']],
    ['Observation?patient=a&code:not=2823-3', ['c1', 'bp', 'u1']],
    ['Observation?patient=a&code=8480-6', []],
    ['Observation?patient=a&component-code=8480-6', ['bp']],
    ['Observation?patient=a&combo-code=8480-6,2160-0', ['c1', 'bp']],
    ['Observation?patient=a&status=corrected', ['k2']],
    ['Observation?patient=a&status=http://hl7.org/fhir/observation-status|corrected', ['k2']],
    ['Observation?patient=a&category=laboratory&code=2160-0', ['c1']],
    ['Observation?patient=a&encounter=Encounter/e1', ['k1']],
    ['Observation?patient=a&encounter=e1', ['k1']],
    ['Observation?patient=a&specimen=Specimen/s1', ['k1']],
    ['Observation?patient=a&date=2024-01-02', ['k2']],
    ['Observation?patient=a&date=ge2024-01-02&date=lt2024-01-04', ['k2', 'c1']],
    ['Observation?patient=a&date=2024-01-01,2024-01-03', ['k1', 'c1']],
    ['Observation?patient=a&date=gt2024-01-03T00:00:00-05:00', ['c1', 'bp']],
    ['Observation?patient=a&date:missing=true', ['u1']],
    ['Observation?patient=a&_sort=-date', ['bp', 'c1', 'k2', 'k1', 'u1']],
    ['Observation?patient=a&_sort=date&_count=1', ['k1', 'k2', 'c1', 'bp', 'u1']],
    ['Observation?_id=k3,c1', ['k3', 'c1']],
    ['Observation?_lastUpdated=ge2024', ['c1']],
    ['Condition?patient=a&clinical-status=active', ['d1']],
    ['Condition?patient=a&onset-date=2015', ['d1']],
    ['Condition?patient=a&onset-date=2015-03-01', []],
    ['Condition?patient=a&recorded-date=lt2016-01-02', ['d1']],
    ['Encounter?patient=a&date=ge2030', ['e1']],
    ['Encounter?patient=a&class=IMP&location=Location/w', ['e1']],
    ['MedicationRequest?patient=a&authoredon=2024-01-02&medication=Medication/mix', ['m1']],
    ['Medication?ingredient=Medication/part', ['mix']],
    ['Location?name=ward', ['w']],
    ['Patient?identifier=100', ['a', 'b']],
    ['Patient?identifier=urn:mrn|100', ['a']],
    ['Patient?name=mull', ['a']],
    ['Patient?name:contains=mull', ['a', 'b']],
    ['Patient?name=anne', ['a']],
    ['Patient?name=Änne%20Marie%20Müller', ['a']],
    ['Patient?family=Muller&given=marie', ['a']],
    ['Patient?family:exact=Muller', []],
    ['Patient?birthdate=1950-04-02&gender=female', ['a']],
    ['Patient?birthdate=le1951', ['a', 'b']],
    ['Patient?_count=1', ['a', 'b']],
  ])('%s', async (path, expected) => {
    const found = await server.ids(path);
    expect(path.includes('_sort') ? found : found.sort()).toEqual(path.includes('_sort') ? expected : [...expected].sort());
  });

  it('_include brings what is referred to once, and by :iterate what that refers to', async () => {
    const modes = async (path: string) =>
      (await server.get(path)).body.entry.map(
        ({ resource, search }: { resource: { id: string }; search: { mode: string } }) => `${search.mode} ${resource.id}`,
      );
    expect(await modes('MedicationRequest?patient=a&_include=MedicationRequest:medication')).toEqual(['match m1', 'include mix']);
    expect(await modes('MedicationRequest?patient=a&_include=MedicationRequest:medication&_include:iterate=Medication:ingredient')).toEqual(
      ['match m1', 'include mix', 'include part'],
    );
    expect(await modes('Encounter?patient=a&_include=Encounter:location:Location')).toEqual(['match e1', 'include w']);
    expect(await modes('Encounter?patient=a&_include=Encounter:location:Patient')).toEqual(['match e1']);
    expect(await modes('Encounter?patient=a&_revinclude=Observation:encounter')).toEqual(['match e1', 'include k1']);
  });

  it('POST _search finds what GET finds', async () => {
    const { body } = await server.get('Observation/_search', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'patient=a&code=2823-3',
    });
    expect(body.total).toBe(2);
  });

  it('_summary=count gives the number alone', async () => {
    const { body } = await server.get('Observation?patient=a&_summary=count');
    expect(body).toMatchObject({ total: 5, type: 'searchset' });
    expect(body.entry).toBeUndefined();
    expect(body.link.map(({ relation }: { relation: string }) => relation)).toEqual(['self']);
  });

  it('the self link says all that was asked', async () => {
    const asked = `Observation?patient=a&code=${encodeURIComponent('http://loinc.org|2823-3')}&date=ge2024-01-01T00%3A00%3A00%2B01%3A00&_sort=-date`;
    const { body } = await server.get(asked);
    const self = new URL(body.link[0].url);
    expect([...self.searchParams]).toEqual([...new URL(asked, 'http://x').searchParams]);
  });
});

describe('what is not understood is refused by name', () => {
  it.each([
    ['Observation?patient=a&colour=red', 'colour'],
    ['Observation?patient=a&code:above=x', ':above'],
    ['Observation?patient=a&code:in=x', ':in'],
    ['Observation?patient.name=x', 'patient.name'],
    ['Observation?_has:Patient:x=y', '_has'],
    ['Observation?date=yesterday', 'date'],
    ['Observation?date=2024-02-30', 'date'],
    ['Observation?code=', 'code'],
    ['Observation?_sort=colour', 'colour'],
    ['Observation?_include=Observation:code', '_include'],
    ['Observation?_include=*', '_include'],
    ['Observation?_summary=text', '_summary'],
    ['Observation?_elements=code', '_elements'],
    ['Observation?_count=many', '_count'],
    ['Observation?_format=xml', '_format'],
    ['Observation?patient=a/b/c', 'patient'],
    ['Observation?_page=invented', '_page'],
  ])('%s', async (path, named) => {
    const { status, body } = await server.get(path);
    expect(status).toBe(400);
    expect(body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ severity: 'error' }] });
    expect(body.issue[0].diagnostics).toContain(named);
  });

  it('a type that there is not, and an id or version that there is not, are 404 with an OperationOutcome', async () => {
    for (const path of [
      'Nonsense',
      'Nonsense?colour=red',
      'Immunization?patient=a',
      'Nonsense/1',
      'Patient/none',
      'Patient/a/_history/9',
      'Patient/a/$everything',
      'x/y/z/q',
    ])
      expect([path, await server.get(path)]).toMatchObject([path, { status: 404, body: { resourceType: 'OperationOutcome' } }]);
  });
});

describe('the official client', () => {
  it('search and nextPage give each resource once', async () => {
    const many = Array.from({ length: 257 }, (_, i) =>
      result(`r${i}`, 'a', '2823-3', 'Potassium', `2024-01-01T${String(i % 24).padStart(2, '0')}:00:00Z`),
    );
    const { url, token } = await serveFiles({ 'many.json': bundle([RECORDS[0]!, ...many]) });
    const client = new Client({ baseUrl: url });
    client.bearerToken = token;
    const seen: string[] = [];
    const searchParams = { patient: 'a', _sort: '-date', _count: '50' };
    let page = (await client.search({ resourceType: 'Observation', searchParams })) as unknown as Bundle | undefined;
    expect(page?.total).toBe(257);
    while (page !== undefined) {
      seen.push(...(page.entry ?? []).map(({ resource }) => resource!.id!));
      page = (await client.nextPage({ bundle: page as never })) as unknown as Bundle | undefined;
    }
    expect(seen).toHaveLength(257);
    expect(new Set(seen)).toEqual(new Set(many.map(({ id }) => id)));
  });

  it('reads a resource and is told of one that is missing', async () => {
    const client = new Client({ baseUrl: server.url });
    client.bearerToken = server.token;
    expect(await client.read({ resourceType: 'Patient', id: 'a' })).toEqual(RECORDS[0]);
    await expect(client.read({ resourceType: 'Patient', id: 'none' })).rejects.toMatchObject({ response: { status: 404 } });
  });
});
