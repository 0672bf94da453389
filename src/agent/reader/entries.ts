// The names that the knowledge tables give, as entries of the reader's index.

import { diagnosisPhrases } from '../../tools/knowledge/clinical-words.ts';
import { DRUG_CLASSES } from '../../tools/knowledge/drug-classes.ts';
import { DRUGS } from '../../tools/knowledge/drugs.ts';
import { ANALYTES, FAMILIES, PANELS } from '../../tools/knowledge/index.ts';
import type { ConceptEntry } from './concepts.ts';
import { tagsOf } from './lexicon.ts';
import { STATE_WORDS } from './states.ts';
import { phraseOf } from './tokens.ts';

const vitals = new Set(ANALYTES.filter((a) => a.kind === 'vital').map((a) => a.key));
const kindOf = (keys: readonly string[]) => (keys.every((key) => vitals.has(key)) ? 'vital' : 'lab');

/** Labels that say under which condition a sample was taken: asked for, they ask for more than the test. */
const CONDITIONED = /\b(?:fasting|random|postprandial|post prandial)\b/;

/** What is measured in urine is called so too: "urine albumin to creatinine ratio". */
const withSpecimen = (names: readonly string[], specimen: string) =>
  specimen === 'urine' ? [...names, ...names.filter((n) => !/urin/i.test(n)).map((n) => `urine ${n}`)] : names;

/** "Low sodium" asks for the sodium; what is a word of the grammar or another table's name stays that. */
const isDiagnosis = (phrase: string, taken: ReadonlySet<string>) =>
  phrase.length > 1 &&
  !taken.has(phrase) &&
  tagsOf(phrase).length === 0 &&
  !STATE_WORDS.includes(phrase) &&
  (!/^(?:low|high) /.test(phrase) || /^high (?:cholesterol|blood pressure)$/.test(phrase));

export function knowledgeEntries(): ConceptEntry[] {
  const others = otherEntries();
  const taken = new Set(others.flatMap((e) => [e.name, ...e.names].map(phraseOf)));
  const diagnoses = diagnosisPhrases().filter((phrase) => isDiagnosis(phraseOf(phrase), taken));
  return [...others, ...diagnoses.map((name) => ({ kind: 'condition', keys: [name], name, names: [] }) as const)];
}

function otherEntries(): ConceptEntry[] {
  return [
    ...ANALYTES.map((a) => ({
      kind: a.kind,
      keys: [a.key],
      name: a.name,
      names: [
        ...withSpecimen(
          a.synonyms.filter((s) => !CONDITIONED.test(s)),
          a.specimen,
        ),
        ...a.exact,
      ],
    })),
    ...FAMILIES.map((f) => ({ kind: kindOf(f.analytes), keys: f.analytes, name: f.name, names: f.words }) as const),
    ...PANELS.map(
      (p) => ({ kind: 'panel', keys: p.analytes, name: p.name, names: p.words, vital: kindOf(p.analytes) === 'vital' }) as const,
    ),
    ...DRUGS.map((d) => ({ kind: 'drug', keys: [d.generic], name: d.generic, names: d.aliases }) as const),
    ...Object.entries(DRUG_CLASSES).map(([key, c]) => ({ kind: 'drug', keys: [key], name: c.name, names: c.words }) as const),
  ];
}
