import * as fc from 'fast-check';
import type { FhirResource, Medication, MedicationRequest } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { conceptOf, lookupIn, medicationOf, normaliseIcd, ofMedication, wordsOf } from './names.ts';

const MIMIC = 'http://mimic.mit.edu/fhir/mimic/CodeSystem';
const order = (rest: Partial<MedicationRequest>): MedicationRequest => ({
  resourceType: 'MedicationRequest',
  id: 'o',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p1' },
  ...rest,
});
const nothing = lookupIn([]);

describe('a coded thing', () => {
  test('is told by its text, and keeps all codings', () => {
    const found = conceptOf({
      text: 'Sugar disease',
      coding: [{ system: 'http://snomed.info/sct', code: '44054006', display: 'Diabetes mellitus type 2' }],
    });
    expect(found.name).toBe('Sugar disease');
    expect(found.codings).toEqual([{ system: 'http://snomed.info/sct', code: '44054006', display: 'Diabetes mellitus type 2' }]);
  });

  test('of several codings takes the name from the one with a display and keeps the order of all', () => {
    const found = conceptOf({
      coding: [
        { system: 'urn:local', code: '17' },
        { system: 'http://loinc.org', code: '2160-0', display: 'Creatinine' },
      ],
    });
    expect(found.name).toBe('Creatinine');
    expect(found.codings.map((c) => c.code)).toEqual(['17', '2160-0']);
  });

  test('prefers a display to a text that only repeats the code', () => {
    expect(
      conceptOf({ text: 'E11.9', coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'E11.9', display: 'Type 2 diabetes' }] })
        .name,
    ).toBe('Type 2 diabetes');
  });

  test('without any name shows the code with "name not recorded", never an empty name', () => {
    expect(conceptOf({ coding: [{ system: `${MIMIC}/mimic-diagnosis-icd9`, code: 'V462' }] }).name).toBe(
      'ICD-9-CM V46.2 (name not recorded)',
    );
    expect(conceptOf({ coding: [{ system: `${MIMIC}/mimic-medication-formulary-drug-cd`, code: 'ALBU100' }] }).name).toBe(
      'formulary code ALBU100 (name not recorded)',
    );
    expect(conceptOf({ coding: [{ system: 'http://hl7.org/fhir/sid/ndc', code: '00409672924' }] }).name).toBe(
      'NDC 00409672924 (name not recorded)',
    );
    expect(conceptOf({ coding: [{ code: 'X9' }] }).name).toBe('code X9 (name not recorded)');
    for (const empty of [undefined, {}, { text: '  ' }, { coding: [] }, { coding: [{ display: '' }] }])
      expect(conceptOf(empty).name).toBe('name not recorded');
  });

  test('never takes a UUID for a name', () => {
    expect(conceptOf({ text: 'a6e7e991-6801-5425-b435-4ca6b7decfcc' }).name).toBe('name not recorded');
  });

  test('takes a code for the name where the system is one of names, and the published word of a standard code', () => {
    expect(conceptOf({ coding: [{ system: `${MIMIC}/mimic-medication-name`, code: 'Magnesium  Sulfate ' }] }).name).toBe(
      'Magnesium Sulfate',
    );
    expect(conceptOf({ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'OBSENC' }] }).name).toBe(
      'observation',
    );
    expect(wordsOf({ coding: [{ system: `${MIMIC}/mimic-discharge-disposition`, code: 'HOME HEALTH CARE' }] })).toBe('HOME HEALTH CARE');
  });
});

// Dots as CMS prints the codes (ICD-9-CM and ICD-10-CM tabular lists; ICD-10-PCS has none).
test.each([
  [`${MIMIC}/mimic-diagnosis-icd9`, 'V462', 'V46.2'],
  [`${MIMIC}/mimic-diagnosis-icd9`, 'E8788', 'E878.8'],
  [`${MIMIC}/mimic-diagnosis-icd9`, '3051', '305.1'],
  [`${MIMIC}/mimic-diagnosis-icd9`, '486', '486'],
  [`${MIMIC}/mimic-diagnosis-icd10`, 'N179', 'N17.9'],
  [`${MIMIC}/mimic-diagnosis-icd10`, 'I10', 'I10'],
  [`${MIMIC}/mimic-procedure-icd9`, '0139', '01.39'],
  [`${MIMIC}/mimic-procedure-icd10`, '02HV33Z', '02HV33Z'],
  ['http://hl7.org/fhir/sid/icd-10-cm', 'E11.9', 'E11.9'],
  ['urn:oid:2.16.840.1.113883.6.90', 'e119', 'E11.9'],
  ['http://hl7.org/fhir/sid/icd-10', 'K35', 'K35'],
])('%s %s is %s', (system, code, shown) => {
  expect(normaliseIcd({ system, code })?.code).toBe(shown);
});

test('a code of another system is no ICD code', () => {
  expect(normaliseIcd({ system: 'http://snomed.info/sct', code: '3051' })).toBeNull();
  expect(normaliseIcd({ code: 'V462' })).toBeNull();
});

