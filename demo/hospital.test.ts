import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { describe, expect, it } from 'vitest';
import { endOf, startOf } from '../src/evidence/index.ts';
import { at, plusDays, plusMinutes } from './clock.ts';
import { files, gzip, HOSPITAL } from './hospital.ts';
import { egfr2021 } from './measurements.ts';

const DATA = join(import.meta.dirname, 'data');
const made = files();
const bundles = [...made]
  .filter(([name]) => name !== 'hospital.json')
  .map(([name, text]) => ({ name, bundle: JSON.parse(text) as Bundle<FhirResource> }));

/** Every string in a resource, with its path. */
function* strings(value: unknown, path: string): Generator<[path: string, text: string]> {
  if (typeof value === 'string') yield [path, value];
  else if (value !== null && typeof value === 'object')
    for (const [key, child] of Object.entries(value)) yield* strings(child, `${path}.${key}`);
}

/** Cardinality 1.. of the FHIR R4 resource pages; a slash parts alternatives. */
const REQUIRED: Record<string, string[]> = {
  AllergyIntolerance: ['patient'],
  Condition: ['subject'],
  DocumentReference: ['status', 'content'],
  Encounter: ['status', 'class'],
  Immunization: ['status', 'vaccineCode', 'patient', 'occurrenceDateTime'],
  Location: [],
  Medication: [],
  MedicationAdministration: ['status', 'medicationCodeableConcept/medicationReference', 'subject', 'effectiveDateTime/effectivePeriod'],
  MedicationRequest: ['status', 'intent', 'medicationCodeableConcept/medicationReference', 'subject'],
  Observation: ['status', 'code'],
  Organization: ['name'],
  Patient: [],
};

