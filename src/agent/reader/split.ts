// A question cut into clauses, one need each: at sentence ends, and at commas and conjunctions where something new is asked.
// "creatinine and potassium" stays one clause, "creatinine, and how has it changed" becomes two, "highest and lowest potassium" shares the potassium.
import type { Item } from './annotate.ts';
import type { Clause } from './frames/clause.ts';

type Family = 'R' | 'M' | 'C' | 'A' | 'E' | 'P' | 'S' | 'D';
type Segment = { items: Item[]; head: boolean; op: boolean; opLast: boolean; families: Set<Family>; time: boolean; joiner: Item | null };

const FAMILIES: [RegExp, Family][] = [
  [/^thing:(?:lab|vital|panel)$|^topic:(?:labs|vitals)$/, 'R'],
  [/^thing:drug$|^topic:medications$|^med:(?:give|prescribe|not given)$/, 'M'],
  [/^thing:condition$|^topic:conditions$|^diag:with$/, 'C'],
  [/^topic:allergies$/, 'A'],
  [/^enc:(?:admit|discharge|stay|icu|ed|place|disposition)$/, 'E'],
  [/^fact:|^topic:person$/, 'P'],
  [/^topic:summary$/, 'S'],
  [/^domain:|^help$/, 'D'],
];
const OP = /^(?:ord:|agg:|trend|normal|abnormal|high|low|critical|cmp:|group|now$)/;

function describe(items: Item[], joiner: Item | null): Segment {
  const content = items.filter((i) => !i.tags.every((t) => t === 'fn' || t === 'person' || t === 'mark' || t === 'and'));
  const first = content[0];
  const head =
    first?.tags.some(
      (t) => t.startsWith('ask:') || t === 'be' || t === 'have' || t === 'do' || t === 'follow' || t === 'help' || t === 'topic:summary',
    ) ?? false; // prettier-ignore
  const families = new Set<Family>();
  for (const item of items) {
    const found = FAMILIES.filter(([pattern]) => item.tags.some((t) => pattern.test(t))).map(([, family]) => family);
    // A word with several readings ("had", "treatment") decides nothing.
    if (found.length > 0 && !item.tags.some((t) => t === 'fn' || t === 'have')) for (const family of found) families.add(family);
  }
  const topicAt = items.findLastIndex((i) => i.things.length > 0);
  const opAt = items.findIndex((i) => i.tags.some((t) => OP.test(t)) && !i.tags.includes('fn'));
  return {
    items,
    head,
    op: opAt >= 0,
    opLast: opAt > topicAt && topicAt >= 0,
    families,
    time: items.some((i) => i.span !== undefined),
    joiner,
  };
}

function segments(items: Item[]): Segment[][] {
  const sentences: Segment[][] = [];
  let sentence: Segment[] = [];
  let run: Item[] = [];
  let joiner: Item | null = null;
  const close = () => {
    if (run.some((i) => !i.tags.includes('mark'))) sentence.push(describe(run, joiner));
    run = [];
  };
  for (const item of items) {
    if (item.tags.includes('stop')) {
      close();
      if (sentence.length > 0) sentences.push(sentence);
      [sentence, joiner] = [[], null];
    } else if (item.tags.includes('comma') || item.tags.includes('and') || item.tags.includes('or')) {
      close();
      if (joiner === null || item.tags.includes('or') || !item.tags.includes('comma')) joiner = item;
    } else {
      if (run.length === 0 && sentence.length === 0) joiner = null;
      run.push(item);
    }
  }
  close();
  if (sentence.length > 0) sentences.push(sentence);
  return sentences;
}

const overlap = (a: Set<Family>, b: Set<Family>) => [...a].some((family) => b.has(family));
const topicItems = (items: Item[]) =>
  items.filter((i) => i.things.length > 0 || i.tags.some((t) => t.startsWith('topic:') || t === 'specimen' || t === 'unknown')); // prettier-ignore

/** An opening name of a disease may run on over commas and "and": "diagnosed with hyposmolality and/or hyponatremia". */
const isOpenTail = (segment: Segment) => segment.items.some((i) => i.tags.includes('diag:with'));

const saysNothing = (item: Item) =>
  item.span !== undefined || item.tags.some((t) => ['fn', 'person', 'mark', 'relation', 'ord:first', 'ord:last', 'sep'].includes(t));
/** A time or a circumstance before the question itself. */
const isAdjunct = (segment: Segment) =>
  !segment.head &&
  ((segment.items.every(saysNothing) && (segment.time || segment.items.some((i) => / time$/.test(i.words)))) ||
    opensWithCircumstance(segment.items[0]!));
const opensWithCircumstance = (item: Item) =>
  item.span !== undefined ||
  item.tags.includes('relation') ||
  /^(?:since|during|in|on|at|for|with|from|compared|within|while|if)$/i.test(item.words);
/** A question that has not said yet what it is about. */
const isUnfinished = (segment: Segment) =>
  segment.head &&
  segment.families.size === 0 &&
  !segment.items.some((i) =>
    i.tags.some(
      (t) =>
        t === 'unknown' ||
        t === 'pronoun' ||
        t === 'help' ||
        t === 'topic:summary' ||
        t === 'follow' ||
        /^(?:agg|trend|high|low|normal|abnormal)/.test(t),
    ),
  );
/** "…, and the last visit": a stay with nothing before it that makes it a time is asked for itself. */
const isBareStay = (segment: Segment) =>
  segment.items.every((i) => i.span?.when.type === 'stay' || /^(?:the|her|his|their)$/.test(i.words)) &&
  segment.items.some(
    (i) =>
      i.span !== undefined && i.span.pick === undefined && !/^(?:during|in|on|at|of|for|over|since|within|throughout)\b/i.test(i.words),
  );
