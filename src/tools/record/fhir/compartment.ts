// Whose a resource is. The elements that name the patient, by type: FHIR R4 4.0.1 CompartmentDefinition/patient, of whose
// parameters only those that say whom a resource is about are taken (not performer, author, recorder); Device, Task, Contract and
// GuidanceResponse, which name a patient outside that definition, are checked too. Paths are those of the registered search parameters.
import type { Identifier, Reference, Resource } from 'fhir/r4.js';

type Entry = {
  /** Where the reference stands; a dot descends, arrays are walked. */
  path: string;
  /** The search parameter that the lock adds (R4 search parameter registry). */
  parameter: string | null;
  /** Such a resource may exist without a patient (a device on the shelf): it passes when it was not asked for as the patient's. */
  mayLackPatient?: true;
};

const about = (path: string, parameter: string | null = 'patient'): Entry => ({ path, parameter });

const COMPARTMENT: Readonly<Record<string, Entry>> = {
  Patient: about('id', '_id'),
  Account: about('subject'),
  AdverseEvent: about('subject', 'subject'),
  AllergyIntolerance: about('patient'),
  Appointment: { ...about('participant.actor'), mayLackPatient: true },
  AppointmentResponse: { ...about('actor'), mayLackPatient: true },
  AuditEvent: { ...about('entity.what'), mayLackPatient: true },
  Basic: { ...about('subject'), mayLackPatient: true },
  Binary: { ...about('securityContext', null), mayLackPatient: true },
  BodyStructure: about('patient'),
  CarePlan: about('subject'),
  CareTeam: about('subject'),
  ChargeItem: about('subject'),
  Claim: about('patient'),
  ClaimResponse: about('patient'),
  ClinicalImpression: about('subject'),
  Communication: about('subject'),
  CommunicationRequest: about('subject'),
  Composition: about('subject'),
  Condition: about('subject'),
  Consent: about('patient'),
  Contract: { ...about('subject'), mayLackPatient: true },
  Coverage: about('beneficiary'),
  CoverageEligibilityRequest: about('patient'),
  CoverageEligibilityResponse: about('patient'),
  DetectedIssue: about('patient'),
  Device: { ...about('patient'), mayLackPatient: true },
  DeviceRequest: about('subject'),
  DeviceUseStatement: about('subject'),
  DiagnosticReport: about('subject'),
  DocumentManifest: about('subject'),
  DocumentReference: about('subject'),
  Encounter: about('subject'),
  EnrollmentRequest: about('candidate'),
  EpisodeOfCare: about('patient'),
  ExplanationOfBenefit: about('patient'),
  FamilyMemberHistory: about('patient'),
  Flag: about('subject'),
  Goal: about('subject'),
  Group: { ...about('member.entity', 'member'), mayLackPatient: true },
  GuidanceResponse: about('subject'),
  ImagingStudy: about('subject'),
  Immunization: about('patient'),
  ImmunizationEvaluation: about('patient'),
  ImmunizationRecommendation: about('patient'),
  Invoice: about('subject'),
  List: about('subject'),
  MeasureReport: about('subject'),
  Media: about('subject'),
  MedicationAdministration: about('subject'),
  MedicationDispense: about('subject'),
  MedicationRequest: about('subject'),
  MedicationStatement: about('subject'),
  MolecularSequence: about('patient'),
  NutritionOrder: about('patient'),
  Observation: about('subject'),
  Person: { ...about('link.target'), mayLackPatient: true },
  Procedure: about('subject'),
  Provenance: { ...about('target'), mayLackPatient: true },
  QuestionnaireResponse: about('subject'),
  RelatedPerson: about('patient'),
  RequestGroup: about('subject'),
  ResearchSubject: about('individual'),
  RiskAssessment: about('subject'),
  Schedule: { ...about('actor', 'actor'), mayLackPatient: true },
  ServiceRequest: about('subject'),
  Specimen: { ...about('subject'), mayLackPatient: true },
  SupplyDelivery: about('patient'),
  SupplyRequest: about('deliverTo', 'subject'),
  Task: { ...about('for'), mayLackPatient: true },
  VisionPrescription: about('patient'),
};

