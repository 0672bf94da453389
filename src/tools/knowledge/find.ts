// From words to analytes: for free text (a clinician's question) and for one test's name (a tool's input, a source's label).
import type { Analyte, Specimen } from './analyte.ts';
import {
  analyteByKey,
  analytesByExact,
  analytesByLoinc,
  analytesByPhrase,
  inSpecimen,
  knownPhrases,
  phraseOf,
  splitSpecimen,
} from './analytes.ts';
import { FAMILIES, PANELS, type Panel } from './panels.ts';

export type AnalyteMatch = {
  key: string;
  name: string;
  kind: 'lab' | 'vital';
  /** The words as they stand in the text. */
  matched: string;
  start: number;
  end: number;
  /** 1 as written; less when the spelling was corrected. */
  score: number;
  /** Only this specimen was asked for (`whole blood potassium`). */
  specimen?: Specimen;
  /** Other things that the words may mean: `drug`, or other analytes' keys. */
  ambiguous?: string[];
};
export type PanelMatch = { key: string; name: string; analytes: readonly string[]; matched: string; start: number; end: number };

type Word = { text: string; phrase: string; start: number; end: number };

const wordsOf = (text: string): Word[] =>
  [...text.matchAll(/[\p{L}\p{N}]+|[%#]/gu)].map((m) => ({
    text: m[0],
    phrase: m[0].normalize('NFKC').toLowerCase(),
    start: m.index,
    end: m.index + m[0].length,
  }));

const LONGEST = Math.max(...[...knownPhrases()].map((phrase) => phrase.split(' ').length));
const singular = (phrase: string) => (phrase.length > 4 && phrase.endsWith('s') && !phrase.endsWith('ss') ? phrase.slice(0, -1) : phrase);
const named = (phrase: string) => {
  const found = analytesByPhrase(phrase);
  return found.length > 0 ? found : analytesByPhrase(singular(phrase));
};

const isDrug = (a: Analyte, phrase: string) => / level$/.test(a.name) && phrase === a.name.toLowerCase().replace(/ level$/, '');

const isFamily = (phrase: string) => FAMILIES.some((f) => f.words.some((w) => phraseOf(w) === phrase || phraseOf(w) === singular(phrase)));

const BEFORE: Readonly<Record<string, Specimen>> = {
  arterial: 'arterial blood',
  venous: 'venous blood',
  capillary: 'capillary blood',
  fingerstick: 'capillary blood',
};

/** A drop from the finger under a meter: asked for by its own words, which name the specimen and not the test. */
const AT_THE_BEDSIDE = new Set(
  'fingerstick|fingersticks|finger stick|finger sticks|fingerstick glucose|finger stick glucose|fsbg|fsbs|fsg|poc glucose|poct glucose|poc glucoses|bedside glucose|point of care glucose|capillary glucose|glucometer|accucheck|accu chek|blood glucose meter'.split(
    '|',
  ),
);
const bedside = (phrase: string) =>
  AT_THE_BEDSIDE.has(phrase) || AT_THE_BEDSIDE.has(singular(phrase))
    ? { analytes: [analyteByKey('glucose')!], specimen: 'capillary blood' as const }
    : null;

/** The analytes that a stretch of words names, with the specimen named within or around it. */
function at(words: readonly Word[], from: number, to: number): { analytes: readonly Analyte[]; specimen?: Specimen } | null {
  const phrase = words
    .slice(from, to)
    .map((w) => w.phrase)
    .join(' ');
  const known = bedside(phrase);
  if (known !== null) return known;
  const whole = to - from === 1 ? [...new Set([...named(phrase), ...analytesByExact(words[from]!.text)])] : named(phrase);
  if (whole.length > 0) return { analytes: whole };
  if (to - from < 2) return null;
  // "glucose in the urine", "her urine sodium"
  const { core, specimen } = splitSpecimen(phrase.replace(/\b(the|his|her|their|this|patient s)\b ?/g, '').trim());
  if (specimen === null || core === '' || core === phrase) return null;
  const found = named(core).flatMap((a) => inSpecimen(a, specimen) ?? []);
  if (found.length === 0) return null;
  const isOther = found.every((a) => a.specimen === specimen);
  return isOther ? { analytes: found } : { analytes: found, specimen };
}

const blocked = (taken: readonly boolean[], from: number, to: number) => taken.slice(from, to).some(Boolean);

