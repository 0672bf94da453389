// The kidney patient's laboratory course: nine years of slow decline, then the current stay. Pure numbers, all invented.
import { daysBetween } from '../clock.ts';
import type { LabKey } from '../codes.ts';

/** Course over the years, by date; between two dates the value moves in a straight line. */
// biome-ignore format: a table, read by line
export const COURSE: Partial<Record<LabKey, [date: string, value: number][]>> = {
  creatinine: [['2017-04-01', 1.12], ['2019-06-01', 1.31], ['2022-03-01', 1.62], ['2024-03-01', 1.93], ['2026-02-01', 2.28]],
  ureaNitrogen: [['2017-04-01', 19], ['2020-01-01', 26], ['2023-01-01', 35], ['2026-02-01', 46]],
  potassium: [['2017-04-01', 4.3], ['2022-01-01', 4.7], ['2026-02-01', 5.1]],
  sodium: [['2017-04-01', 140], ['2026-02-01', 139]],
  bicarbonate: [['2017-04-01', 25], ['2022-01-01', 22], ['2023-01-01', 21], ['2026-02-01', 21]],
  glucose: [['2017-04-01', 168], ['2026-02-01', 150]],
  calcium: [['2017-04-01', 9.5], ['2026-02-01', 8.9]],
  phosphate: [['2017-04-01', 3.4], ['2026-02-01', 4.7]],
  albumin: [['2017-04-01', 4.2], ['2026-02-01', 3.6]],
  haemoglobin: [['2017-04-01', 12.9], ['2022-01-01', 11.4], ['2024-01-01', 10.1], ['2024-09-01', 10.6], ['2026-02-01', 10.4]],
  hba1c: [['2017-04-01', 8.1], ['2020-01-01', 7.6], ['2026-02-01', 7.2]],
  urineAcr: [['2017-04-01', 85], ['2020-01-01', 240], ['2024-01-01', 610], ['2026-02-01', 780]],
  pth: [['2022-03-01', 92], ['2026-02-01', 188]],
  ferritin: [['2022-03-01', 74], ['2026-02-01', 132]],
  transferrinSaturation: [['2022-03-01', 16], ['2026-02-01', 23]],
};

export const SPREAD: Partial<Record<LabKey, number>> = {
  creatinine: 0.05,
  ureaNitrogen: 2,
  potassium: 0.18,
  sodium: 1.5,
  bicarbonate: 1,
  glucose: 22,
  calcium: 0.15,
  phosphate: 0.2,
  albumin: 0.1,
  haemoglobin: 0.25,
  hba1c: 0.2,
  urineAcr: 45,
  pth: 12,
  ferritin: 10,
  transferrinSaturation: 2,
};

export const EVERY_VISIT: LabKey[] = [
  'creatinine',
  'ureaNitrogen',
  'potassium',
  'sodium',
  'bicarbonate',
  'glucose',
  'haemoglobin',
  'hba1c',
];
export const EVERY_SECOND: LabKey[] = ['calcium', 'phosphate', 'albumin', 'urineAcr'];
export const FROM_2022: LabKey[] = ['pth', 'ferritin', 'transferrinSaturation'];

/** The admission, by time of collection; the haemoglobin falls with the fluids that are given. */
// biome-ignore format: a table, read by line
export const STAY: [date: string, time: string, Partial<Record<LabKey, number>>][] = [
  ['2026-03-14', '08:35', { creatinine: 3.62, ureaNitrogen: 88, potassium: 6.3, sodium: 131, chloride: 104, bicarbonate: 15, glucose: 212, calcium: 8.6, phosphate: 6.1, albumin: 3.4, haemoglobin: 10.9, haematocrit: 33.1, leukocytes: 12.4, platelets: 248, lactate: 2.6, crp: 41.2, magnesium: 1.9 }],
  ['2026-03-14', '16:10', { creatinine: 3.71, ureaNitrogen: 90, potassium: 5.8, sodium: 132, chloride: 105, bicarbonate: 16, glucose: 188 }, ], [ '2026-03-15', '05:30', { creatinine: 3.44, ureaNitrogen: 84, potassium: 5.4, sodium: 134, chloride: 106, bicarbonate: 18, glucose: 141, phosphate: 5.6, haemoglobin: 9.8, haematocrit: 29.9, leukocytes: 10.1, platelets: 221, lactate: 1.3, crp: 33.5, magnesium: 1.8 }],
  ['2026-03-15', '17:20', { creatinine: 3.3, ureaNitrogen: 79, potassium: 5.1, sodium: 135, chloride: 106, bicarbonate: 19, glucose: 176 }],
  ['2026-03-16', '05:40', { creatinine: 2.98, ureaNitrogen: 71, potassium: 4.9, sodium: 136, chloride: 106, bicarbonate: 20, glucose: 133, phosphate: 5.1, haemoglobin: 9.6, haematocrit: 29.2, leukocytes: 8.3, platelets: 214, crp: 18.9 }],
  ['2026-03-17', '05:25', { creatinine: 2.71, ureaNitrogen: 63, potassium: 4.8, sodium: 137, chloride: 105, bicarbonate: 21, glucose: 127, calcium: 8.7, phosphate: 4.9, haemoglobin: 9.7, haematocrit: 29.5, leukocytes: 7.6, platelets: 219, crp: 9.8, magnesium: 1.8 }],
];

/** The value of a course on a day. */
export function courseAt(points: [string, number][], date: string): number {
  const next = points.findIndex(([day]) => day > date);
  if (next === 0) return points[0]![1];
  if (next === -1) return points.at(-1)![1];
  const [[fromDay, from], [toDay, to]] = [points[next - 1]!, points[next]!];
  return from + ((to - from) * daysBetween(fromDay, date)) / daysBetween(fromDay, toDay);
}
