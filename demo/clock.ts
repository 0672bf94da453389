// The hospital's local times, written with the offset of that day (US Eastern: -05:00, and -04:00 in daylight saving).

const utcDay = (year: number, month: number, day: number) => Date.UTC(year, month - 1, day);

/** Day of the nth Sunday of a month. */
const sunday = (year: number, month: number, nth: number) => 1 + ((7 - new Date(utcDay(year, month, 1)).getUTCDay()) % 7) + 7 * (nth - 1);

/** Daylight saving runs from the second Sunday of March to the first of November; the hour of change is of no matter here. */
function offsetOn(date: string): '-04:00' | '-05:00' {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const today = utcDay(year, month, day);
  const summer = today >= utcDay(year, 3, sunday(year, 3, 2)) && today < utcDay(year, 11, sunday(year, 11, 1));
  return summer ? '-04:00' : '-05:00';
}

/** `at('2026-03-17', '05:30')` is `2026-03-17T05:30:00-04:00`. */
export function at(date: string, time: string): string {
  return `${date}T${time}:00${offsetOn(date)}`;
}

/** A local time some minutes later, in the offset of the day that it falls on. */
export function plusMinutes(time: string, minutes: number): string {
  const local = new Date(Date.parse(`${time.slice(0, 19)}Z`) + minutes * 60_000).toISOString();
  return at(local.slice(0, 10), local.slice(11, 16));
}

/** `plusDays('2026-02-28', 1)` is `2026-03-01`. */
export function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