describe('a drug', () => {
  const name = (value: string) => ({ system: `${MIMIC}/mimic-medication-name`, value });
  const medication = (id: string, rest: Partial<Medication>): Medication => ({ resourceType: 'Medication', id, ...rest });

  test('whose name stands only in an identifier is told by it', () => {
    const drug = medication('m1', {
      code: { coding: [{ system: `${MIMIC}/mimic-medication-ndc`, code: '51079012620' }] },
      identifier: [{ system: `${MIMIC}/mimic-medication-formulary-drug-cd`, value: 'METR500' }, name('MetRONIDAZOLE (FLagyl)')],
    });
    const found = medicationOf(order({ medicationReference: { reference: 'Medication/m1' } }), lookupIn([drug]));
    expect(found.concept.name).toBe('MetRONIDAZOLE (FLagyl)');
    expect(found.concept.codings.map((c) => c.code)).toEqual(['51079012620', 'METR500']);
    expect(found.mix).toBe(false);
  });

  test('in a contained resource is found by #id', () => {
    const contained = medication('med', { code: { text: 'Ondansetron 4 mg tablet' } });
    expect(medicationOf(order({ contained: [contained], medicationReference: { reference: '#med' } }), nothing).concept.name).toBe(
      'Ondansetron 4 mg tablet',
    );
  });

  test.each([
    'Medication/m1',
    'Medication/m1/_history/3',
    'https://fhir.example.org/r4/Medication/m1',
    'https://fhir.example.org/r4/Medication/m1/_history/2',
  ])('is found by the reference %s', (reference) => {
    const drug = medication('m1', { code: { text: 'Aspirin' } });
    expect(medicationOf(order({ medicationReference: { reference } }), lookupIn([drug])).concept.name).toBe('Aspirin');
  });

  test('is found by urn:uuid', () => {
    const drug = medication('0e0e7a1c-8a70-4d2c-9a8f-000000000001', { code: { text: 'Aspirin' } });
    const found = medicationOf(order({ medicationReference: { reference: `urn:uuid:${drug.id}` } }), lookupIn([drug]));
    expect(found.concept.name).toBe('Aspirin');
  });

  test('named only by one ingredient takes its name and is no mix', () => {
    const drug = medication('m1', { ingredient: [{ itemCodeableConcept: { text: 'Paracetamol' } }] });
    expect(ofMedication(drug, nothing)).toMatchObject({ concept: { name: 'Paracetamol' }, mix: false });
  });

  test('mixed of several lists its parts, in Medications or as concepts, and is a mix', () => {
    const parts = [
      medication('a', { identifier: [name('Norepinephrine')] }),
      medication('b', { identifier: [name('0.9% Sodium Chloride')] }),
    ];
    const mix = medication('m', {
      identifier: [
        {
          system: 'http://mimic.mit.edu/fhir/mimic/identifier/medication-mix',
          value: 'NORepinephrine--NORE4I--00703115303_0.9%--NS250--1',
        },
      ],
      ingredient: [
        { itemReference: { reference: 'Medication/a' } },
        { itemReference: { reference: 'Medication/b' } },
        { itemCodeableConcept: { text: 'Heparin' } },
      ],
    });
    const found = medicationOf(order({ medicationReference: { reference: 'Medication/m' } }), lookupIn([mix, ...parts]));
    expect(found.concept.name).toBe('Norepinephrine + 0.9% Sodium Chloride + Heparin');
    expect(found.mix).toBe(true);
    expect(found.parts.map((p) => p.name)).toEqual(['Norepinephrine', '0.9% Sodium Chloride', 'Heparin']);
  });

  test('a mix with a part that cannot be found says so for the part', () => {
    const mix = medication('m', {
      ingredient: [{ itemReference: { reference: 'Medication/gone' } }, { itemCodeableConcept: { text: 'Dextrose 5%' } }],
    });
    expect(ofMedication(mix, nothing).concept.name).toBe('name not recorded + Dextrose 5%');
  });

  test('a mix that contains itself ends', () => {
    const loop = medication('m', {
      ingredient: [{ itemReference: { reference: 'Medication/m' } }, { itemCodeableConcept: { text: 'Water' } }],
    });
    expect(ofMedication(loop, lookupIn([loop])).mix).toBe(true);
  });

  test('that its reference does not lead to is told by the display, else as not recorded', () => {
    expect(medicationOf(order({ medicationReference: { reference: 'Medication/gone', display: 'Warfarin' } }), nothing).concept.name).toBe(
      'Warfarin',
    );
    expect(medicationOf(order({ medicationReference: { reference: 'Medication/gone' } }), nothing)).toMatchObject({
      concept: { name: 'name not recorded' },
      named: false,
    });
    expect(medicationOf(order({}) as FhirResource as MedicationRequest, nothing).concept.name).toBe('name not recorded');
  });
});

test('whatever a record writes, a name is neither empty nor a UUID, and no coding with a code is lost', () => {
  const word = fc.oneof(fc.string(), fc.uuid(), fc.constantFrom('', ' ', 'V462', 'Magnesium Sulfate'));
  const coding = fc.record(
    {
      system: fc.constantFrom(`${MIMIC}/mimic-diagnosis-icd9`, `${MIMIC}/mimic-medication-name`, 'http://snomed.info/sct', ''),
      code: word,
      display: word,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.record({ text: word, coding: fc.array(coding, { maxLength: 4 }) }, { requiredKeys: [] }), (concept) => {
      const { name, codings } = conceptOf(concept);
      expect(name.trim()).not.toBe('');
      expect(name).not.toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i);
      for (const c of concept.coding ?? []) if (c.code !== undefined) expect(codings.map((k) => k.code)).toContain(c.code);
    }),
  );
});

test('writing an ICD code in its standard form twice changes nothing', () => {
  const system = fc.constantFrom(`${MIMIC}/mimic-diagnosis-icd9`, `${MIMIC}/mimic-diagnosis-icd10`, 'http://hl7.org/fhir/sid/icd-10');
  fc.assert(
    fc.property(system, fc.stringMatching(/^[A-Z]?[0-9]{3,6}$/), (s, code) => {
      const once = normaliseIcd({ system: s, code })!;
      expect(normaliseIcd(once)).toEqual(once);
    }),
  );
});
