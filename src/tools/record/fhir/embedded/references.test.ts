import { describe, expect, it } from 'vitest';
import { Resources } from './references.ts';
import { scan } from './scan.ts';

type Entry = { fullUrl?: string; resource: Record<string, unknown> };

function load(entry: Entry[], elsewhere: (reference: string) => string | null = () => null) {
  const bytes = Buffer.from(JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }));
  const resources = new Resources(bytes, scan(bytes, false), elsewhere);
  return entry.map((_, i) => {
    const { bytes: b, start, end } = resources.located(i);
    return { text: b.toString('utf8', start, end), ...JSON.parse(b.toString('utf8', start, end)) };
  });
}

const UUID = '04121321-4af5-424c-a0e1-ed3aab1c349d';
const observation = (reference: string) => ({ resourceType: 'Observation', id: 'o', status: 'final', subject: { reference } });

describe('references within a bundle', () => {
  it('a urn:uuid becomes the relative reference, and the entry’s id where it has none', () => {
    const [patient, result] = load([
      { fullUrl: `urn:uuid:${UUID}`, resource: { resourceType: 'Patient' } },
      { resource: observation(`urn:uuid:${UUID}`) },
    ]);
    expect(patient.id).toBe(UUID);
    expect(result.subject.reference).toBe(`Patient/${UUID}`);
  });

  it('an absolute reference to an entry becomes relative, with its version kept', () => {
    const entries = (reference: string) =>
      load([
        { fullUrl: 'http://a.org/fhir/Patient/23', resource: { resourceType: 'Patient', id: '23' } },
        { resource: observation(reference) },
      ]);
    expect(entries('http://a.org/fhir/Patient/23')[1].subject.reference).toBe('Patient/23');
    expect(entries('http://a.org/fhir/Patient/23/_history/2')[1].subject.reference).toBe('Patient/23/_history/2');
    expect(entries('http://b.org/fhir/Patient/23')[1].subject.reference).toBe('http://b.org/fhir/Patient/23');
  });

  it('another server’s Patient/23 is not this one’s', () => {
    const [, own, foreign] = load([
      { fullUrl: 'http://a.org/fhir/Patient/23', resource: { resourceType: 'Patient', id: '23' } },
      { fullUrl: 'http://a.org/fhir/Observation/o', resource: observation('Patient/23') },
      { fullUrl: 'http://a.org/other/Observation/o', resource: observation('Patient/23') },
    ]);
    expect(own).toMatchObject({ id: 'o', subject: { reference: 'Patient/23' } });
    expect(foreign.subject.reference).toBe('http://a.org/other/Patient/23');
    expect(foreign.id).not.toBe('o');
  });

  it('contained, relative and unresolvable references stay as written, byte by byte', () => {
    for (const reference of ['#p', 'Patient/x', 'Patient/x/_history/3', `urn:uuid:${UUID}`, 'Patient?identifier=a|b']) {
      const [one] = load([{ resource: { ...observation(reference), valueDecimal: 1 } }]);
      expect(one.subject.reference).toBe(reference);
    }
  });

  it('a search by identifier resolves where exactly one resource has it', () => {
    const person = (id: string) => ({ resource: { resourceType: 'Patient', id, identifier: [{ system: 'urn:mrn', value: '7' }] } });
    expect(load([person('a'), { resource: observation('Patient?identifier=urn:mrn|7') }])[1].subject.reference).toBe('Patient/a');
    expect(load([person('a'), person('b'), { resource: observation('Patient?identifier=urn:mrn|7') }])[2].subject.reference).toBe(
      'Patient?identifier=urn:mrn|7',
    );
    expect(load([{ resource: observation('Patient?identifier=urn:mrn|7') }], () => 'Patient/z')[0].subject.reference).toBe('Patient/z');
  });

  it('text that looks like a reference is left alone, and so are decimals', () => {
    const bytes = Buffer.from(
      `{"resourceType":"Bundle","entry":[{"fullUrl":"urn:uuid:${UUID}","resource":{"resourceType":"Patient"}},{"resource":{"resourceType":"Observation","id":"o","subject":{"reference" : "urn:uuid:${UUID}"},"valueQuantity":{"value":1.00},"note":[{"text":"{\\"reference\\":\\"urn:uuid:${UUID}\\"}"}]}}]}`,
    );
    const resources = new Resources(bytes, scan(bytes, false), () => null);
    const { bytes: b, start, end } = resources.located(1);
    const text = b.toString('utf8', start, end);
    expect(text).toContain('"value":1.00');
    expect(JSON.parse(text).note[0].text).toBe(`{"reference":"urn:uuid:${UUID}"}`);
    expect(JSON.parse(text).subject.reference).toBe(`Patient/${UUID}`);
  });
});
