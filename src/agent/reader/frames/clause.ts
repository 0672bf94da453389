// One clause: its items, and what a frame asks of them. A frame reads the clause; what it does not account for stays visible.
import type { Item } from '../annotate.ts';
import type { Compare, Pick, Thing, When } from '../needs.ts';

export type Clause = {
  items: Item[];
  /** It began with a question word or verb of its own. */
  headed: boolean;
  /** It hangs on the clause before it: not understood, it takes that one with it. */
  tied: boolean;
};

/** Words that any frame may pass over. */
const NEUTRAL = ['fn', 'person', 'pronoun', 'and', 'or', 'sep', 'comma', 'mark', 'be', 'have', 'do', 'stop', 'follow', 'ask:what', 'any'];

/** "…, and the last visit": a stay that split.ts made a question of its own. */
export const isStayAlone = (clause: Clause) =>
  clause.headed && clause.items.every((i) => i.span?.when.type === 'stay' || i.tags.includes('fn') || i.tags.includes('person'));

export const has = (clause: Clause, ...tags: string[]) => clause.items.some((item) => item.tags.some((tag) => tags.includes(tag)));
export const hasPrefix = (clause: Clause, prefix: string) => clause.items.some((item) => item.tags.some((tag) => tag.startsWith(prefix)));
/** Only this reading, no other. */
export const isOnly = (item: Item, ...tags: string[]) => item.tags.length > 0 && item.tags.every((tag) => tags.includes(tag));

/** Items that none of the allowed tags (or prefixes ending in `:`) explains. */
export function unexplained(clause: Clause, allowed: readonly string[]): Item[] {
  const all = [...NEUTRAL, ...allowed];
  const fits = (tag: string) => all.some((a) => (a.endsWith(':') ? tag.startsWith(a) : tag === a));
  return clause.items.filter((item) => !item.tags.some(fits));
}

export function thingsOf(clause: Clause, ...kinds: Thing['kind'][]): Thing[] {
  const things: Thing[] = [];
  for (const item of clause.items) {
    for (const thing of item.things.filter((t) => kinds.includes(t.kind)))
      if (!things.some((t) => t.kind === thing.kind && t.keys.join() === thing.keys.join())) things.push(thing);
  }
  return things;
}

/** Runs of words that nothing explains, with what stands between them: an open name. A list gives several. */
export function openPhrases(clause: Clause, isPart: (item: Item) => boolean): string[] {
  const runs: Item[][] = [];
  let run: Item[] = [];
  const close = () => {
    while (run.length > 0 && run.at(-1)!.tags.some((t) => NEUTRAL.includes(t))) run.pop();
    if (run.some((item) => item.tags.includes('unknown'))) runs.push(run);
    run = [];
  };
  for (const item of clause.items) {
    const separates = item.tags.some((t) => t === 'sep' || t === 'and' || t === 'or' || t === 'comma' || t === 'time' || t === 'stop');
    const joins =
      run.length > 0 && (item.tags.includes('mark') || (item.tags.includes('fn') && /^(?:of|in|for|with|to|the|and)$/.test(item.words)));
    if (separates) close();
    else if (isPart(item) || joins) run.push(item);
    else close();
  }
  close();
  return runs.map((items) =>
    items
      .map((item) => item.words)
      .join(' ')
      .replaceAll(/ ([).,%/-]) ?/g, '$1')
      .replaceAll(/([(/]) /g, '$1'),
  );
}

export const open = (words: string): Thing => ({ kind: 'open', keys: [], ask: words, name: words, known: false });

export function whenOf(clause: Clause): When | null {
  return clause.items.find((item) => item.span !== undefined)?.span?.when ?? null;
}

const NTH: Record<string, number> = {
  'ord:last': -1,
  'ord:first': 1,
  'ord:second': 2,
  'ord:third': 3,
  'ord:fourth': 4,
  'ord:fifth': 5,
  'ord:second to last': -2,
  'ord:third to last': -3,
  'ord:previous': -2,
};

/** Which of several is asked for; `fallback` where no word chooses. */
export function pickOf(clause: Clause, fallback: Pick): { pick: Pick; picked: boolean } {
  const nth = clause.items.flatMap((item) => item.tags.map((tag) => NTH[tag]).filter((n) => n !== undefined))[0];
  const span = clause.items.find((item) => item.span?.pick !== undefined)?.span;
  const n = nth ?? (span?.pick === 'first' ? 1 : span?.pick === 'last' ? -1 : undefined);
  for (const which of ['highest', 'lowest'] as const)
    if (has(clause, `agg:${which}`)) return { pick: { type: 'extreme', which, ...(n === undefined ? {} : { n }) }, picked: true };
  for (const type of ['mean', 'sum', 'baseline'] as const) if (has(clause, `agg:${type}`)) return { pick: { type }, picked: true };
  if (n !== undefined) return { pick: { type: 'nth', n }, picked: true };
  if (has(clause, 'now')) return { pick: { type: 'nth', n: -1 }, picked: true };
  if (has(clause, 'all')) return { pick: { type: 'all' }, picked: true };
  return { pick: fallback, picked: false };
}

const OPS = ['above', 'below', 'at least', 'at most', 'equal', 'between'] as const;

export function compareOf(clause: Clause): Compare | null {
  const numbers = clause.items.filter((item) => item.number !== undefined);
  const op = OPS.find((o) => has(clause, `cmp:${o}`));
  if (op === undefined || numbers.length === 0) return null;
  const [first, second] = numbers;
  const unit = numbers.find((n) => n.unit !== undefined)?.unit ?? clause.items.find((i) => i.tags.includes('unit'))?.unit ?? null;
  if (op === 'between') return second === undefined ? null : { op, value: first!.number!, value2: second.number!, unit };
  return numbers.length > 1 ? null : { op, value: first!.number!, unit };
}

/** "when", "what was the first time that": a time is asked for; "for the first time" only chooses. */
export function asksWhen(clause: Clause): boolean {
  if (has(clause, 'ask:when')) return true;
  const at = clause.items.findIndex((i) => /^(?:first|last|latest|earliest) time$/.test(i.words));
  if (at < 1 || isYesNo(clause) || has(clause, 'ask:how many')) return false;
  const before = clause.items.slice(0, at);
  const leads = before.every((i) => i.tags.some((t) => ['fn', 'ask:what', 'be', 'person', 'mark', 'sep', 'time'].includes(t)));
  return leads && before.at(-1)!.words === 'the' && before.at(-2)?.words !== 'for';
}

/** A question that is answered with yes or no: it opens with a verb. */
export function isYesNo(clause: Clause): boolean {
  for (const item of clause.items) {
    if (item.tags.some((t) => t.startsWith('ask:'))) return false;
    if (item.tags.some((t) => t === 'be' || t === 'have' || t === 'do')) return true;
    if (item.tags.includes('fn') || item.tags.includes('time') || item.tags.includes('and') || item.tags.includes('sep')) continue;
    return false;
  }
  return false;
}
