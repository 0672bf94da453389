// Choosing the patient: by name, number or birth date. Nobody is chosen by default.
import type { PatientLock } from '../../evidence/types.ts';
import { Failure, getJson } from './api.ts';
import { byId, el } from './dom.ts';

const PAUSE_MS = 150;
const MOST_SHOWN = 50;

type Found = { patients: PatientLock[]; status: string; reason: string | null };

const hasNamesake = (patient: PatientLock, all: PatientLock[]) =>
  patient.name !== null && all.some((other) => other.id !== patient.id && other.name?.toLowerCase() === patient.name?.toLowerCase());

function countOf({ patients, status, reason }: Found): string {
  const incomplete = status === 'complete' ? '' : ` The search was not complete: ${reason ?? 'the source failed'}.`;
  if (patients.length > MOST_SHOWN) return `The first ${MOST_SHOWN} of ${patients.length}; type more to narrow down.${incomplete}`;
  if (patients.length === 0) return `No patient fits.${incomplete}`;
  return `${patients.length} ${patients.length === 1 ? 'patient' : 'patients'}${incomplete && `.${incomplete}`}`;
}

export function setUpChooser(chosen: (patient: PatientLock) => void): { open: () => void; close: () => void } {
  const [section, input, list, status] = [byId('chooser'), byId<HTMLInputElement>('who'), byId('found'), byId('found-status')];
  let search: AbortController | null = null;
  let pause: ReturnType<typeof setTimeout> | undefined;

  async function find(): Promise<void> {
    search?.abort();
    search = new AbortController();
    const { signal } = search;
    try {
      const found = await getJson<Found>(`api/patients?q=${encodeURIComponent(input.value)}`, signal);
      list.replaceChildren(...found.patients.slice(0, MOST_SHOWN).map((each) => choice(each, hasNamesake(each, found.patients))));
      status.textContent = countOf(found);
    } catch (error) {
      if (signal.aborted) return;
      list.replaceChildren();
      status.textContent = error instanceof Failure ? error.message : 'The search failed; try again.';
    }
  }

  const choice = (patient: PatientLock, isNamesake: boolean) =>
    el(
      'li',
      {},
      el(
        'button',
        { type: 'button', onclick: () => chosen(patient) },
        el('span', { class: 'name' }, patient.name ?? 'Name not recorded'),
        el(
          'span',
          { class: 'detail' },
          [patient.birthDate && `born ${patient.birthDate}`, patient.sex, patient.identifier].filter(Boolean).join(' · '),
        ),
        isNamesake && el('span', { class: 'namesake' }, 'Another patient has this name'),
      ),
    );

  input.addEventListener('input', () => {
    clearTimeout(pause);
    pause = setTimeout(find, PAUSE_MS);
  });
  byId('who-form').addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(pause);
    void find();
  });
  return {
    open() {
      section.hidden = false;
      input.value = '';
      input.focus();
      void find();
    },
    close() {
      search?.abort();
      list.replaceChildren();
      section.hidden = true;
    },
  };
}
