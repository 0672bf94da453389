// Chronic kidney disease over nine years, and an admission with acute kidney injury that is still running at the as-of time.
// What a clinician should notice: gabapentin 600 mg three times a day was never adjusted to the falling eGFR and is still given;
// metformin was continued below 30 mL/min until it was held on admission. A genotype may be added by a later file.
import type { Condition, Encounter, Reference } from 'fhir/r4.js';
import { Chart, refer } from '../chart.ts';
import { at, daysBetween, plusDays, plusMinutes } from '../clock.ts';
import { type LabKey, named } from '../codes.ts';
import { allergy, condition, encounter, hospitalOf, immunization, note, person } from '../entries.ts';
import { bloodPressure, egfr2021, lab, vital } from '../measurements.ts';
import { type Prng, prng } from '../prng.ts';
import { COURSE, courseAt, EVERY_SECOND, EVERY_VISIT, FROM_2022, SPREAD, STAY } from './kidney-course.ts';
import { kidneyMedications } from './kidney-medications.ts';

const BORN = '1957-05-14';

const years = (date: string) => Math.floor(daysBetween(BORN, date) / 365.25);

/** The clinic is closed at weekends. */
const workday = (date: string) => plusDays(date, [1, 0, 0, 0, 0, 0, 2][new Date(`${date}T00:00:00Z`).getUTCDay()]!);

function visits(chart: Chart, random: Prng): void {
  let height = false;
  const interval = () => 91 + random.integer(-5, 5);
  for (let number = 0, due = '2017-04-11'; due < '2026-03-01'; number += 1, due = plusDays(due, interval())) {
    const day = workday(due);
    const start = at(day, `${String(random.integer(8, 11)).padStart(2, '0')}:${random.integer(0, 5)}0`);
    const visit = refer(
      encounter(chart, `visit-${day}`, {
        class: 'AMB',
        start,
        end: plusMinutes(start, 30),
        reason: named('Chronic kidney disease follow-up'),
      }),
    );
    const drawn = plusMinutes(start, 12);
    const keys = [...EVERY_VISIT, ...(number % 2 === 0 ? [...EVERY_SECOND, ...(day > '2022-03-01' ? FROM_2022 : [])] : [])];
    for (const key of keys) {
      const made = lab(chart, key, drawn, random.normal(courseAt(COURSE[key]!, day), SPREAD[key]!), {
        encounter: visit,
        after: random.integer(150, 300),
      });
      if (key === 'creatinine')
        lab(chart, 'egfr', drawn, egfr2021(made.valueQuantity!.value!, years(day), true), { encounter: visit, after: 305 });
    }
    if (!height) vital(chart, 'height', plusMinutes(start, 5), 163, visit);
    height = true;
    bloodPressure(chart, plusMinutes(start, 5), random.normal(142, 7), random.normal(78, 5), visit);
    vital(chart, 'heartRate', plusMinutes(start, 5), random.normal(76, 6), visit);
    vital(chart, 'weight', plusMinutes(start, 5), random.normal(81.5 - number * 0.2, 0.6), visit);
  }
}

function stayMeasurements(chart: Chart, random: Prng, stay: Reference): void {
  for (const [day, time, values] of STAY) {
    const drawn = at(day, time);
    for (const [key, value] of Object.entries(values))
      lab(chart, key as LabKey, drawn, value, { encounter: stay, after: random.integer(38, 75) });
  }
  // Collected 40 minutes before the as-of time and released after it: pending.
  const drawn = at('2026-03-17', '09:20');
  lab(chart, 'potassium', drawn, 4.7, { encounter: stay, after: 85 });
  lab(chart, 'creatinine', drawn, 2.66, { encounter: stay, after: 85 });

  const begin = at('2026-03-14', '08:20');
  for (let hour = 0; ; hour += 4) {
    const time = plusMinutes(begin, hour * 60);
    if (time > at('2026-03-17', '10:00')) break;
    const recovery = Math.min(1, hour / 48);
    bloodPressure(chart, time, random.normal(98 + 36 * recovery, 5), random.normal(58 + 14 * recovery, 4), stay);
    vital(chart, 'heartRate', time, random.normal(108 - 30 * recovery, 4), stay);
    vital(chart, 'respiratoryRate', time, random.normal(22 - 6 * recovery, 1), stay);
    vital(chart, 'spo2', time, Math.min(99, random.normal(95 + 2 * recovery, 1)), stay);
    vital(chart, 'temperature', time, random.normal(37.9 - 1 * recovery, 0.2), stay);
  }
  for (const [day, weight] of [
    ['2026-03-14', 70.8],
    ['2026-03-15', 72.1],
    ['2026-03-16', 73],
    ['2026-03-17', 73.4],
  ] as const)
    vital(chart, 'weight', at(day, day === '2026-03-14' ? '09:30' : '06:10'), weight, stay);
}

