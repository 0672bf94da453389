// Names over codes: what a reader sees for a coded thing, whatever element of the record holds its name.
import type { CodeableConcept, Coding as FhirCoding, FhirResource, Medication, Reference, Resource } from 'fhir/r4.js';
import type { Coding, Concept } from '../../evidence/index.ts';
import { wordOf } from './code-words.ts';

const NAME_NOT_RECORDED = 'name not recorded';

const UUID = /^(urn:uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const readable = (text: string | undefined) => {
  const trimmed = text?.trim().replace(/\s+/g, ' ');
  return trimmed === undefined || trimmed === '' || UUID.test(trimmed) ? null : trimmed;
};

/** Systems whose codes are names themselves (MIMIC writes `"code": "Magnesium Sulfate"` without a display). */
const isNameSystem = (system: string | undefined) => /(medication|drug|product|procedure|diagnosis)-(name|poe-iv)$/i.test(system ?? '');

type IcdSystem = { system: string; label: string; dotAfter: (code: string) => number | null };
const ICD9_DIAGNOSIS: IcdSystem = {
  system: 'http://hl7.org/fhir/sid/icd-9-cm',
  label: 'ICD-9-CM',
  dotAfter: (code) => (code.startsWith('E') ? 4 : 3),
};
const ICD9_PROCEDURE: IcdSystem = { ...ICD9_DIAGNOSIS, dotAfter: () => 2 };
const ICD10_CM: IcdSystem = { system: 'http://hl7.org/fhir/sid/icd-10-cm', label: 'ICD-10-CM', dotAfter: () => 3 };
const ICD10: IcdSystem = { system: 'http://hl7.org/fhir/sid/icd-10', label: 'ICD-10', dotAfter: () => 3 };
const ICD10_PCS: IcdSystem = { system: 'http://www.cms.gov/Medicare/Coding/ICD10', label: 'ICD-10-PCS', dotAfter: () => null };

/** The ICD that a system means, by whichever of its names (HL7's, an OID's, MIMIC's own). */
function icdOf(system: string | undefined): IcdSystem | null {
  const s = (system ?? '').toLowerCase();
  if (/icd-?10-?pcs|procedure-icd-?10|medicare\/coding\/icd10|2\.16\.840\.1\.113883\.6\.4$/.test(s)) return ICD10_PCS;
  if (/procedure-icd-?9|icd-?9-?proc|2\.16\.840\.1\.113883\.6\.104$/.test(s)) return ICD9_PROCEDURE;
  if (/icd-?9|2\.16\.840\.1\.113883\.6\.103$/.test(s)) return ICD9_DIAGNOSIS;
  if (/icd-?10-?cm|diagnosis-icd-?10|2\.16\.840\.1\.113883\.6\.90$/.test(s)) return ICD10_CM;
  if (/icd-?10|2\.16\.840\.1\.113883\.6\.3$/.test(s)) return ICD10;
  return null;
}

/** `V462` in MIMIC's ICD-9 system as `{ http://hl7.org/fhir/sid/icd-9-cm, V46.2 }`; null when the system is no ICD. */
export function normaliseIcd(coding: Pick<FhirCoding, 'system' | 'code'>): Coding | null {
  const icd = icdOf(coding.system);
  if (icd === null || coding.code === undefined) return null;
  const bare = coding.code.trim().toUpperCase().replace('.', '');
  const dot = icd.dotAfter(bare);
  return { system: icd.system, code: dot === null || bare.length <= dot ? bare : `${bare.slice(0, dot)}.${bare.slice(dot)}` };
}

const SYSTEM_LABELS: readonly (readonly [RegExp, string])[] = [
  [/formulary/i, 'formulary code'],
  [/ndc/i, 'NDC'],
  [/-gsn$/i, 'generic sequence number'],
  [/rxnorm/i, 'RxNorm'],
  [/snomed/i, 'SNOMED CT'],
  [/loinc/i, 'LOINC'],
  [/\/atc|whocc\.no/i, 'ATC'],
  [/cvx/i, 'CVX'],
];

/** A code that has no name anywhere: `formulary code ALBU100 (name not recorded)`. */
function labelled(coding: FhirCoding): string {
  const icd = normaliseIcd(coding);
  if (icd !== null) return `${icdOf(coding.system)!.label} ${icd.code} (${NAME_NOT_RECORDED})`;
  const label = SYSTEM_LABELS.find(([pattern]) => pattern.test(coding.system ?? ''))?.[1] ?? 'code';
  return `${label} ${coding.code} (${NAME_NOT_RECORDED})`;
}

/** The source's codings in its order; an ICD code in a system of its own is followed by its standard form. */
function codingsOf(codings: readonly FhirCoding[] | undefined): Coding[] {
  return (codings ?? []).flatMap((c) => {
    if (c.code === undefined) return [];
    const own: Coding = {
      ...(c.system === undefined ? {} : { system: c.system }),
      code: c.code,
      ...(c.display === undefined ? {} : { display: c.display }),
    };
    const icd = normaliseIcd(c);
    if (icd === null || (icd.system === own.system && icd.code === own.code)) return [own];
    return [own, { ...icd, ...(c.display === undefined ? {} : { display: c.display }) }];
  });
}

/** The name that the record itself gives, or null: text, then a display, then a code that is a name, then the code system's word. */
function recordedName(concept: CodeableConcept | undefined): string | null {
  const codings = concept?.coding ?? [];
  const text = readable(concept?.text);
  const display = codings.map((c) => readable(c.display)).find((d) => d !== null) ?? null;
  const textIsCode = text !== null && codings.some((c) => c.code === text);
  if (text !== null && !(textIsCode && display !== null)) {
    if (!textIsCode || codings.every((c) => c.code !== text || isNameSystem(c.system))) return text;
  }
  const named = codings.find((c) => isNameSystem(c.system) && readable(c.code) !== null)?.code;
  const word = codings.map((c) => wordOf(c.system, c.code)).find((w) => w !== null);
  return display ?? readable(named) ?? word ?? null;
}

/** Never an empty name: what has none is told as its code with "name not recorded". */
export function conceptOf(concept: CodeableConcept | undefined): Concept {
  const coded = concept?.coding?.find((c) => readable(c.code) !== null);
  return {
    name: recordedName(concept) ?? (coded === undefined ? NAME_NOT_RECORDED : labelled(coded)),
    codings: codingsOf(concept?.coding),
  };
}

/** A word of a small local list (discharge disposition, route, dosage method): its display, else the code as recorded. */
export function wordsOf(concept: CodeableConcept | undefined): string | null {
  return recordedName(concept) ?? concept?.coding?.map((c) => readable(c.code)).find((c) => c !== null) ?? null;
}

export type Lookup = (reference: Reference | undefined, from?: Resource) => FhirResource | null;

/** Resolves references among resources at hand: contained (`#id`), relative, absolute, versioned and `urn:uuid:` ones. */
export function lookupIn(resources: readonly Resource[]): Lookup {
  const byKey = new Map<string, FhirResource>();
  for (const r of resources as FhirResource[]) {
    if (r.id === undefined) continue;
    byKey.set(`${r.resourceType}/${r.id}`, r);
    byKey.set(r.id, r);
  }
  return (reference, from) => {
    const text = reference?.reference?.replace(/\/_history\/[^/]+$/, '');
    if (text === undefined) return null;
    if (text.startsWith('#')) {
      const contained = (from as { contained?: FhirResource[] } | undefined)?.contained;
      return contained?.find((c) => c.id === text.slice(1) || c.id === text) ?? null;
    }
    if (text.startsWith('urn:uuid:')) return byKey.get(text.slice('urn:uuid:'.length)) ?? null;
    return byKey.get(text.split('/').slice(-2).join('/')) ?? null;
  };
}

export type NamedMedication = {
  concept: Concept;
  /** The name lists several parts: a dose given beside it is that of no named part. */
  mix: boolean;
  /** What it is made of, where the record says; a single drug has none. */
  parts: Concept[];
  /** Whether the record names it at all. */
  named: boolean;
};

type Medicated = Resource & { medicationCodeableConcept?: CodeableConcept; medicationReference?: Reference };

/** The drug of an order, a dose, a dispense or a statement. */
export function medicationOf(resource: Medicated, lookup: Lookup): NamedMedication {
  if (resource.medicationCodeableConcept !== undefined) return ofConcept(resource.medicationCodeableConcept);
  const medication = lookup(resource.medicationReference, resource);
  if (medication?.resourceType === 'Medication') return ofMedication(medication, lookup, resource);
  const display = readable(resource.medicationReference?.display);
  return { concept: { name: display ?? NAME_NOT_RECORDED, codings: [] }, mix: false, parts: [], named: display !== null };
}

const ofConcept = (concept: CodeableConcept): NamedMedication => ({
  concept: conceptOf(concept),
  mix: false,
  parts: [],
  named: recordedName(concept) !== null,
});

/** A Medication names itself by code, by an identifier of a name system (MIMIC), or by its ingredients. */
export function ofMedication(medication: Medication, lookup: Lookup, from: Resource = medication, depth = 0): NamedMedication {
  const identifiers = (medication.identifier ?? []).filter((i) => i.value !== undefined);
  const byIdentifier = identifiers.find((i) => isNameSystem(i.system) && readable(i.value) !== null)?.value ?? null;
  const parts: NamedMedication[] = (depth > 2 ? [] : (medication.ingredient ?? [])).map((ingredient) => {
    if (ingredient.itemCodeableConcept !== undefined) return ofConcept(ingredient.itemCodeableConcept);
    const item = lookup(ingredient.itemReference, medication) ?? lookup(ingredient.itemReference, from);
    if (item?.resourceType === 'Medication') return ofMedication(item, lookup, from, depth + 1);
    const display = readable(ingredient.itemReference?.display);
    return { concept: { name: display ?? NAME_NOT_RECORDED, codings: [] }, mix: false, parts: [], named: display !== null };
  });
  const own = recordedName(medication.code) ?? readable(byIdentifier ?? undefined);
  const ofParts = parts.some((p) => p.named) ? [...new Set(parts.map((p) => p.concept.name))].join(' + ') : null;
  const codings = codingsOf(medication.code?.coding);
  for (const i of identifiers) {
    const known = codings.some((c) => c.code === i.value && c.system === i.system);
    if (!known && /formulary|ndc|rxnorm|(medication|drug|product)-(code|cd)/i.test(i.system ?? '')) {
      codings.push({ ...(i.system === undefined ? {} : { system: i.system }), code: i.value! });
    }
  }
  const coded = medication.code?.coding?.find((c) => readable(c.code) !== null);
  return {
    concept: { name: own ?? ofParts ?? (coded === undefined ? NAME_NOT_RECORDED : labelled(coded)), codings },
    mix: own === null && parts.length > 1,
    parts: parts.map((p) => p.concept),
    named: own !== null || ofParts !== null,
  };
}
