// The evidence beside the answer. Esc closes it and gives the focus back to the chip that opened it.
import { describeCompleteness, formatTime } from '../../evidence/render.ts';
import { evidenceAddress, Failure, getJson } from './api.ts';
import { byId, el } from './dom.ts';
import { factsOf, type Item, inputIds, isEvidence, kindOf, titleOf, valueText } from './facts.ts';

export type InputsPage = { page: number; pages: number; total: number; inputs: Item[]; missing: string[] };

export class Panel {
  private readonly root = byId('panel');
  private readonly body = byId('panel-body');
  private readonly back = byId('panel-back');
  private opener: HTMLElement | null = null;
  /** Evidence opened from within the panel: the way back. */
  private trail: string[] = [];
  private loading: AbortController | null = null;
  /** Named in the panel too, since on a small screen it covers the banner. */
  private readonly patientLine: () => string;

  constructor(patientLine: () => string) {
    this.patientLine = patientLine;
    byId('panel-close').addEventListener('click', () => this.close());
    this.back.addEventListener('click', () => {
      this.trail.pop();
      void this.show(this.trail.at(-1)!);
    });
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !this.root.hidden) this.close();
    });
  }

  open(id: string, opener: HTMLElement): void {
    this.opener?.setAttribute('aria-expanded', 'false');
    this.opener = opener;
    opener.setAttribute('aria-expanded', 'true');
    this.trail = [id];
    void this.show(id);
  }

  close(): void {
    this.loading?.abort();
    this.root.hidden = true;
    document.body.classList.remove('with-panel');
    this.body.replaceChildren();
    this.opener?.setAttribute('aria-expanded', 'false');
    if (this.opener?.isConnected) this.opener.focus();
    this.opener = null;
  }

  private async show(id: string): Promise<void> {
    this.loading?.abort();
    this.loading = new AbortController();
    const { signal } = this.loading;
    this.root.hidden = false;
    document.body.classList.add('with-panel');
    this.back.hidden = this.trail.length < 2;
    byId('panel-patient').textContent = this.patientLine();
    try {
      const item = await getJson<Item>(evidenceAddress(id), signal);
      const inputs = inputIds(item).length > 0 ? await getJson<InputsPage>(`${evidenceAddress(id)}?inputs=1`, signal) : null;
      this.fill(item, inputs);
    } catch (error) {
      if (signal.aborted) return;
      byId('panel-title').textContent = 'Evidence';
      this.body.replaceChildren(el('p', { role: 'alert' }, error instanceof Failure ? error.message : 'The evidence could not be shown.'));
    }
    byId('panel-title').focus({ preventScroll: true });
    // On a small screen the panel covers the lower part: what it belongs to stays in sight above.
    (this.opener?.closest('.sentence') ?? this.opener)?.scrollIntoView({ block: 'nearest' });
  }

  private fill(item: Item, inputs: InputsPage | null): void {
    byId('panel-kind').textContent = kindOf(item);
    byId('panel-title').textContent = titleOf(item);
    const facts = factsOf(item).map(({ label, text }) =>
      el('div', label === 'Value' ? { class: 'value' } : {}, el('dt', {}, label), el('dd', {}, text)),
    );
    this.body.replaceChildren(
      el('dl', { class: 'facts' }, ...facts),
      ...(inputs === null ? [] : [this.inputs(item.id, inputs)]),
      el(
        'p',
        { class: 'own-page' },
        el('a', { href: evidenceAddress(item.id), target: '_blank', rel: 'noopener' }, 'Open as a page of its own'),
      ),
    );
    this.body.parentElement?.scrollTo(0, 0);
  }

  private inputs(id: string, first: InputsPage): HTMLElement {
    const list = el('ul', { class: 'inputs' }, ...first.inputs.map((input) => this.input(input)));
    const missing = el('p', { class: 'quiet' }, first.missing.length > 0 && `${first.missing.length} more cannot be opened here.`);
    let shown = first.page;
    const more = el('button', { type: 'button', class: 'plain', hidden: first.pages === 1 }, 'Show more');
    more.addEventListener('click', async () => {
      const next = await getJson<InputsPage>(`${evidenceAddress(id)}?inputs=${++shown}`).catch(() => null);
      if (next === null) return;
      const added = next.inputs.map((input) => this.input(input));
      list.append(...added);
      added[0]?.querySelector('button')?.focus();
      more.hidden = next.page === next.pages;
    });
    return el(
      'section',
      { 'aria-labelledby': 'inputs-title' },
      el('h3', { id: 'inputs-title' }, `Rests on ${first.total} ${first.total === 1 ? 'record' : 'records'}`),
      list,
      missing,
      more,
    );
  }

  private input(item: Item): HTMLElement {
    const detail = isEvidence(item)
      ? [item.time ? formatTime(item.time) : '', item.status ?? ''].filter((part) => part !== '').join(' · ')
      : 'window' in item
        ? describeCompleteness(item)
        : item.text;
    const open = () => {
      this.trail.push(item.id);
      void this.show(item.id);
    };
    return el(
      'li',
      {},
      el(
        'button',
        { type: 'button', onclick: open },
        el('span', { class: 'name' }, titleOf(item)),
        el('span', { class: 'amount' }, isEvidence(item) ? valueText(item) : ''),
        el('span', { class: 'detail' }, detail),
      ),
    );
  }
}
