// Ordered, given, and everything between: a dose is a dose only when status, reason and method together say so.
import type { Encounter, Medication, MedicationAdministration } from 'fhir/r4.js';
import { type Chart, refer } from '../chart.ts';
import { at } from '../clock.ts';
import { named } from '../codes.ts';
import { administration, type Dose, order } from '../entries.ts';

const iv = (value: number, unit: string, text: string): Dose => ({ value, unit, route: 'intravenous', text });
const oral = (value: number, unit: string, text: string): Dose => ({ value, unit, route: 'oral', text });

export function dirtyMedications(chart: Chart, stay: Encounter): void {
  const ordered = { authoredOn: at('2026-03-12', '22:30'), encounter: refer(stay) };
  /** How a dose was charted: FHIR's status, or, where the ward's system always writes `completed`, its own word as method. */
  const charted = (word: string | null, dose: Dose) => ({
    dosage: { ...(word === null ? {} : { method: { text: word } }), dose: { value: dose.value, unit: dose.unit } },
  });

  // Named in the order itself.
  const ceftriaxone = iv(2, 'g', '2 g intravenously once a day');
  const ceftriaxoneOrder = order(
    chart,
    'ceftriaxone',
    { medicationCodeableConcept: named('Ceftriaxone', { rxnorm: '2193' }) },
    ceftriaxone,
    ordered,
  );
  const doses: [string, string, Partial<MedicationAdministration>][] = [
    ['2026-03-12', '23:10', {}],
    ['2026-03-13', '22:00', {}],
    ['2026-03-14', '22:00', {}],
    ['2026-03-15', '22:00', {}],
    ['2026-03-16', '22:00', { status: 'not-done', statusReason: [{ text: 'No intravenous access' }] }],
  ];
  for (const [day, time, more] of doses) administration(chart, 'ceftriaxone', ceftriaxoneOrder, at(day, time), ceftriaxone, more);

  // Named only in the identifier of a Medication.
  const heparin = chart.add<Medication>({
    resourceType: 'Medication',
    id: chart.id('medication-heparin'),
    identifier: [{ system: 'https://demo-hospital.invalid/medication-name', value: 'Heparin 5000 units/mL' }],
  });
  const units: Dose = { value: 5000, unit: 'units', code: '[iU]', route: 'subcutaneous', text: '5000 units under the skin every 12 hours' };
  const heparinOrder = order(chart, 'heparin', { medicationReference: refer(heparin) }, units, ordered);
  const words: [string, string, string | null][] = [
    ['2026-03-13', '09:00', 'Administered'],
    ['2026-03-13', '21:00', 'Not Given'],
    ['2026-03-14', '09:00', 'Hold Dose'],
    ['2026-03-14', '21:00', 'Delayed Administered'],
    ['2026-03-15', '09:00', 'Partial Administered'],
    ['2026-03-15', '21:00', null],
    ['2026-03-16', '09:00', 'Administered'],
    ['2026-03-16', '21:00', 'Refused'],
    ['2026-03-17', '09:00', 'Not Given'],
  ];
  for (const [day, time, word] of words) administration(chart, 'heparin', heparinOrder, at(day, time), units, charted(word, units));

  // Named only in a contained Medication.
  const acetaminophen = oral(650, 'mg', '650 mg by mouth every 6 hours as needed');
  const drug: Medication = { resourceType: 'Medication', id: 'drug', code: named('Acetaminophen', { rxnorm: '161' }) };
  const acetaminophenOrder = order(chart, 'acetaminophen', { medicationReference: { reference: '#drug' } }, acetaminophen, {
    ...ordered,
    contained: [drug],
  });
  const inside = { contained: [drug] };
  administration(chart, 'acetaminophen', acetaminophenOrder, at('2026-03-13', '03:00'), acetaminophen, inside);
  administration(chart, 'acetaminophen', acetaminophenOrder, at('2026-03-13', '14:20'), acetaminophen, {
    ...inside,
    status: 'entered-in-error',
  });
  administration(chart, 'acetaminophen', acetaminophenOrder, at('2026-03-14', '02:15'), acetaminophen, {
    ...inside,
    status: 'not-done',
    statusReason: [{ text: 'Patient refused' }],
  });

  // A mix: the dose is the bag's, not that of a named part.
  const bag = chart.add<Medication>({
    resourceType: 'Medication',
    id: chart.id('medication-potassium-bag'),
    ingredient: [
      {
        itemCodeableConcept: named('Potassium chloride', { rxnorm: '8591' }),
        strength: { numerator: { value: 20, unit: 'mmol' }, denominator: { value: 1000, unit: 'mL' } },
      },
      { itemCodeableConcept: named('Sodium chloride 0.9% infusion') },
    ],
  });
  const litre = iv(1000, 'mL', '1000 mL intravenously over 10 hours');
  const bagOrder = order(chart, 'potassium-bag', { medicationReference: refer(bag) }, litre, {
    ...ordered,
    authoredOn: at('2026-03-16', '08:00'),
  });
  const first = administration(chart, 'potassium-bag', bagOrder, at('2026-03-16', '09:00'), litre, {
    status: 'stopped',
    statusReason: [{ text: 'Pain at the infusion site' }],
  });
  delete first.effectiveDateTime;
  first.effectivePeriod = { start: at('2026-03-16', '09:00'), end: at('2026-03-16', '11:40') };
  const second = administration(chart, 'potassium-bag', bagOrder, at('2026-03-17', '07:45'), litre, { status: 'in-progress' });
  delete second.effectiveDateTime;
  second.effectivePeriod = { start: at('2026-03-17', '07:45') };

  // An order that was never carried out, one in error, one at home, and one that begins later.
  order(
    chart,
    'levofloxacin',
    { medicationCodeableConcept: named('Levofloxacin', { rxnorm: '82122' }) },
    oral(750, 'mg', '750 mg by mouth once a day'),
    {
      ...ordered,
      status: 'cancelled',
    },
  );
  order(
    chart,
    'warfarin',
    { medicationCodeableConcept: named('Warfarin', { rxnorm: '11289' }) },
    oral(5, 'mg', '5 mg by mouth once a day'),
    {
      authoredOn: at('2025-06-10', '09:30'),
      status: 'entered-in-error',
    },
  );
  order(
    chart,
    'home-amlodipine',
    { medicationCodeableConcept: named('Amlodipine', { rxnorm: '17767' }) },
    oral(5, 'mg', '5 mg by mouth once a day'),
    {
      authoredOn: '2015-08-19',
    },
  );
  order(
    chart,
    'amoxicillin',
    { medicationCodeableConcept: named('Amoxicillin', { rxnorm: '723' }) },
    oral(1, 'g', '1 g by mouth three times a day'),
    {
      authoredOn: at('2026-03-17', '16:00'),
    },
  );
}
