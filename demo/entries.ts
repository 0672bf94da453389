// The rest of a chart: who, stays and visits, problems, allergies, drugs ordered and given, vaccines, notes.
import type {
  AllergyIntolerance,
  CodeableConcept,
  Condition,
  DocumentReference,
  Encounter,
  Immunization,
  MedicationAdministration,
  MedicationRequest,
  Patient,
  Reference,
} from 'fhir/r4.js';
import type { Chart } from './chart.ts';
import { hl7, SYSTEM } from './codes.ts';

export function person(
  chart: Chart,
  who: { mrn: string; family: string; given: string; gender: 'female' | 'male'; birthDate: string },
): Patient {
  return chart.add({
    resourceType: 'Patient',
    id: chart.key,
    identifier: [{ use: 'usual', system: SYSTEM.mrn, value: who.mrn }],
    active: true,
    name: [{ use: 'official', family: who.family, given: [who.given] }],
    gender: who.gender,
    birthDate: who.birthDate,
  });
}

const ORGANIZATION: Reference = { reference: 'Organization/demo-hospital', display: 'Hospital of Invented Patients' };

/** Each bundle stands alone: it brings the hospital and its wards along. */
export function hospitalOf(chart: Chart, wards: { id: string; name: string }[]): Reference[] {
  chart.add({ resourceType: 'Organization', id: 'demo-hospital', active: true, name: 'Hospital of Invented Patients' });
  return wards.map((ward) => {
    chart.add({ resourceType: 'Location', id: ward.id, status: 'active', name: ward.name, managingOrganization: ORGANIZATION });
    return { reference: `Location/${ward.id}`, display: ward.name };
  });
}

export function encounter(
  chart: Chart,
  name: string,
  made: {
    class: 'AMB' | 'IMP' | 'EMER';
    start: string;
    end?: string;
    status?: Encounter['status'];
    reason?: CodeableConcept;
  } & Omit<Partial<Encounter>, 'class'>,
): Encounter {
  const { class: kind, start, end, status, reason, ...more } = made;
  const display = { AMB: 'ambulatory', IMP: 'inpatient encounter', EMER: 'emergency' }[kind];
  return chart.add({
    resourceType: 'Encounter',
    id: chart.id(name),
    status: status ?? (end === undefined ? 'in-progress' : 'finished'),
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: kind, display },
    subject: chart.patient,
    period: { start, ...(end === undefined ? {} : { end }) },
    ...(reason ? { reasonCode: [reason] } : {}),
    serviceProvider: ORGANIZATION,
    ...more,
  });
}

export function condition(
  chart: Chart,
  name: string,
  code: CodeableConcept,
  made: {
    clinical?: 'active' | 'resolved' | 'inactive';
    verification?: string;
    category?: 'problem-list-item' | 'encounter-diagnosis';
  } & Omit<Partial<Condition>, 'category'>,
): Condition {
  const { clinical, verification, category, ...more } = made;
  return chart.add({
    resourceType: 'Condition',
    id: chart.id('condition', name),
    ...(clinical ? { clinicalStatus: hl7('condition-clinical', clinical) } : {}),
    verificationStatus: hl7('condition-ver-status', verification ?? 'confirmed'),
    category: [hl7('condition-category', category ?? 'problem-list-item')],
    code,
    subject: chart.patient,
    ...more,
  });
}

export function allergy(
  chart: Chart,
  name: string,
  code: CodeableConcept,
  made: { clinical?: 'active' | 'inactive' | 'resolved'; verification?: string } & Partial<AllergyIntolerance>,
): AllergyIntolerance {
  const { clinical, verification, ...more } = made;
  return chart.add({
    resourceType: 'AllergyIntolerance',
    id: chart.id('allergy', name),
    ...(clinical ? { clinicalStatus: hl7('allergyintolerance-clinical', clinical) } : {}),
    verificationStatus: hl7('allergyintolerance-verification', verification ?? 'confirmed'),
    code,
    patient: chart.patient,
    ...more,
  });
}

