// Whether the name of a diagnosis tells what is asked, and what it tells besides: denied, the family's, past, or only looked for.
import { clinicalWords, expandClinicalWords } from '../../knowledge/clinical-words.ts';
import { clinicalSpelling, isWordOrKind } from '../../knowledge/word-forms.ts';

/** From here to the end of the clause a name denies: "without mention of angina pectoris", "not stated as uncontrolled". */
const DENIED =
  /\b(?:without|no|not|excluding|excludes|except|other than|ruled? out|negative for|absence of|free of)\b.*?(?=[,;()[\]]|\bwith\b|\bbut\b|$)/g;
/** "Acute respiratory failure, unspecified whether with hypoxia or hypercapnia". */
const UNTOLD = /\b(?:un|not )specified whether\b[^,;]*/g;
const DENIES = /\b(?:without|no|not|excluding|except|ruled? out|negative for|absence of)\b/;

const FILLERS = new Set(
  clinicalWords(
    'a an the of on any in to or by at as her his has history diagnosis unspecified other specified nec nos part site right left ' +
      'bilateral female male initial subsequent encounter finding situation',
  ),
);
/** Words that join two things in one name: what stands on both sides is seldom one thing. */
const JOINTS = new Set(['and', 'with', 'due', 'for']);
const JOINT_COST = 2;

const GENERIC = new Set(clinicalWords('disease condition problem issue trouble'));
const [DISEASE] = clinicalWords('disease');
const [MALIGNANT] = clinicalWords('malignant');
const ORGANS = new Set(
  clinicalWords(
    'kidney liver heart lung thyroid brain stomach bowel colon esophagus pancreas prostate bladder skin bone joint muscle nerve eye ear ' +
      'breast uterus ovary spine blood vein artery gallbladder vascular peripheral coronary valve',
  ),
);

/** What a word means when it stands alone: portal hypertension is no hypertension in that sense, nor is heat stroke a stroke. */
const OTHER_SENSES: readonly (readonly [word: string, names: RegExp])[] = [
  [
    'hypertension',
    /\b(?:pulmonary|portal|intracranial|ocular|venous|portopulmonary) hypertensi|\bhypertensi\w+,? (?:pulmonary|portal|ocular)/,
  ],
  ['diabetes', /\bdiabetes insipidus/],
  ['stroke', /\bheat ?stroke/],
  ['depression', /\b(?:respiratory|marrow|st|segment|cns|myocardial) depression/],
  ['parkinson', /\bwolff/],
  ['lupus', /\blupus (?:anticoagulant|inhibitor)/],
  ['embolism', /\b(?:air|fat|septic|amniotic fluid) embol/],
  ['arrest', /\bgrowth arrest/],
].map(([word, names]) => [clinicalWords(word as string)[0]!, names as RegExp] as const);

type Word = { word: string; at: number };

/** The words that count, with their places; a joint pushes apart what it joins. */
function placed(text: string): Word[] {
  let at = 0;
  const words: Word[] = [];
  for (const word of clinicalWords(text)) {
    if (JOINTS.has(word)) at += JOINT_COST;
    else if (!FILLERS.has(word)) words.push({ word, at: at++ });
  }
  return words;
}

/** ICD-9-CM 250 tells the type at the end: "Diabetes with renal manifestations, type II or unspecified type". */
const typeFirst = (name: string) => name.replace(/\bdiabetes(?: mellitus)?\b(.*), (type [12])\b.*$/, '$2 diabetes mellitus $1');

/** `denies`: the phrase has a denial of its own ("do not resuscitate"), so that the name's are no bar. */
type Phrase = { wanted: readonly string[]; barred: readonly string[]; denies: boolean };

function phraseOf(text: string): Phrase {
  const barred = [...text.matchAll(/!(\w+)/g)].flatMap((m) => clinicalWords(m[1]!));
  return { wanted: wantedWords(text.replace(/!\w+/g, ' ')), barred, denies: DENIES.test(clinicalSpelling(text)) };
}

function wantedWords(phrase: string): readonly string[] {
  const words = placed(phrase).map((w) => w.word);
  const content = words.filter((w) => !GENERIC.has(w));
  if (content.length === 0) return words;
  return content.length < words.length && content.every((w) => ORGANS.has(w)) ? [...content, DISEASE!] : content;
}

