// Names over every real patient. The truth is read here from the raw bundles: which codes have a name somewhere in the bundle.
import type { CodeableConcept, FhirResource, Medication, MedicationAdministration, MedicationRequest, Resource } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { sharedFolder } from '../../../../test/fixtures/shared-bundles.ts';
import { conceptOf, medicationOf } from '../names.ts';
import { eventOfWord } from './administration-events.ts';
import { doseNamer } from './dose-names.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;
const isNameSystem = (system: string | undefined) => /medication-(name|poe-iv)$/.test(system ?? '');

/** What the bundle itself says of a concept: a text, a display, or a code of a name system. */
const toldName = (c: CodeableConcept | undefined) =>
  c?.text ?? c?.coding?.find((k) => k.display)?.display ?? c?.coding?.find((k) => isNameSystem(k.system))?.code;

/** Product codes that some Medication of the bundle bears together with a name. */
function namedCodes(medications: readonly Medication[]): Set<string> {
  return new Set(
    medications.flatMap((m) =>
      m.identifier?.some((i) => isNameSystem(i.system))
        ? m.identifier.filter((i) => /formulary/.test(i.system ?? '')).map((i) => i.value!)
        : [],
    ),
  );
}

function problem(name: string, codings: readonly { system?: string; code?: string }[], hasName: boolean): string | null {
  if (name.trim() === '') return 'empty';
  if (UUID.test(name)) return `a UUID: ${name}`;
  if (codings.some((c) => c.code === name && !isNameSystem(c.system))) return `a bare code: ${name}`;
  if (hasName && name.includes('not recorded')) return `${name}, but the bundle has a name`;
  return null;
}

function problemsOf(resources: readonly Resource[]): string[] {
  const all = resources as readonly FhirResource[];
  const medications = all.filter((r) => r.resourceType === 'Medication');
  const orders = all.filter((r) => r.resourceType === 'MedicationRequest');
  const { lookup, nameOf } = doseNamer(orders, medications);
  const codes = namedCodes(medications);
  return all.flatMap((r) => {
    const found = check(r);
    return found === null ? [] : [`${r.resourceType}/${r.id}: ${found}`];
  });

  function check(r: FhirResource): string | null {
    switch (r.resourceType) {
      case 'Condition':
      case 'Procedure':
        return problem(conceptOf(r.code).name, r.code?.coding ?? [], toldName(r.code) !== undefined);
      case 'Encounter':
        return (
          (r.type ?? []).map((t) => problem(conceptOf(t).name, t.coding ?? [], toldName(t) !== undefined)).find((p) => p !== null) ?? null
        );
      case 'MedicationRequest':
      case 'MedicationDispense':
      case 'MedicationStatement':
        // Every drug of these bundles is named: in the concept, or in the Medication or its ingredients.
        return problem(medicationOf(r as MedicationRequest, lookup).concept.name, r.medicationCodeableConcept?.coding ?? [], true);
      case 'MedicationAdministration':
        return dose(r);
      default:
        return null;
    }
  }

  function dose(a: MedicationAdministration): string | null {
    const codings = a.medicationCodeableConcept?.coding ?? [];
    const hasName = toldName(a.medicationCodeableConcept) !== undefined || codings.some((c) => codes.has(c.code!));
    return problem(nameOf(a).concept.name, codings, hasName);
  }
}

describe.each([{ folder: sharedFolder('fhir/mimic_iv_demo/bundles') }, { folder: sharedFolder('fhir/synthea') }])(
  '$folder.path',
  ({ folder }) => {
    test.skipIf(folder.missing)(
      'no drug, diagnosis, procedure or encounter is shown empty, as a UUID, or as a code that has a name',
      () => {
        const problems: string[] = [];
        const methods = new Set<string>();
        let patients = 0;
        for (const { resources } of folder.bundles()) {
          patients += 1;
          problems.push(...problemsOf(resources));
          for (const r of resources as FhirResource[])
            if (r.resourceType === 'MedicationAdministration') for (const c of r.dosage?.method?.coding ?? []) methods.add(c.code!);
        }
        expect(patients).toBeGreaterThan(0);
        expect(problems.slice(0, 20)).toEqual([]);
        // In the same pass, since reading is what takes the time: no word of dosage.method is unknown to the table.
        expect([...methods].filter((method) => eventOfWord(method) === null)).toEqual([]);
      },
    );
  },
);