describe('the demo hospital', () => {
  it('is made the same twice', () => {
    expect([...files()]).toEqual([...made]);
    expect(gzip('the same').equals(gzip('the same'))).toBe(true);
  });

  it('is committed as the generator makes it', () => {
    for (const [name, text] of made) {
      const bytes = readFileSync(join(DATA, name));
      expect((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8') === text, `${name}: run npm run demo`).toBe(true);
    }
  });

  it('stays under a megabyte', () => {
    expect([...made].reduce((sum, [name]) => sum + readFileSync(join(DATA, name)).length, 0)).toBeLessThan(1_000_000);
  });

  it('writes gzip that any reader opens, without a time in its header', () => {
    const zipped = gzip('µmol/L');
    expect(gunzipSync(zipped).toString('utf8')).toBe('µmol/L');
    expect(zipped.readUInt32LE(4)).toBe(0);
  });
});

/** What lies after the as-of time on purpose: pending results, an unborn potassium, a planned visit, an order of this afternoon. */
const LATER: Record<string, string[]> = {
  'kidney.json.gz': ['Observation/kidney-creatinine-20260317-0920', 'Observation/kidney-potassium-20260317-0920'],
  'dirty.json.gz': [
    'Encounter/dirty-visit-planned',
    'MedicationRequest/dirty-order-amoxicillin',
    'Observation/dirty-lactate-20260317-0915',
    'Observation/dirty-potassium-20260317-1410',
  ],
  'namesake.json.gz': [],
};

describe.each(bundles)('$name', ({ name, bundle }) => {
  const resources = bundle.entry!.map((entry) => entry.resource!);
  const references = new Set(resources.map((r) => `${r.resourceType}/${r.id}`));

  it('resolves every reference within the bundle or the resource', () => {
    for (const resource of resources) {
      for (const [path, text] of strings(resource, `${resource.resourceType}/${resource.id}`)) {
        if (!path.endsWith('.reference')) continue;
        const contained = (resource as { contained?: { id?: string }[] }).contained ?? [];
        const found = text.startsWith('#') ? contained.some((c) => `#${c.id}` === text) : references.has(text);
        expect(found, `${path} → ${text}`).toBe(true);
      }
    }
  });

  it('has the elements that FHIR R4 requires', () => {
    for (const resource of resources) {
      const required = REQUIRED[resource.resourceType];
      expect(required, resource.resourceType).toBeDefined();
      for (const field of required!) {
        expect(
          field.split('/').some((name) => name in resource),
          `${resource.resourceType}/${resource.id}: ${field}`,
        ).toBe(true);
      }
    }
  });

  it('holds FHIR times, and nothing after the as-of time but what is meant to be', () => {
    const later = new Set<string>();
    for (const resource of resources) {
      for (const [path, text] of strings(resource, `${resource.resourceType}/${resource.id}`)) {
        if (!/(?:[dD]ate|DateTime|issued|authoredOn|start|end)$/.test(path)) continue;
        expect(Number.isNaN(startOf(text)), `${path}: ${text}`).toBe(false);
        if (startOf(text) > startOf(HOSPITAL.asOf)) later.add(path.split('.')[0]!);
      }
    }
    expect([...later].sort()).toEqual(LATER[name]);
  });

  it('belongs to one patient', () => {
    const patients = resources.filter((r) => r.resourceType === 'Patient');
    expect(patients).toHaveLength(1);
    for (const r of resources as { subject?: { reference?: string }; patient?: { reference?: string } }[]) {
      const whose = r.subject?.reference ?? r.patient?.reference;
      if (whose !== undefined) expect(whose).toBe(`Patient/${patients[0]!.id}`);
    }
  });

  it('keeps the invariants on verification status', () => {
    for (const r of resources) {
      if (r.resourceType !== 'Condition' && r.resourceType !== 'AllergyIntolerance') continue;
      const verification = r.verificationStatus?.coding?.[0]?.code;
      // con-5, ait-2: no clinical status on what was entered in error; ait-1: else an allergy has one.
      if (verification === 'entered-in-error') expect(r.clinicalStatus, r.id).toBeUndefined();
      else if (r.resourceType === 'AllergyIntolerance') expect(r.clinicalStatus, r.id).toBeDefined();
      // con-4: what has abated is not active.
      if (r.resourceType === 'Condition' && r.abatementDateTime !== undefined)
        expect(r.clinicalStatus?.coding?.[0]?.code).not.toBe('active');
    }
  });

  it('gives an Observation a value, components, or says why there is none', () => {
    for (const r of resources) {
      if (r.resourceType !== 'Observation' || r.status === 'registered') continue;
      const values = Object.keys(r).filter((key) => key.startsWith('value') || key === 'component' || key === 'dataAbsentReason');
      expect(values, r.id).toHaveLength(1); // obs-6
    }
  });
});

describe('the clock', () => {
  it('changes to daylight saving on the second Sunday of March and back on the first of November', () => {
    expect(at('2026-03-07', '08:00')).toBe('2026-03-07T08:00:00-05:00');
    expect(at('2026-03-08', '08:00')).toBe('2026-03-08T08:00:00-04:00');
    expect(at('2025-11-01', '08:00')).toBe('2025-11-01T08:00:00-04:00');
    expect(at('2025-11-02', '08:00')).toBe('2025-11-02T08:00:00-05:00');
  });

  it('counts over midnight, leap days and years', () => {
    expect(plusMinutes(at('2026-03-14', '23:30'), 45)).toBe('2026-03-15T00:15:00-04:00');
    expect(plusDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(plusDays('2025-12-31', 1)).toBe('2026-01-01');
    expect(endOf('2026-03-17')).toBe(startOf('2026-03-18'));
  });
});

describe('CKD-EPI 2021', () => {
  // Worked by hand from the published equation: 142 × (2.0/0.7)^-1.2 × 0.9938^68 × 1.012.
  it('is 26.7 for a woman of 68 with a creatinine of 2.0 mg/dL', () => {
    expect(egfr2021(2, 68, true)).toBeCloseTo(26.7, 1);
  });
});
