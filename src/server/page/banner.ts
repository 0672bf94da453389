// Whose record this is: always in sight while anything about it is shown.
import { readableTime } from '../../evidence/time.ts';
import type { Completeness } from '../../evidence/types.ts';
import { type ChosenPatient, getJson } from './api.ts';
import { byId, el } from './dom.ts';

type Readiness = { checks: Record<string, { ok: boolean; message: string }> };

export function showBanner(patient: ChosenPatient): void {
  const fact = (label: string, text: string | null) => el('div', {}, el('dt', {}, label), el('dd', {}, text ?? 'not recorded'));
  byId('patient-name').textContent = patient.name ?? 'Name not recorded';
  byId('patient-facts').replaceChildren(
    fact('Born', patient.birthDate),
    fact('Sex', patient.sex),
    fact('Number', patient.identifier),
    fact('As of', readableTime(patient.asOf)),
    fact('Record', patient.server),
    ...(patient.ids.length > 1 ? [fact('Merged from', `${patient.ids.length} records`)] : []),
  );
  byId('banner').hidden = false;
}

/** The as-of time of the newest answer: it moves where the record is read as of now. */
export function showAsOf(asOf: string): void {
  const [, , , shown] = byId('patient-facts').querySelectorAll('dd');
  if (shown) shown.textContent = readableTime(asOf);
}

/** Asks which sources answer now, and adds those that an answer could not read. */
export async function showSources(completeness: readonly Completeness[] = []): Promise<void> {
  const unread = completeness.filter((each) => each.status === 'unavailable').map((each) => `${each.what} (${each.source})`);
  // readyz answers 503 when a source is down, with the same body.
  const ready = await fetch('readyz')
    .then((response) => response.json() as Promise<Readiness>)
    .catch(() => null);
  const down =
    ready === null ? ['the copilot’s server'] : Object.values(ready.checks).flatMap((check) => (check.ok ? [] : [check.message]));
  const line = byId('sources-down');
  const parts = [...down, ...(unread.length === 0 ? [] : [`Could not be read: ${[...new Set(unread)].join(', ')}.`])];
  line.hidden = parts.length === 0;
  if (line.textContent !== parts.join(' ')) line.textContent = parts.join(' ');
}

export async function loadPatient(id: string): Promise<ChosenPatient> {
  return getJson<ChosenPatient>(`api/patients/${encodeURIComponent(id)}`);
}