// Words that may stand before "IgE" without making it the antibody against something.
const BEFORE_TOTAL = new Set(
  'a an the this that his her their my your our total serum last latest newest recent current first highest lowest peak max maximum minimum initial baseline repeat is was are were has have had and or of for with on in to any what show check get give me see about high low raised elevated normal abnormal patient s'.split(
    ' ',
  ),
);
/** "Mango IgE" of an allergen that is not in the tables is not the total IgE. */
const isAllergen = (analytes: readonly Analyte[], before: string | undefined) =>
  analytes.length === 1 && analytes[0]!.key === 'ige' && before !== undefined && !BEFORE_TOTAL.has(before);

/** Every analyte that a text names, longest names first; near misses of long words where nothing else fits them. */
export function findAnalytes(text: string): AnalyteMatch[] {
  const words = wordsOf(text);
  const taken = words.map(() => false);
  const matches: AnalyteMatch[] = [];
  const add = (from: number, to: number, analytes: readonly Analyte[], score: number, specimen?: Specimen) => {
    taken.fill(true, from, to);
    const phrase = words
      .slice(from, to)
      .map((w) => w.phrase)
      .join(' ');
    const [start, end] = [words[from]!.start, words[to - 1]!.end];
    for (const a of analytes) {
      const others = isFamily(phrase) ? [] : analytes.filter((b) => b !== a).map((b) => b.key);
      const ambiguous = [...others, ...(isDrug(a, phrase) ? ['drug'] : [])];
      const before = BEFORE[words[from - 1]?.phrase ?? ''];
      const asked = specimen ?? (before !== undefined && a.kind === 'lab' ? before : undefined);
      matches.push({
        key: a.key,
        name: a.name,
        kind: a.kind,
        matched: text.slice(start, end),
        start,
        end,
        score,
        ...(asked === undefined ? {} : { specimen: asked }),
        ...(ambiguous.length === 0 ? {} : { ambiguous }),
      });
    }
  };
  for (let length = Math.min(LONGEST + 2, words.length); length >= 1; length -= 1) {
    for (let from = 0; from + length <= words.length; from += 1) {
      if (blocked(taken, from, from + length)) continue;
      const found = at(words, from, from + length);
      if (found !== null && isAllergen(found.analytes, words[from - 1]?.phrase)) taken.fill(true, from, from + length);
      else if (found !== null) add(from, from + length, found.analytes, 1, found.specimen);
    }
  }
  words.forEach((word, i) => {
    if (taken[i]) return;
    const near = nearest(word.phrase);
    if (near !== null) add(i, i + 1, analytesByPhrase(near.phrase), near.score);
  });
  return matches.sort((a, b) => a.start - b.start || a.key.localeCompare(b.key));
}

/** Panels that a text names (`BMP`, `iron studies`). */
export function findPanels(text: string): PanelMatch[] {
  const words = wordsOf(text);
  const matches: PanelMatch[] = [];
  for (const panel of PANELS) {
    const hits = panel.words.flatMap((w) => placesOf(words, phraseOf(w).split(' ')));
    const best = hits.sort((a, b) => b.to - b.from - (a.to - a.from))[0];
    if (best === undefined) continue;
    const [start, end] = [words[best.from]!.start, words[best.to - 1]!.end];
    matches.push({ key: panel.key, name: panel.name, analytes: panel.analytes, matched: text.slice(start, end), start, end });
  }
  // "CBC with differential" is one panel, not three; "CSF glucose" is no panel.
  const spans = [...matches, ...findAnalytes(text)];
  return matches.filter((m) => !spans.some((o) => o.start <= m.start && o.end >= m.end && o.end - o.start > m.end - m.start));
}

function placesOf(words: readonly Word[], phrase: readonly string[]): { from: number; to: number }[] {
  return words.flatMap((_, from) => (phrase.every((p, i) => words[from + i]?.phrase === p) ? [{ from, to: from + phrase.length }] : []));
}

export type ResolvedTest = {
  /** As asked. */
  asked: string;
  analytes: readonly Analyte[];
  specimen: Specimen | null;
  /** Only this way of measuring was asked for (`arterial line`, `non-invasive`). */
  method: string | null;
  /** Only this LOINC code was asked for. */
  loinc: string | null;
  panel: string | null;
  /** The nearest known name where none is known. */
  near: string | null;
};

/** Blood pressure by arterial line or by cuff, where the words say which. */
function methodAsked(phrase: string): string | null {
  if (!/\b(blood pressure|pressure|bp|abp|nibp|systolic|diastolic|mean)\b/.test(phrase)) return null;
  if (/\b(non ?invasive|nibp|cuff)\b/.test(phrase)) return 'non-invasive';
  return /\b(arterial line|a line|abp|arterial (blood pressure|bp)|invasive)\b/.test(phrase) ? 'arterial line' : null;
}

