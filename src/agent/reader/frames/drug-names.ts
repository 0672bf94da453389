// The medicines that a clause names, each with all of its words: "metoprolol tartrate 25 mg", "0.9% sodium chloride", "milk of magnesia".
import type { Item } from '../annotate.ts';
import type { Thing } from '../needs.ts';
import type { Clause } from './clause.ts';

const isName = (item: Item) => item.tags.includes('unknown') || item.tags.some((t) => t.startsWith('thing:'));
const isPart = (item: Item) =>
  isName(item) ||
  item.tags.includes('strength') ||
  item.number !== undefined ||
  item.tags.includes('unit') ||
  item.tags.includes('specimen');
/** Small words and marks within a name. */
const joins = (item: Item) => item.tags.includes('mark') || (item.tags.includes('fn') && /^(?:of|in|for|with)$/.test(item.words));

/** Runs of words that belong to one name; a comma, "and" or "or" begins another. */
function runs(clause: Clause): Item[][] {
  const found: Item[][] = [];
  let run: Item[] = [];
  const close = () => {
    while (run.length > 0 && joins(run.at(-1)!)) run.pop();
    if (run.some(isName)) found.push(run);
    run = [];
  };
  for (const item of clause.items) {
    if (isPart(item) || (run.length > 0 && joins(item))) run.push(item);
    else close();
  }
  close();
  return found;
}

export type NamedDrugs = { things: Thing[]; items: Set<Item> };

/** @param open whether words that no index knows, or names of tests, may be medicines here ("was given X") */
export function drugNames(clause: Clause, open: boolean): NamedDrugs {
  const things: Thing[] = [];
  const items = new Set<Item>();
  for (const run of runs(clause)) {
    const drugs = run.filter((i) => i.tags.includes('thing:drug'));
    if (drugs.length === 0 && !open) continue;
    const text = run
      .map((i) => i.words)
      .join(' ')
      .replaceAll(/ ([).,%/-]) ?/g, '$1')
      .replaceAll(/([(/]) /g, '$1')
      .trim()
      .replace(/\([^)]*$/, '$&)');
    const [drug] = drugs;
    const thing = drug?.things.find((t) => t.kind === 'drug');
    const extra = run.filter((i) => i !== drug && !joins(i)).map((i) => i.words);
    if (thing && extra.length === 0) things.push(thing);
    else if (thing && drugs.length === 1) things.push({ ...thing, name: text, extra });
    else things.push({ kind: 'open', keys: [], ask: text, name: text, known: run.some((i) => i.things.length > 0) });
    for (const item of run) items.add(item);
  }
  return { things: things.filter((t, i) => things.findIndex((o) => o.name === t.name) === i), items };
}

/** Routes as orders write them (MIMIC, HL7 v3 RouteOfAdministration, SNOMED CT), by the words for them. */
const ROUTES: [RegExp, string[]][] = [
  [/^(?:iv|intravenous|intravenously)$/, ['iv', 'intravenous', 'intravenous route', 'intravenous use']],
  [/^(?:po|oral|orally|by mouth)$/, ['po', 'oral', 'oral route', 'oral use', 'by mouth']],
  [/^(?:sc|subcutaneous)$/, ['sc', 'sq', 'subcutaneous', 'subcutaneous route']],
  [/^im$/, ['im', 'intramuscular', 'intramuscular route']],
];

/** The route that is asked for; null where none is, false where the word is not known as one. */
export function routeOf(clause: Clause): string[] | null | false {
  const words = clause.items.filter((i) => i.tags.includes('med:route')).map((i) => i.words);
  if (words.length === 0) return null;
  const named = words.flatMap((w) => ROUTES.filter(([pattern]) => pattern.test(w)).map(([, names]) => names));
  return named.length === 1 ? named[0]! : named.length > 1 ? false : null;
}