function problems(chart: Chart, stay: Encounter): Record<'ckd' | 'diabetes' | 'neuropathy' | 'fibrillation', Condition> {
  const listed = (
    name: string,
    text: string,
    codes: { snomed?: string; icd10?: string },
    onsetDateTime: string,
    more: { clinical?: 'inactive'; abatementDateTime?: string } = {},
  ) => condition(chart, name, named(text, codes), { clinical: 'active', onsetDateTime, recordedDate: onsetDateTime, ...more });
  const here = (name: string, text: string, codes: { snomed?: string; icd10?: string }) =>
    condition(chart, name, named(text, codes), {
      clinical: 'active',
      category: 'encounter-diagnosis',
      encounter: refer(stay),
      onsetDateTime: '2026-03-14',
      recordedDate: at('2026-03-14', '11:30'),
    });
  listed('hypertension', 'Essential hypertension', { snomed: '59621000', icd10: 'I10' }, '2008-02-19');
  listed('ckd-3a', 'Chronic kidney disease, stage 3a', { snomed: '700378005' }, '2018-10-02', {
    clinical: 'inactive',
    abatementDateTime: '2022-04-05',
  });
  here('aki', 'Acute kidney injury', { snomed: '14669001', icd10: 'N17.9' });
  here('hyperkalaemia', 'Hyperkalemia', { snomed: '14140009', icd10: 'E87.5' });
  here('gastroenteritis', 'Infectious gastroenteritis', { icd10: 'A09' });
  listed('anaemia', 'Anemia in chronic kidney disease', { icd10: 'D63.1' }, '2023-11-14');
  listed('hyperparathyroidism', 'Secondary hyperparathyroidism of renal origin', { icd10: 'N25.81' }, '2024-05-21');
  listed('retinopathy', 'Diabetic retinopathy', { snomed: '4855003' }, '2019-09-10');
  return {
    ckd: listed('ckd-4', 'Chronic kidney disease, stage 4', { snomed: '431857002', icd10: 'N18.4' }, '2024-08-20'),
    diabetes: listed('diabetes', 'Type 2 diabetes mellitus', { snomed: '44054006', icd10: 'E11.22' }, '2011-06-07'),
    neuropathy: listed('neuropathy', 'Diabetic polyneuropathy', { icd10: 'E11.42' }, '2018-01-16'),
    fibrillation: listed('fibrillation', 'Paroxysmal atrial fibrillation', { snomed: '282825002', icd10: 'I48.0' }, '2023-02-08'),
  };
}

export function kidney(): Chart {
  const chart = new Chart('kidney');
  const random = prng('demo hospital 1: kidney');
  person(chart, { mrn: 'DEMO-0001', family: 'Testpatient', given: 'Nephra', gender: 'female', birthDate: BORN });
  const [ed, ward] = hospitalOf(chart, [
    { id: 'demo-emergency', name: 'Emergency Department' },
    { id: 'demo-ward-5', name: 'Ward 5 (Nephrology)' },
  ]) as [Reference, Reference];

  visits(chart, random);
  const earlier = encounter(chart, 'stay-2023', {
    class: 'IMP',
    start: at('2023-02-06', '19:40'),
    end: at('2023-02-09', '13:15'),
    reason: named('Palpitations, new atrial fibrillation'),
    hospitalization: {
      dischargeDisposition: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/discharge-disposition', code: 'home', display: 'Home' }],
      },
    },
  });
  lab(chart, 'creatinine', at('2023-02-07', '06:05'), 1.88, { encounter: refer(earlier) });
  lab(chart, 'potassium', at('2023-02-07', '06:05'), 4.4, { encounter: refer(earlier) });
  lab(chart, 'troponinIHighSensitivity', at('2023-02-06', '20:05'), 11, { encounter: refer(earlier) });

  const stay = encounter(chart, 'stay-2026', {
    class: 'IMP',
    start: at('2026-03-14', '08:10'),
    reason: named('Vomiting, diarrhea, drowsiness and a fall'),
    location: [
      { location: ed, status: 'completed', period: { start: at('2026-03-14', '08:10'), end: at('2026-03-14', '13:05') } },
      { location: ward, status: 'active', period: { start: at('2026-03-14', '13:05') } },
    ],
  });
  stayMeasurements(chart, random, refer(stay));
  const reasons = problems(chart, stay);
  kidneyMedications(chart, stay, reasons);

  allergy(chart, 'sulfonamide', named('Sulfamethoxazole / trimethoprim', { rxnorm: '10831' }), {
    clinical: 'active',
    type: 'allergy',
    category: ['medication'],
    criticality: 'high',
    recordedDate: '2014-07-22',
    reaction: [{ manifestation: [named('Generalized rash with fever')], severity: 'severe' }],
  });
  allergy(chart, 'codeine', named('Codeine', { rxnorm: '2670' }), {
    clinical: 'active',
    type: 'intolerance',
    category: ['medication'],
    criticality: 'low',
    recordedDate: '2016-03-01',
    reaction: [{ manifestation: [named('Nausea and vomiting', { snomed: '16932000' })], severity: 'moderate' }],
  });

  for (const year of [2021, 2022, 2023, 2024, 2025])
    immunization(
      chart,
      'influenza',
      named('Influenza, seasonal, injectable, preservative free', { cvx: '140' }),
      `${year}-10-1${year % 7}`,
    );
  immunization(chart, 'pneumococcal', named('Pneumococcal conjugate PCV20', { cvx: '216' }), '2023-05-16');
  for (const date of ['2024-09-03', '2024-10-08', '2025-03-11'])
    immunization(chart, 'hepatitis-b', named('Hepatitis B vaccine, adult dosage', { cvx: '43' }), date);
  immunization(chart, 'zoster', named('Zoster vaccine, recombinant', { cvx: '187' }), '2022-11-08', {
    status: 'not-done',
    statusReason: { text: 'Patient declined' },
  });

  note(
    chart,
    'admission',
    'History and physical note',
    '34117-2',
    at('2026-03-14', '12:10'),
    [
      'Invented text of an invented patient.',
      '68-year-old woman with chronic kidney disease stage 4 and type 2 diabetes. Three days of vomiting and watery diarrhea, drowsy since yesterday, fell in the bathroom this morning without loss of consciousness.',
      'On arrival dry, blood pressure about 98/58, heart rate about 108. No chest pain. No focal neurological deficit.',
      'Impression: acute kidney injury on chronic kidney disease, prerenal, with hyperkalemia and metabolic acidosis.',
      'Plan: fluids, hold lisinopril and metformin, potassium binder, continue the other medicines for now.',
    ].join('\n'),
    refer(stay),
  );
  return chart;
}