/** All words stand near each other: "chronic kidney disease with heart failure" is no kidney failure. */
function areNear(words: readonly Word[], wanted: readonly string[]): boolean {
  const most = Math.max(5, 2 * wanted.length + 1);
  const places = wanted.map((w) => words.filter((x) => isWordOrKind(w, x.word)).map((x) => x.at));
  if (places.some((p) => p.length === 0)) return false;
  if (wanted.length === 1) return true;
  return places.flat().some((first) => places.every((p) => p.some((at) => at >= first && at < first + most)));
}

/**
 * By whole words in any of their forms, near each other, over the synonyms of clinical-words.ts. What a name denies does not fit.
 * @returns whether any of the names of one diagnosis tells what is asked.
 */
export function diagnosisFits(about: string): (names: readonly string[]) => boolean {
  const phrases = expandClinicalWords(about)
    .map(phraseOf)
    .filter(({ wanted }) => wanted.length > 0);
  const askedWords = new Set(clinicalWords(about));
  const isSecondaryAsked = [...askedWords].some((w) => /^(?:secondary|metastasis|met)$/.test(w)) || askedWords.size === 1;
  const decide = (name: string): boolean => {
    const spelled = typeFirst(clinicalSpelling(name));
    const told = spelled.replace(UNTOLD, ' ').replace(DENIED, ' ');
    const [words, all] = [placed(told), placed(spelled)];
    // A metastasis in the lung is not lung cancer.
    const isElsewhere = /\bsecondary\b/.test(told) && !isSecondaryAsked;
    return phrases.some(({ wanted, barred, denies }) => {
      if (!areNear(denies ? all : words, wanted) || words.some((w) => barred.includes(w.word))) return false;
      if (isElsewhere && wanted.some((w) => w === MALIGNANT)) return false;
      return !isOtherSense(told, wanted, askedWords);
    });
  };
  const decided = new Map<string, boolean>();
  return (names) =>
    names.some((name) => {
      if (!decided.has(name)) decided.set(name, decide(name));
      return decided.get(name)!;
    });
}

function isOtherSense(name: string, wanted: readonly string[], asked: ReadonlySet<string>): boolean {
  const [only] = wanted;
  if (wanted.length !== 1) return false;
  return OTHER_SENSES.some(([word, names]) => {
    if (word !== only || !names.test(name)) return false;
    const rest = name.replace(new RegExp(names, 'g'), ' ');
    return !clinicalWords(rest).includes(word) && [...asked].every((w) => !names.test(`${w} ${word}`));
  });
}

/**
 * What a name says of itself, as qualifiers of the evidence; none of them makes a plain "has":
 * `whose` = `family`; `history` = `personal history` | `late effect`;
 * `mentionedAs` = `screening` | `suspected` | `exposure` | `prevention` | `risk` | `carrier` | `allergy status` | `reason for an encounter`.
 */
export type NameQualifiers = { whose: string | null; history: string | null; mentionedAs: string | null };

const MENTIONS: readonly (readonly [RegExp, string])[] = [
  [/\ballergy status\b|\bhistory of allergy\b/, 'allergy status'],
  [/\bscreening\b/, 'screening'],
  [/\bexposure to\b|\bcontact with\b/, 'exposure'],
  [/\b(?:prophylactic|vaccination|immunization|prevention of|prophylaxis)\b/, 'prevention'],
  [/\bcarrier\b/, 'carrier'],
  [/\b(?:at risk|risk of|risk for|susceptibility to|predisposition to)\b/, 'risk'],
  [/^(?:possible|probable|suspected)\b|\bsuspected\b|\bobservation for\b|\bruled? out\b/, 'suspected'],
  [/^encounter for\b|^(?:admission|aftercare|counseling|evaluation) (?:for|following)\b/, 'reason for an encounter'],
];

export function nameQualifiers(name: string): NameQualifiers {
  const text = clinicalSpelling(name);
  const isFamily = /\b(?:family|fam) (?:history|hx)\b|^fhx?\b/.test(text);
  return {
    whose: isFamily ? 'family' : null,
    history: isFamily
      ? null
      : /\b(?:personal|prsnl|past) (?:history|hx)\b|^(?:history of|hx of|h\/o)\b|^old myocardial infarction/.test(text)
        ? 'personal history'
        : /^(?:late effects?|sequelae?) of\b/.test(text)
          ? 'late effect'
          : null,
    mentionedAs: MENTIONS.find(([words]) => words.test(text))?.[1] ?? null,
  };
}