const isJoined = (segment: Segment) => segment.joiner?.tags.some((t) => t === 'and' || t === 'or') ?? false;
const isComparison = (segment: Segment) =>
  segment.items.some((i) => i.tags.some((t) => t.startsWith('cmp:'))) && segment.items.some((i) => i.number !== undefined);

export function splitClauses(items: Item[]): Clause[] {
  const clauses: Clause[] = [];
  for (const sentence of segments(items)) {
    const own: (Clause & { segment: Segment })[] = [];
    for (const segment of sentence) {
      const last = own.at(-1);
      if (last === undefined) {
        own.push({ items: segment.items, headed: segment.head, segment, tied: false });
        continue;
      }
      const isTopic = segment.families.size > 0 || segment.items.some((i) => i.tags.includes('unknown'));
      const sameFamily =
        segment.families.size === 0 || last.segment.families.size === 0 || overlap(segment.families, last.segment.families);
      const isOr = segment.joiner?.tags.includes('or') ?? false;
      const merge = () => {
        const separator: Item = {
          tags: ['sep'],
          words: segment.joiner?.words ?? ',',
          start: segment.items[0]!.start,
          end: segment.items[0]!.start,
          things: [],
        };
        last.items = [...last.items, separator, ...segment.items];
        last.segment = { ...describe(last.items, last.segment.joiner), head: last.headed };
      };
      // "During the last stay, what was …" and "When was the first time, since May, that …" are one clause, not two.
      if (isAdjunct(last.segment) || isUnfinished(last.segment)) {
        merge();
        last.headed ||= segment.head;
        last.segment = { ...last.segment, head: last.headed };
      } else if (isJoined(segment) && isBareStay(segment) && last.segment.families.size > 0 && !last.segment.time)
        own.push({ items: segment.items, headed: true, segment, tied: false });
      else if (segment.head) own.push({ items: segment.items, headed: true, segment, tied: false });
      else if (segment.items[0]!.tags.includes('specimen') && segment.items[0]!.things.length === 0 && last.segment.families.has('R'))
        merge();
      else if (!isTopic && last.segment.families.size > 0 && isComparison(segment) && !isComparison(last.segment)) merge();
      else if (isOpenTail(last.segment) && !segment.op && segment.families.size === 0) merge();
      else if (
        isTopic &&
        !segment.op &&
        sameFamily &&
        (last.segment.families.size > 0 || last.segment.op || last.items.some((i) => i.tags.includes('unknown'))) &&
        !(last.segment.time && segment.time)
      )
        merge();
      else if (isTopic && segment.op && segment.opLast && !last.segment.op && sameFamily && last.segment.families.size > 0) merge();
      else if (!isTopic && isOr && segment.op && last.segment.op) merge();
      else if (!isTopic && segment.time && !segment.op) {
        if (!last.segment.time) merge();
        else {
          last.items = last.items.filter((i) => !i.tags.includes('compare'));
          own.push({ items: [...last.items.filter((i) => i.span === undefined), ...segment.items], headed: false, segment, tied: false });
        }
      } else if (!isTopic && !segment.op && !segment.time) merge();
      else own.push({ items: segment.items, headed: false, segment, tied: !isJoined(segment) });
    }
    shareTopics(own);
    shareTimes(own);
    clauses.push(...own.map(({ items: clauseItems, headed, tied }) => ({ items: clauseItems, headed, tied })));
  }
  return clauses;
}

/** A part that only chooses ("highest", "the trend") takes the names of the part beside it. */
function shareTopics(parts: (Clause & { segment: Segment })[]): void {
  for (const [i, part] of parts.entries()) {
    const [before, after] = [parts[i - 1], parts[i + 1]];
    const bare = topicItems(part.items).length === 0 && part.segment.op && !part.items.some((p) => p.tags.includes('pronoun'));
    if (!bare) continue;
    const from =
      before && topicItems(before.items).length > 0 && !part.headed
        ? before
        : after && !after.headed && topicItems(after.items).length > 0
          ? after
          : null;
    if (from) part.items = [...part.items, ...topicItems(from.items)];
  }
}

const chooses = (item: Item) => item.span !== undefined || item.tags.some((t) => /^(?:ord:|now$|ever$|all$|ask:)/.test(t));

/** A time that opens the sentence holds for all of it; one at the end of a list for the whole list. */
function shareTimes(parts: (Clause & { segment: Segment })[]): void {
  const timeOf = (part: Clause) => part.items.find((i) => i.span !== undefined && i.span.pick === undefined);
  const first = parts[0];
  const leading = first && timeOf(first);
  if (
    leading &&
    first.items.filter((i) => i.things.length > 0 || i.tags.some((t) => t.startsWith('topic:'))).every((i) => i.start > leading.start)
  ) {
    for (const part of parts.slice(1)) if (!timeOf(part)) part.items = [...part.items, leading];
  }
  // "the lowest glucose yesterday and was insulin given": what was then, of the same time.
  for (const [i, part] of parts.entries()) {
    const time = i === 0 ? undefined : timeOf(parts[i - 1]!);
    const opensPast = part.items.find((item) => !item.tags.includes('fn'));
    if (time && !timeOf(part) && isJoined(part.segment) && /^(?:was|were|did)$/.test(opensPast?.words ?? '') && !part.items.some(chooses))
      part.items = [...part.items, time];
  }
  for (let i = parts.length - 2; i >= 0; i--) {
    const [part, next] = [parts[i]!, parts[i + 1]!];
    const time = timeOf(next);
    if (time && !next.headed && !part.items.some((item) => item.span !== undefined)) part.items = [...part.items, time];
  }
}
