// The page: one patient, one conversation at a time. Choosing another patient ends both and stops what runs.
import type { PatientLock } from '../../evidence/types.ts';
import { Turn } from './answer.ts';
import { ask, type ChosenPatient, Failure } from './api.ts';
import { loadPatient, showAsOf, showBanner, showSources } from './banner.ts';
import { setUpChooser } from './chooser.ts';
import { byId } from './dom.ts';
import { Panel } from './panel.ts';

const [transcript, composer, question] = [byId('transcript'), byId<HTMLFormElement>('composer'), byId<HTMLTextAreaElement>('question')];
const [send, stop, keep, notice] = [byId('send'), byId('stop'), byId('keep'), byId('notice')];

let patient: ChosenPatient | null = null;
let conversation: string | undefined;
let running: AbortController | null = null;
/** The patient chosen last: one that loads more slowly must not take its place. */
let wanted: string | null = null;

const panel = new Panel(() =>
  patient === null ? '' : [patient.name ?? 'Name not recorded', patient.birthDate, patient.identifier].filter(Boolean).join(' · '),
);
const chooser = setUpChooser((lock) => void choose(lock));

async function choose(lock: PatientLock): Promise<void> {
  if (lock.id === patient?.id) return closeChooser();
  endConversation();
  wanted = lock.id;
  try {
    const loaded = await loadPatient(lock.id);
    if (wanted !== lock.id) return;
    patient = loaded;
  } catch (error) {
    notice.textContent = error instanceof Failure ? error.message : 'This patient could not be opened.';
    return;
  }
  notice.textContent = '';
  showBanner(patient);
  closeChooser();
}

function endConversation(): void {
  running?.abort();
  running = null;
  conversation = undefined;
  patient = null;
  panel.close();
  transcript.replaceChildren();
  byId('banner').hidden = true;
  document.body.classList.remove('asked');
  setRunning(false);
}

function openChooser(): void {
  keep.hidden = patient === null;
  document.body.classList.add('choosing');
  panel.close();
  chooser.open();
}

function closeChooser(): void {
  document.body.classList.remove('choosing');
  chooser.close();
  question.focus();
}

async function askQuestion(text: string): Promise<void> {
  if (patient === null || running !== null || text.trim() === '') return;
  const stopping = new AbortController();
  running = stopping;
  setRunning(true);
  question.value = '';
  document.body.classList.add('asked');
  const turn = new Turn(text, (id, from) => panel.open(id, from));
  transcript.append(turn.root);
  turn.root.scrollIntoView({ block: 'start', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  const { signal } = stopping;
  try {
    await ask(
      { question: text, patient: patient.id, ...(conversation === undefined ? {} : { conversation }) },
      (heard) => {
        if (signal.aborted || heard.event === 'error') return;
        if (heard.event !== 'answer') return turn.hear(heard);
        conversation = heard.data.conversation;
        showAsOf(heard.data.asOf);
        void showSources(heard.data.completeness);
        void turn.finish(heard.data, copy, signal);
      },
      signal,
    );
  } catch (error) {
    if (signal.aborted) turn.fail('Stopped.');
    else turn.fail(error instanceof Failure ? error.message : 'The answer could not be shown; ask again.');
  } finally {
    if (running === stopping) {
      running = null;
      setRunning(false);
    }
  }
}

function setRunning(isRunning: boolean): void {
  send.hidden = isRunning;
  stop.hidden = !isRunning;
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

composer.addEventListener('submit', (event) => {
  event.preventDefault();
  void askQuestion(question.value);
});
question.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});
for (const example of document.querySelectorAll<HTMLButtonElement>('#examples button'))
  example.addEventListener('click', () => void askQuestion(example.textContent ?? ''));
stop.addEventListener('click', () => {
  running?.abort();
  question.focus();
});
byId('change').addEventListener('click', openChooser);
keep.addEventListener('click', closeChooser);

void showSources();
openChooser();
