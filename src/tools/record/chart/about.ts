// What `about` means in each section: a drug by any of its names or by its class, a diagnosis by its words, an abbreviation or its code.
import { type Evidence, makeEvidence } from '../../../evidence/index.ts';
import { DRUG_CLASSES, type DrugClassKey } from '../../knowledge/drug-classes.ts';
import { DRUG_TABLE, type Drug, drugClassesIn, drugsIn } from '../../knowledge/drugs.ts';
import type { NamedMedication } from '../names.ts';
import { diagnosisFits } from './diagnosis-names.ts';
import { type Asked, withoutForms } from './route-and-form.ts';

const normalise = (text: string) =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/([ao])e(?=[a-z])/g, (whole, first: string) => (first === 'a' || first === 'o' ? 'e' : whole))
    .replace(/[^a-z0-9.]+/g, ' ')
    .trim();

const FILLERS = new Set(
  'a an the of for on any and or in to with drug drugs dose doses medication medications medicine medicines med meds tablet pill pills allergy allergies allergic history total amount number'.split(
    ' ',
  ),
);
const contentWords = (text: string) => {
  const words = normalise(text)
    .split(' ')
    .filter((w) => w !== '');
  const content = words.filter((w) => !FILLERS.has(w));
  return content.length > 0 ? content : words;
};

const bareCode = (code: string) => code.toLowerCase().replaceAll('.', '');

/** `N18`, `N18.6`, `V462`, `44054006`: the code itself, or for ICD-like codes the chapter that it begins. */
function codeFits(codings: readonly { code: string }[], about: string): boolean {
  const wanted = about.trim();
  if (!/^[A-Za-z]?\d[\dA-Za-z.]{1,17}$/.test(wanted)) return false;
  const icdLike = /^[A-Za-z]\d/.test(wanted) || /^\d{3}(\.\d+)?$/.test(wanted);
  return codings.some((c) => bareCode(c.code) === bareCode(wanted) || (icdLike && bareCode(c.code).startsWith(bareCode(wanted))));
}

const withoutPlural = (word: string) => (word.length > 3 ? word.replace(/(?<=[^s])s$/, '') : word);

/** A drug's words are whole words: prednisone is not prednisolone. */
const nameFits = (name: string, about: string) => {
  const words = new Set(normalise(name).split(' ').map(withoutPlural));
  const wanted = contentWords(about);
  return wanted.length > 0 && wanted.every((w) => words.has(withoutPlural(w)));
};

export type Named = { name: string; codings: readonly { code: string; display?: string }[] };

/** Diagnoses: by code, by words, or by what an abbreviation stands for (CKD, AF, MI). */
export function conditionFits(about: string): (concept: Named) => boolean {
  const fits = diagnosisFits(about);
  return ({ name, codings }) => codeFits(codings, about) || fits([name, ...codings.flatMap((c) => c.display ?? [])]);
}

export type DrugMatch = {
  /** Why it fits: a class that is asked for, or null when the name itself fits. */
  fits: (medication: Pick<NamedMedication, 'concept' | 'parts'>) => { byClass: { drug: Drug; class: DrugClassKey } | null } | null;
  classes: readonly DrugClassKey[];
  /** Route and form that were asked for beside the name: judged on the evidence (route-and-form.ts). */
  forms: Asked['forms'];
  /** Whether a drug or a class is recognised in it. */
  isKnown: boolean;
  /** Only a route or form was asked for: what does not record it is left out. */
  onlyForms: boolean;
};

export function drugFits(text: string): DrugMatch {
  const { name, forms } = withoutForms(text);
  const about = name === null || contentWords(name).every((w) => FILLERS.has(w)) ? null : name;
  if (about === null && forms.length > 0) return { classes: [], forms, isKnown: true, onlyForms: true, fits: () => ({ byClass: null }) };
  return { ...namedDrugFits(about ?? text), forms, onlyForms: false };
}

function namedDrugFits(about: string): Pick<DrugMatch, 'classes' | 'fits' | 'isKnown'> {
  const wanted = drugsIn(about);
  const classes = drugClassesIn(about);
  const decide: DrugMatch['fits'] = ({ concept, parts }) => {
    const names = [concept.name, ...concept.codings.map((c) => c.display ?? ''), ...parts.map((p) => p.name)].filter((n) => n !== '');
    const drugs = names.flatMap(drugsIn);
    if (codeFits(concept.codings, about)) return { byClass: null };
    if (wanted.some((drug) => drugs.includes(drug))) return { byClass: null };
    // "heparin" finds a heparin flush too (it is heparin, whatever for); "anticoagulant" does not.
    if (names.some((name) => nameFits(name, about))) return { byClass: null };
    for (const drug of drugs) {
      const key = drug.classes.find((c) => classes.includes(c));
      if (key !== undefined) return { byClass: { drug, class: key } };
    }
    return null;
  };
  // A stay has thousands of doses of a few dozen drugs.
  const decided = new Map<string, ReturnType<typeof decide>>();
  const fits: DrugMatch['fits'] = (medication) => {
    const { concept, parts } = medication;
    const key = JSON.stringify([concept.name, concept.codings.map((c) => [c.code, c.display]), parts.map((p) => p.name)]);
    if (!decided.has(key)) decided.set(key, decide(medication));
    return decided.get(key)!;
  };
  return { classes, fits, isKnown: wanted.length > 0 || classes.length > 0 };
}

/** That a drug belongs to a class is knowledge, and cited as such. */
export function classEvidence(drug: Drug, key: DrugClassKey): Evidence {
  const { name, atc } = DRUG_CLASSES[key];
  return makeEvidence({
    kind: 'knowledge',
    patient: null,
    concept: {
      name: `${drug.generic} belongs to: ${name}`,
      codings:
        drug.rxnorm === null ? [] : [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: drug.rxnorm, display: drug.generic }],
    },
    value: { type: 'text', text: name },
    qualifiers: { atc },
    source: { type: 'knowledge', entry: drug.generic, ...DRUG_TABLE },
  });
}

/** What doses are counted together: the drug of the table (its names and forms are one), else the name without its case. */
export function drugKey(name: string): string {
  const drugs = drugsIn(name);
  return drugs.length === 1 ? drugs[0]!.generic : normalise(name);
}