/** Types that belong to nobody, and may be read under any lock. */
const SHARED = new Set([
  ...['ActivityDefinition', 'CapabilityStatement', 'CodeSystem', 'ConceptMap', 'DeviceDefinition', 'DeviceMetric', 'Endpoint'],
  ...['HealthcareService', 'InsurancePlan', 'Library', 'Location', 'Measure', 'Medication', 'MedicationKnowledge', 'ObservationDefinition'],
  ...['Organization', 'OrganizationAffiliation', 'PlanDefinition', 'Practitioner', 'PractitionerRole', 'Questionnaire', 'ResearchStudy'],
  ...['SearchParameter', 'Slot', 'SpecimenDefinition', 'StructureDefinition', 'Substance', 'ValueSet'],
]);

export const isCompartmentType = (type: string): boolean => type in COMPARTMENT;
export const isSharedType = (type: string): boolean => SHARED.has(type);

/** The search parameter by which R4 finds a patient's resources of this type; null for types that belong to nobody. */
export const patientParameter = (type: string): string | null => COMPARTMENT[type]?.parameter ?? null;

/** The common case without any parsing: the one patient element holds exactly one of these references (`Patient/1`). */
export function isPlainlyOf(resource: Resource, references: ReadonlySet<string>): boolean {
  const path = COMPARTMENT[resource.resourceType]?.path;
  if (path === undefined) return false;
  const value = (resource as unknown as Record<string, Reference | undefined>)[path]?.reference;
  return typeof value === 'string' && references.has(value);
}

/** Whom a resource names. `identifiers` are references without a literal reference: they must be compared with the patient's own. */
export type Subjects = {
  ids: string[];
  /** Patients of another server, or references that cannot be followed. */
  others: number;
  identifiers: Identifier[];
  mayLackPatient: boolean;
};

/** @param bases base URLs that mean this very server; an absolute reference to another base is another's patient. */
export function subjectsOf(resource: Resource, bases: readonly string[]): Subjects | null {
  const entry = COMPARTMENT[resource.resourceType];
  if (entry === undefined) return null;
  const subjects: Subjects = { ids: [], others: 0, identifiers: [], mayLackPatient: entry.mayLackPatient === true };
  if (resource.resourceType === 'Patient') {
    if (typeof resource.id === 'string') subjects.ids.push(resource.id);
    return subjects;
  }
  for (const value of walk(resource, entry.path.split('.'))) {
    if (value === null || typeof value !== 'object') continue;
    const reference = value as Reference;
    if (typeof reference.reference === 'string') name(reference.reference, resource, bases, subjects);
    else if (reference.identifier !== undefined && (reference.type ?? 'Patient').endsWith('Patient'))
      subjects.identifiers.push(reference.identifier);
  }
  return subjects;
}

function name(reference: string, resource: Resource, bases: readonly string[], into: Subjects): void {
  if (reference.startsWith('#')) {
    const contained = (resource as { contained?: Resource[] }).contained?.find((r) => `#${r.id}` === reference);
    // A contained patient has no identity but its identifiers (R4 references.html#contained).
    if (contained?.resourceType === 'Patient') into.identifiers.push(...((contained as { identifier?: Identifier[] }).identifier ?? []));
    else into.others += 1;
    return;
  }
  const uuid = /^urn:(?:uuid|oid):(.+)$/.exec(reference)?.[1];
  if (uuid !== undefined) {
    into.ids.push(uuid);
    return;
  }
  const parsed = parseReference(reference);
  if (parsed === null) into.others += 1;
  else if (parsed.type === 'Patient') {
    const { base } = parsed;
    if (base === null || bases.some((own) => sameBase(own, base))) into.ids.push(parsed.id);
    else into.others += 1;
  }
}

export type LiteralReference = { base: string | null; type: string; id: string; version: string | null };

/** `Patient/1`, `Patient/1/_history/2` and absolute forms; null for anything else. */
export function parseReference(reference: string): LiteralReference | null {
  const match = /^(?:(https?:\/\/.+)\/|\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/([A-Za-z0-9\-.]{1,64}))?$/.exec(
    reference,
  );
  if (match === null) return null;
  return { base: match[1] ?? null, type: match[2]!, id: match[3]!, version: match[4] ?? null };
}

/** The same server whether it calls itself http or https (TLS often ends at a proxy). */
const sameBase = (a: string, b: string) => bare(a) === bare(b);
const bare = (base: string) => base.replace(/^https?:\/\//i, '').replace(/\/+$/, '');

function walk(value: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => walk(item, path));
  const [head, ...rest] = path;
  if (head === undefined) return [value];
  if (value === null || typeof value !== 'object') return [];
  return walk((value as Record<string, unknown>)[head], rest);
}
