// Choosing the patient: by name, number or birth date. Nobody is chosen by default.
import type { PatientLock } from '../../evidence/types.ts';
import { Failure, getJson } from './api.ts';
import { byId, el } from './dom.ts';

const PAUSE_MS = 150;
const MOST_SHOWN = 50;

export function setUpChooser(chosen: (patient: PatientLock) => void): { open: () => void; close: () => void } {
  const [section, input, list, status] = [byId('chooser'), byId<HTMLInputElement>('who'), byId('found'), byId('found-status')];
  let search: AbortController | null = null;
  let pause: ReturnType<typeof setTimeout> | undefined;

  async function find(): Promise<void> {
    search?.abort();
    search = new AbortController();
    const { signal } = search;
    try {
      const { patients } = await getJson<{ patients: PatientLock[] }>(`api/patients?q=${encodeURIComponent(input.value)}`, signal);
      list.replaceChildren(...patients.slice(0, MOST_SHOWN).map(choice));
      status.textContent =
        patients.length === 0
          ? 'No patient fits.'
          : patients.length > MOST_SHOWN
            ? `The first ${MOST_SHOWN} of ${patients.length} or more; type more to narrow down.`
            : `${patients.length} ${patients.length === 1 ? 'patient' : 'patients'}`;
    } catch (error) {
      if (signal.aborted) return;
      list.replaceChildren();
      status.textContent = error instanceof Failure ? error.message : 'The search failed; try again.';
    }
  }

  const choice = (patient: PatientLock) =>
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
