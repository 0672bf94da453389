// One question and what is answered: sentences as they arrive, chips for what they rest on, and what an answer ends with.
import { describeCompleteness, describeEvidence } from '../../evidence/render.ts';
import { readableTime } from '../../evidence/time.ts';
import type { Answer, Sentence } from '../../evidence/types.ts';
import { evidenceAddress, type Heard } from './api.ts';
import { el } from './dom.ts';
import { labelOf } from './facts.ts';
import { trendFigure, trendsOf } from './trend.ts';

type Open = (id: string, from: HTMLElement) => void;

/** Said beside the text, so that no kind is told by colour alone. */
const MARK: Record<Sentence['kind'], string | null> = {
  flag: 'Flag',
  limit: 'Limit',
  advice: 'Advice',
  question: 'Asks back',
  finding: null,
};

const OUTCOME: Record<Answer['outcome'], string | null> = {
  answered: null,
  partial: 'Answered in part',
  abstained: 'Not answered',
  clarify: 'Needs your choice',
  refused: 'Refused',
  failed: 'Failed',
};

const REASON: Record<NonNullable<Answer['reason']>, string> = {
  none_recorded: 'nothing of the kind is recorded',
  not_looked_for: 'it was not looked for',
  unreachable: 'a source could not be reached',
  not_in_a_record: 'a record cannot answer this',
  ambiguous: 'more than one thing may be meant',
  other_patient: 'it is about another patient',
  not_allowed: 'it is not allowed',
  unsupported: 'this cannot be asked here',
  low_confidence: 'the question was not understood well enough',
  as_of_before_record: 'the time lies before the record begins',
  not_applicable: 'it does not apply to this patient',
  error: 'the copilot failed',
};

let turns = 0;

export class Turn {
  readonly root: HTMLElement;
  private readonly open: Open;
  private readonly progress = el('p', { class: 'progress', role: 'status' }, 'Reading the record …');
  private readonly sentences = el('div', { class: 'sentences', 'aria-live': 'polite', 'aria-relevant': 'additions' });
  private readonly after = el('div', { class: 'after' });
  /** Evidence id to its number in this answer. */
  private readonly numbers = new Map<string, number>();
  private read = 0;

  constructor(question: string, open: Open) {
    this.open = open;
    const id = `turn-${++turns}`;
    this.root = el(
      'article',
      { class: 'turn', 'aria-labelledby': id },
      el('h2', { id, tabindex: -1 }, question),
      this.progress,
      this.sentences,
      this.after,
    );
  }

  hear(heard: Exclude<Heard, { event: 'error' | 'answer' }>): void {
    if (heard.event === 'tool') {
      this.read += heard.data.evidence;
      this.progress.textContent = `${heard.data.name.replaceAll('_', ' ')}: ${this.read} ${this.read === 1 ? 'record' : 'records'} read …`;
    } else this.say(heard.data);
  }

  private say({ text, citations, kind }: Sentence): void {
    const mark = MARK[kind];
    this.sentences.append(
      el(
        'p',
        { class: `sentence ${kind}` },
        mark && el('strong', { class: 'mark' }, mark, ' '),
        el('span', { class: 'text' }, text),
        ...citations.flatMap((id) => [' ', this.chip(id)]),
      ),
    );
  }

  private chip(id: string): HTMLElement {
    const number = this.numbers.get(id) ?? this.numbers.size + 1;
    this.numbers.set(id, number);
    const chip = el(
      'button',
      {
        type: 'button',
        class: 'chip',
        'data-evidence': id,
        'aria-label': `Evidence ${number}`,
        'aria-expanded': 'false',
        'aria-controls': 'panel',
      },
      String(number),
    );
    chip.addEventListener('click', () => this.open(id, chip));
    return chip;
  }

  /** The trends are drawn after the rest: they take a request each. */
  async finish(answer: Answer, copy: (text: string) => Promise<boolean>, signal: AbortSignal): Promise<void> {
    this.progress.remove();
    for (const chip of this.sentences.querySelectorAll<HTMLElement>('.chip')) {
      const label = this.label(answer, chip.dataset['evidence']!);
      chip.setAttribute('aria-label', `Evidence ${chip.textContent}: ${label}`);
      chip.title = label;
    }
    const figures = el('div', { class: 'figures' });
    this.after.replaceChildren(figures, this.foot(answer, copy));
    for (const trend of trendsOf(answer)) {
      const figure = await trendFigure(trend, this.open, signal).catch(() => null);
      if (figure !== null && !signal.aborted) figures.append(figure);
    }
  }

  fail(message: string): void {
    this.progress.remove();
    this.after.replaceChildren(el('p', { class: 'failure', role: 'alert' }, message));
  }

  private label(answer: Answer, id: string): string {
    const item = answer.evidence[id] ?? answer.completeness.find((each) => each.id === id);
    return item === undefined ? id : labelOf(item);
  }

  private foot(answer: Answer, copy: (text: string) => Promise<boolean>): HTMLElement {
    const outcome = OUTCOME[answer.outcome];
    const reason = answer.reason === null ? '' : `: ${REASON[answer.reason]}`;
    const copied = el('span', { role: 'status', class: 'quiet' });
    const button = el('button', { type: 'button', class: 'plain' }, 'Copy with citations');
    button.addEventListener('click', async () => {
      copied.textContent = (await copy(plainText(answer, this.numbers))) ? 'Copied' : 'The browser refused; select the text instead.';
    });
    return el(
      'footer',
      { class: 'foot' },
      el(
        'p',
        { class: 'line' },
        outcome && el('span', { class: `outcome ${answer.outcome}` }, `${outcome}${reason}`),
        el('span', {}, `As of ${readableTime(answer.asOf)}`),
        answer.sentences.length > 0 && button,
        copied,
      ),
      answer.completeness.length > 0 &&
        el(
          'details',
          {},
          el('summary', {}, 'What was looked for'),
          el('ul', { class: 'looked' }, ...answer.completeness.map((each) => el('li', { class: each.status }, describeCompleteness(each)))),
        ),
    );
  }
}

/** As the command line prints it: the patient, the sentences with marks, the numbered evidence, what was not complete. */
export function plainText(answer: Answer, numbers: ReadonlyMap<string, number>): string {
  const p = answer.patient;
  const patient =
    p && [p.name, p.birthDate && `born ${p.birthDate}`, p.sex, p.identifier && `number ${p.identifier}`].filter(Boolean).join(', ');
  const marks = (ids: string[]) => ids.map((id) => ` [${numbers.get(id) ?? '?'}]`).join('');
  const looked = new Map(answer.completeness.map((each) => [each.id, each]));
  const cited = [...numbers].map(([id, number]) => {
    const [evidence, completeness] = [answer.evidence[id], looked.get(id)];
    const line = evidence ? describeEvidence(evidence) : completeness ? describeCompleteness(completeness) : id;
    return `[${number}] ${line} ${new URL(evidenceAddress(id), document.baseURI)}`;
  });
  const incomplete = answer.completeness
    .filter((each) => each.status !== 'complete')
    .map((each) => `Not complete: ${describeCompleteness(each)}`);
  return [
    ...(patient ? [`${patient}, as of ${answer.asOf}`] : []),
    `Question: ${answer.question}`,
    '',
    ...answer.sentences.map((each) => `${each.text}${marks(each.citations)}`),
    '',
    ...cited,
    ...(incomplete.length > 0 ? ['', ...incomplete] : []),
    '',
    'Research use only; not for diagnosis or treatment.',
  ].join('\n');
}