/** One test's or sign's name as a clinician, a model or a script writes it: a key, a LOINC code, a panel, a name in any case. */
export function resolveTest(asked: string, kind: 'lab' | 'vital'): ResolvedTest {
  const text = asked.trim();
  const phrase = phraseOf(text);
  const none: ResolvedTest = {
    asked: text,
    analytes: [],
    specimen: null,
    method: methodAsked(phrase),
    loinc: null,
    panel: null,
    near: null,
  };
  const ofKind = (list: readonly Analyte[]) => list.filter((a) => a.kind === kind);
  if (/^\d{1,7}-\d$/.test(text)) return { ...none, loinc: text, analytes: ofKind(analytesByLoinc(text)) };
  const byKey = ofKind([analyteByKey(text)].filter((a) => a !== undefined));
  if (byKey.length > 0) return { ...none, analytes: byKey };
  const meter = kind === 'lab' ? bedside(phrase) : null;
  if (meter !== null) return { ...none, ...meter };
  const panel: Panel | undefined = PANELS.find((p) => p.key === text.toLowerCase() || p.words.some((w) => phraseOf(w) === phrase));
  const exact = ofKind(analytesByExact(text.replace(/[^A-Za-z0-9]/g, '')));
  const byName = ofKind(named(phrase));
  const direct = exact.length > 0 ? exact : byName;
  if (direct.length > 0) return { ...none, analytes: direct };
  if (panel !== undefined) {
    const members = ofKind(panel.analytes.map((key) => analyteByKey(key)!));
    return { ...none, panel: panel.name, analytes: members };
  }
  const { core, specimen } = splitSpecimen(phrase);
  if (specimen !== null && core !== '') {
    const found = ofKind(named(core)).flatMap((a) => inSpecimen(a, specimen) ?? []);
    if (found.length > 0)
      return { ...none, analytes: [...new Set(found)], specimen: found.every((a) => a.specimen === specimen) ? null : specimen };
  }
  const anyCase = ofKind(
    [text.toUpperCase(), text.charAt(0).toUpperCase() + text.slice(1).toLowerCase()].flatMap((t) => analytesByExact(t)),
  );
  if (anyCase.length > 0) return { ...none, analytes: [...new Set(anyCase)] };
  const near = phrase.includes(' ') ? null : nearest(phrase);
  return { ...none, near: near === null ? null : (ofKind(analytesByPhrase(near.phrase))[0]?.name ?? null) };
}

// Names of one word, and every word within a name: what is written like one of these is no misspelling of another.
const single = [...knownPhrases()].filter((phrase) => /^[a-z]{5,}$/.test(phrase));
const real = new Set([...knownPhrases()].flatMap((phrase) => phrase.split(' ')));
// Words of medicine and of English that lie near an analyte's name and mean something else.
const NOT_MISSPELT = new Set(
  'cortisone creatine lactase lactose eight weigh heights weights sight right light fight bright plate plates iodine glucagon albuterol calcitonin prolapse protease lipids amylose ferric insulinoma hematoma steroid stool total tract trace lactation potash sulfate sulphate phosphatase proteins folic chloride'.split(
    ' ',
  ),
);

/** The one known name within one slip (two in words of nine letters or more) of a word; null where two analytes are as near. */
function nearest(word: string): { phrase: string; score: number } | null {
  if (!/^[a-z]{5,}$/.test(word) || real.has(word) || real.has(singular(word)) || NOT_MISSPELT.has(word)) return null;
  const limit = word.length >= 9 ? 2 : 1;
  let best: { phrase: string; distance: number }[] = [];
  for (const phrase of single) {
    if (phrase[0] !== word[0] || Math.abs(phrase.length - word.length) > limit) continue;
    const distance = slips(word, phrase, limit);
    if (distance > limit) continue;
    if (best.length === 0 || distance < best[0]!.distance) best = [{ phrase, distance }];
    else if (distance === best[0]!.distance) best.push({ phrase, distance });
  }
  const keysOf = (phrase: string) =>
    analytesByPhrase(phrase)
      .map((a) => a.key)
      .join(' ');
  const first = best[0];
  if (first === undefined || best.some((b) => keysOf(b.phrase) !== keysOf(first.phrase))) return null;
  return { phrase: first.phrase, score: 1 - first.distance * 0.2 };
}

/** Damerau-Levenshtein distance (optimal string alignment), cut off above `limit`. */
function slips(a: string, b: string, limit: number): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let d = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2]! + 1);
      row.push(d);
    }
    if (Math.min(...row) > limit) return limit + 1;
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
