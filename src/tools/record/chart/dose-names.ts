// The name of a charted dose. An administration may carry only the pharmacy's product code (MIMIC: `ALBU100`): its name stands in a
// Medication with the same code, or in the order that it fulfils, if the code does not speak against it.
import type { Medication, MedicationAdministration, MedicationRequest, Resource } from 'fhir/r4.js';
import { drugsIn } from '../../knowledge/drugs.ts';
import { type Lookup, lookupIn, medicationOf, type NamedMedication, ofMedication } from '../names.ts';

export type NamedDose = NamedMedication & {
  /** Where the name comes from when not from the administration itself. */
  namedBy: string | null;
  /** What was ordered, where it is told otherwise. */
  ordered: string | null;
};

const isProductCode = (system: string | undefined) => /formulary|product-(code|cd)/i.test(system ?? '');

/** `FURO40I` may be furosemide: its first three letters begin a word of the ordered name, or of another name of that drug. */
function codeFitsName(code: string, name: string): boolean {
  const letters = /^[A-Z]{3,}/i.exec(code)?.[0].slice(0, 3).toLowerCase();
  if (letters === undefined) return false;
  const names = [name, ...drugsIn(name).flatMap((d) => [d.generic, ...d.aliases])];
  return names.some((n) =>
    n
      .toLowerCase()
      .split(/[^a-z]+/)
      .some((word) => word.startsWith(letters)),
  );
}

export function doseNamer(
  orders: readonly MedicationRequest[],
  medications: readonly Resource[],
): { lookup: Lookup; nameOf: (administration: MedicationAdministration) => NamedDose } {
  const lookup = lookupIn([...medications, ...orders]);
  const byProductCode = new Map<string, NamedMedication[]>();
  for (const resource of medications) {
    if (resource.resourceType !== 'Medication') continue;
    const medication = resource as Medication;
    const named = ofMedication(medication, lookup);
    if (!named.named) continue;
    for (const coding of named.concept.codings.filter((c) => isProductCode(c.system)))
      byProductCode.set(coding.code, [...(byProductCode.get(coding.code) ?? []), named]);
  }
  const nameOf = (administration: MedicationAdministration): NamedDose => {
    const own = medicationOf(administration, lookup);
    const request = lookup(administration.request, administration);
    const order = request?.resourceType === 'MedicationRequest' ? medicationOf(request, lookup) : null;
    const ordered = order?.named === true ? order.concept.name : null;
    const told = (named: NamedMedication, namedBy: string | null): NamedDose => ({
      ...named,
      concept: { name: named.concept.name, codings: own.concept.codings },
      namedBy,
      ordered: ordered === named.concept.name ? null : ordered,
    });
    if (own.named) return told(own, null);
    const code = own.concept.codings.find((c) => isProductCode(c.system))?.code;
    const known = code === undefined ? [] : (byProductCode.get(code) ?? []);
    const orderNames = order === null ? [] : [order.concept.name, ...order.parts.map((p) => p.name)];
    const best = known.find((k) => orderNames.includes(k.concept.name)) ?? [...known].sort(shortestFirst)[0];
    if (best !== undefined) return told(best, `product code ${code} in the record's medications`);
    if (order?.named === true && (code === undefined || codeFitsName(code, order.concept.name)))
      return told(order, code === undefined ? 'its order' : `its order; charted as product code ${code}`);
    return told(own, null);
  };
  return { lookup, nameOf };
}

const shortestFirst = (a: NamedMedication, b: NamedMedication) =>
  a.concept.name.length - b.concept.name.length || (a.concept.name < b.concept.name ? -1 : 1);
