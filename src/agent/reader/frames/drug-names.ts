// The medicines that a clause names, each with all of its words: "metoprolol tartrate 25 mg", "0.9% sodium chloride", "milk of magnesia".
import type { Item } from '../annotate.ts';
import type { Thing } from '../needs.ts';
import { phraseOf } from '../tokens.ts';
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

/** Salts, esters and dosage forms (USP <1121> nomenclature): a word beside a drug's name that the record may lack in good sense. */
const FORM =
  /^(?:acetate|besylate|bitartrate|bromide|calcium|carbonate|chloride|citrate|disoproxil|fumarate|gluconate|hcl|hydrobromide|hydrochloride|lactate|magnesium|maleate|mesylate|nitrate|oxide|phosphate|potassium|propionate|sodium|succinate|sulfate|sulphate|tartrate|tromethamine|er|xr|xl|sr|cr|ir|la|dr|ec|extended|immediate|delayed|sustained|release|tablets?|capsules?|patch|patches|liquid|solution|suspension|cream|ointment|gel|inhaler|neb|nebs|nebulizer|drops|spray|flush|suppository|suppositories|lozenges?|pastilles?)$/i;

/** Runs of words that belong to one name; a comma, "and" or "or" begins another. */
function runs(clause: Clause, except: ReadonlySet<Item>): Item[][] {
  const found: Item[][] = [];
  let run: Item[] = [];
  const close = () => {
    while (run.length > 0 && joins(run.at(-1)!)) run.pop();
    if (run.some(isName)) found.push(run);
    run = [];
  };
  for (const item of clause.items) {
    if (!except.has(item) && (isPart(item) || (run.length > 0 && joins(item)))) run.push(item);
    else close();
  }
  close();
  return found;
}

export type NamedDrugs = { things: Thing[]; items: Set<Item> };

/** @param open whether words that no index knows, or names of tests, may be medicines here ("was given X") */
export function drugNames(clause: Clause, open: boolean, except: ReadonlySet<Item> = new Set()): NamedDrugs {
  const things: Thing[] = [];
  const items = new Set<Item>();
  for (const run of runs(clause, except)) {
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
    else if (thing && drugs.length === 1)
      things.push({ ...thing, name: text, extra, known: run.every((i) => !i.tags.includes('unknown') || FORM.test(i.words)) });
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

export type Route = { names: string[]; items: Item[] };

/** The route that is asked for, with the words that say it ("via the po/ng route", "via iv"); null where none is. */
export function routeOf(clause: Clause): Route | null {
  const { items } = clause;
  const noun = items.findIndex((i) => i.words === 'route');
  const via = items.findIndex((i) => i.words === 'via');
  const isWord = (i: Item | undefined) =>
    i !== undefined && (i.tags.includes('unknown') || i.tags.includes('med:route') || i.tags.includes('mark'));
  const said: Item[] = [];
  if (noun > 0) for (let at = noun - 1; isWord(items[at]) && items[at]!.words !== 'via'; at -= 1) said.unshift(items[at]!);
  else if (via >= 0) {
    let at = via + 1;
    while (items[at]?.tags.includes('fn')) at += 1;
    for (; isWord(items[at]); at += 1) said.push(items[at]!);
  } else said.push(...items.filter((i) => i.tags.includes('med:route')));
  if (said.length === 0) return null;
  const text = phraseOf(said.map((i) => i.words).join(' '));
  const known = ROUTES.find(([pattern]) => pattern.test(text))?.[1];
  return { names: known ?? [text], items: said };
}
