// Results of real and synthetic patients against a naive scan of their bundles, which knows nothing of our tables.
import type { Observation, Resource } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { arrayContext, lock } from '../../../../test/fixtures/array-source.ts';
import { sharedFolder } from '../../../../test/fixtures/shared-bundles.ts';
import type { ToolResult } from '../../tool.ts';
import { fetchLabs } from '../fetch-labs.ts';
import { fetchVitals } from '../fetch-vitals.ts';

const mimic = sharedFolder('fhir/mimic_iv_demo/bundles');
const synthea = sharedFolder('fhir/synthea');
const FAR = '2300-01-01T00:00:00Z';
const PATIENTS = ['10014078.json.gz', '10002428.json.gz'];

const isObservation = (r: Resource): r is Observation => r.resourceType === 'Observation';
const coded = (resources: Resource[], codes: string[], category: string) =>
  resources
    .filter(isObservation)
    .filter(
      (r) =>
        (r.category ?? []).some((c) => c.coding?.some((k) => k.code === category)) &&
        (r.code.coding ?? []).some((c) => codes.includes(c.code ?? '')),
    );
const completenessOf = (r: ToolResult, what: string) => r.completeness.find((c) => c.what === what);
const shown = (r: ToolResult, analyte: string) =>
  r.evidence.filter((e) => e.kind === 'observation' && e.qualifiers?.['analyte'] === analyte);

describe.skipIf(mimic.missing)(`MIMIC-IV demo in ${mimic.path}`, () => {
  const patients = mimic.missing
    ? []
    : PATIENTS.map((name) => mimic.bundle(name)).map((b) => ({
        ...b,
        resources: b.resources.filter((r) => ['Observation', 'Encounter', 'Patient'].includes(r.resourceType)),
      }));

  test.each([
    // The source's item numbers (d_labitems): the truth that our names and LOINC codes are held against.
    ['potassium', 'K', ['50971', '50822']],
    ['creatinine', 'creat', ['50912', '52024']],
    ['hemoglobin', 'Hgb', ['51222', '50811']],
    ['glucose', 'glucose', ['50931', '50809']],
    ['wbc', 'WBC', ['51301', '51300']],
    ['platelets', 'plt', ['51265']],
    ['inr', 'INR', ['51237']],
    ['lactate', 'lactate', ['50813']],
    ['troponin-t', 'trop', ['51003']],
    ['alt', 'ALT', ['50861']],
    ['bilirubin', 'bili', ['50885']],
    ['urine-creatinine', 'urine creatinine', ['51082']],
    ['urine-glucose', 'urine glucose', ['51478']],
    ['ph', 'pH', ['50820']],
    ['neutrophils-percent', 'neutrophils', ['51256']],
    ['neutrophils-absolute', 'ANC', ['52075']],
  ])('every %s is found by “%s”, and nothing else', async (key, name, items) => {
    for (const { patient, resources } of patients) {
      const truth = coded(resources, items, 'laboratory').map((o) => `Observation/${o.id}`);
      const context = arrayContext(resources, FAR, { patient: lock(patient.id!) });
      const result = await fetchLabs.run({ tests: [name] }, context);
      const found = shown(result, key).map((e) => (e.source.type === 'fhir' ? e.source.reference : ''));
      if (truth.length <= 200) expect(found.sort()).toEqual(truth.sort());
      else expect(new Set(found).size).toBeGreaterThanOrEqual(200);
      const counted = result.completeness.filter((c) => c.found > 0).reduce((n, c) => n + (c.found ?? 0), 0);
      expect(counted).toBeGreaterThanOrEqual(truth.length);
    }
  });

  test.each([
    ['heart-rate', 'HR', ['220045', '8867-4']],
    ['systolic-bp', 'systolic blood pressure', ['220050', '220179']],
    ['spo2', 'SpO2', ['220277', '2708-6']],
    ['peep', 'PEEP', ['220339']],
  ])('every %s is found by “%s”', async (key, name, items) => {
    for (const { patient, resources } of patients) {
      const single = resources.filter(isObservation).filter((r) => (r.code.coding ?? []).some((c) => items.includes(c.code ?? '')));
      const bedside = single.filter((o) => !o.category?.some((c) => c.coding?.some((k) => k.code === 'laboratory')));
      const panels = key === 'systolic-bp' ? coded(resources, ['85354-9'], 'vital-signs').filter((o) => o.component !== undefined) : [];
      const result = await fetchVitals.run({ signs: [name] }, arrayContext(resources, FAR, { patient: lock(patient.id!) }));
      expect(result.completeness[0]?.found).toBe(bedside.length + panels.length);
    }
  });

  test('the creatinine of a stay: last 0.5, from 0.6, over 8 values (checked by hand)', async () => {
    const found = patients.find((p) => p.name === '10014078.json.gz')!;
    const context = arrayContext(found.resources, '2166-08-26T12:00:00-04:00', { patient: lock(found.patient.id!) });
    const result = await fetchLabs.run({ tests: ['creatinine'], stay: 'current' }, context);
    const [trend] = result.evidence.filter((e) => e.kind === 'calculation');
    expect(shown(result, 'creatinine')[0]).toMatchObject({
      value: { value: 0.5, unit: 'mg/dL' },
      time: { start: '2166-08-26T05:40:00-04:00' },
    });
    expect(
      trend?.components
        ?.filter((c) => ['first', 'last', 'change', 'direction'].includes(c.name))
        .map((c) => (c.value.type === 'quantity' ? c.value.value : c.value.type === 'text' ? c.value.text : '')),
    ).toEqual([0.6, 0.5, -0.1, 'no reliable change']);
    expect(completenessOf(result, 'labs: creatinine')).toMatchObject({ status: 'complete', found: 8 });
  });
});

describe.skipIf(synthea.missing)(`Synthea in ${synthea.path}`, () => {
  test('BMP, blood counts and body weight are found by their codes for every patient', async () => {
    for (const { patient, resources } of synthea.bundles()) {
      const context = arrayContext(resources, FAR, { patient: lock(patient.id!) });
      const labs = await fetchLabs.run({ tests: ['creatinine', 'K', 'LDL', 'A1c', 'Hgb', 'WBC'] }, context);
      for (const [what, code] of [
        ['creatinine', '38483-4'],
        ['potassium', '6298-4'],
        ['LDL cholesterol', '18262-6'],
        ['hemoglobin A1c', '4548-4'],
        ['hemoglobin', '718-7'],
        ['white blood cells', '6690-2'],
      ] as const)
        expect(completenessOf(labs, `labs: ${what}`)?.found, what).toBe(coded(resources, [code], 'laboratory').length);
      const vitals = await fetchVitals.run({ signs: ['weight', 'BP'] }, context);
      expect(completenessOf(vitals, 'vitals: body weight')?.found).toBe(coded(resources, ['29463-7'], 'vital-signs').length);
      expect(completenessOf(vitals, 'vitals: systolic blood pressure')?.found).toBe(coded(resources, ['55284-4'], 'vital-signs').length);
    }
  });

  test('a protein of 74 g/dL is shown as recorded and flagged', async () => {
    const found = [...synthea.bundles()].find(({ resources }) => coded(resources, ['2885-2'], 'laboratory').length > 0)!;
    const result = await fetchLabs.run(
      { tests: ['total protein'] },
      arrayContext(found.resources, FAR, { patient: lock(found.patient.id!) }),
    );
    expect(result.flags.find((f) => f.kind === 'conflicting')?.text).toContain('value and unit do not fit together');
    expect(result.evidence.filter((e) => e.kind === 'calculation')).toEqual([]);
  });
});
