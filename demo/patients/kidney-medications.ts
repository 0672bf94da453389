// What the kidney patient takes at home, and what is ordered and given in the current stay.
import type { Condition, Encounter, MedicationRequest } from 'fhir/r4.js';
import { type Chart, refer } from '../chart.ts';
import { at, plusDays } from '../clock.ts';
import { named } from '../codes.ts';
import { administration, type Dose, order } from '../entries.ts';

type Reasons = Record<'ckd' | 'diabetes' | 'neuropathy' | 'fibrillation', Condition>;
type Course = { name: string; drug: ReturnType<typeof named>; dose: Dose; times: string[] };

const oral = (value: number, timesADay: number, unit = 'mg'): Dose => ({
  value,
  unit,
  route: 'oral',
  timesADay,
  text: `${value} ${unit} by mouth ${['', 'once', 'twice', 'three times'][timesADay]} a day`,
});

const METFORMIN = named('Metformin', { rxnorm: '6809' });
const GABAPENTIN = named('Gabapentin', { rxnorm: '25480' });
const LISINOPRIL = named('Lisinopril', { rxnorm: '29046' });
const AMLODIPINE = named('Amlodipine', { rxnorm: '17767' });
const ATORVASTATIN = named('Atorvastatin', { rxnorm: '83367' });
const APIXABAN = named('Apixaban', { rxnorm: '1364430' });
const BICARBONATE = named('Sodium bicarbonate', { rxnorm: '36676' });
const GLARGINE = named('Insulin glargine', { rxnorm: '274783' });

const units = (value: number): Dose => ({
  value,
  unit: 'units',
  code: '[iU]',
  route: 'subcutaneous',
  timesADay: 1,
  text: `${value} units under the skin once a day at bedtime`,
});

/** Times at which a course is due in the stay, up to the as-of time. */
function due(times: string[], from = at('2026-03-14', '13:00')): string[] {
  const all: string[] = [];
  for (let day = '2026-03-14'; day <= '2026-03-17'; day = plusDays(day, 1)) for (const time of times) all.push(at(day, time));
  return all.filter((time) => time >= from && time < at('2026-03-17', '10:00'));
}

export function kidneyMedications(chart: Chart, stay: Encounter, reasons: Reasons): void {
  const home = (name: string, drug: ReturnType<typeof named>, dose: Dose, authoredOn: string, more: Partial<MedicationRequest> = {}) =>
    order(chart, `home-${name}`, { medicationCodeableConcept: drug }, dose, {
      authoredOn: at(authoredOn, '10:00'),
      category: [
        {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/medicationrequest-category', code: 'community', display: 'Community' }],
        },
      ],
      ...more,
    });
  const because = (condition: Condition) => ({ reasonReference: [refer(condition)] });
  home('metformin', METFORMIN, oral(1000, 2), '2014-05-06', {
    ...because(reasons.diabetes),
    status: 'on-hold',
    statusReason: { text: 'Acute kidney injury' },
  });
  home('gabapentin', GABAPENTIN, oral(600, 3), '2019-02-12', because(reasons.neuropathy));
  home('lisinopril', LISINOPRIL, oral(20, 1), '2012-03-20', {
    status: 'on-hold',
    statusReason: { text: 'Acute kidney injury, hyperkalemia' },
  });
  home('amlodipine-5', AMLODIPINE, oral(5, 1), '2015-09-15', { status: 'stopped', statusReason: { text: 'Dose increased' } });
  home('amlodipine', AMLODIPINE, oral(10, 1), '2020-06-09');
  home('atorvastatin', ATORVASTATIN, oral(40, 1), '2012-03-20');
  home('apixaban', APIXABAN, oral(5, 2), '2023-02-09', because(reasons.fibrillation));
  home('bicarbonate', BICARBONATE, oral(650, 2), '2023-08-15', because(reasons.ckd));
  home('glargine', GLARGINE, units(18), '2020-01-14', because(reasons.diabetes));

  const courses: Course[] = [
    { name: 'gabapentin', drug: GABAPENTIN, dose: oral(600, 3), times: ['08:00', '14:00', '20:00'] },
    { name: 'apixaban', drug: APIXABAN, dose: oral(5, 2), times: ['09:00', '21:00'] },
    { name: 'atorvastatin', drug: ATORVASTATIN, dose: oral(40, 1), times: ['21:00'] },
    { name: 'bicarbonate', drug: BICARBONATE, dose: oral(1300, 2), times: ['08:00', '20:00'] },
    { name: 'glargine', drug: GLARGINE, dose: units(12), times: ['22:00'] },
    { name: 'amlodipine', drug: AMLODIPINE, dose: oral(10, 1), times: ['08:00'] },
  ];
  const inpatient = (name: string, drug: ReturnType<typeof named>, dose: Dose, more: Partial<MedicationRequest> = {}) =>
    order(chart, `stay-${name}`, { medicationCodeableConcept: drug }, dose, {
      authoredOn: at('2026-03-14', '11:50'),
      encounter: refer(stay),
      category: [
        {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/medicationrequest-category', code: 'inpatient', display: 'Inpatient' }],
        },
      ],
      ...more,
    });
  for (const { name, drug, dose, times } of courses) {
    const request = inpatient(name, drug, dose);
    for (const time of due(times)) {
      const lowPressure = name === 'amlodipine' && time < at('2026-03-16', '00:00');
      administration(
        chart,
        name,
        request,
        time,
        dose,
        lowPressure ? { status: 'not-done', statusReason: [{ text: 'Held: systolic blood pressure below 110' }] } : {},
      );
    }
  }
  const metformin = inpatient('metformin', METFORMIN, oral(1000, 2), { status: 'stopped', statusReason: { text: 'Acute kidney injury' } });
  for (const time of due(['08:00', '18:00']).slice(0, 2))
    administration(chart, 'metformin', metformin, time, oral(1000, 2), {
      status: 'not-done',
      statusReason: [{ text: 'Held: acute kidney injury' }],
    });

  const binder = oral(10, 3, 'g');
  const zirconium = inpatient('zirconium', named('Sodium zirconium cyclosilicate'), binder, { status: 'completed' });
  for (const time of due(['10:00', '14:00', '22:00']).slice(0, 6)) administration(chart, 'zirconium', zirconium, time, binder);

  const bag: Dose = { value: 1000, unit: 'mL', route: 'intravenous', text: '1000 mL intravenously over 8 hours' };
  const saline = inpatient('saline', named('Sodium chloride 0.9% infusion'), bag, { status: 'completed' });
  const bags: [string, string][] = [
    [at('2026-03-14', '09:10'), at('2026-03-14', '13:10')],
    [at('2026-03-14', '13:30'), at('2026-03-14', '21:30')],
    [at('2026-03-14', '22:00'), at('2026-03-15', '06:00')],
  ];
  for (const [start, end] of bags) {
    const given = administration(chart, 'saline', saline, start, bag);
    delete given.effectiveDateTime;
    given.effectivePeriod = { start, end };
  }
  const calcium: Dose = { value: 1, unit: 'g', route: 'intravenous', text: '1 g intravenously once' };
  administration(
    chart,
    'calcium-gluconate',
    inpatient('calcium-gluconate', named('Calcium gluconate'), calcium, { status: 'completed', authoredOn: at('2026-03-14', '09:25') }),
    at('2026-03-14', '09:40'),
    calcium,
  );
}