/** `unit` is UCUM unless `code` gives it. */
export type Dose = {
  value: number;
  unit: string;
  code?: string;
  text: string;
  route: 'oral' | 'intravenous' | 'subcutaneous';
  timesADay?: number;
};

const ROUTES: Record<Dose['route'], CodeableConcept> = {
  oral: { coding: [{ system: SYSTEM.snomed, code: '26643006', display: 'Oral route' }], text: 'oral' },
  intravenous: { coding: [{ system: SYSTEM.snomed, code: '47625008', display: 'Intravenous route' }], text: 'intravenous' },
  subcutaneous: { coding: [{ system: SYSTEM.snomed, code: '34206005', display: 'Subcutaneous route' }], text: 'subcutaneous' },
};

const METHODS: Record<Dose['route'], string> = { oral: 'Swallow', intravenous: 'Infuse', subcutaneous: 'Inject' };

const doseQuantity = (dose: Dose) => ({ value: dose.value, unit: dose.unit, system: SYSTEM.ucum, code: dose.code ?? dose.unit });

export function order(
  chart: Chart,
  name: string,
  drug: { medicationCodeableConcept: CodeableConcept } | { medicationReference: Reference },
  dose: Dose,
  made: { authoredOn: string; status?: MedicationRequest['status']; encounter?: Reference } & Partial<MedicationRequest>,
): MedicationRequest {
  return chart.add({
    resourceType: 'MedicationRequest',
    id: chart.id('order', name),
    status: 'active',
    intent: 'order',
    ...drug,
    subject: chart.patient,
    dosageInstruction: [
      {
        text: dose.text,
        ...(dose.timesADay === undefined ? {} : { timing: { repeat: { frequency: dose.timesADay, period: 1, periodUnit: 'd' } } }),
        route: ROUTES[dose.route],
        doseAndRate: [{ doseQuantity: doseQuantity(dose) }],
      },
    ],
    ...made,
  });
}

export function administration(
  chart: Chart,
  name: string,
  request: MedicationRequest,
  time: string,
  dose: Dose,
  made: Partial<MedicationAdministration> = {},
): MedicationAdministration {
  const drug = request.medicationReference
    ? { medicationReference: request.medicationReference }
    : { medicationCodeableConcept: request.medicationCodeableConcept! };
  return chart.add({
    resourceType: 'MedicationAdministration',
    id: chart.id('dose', name, time),
    status: 'completed',
    ...drug,
    subject: chart.patient,
    ...(request.encounter ? { context: request.encounter } : {}),
    effectiveDateTime: time,
    request: { reference: `MedicationRequest/${request.id}` },
    dosage: {
      route: ROUTES[dose.route],
      // How it went in; a dose that did not go in has no way.
      ...(made.status === undefined ? { method: { text: METHODS[dose.route] } } : {}),
      dose: doseQuantity(dose),
    },
    ...made,
  });
}

export function immunization(
  chart: Chart,
  name: string,
  vaccineCode: CodeableConcept,
  date: string,
  made: Partial<Immunization> = {},
): Immunization {
  return chart.add({
    resourceType: 'Immunization',
    id: chart.id('vaccine', name, date),
    status: 'completed',
    vaccineCode,
    patient: chart.patient,
    occurrenceDateTime: date,
    primarySource: true,
    ...made,
  });
}

export function note(
  chart: Chart,
  name: string,
  title: string,
  loinc: string,
  date: string,
  text: string,
  about?: Reference,
): DocumentReference {
  return chart.add({
    resourceType: 'DocumentReference',
    id: chart.id('note', name),
    status: 'current',
    docStatus: 'final',
    type: { coding: [{ system: SYSTEM.loinc, code: loinc, display: title }], text: title },
    subject: chart.patient,
    date,
    content: [{ attachment: { contentType: 'text/plain; charset=utf-8', data: Buffer.from(text, 'utf8').toString('base64'), title } }],
    ...(about ? { context: { encounter: [about] } } : {}),
  });
}
