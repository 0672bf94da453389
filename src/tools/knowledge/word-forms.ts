// Forms of one clinical word: plural, adjective, British spelling, roman numerals. A closed list: the beginning of a word never decides,
// since pneumonia is not pneumothorax, nor thrombosis thrombocytopenia. Usual forms as in the NLM's SPECIALIST lexicon.

/** Each line is one meaning in its forms (singular; plurals follow by rule where they are regular). */
const FORMS = `
diabetes diabetic
hypertension hypertensive
hypotension hypotensive
kidney renal
liver hepatic
lung pulmonary
heart cardiac
brain cerebral cerebrum
stomach gastric
bowel intestine intestinal
colon colonic
rectum rectal
esophagus esophageal
pancreas pancreatic
prostate prostatic
uterus uterine
ovary ovarian
vein venous
artery arterial
spine spinal
thigh femur femoral
anemia anemic
ischemia ischemic
obesity obese
depression depressive depressed
anxiety anxious
psychosis psychotic
schizophrenia schizophrenic
epilepsy epileptic
migraine migrainous
asthma asthmatic
allergy allergic
cirrhosis cirrhotic
alcohol alcoholic
delirium delirious
dementia demented
embolism embolus emboli embolic
thrombosis thrombus thrombi
hemorrhage hemorrhagic bleeding bleed
infarction infarct
infection infected
fracture fractured broken
ulcer ulceration ulcerated
edema edematous
tumor neoplasm
metastasis metastatic
malignancy malignant
neuropathy neuropathic
cardiomyopathy cardiomyopathic
myopathy myopathic
stenosis stenotic
obstruction obstructed
perforation perforated
gangrene gangrenous
gout gouty
psoriasis psoriatic
atherosclerosis atherosclerotic arteriosclerosis arteriosclerotic
osteoarthritis osteoarthrosis
hypothyroidism hypothyroid
hyperthyroidism hyperthyroid thyrotoxicosis
hyperlipidemia hyperlipidemic
arrhythmia dysrhythmia
fibrillation fibrillating
constipation constipated
dehydration dehydrated
pregnancy pregnant
suicide suicidal
transplant transplantation transplanted
dislocation dislocated
syncope syncopal
smoking smoker smoke
overdose overdosed
varix varice variceal
calculus calculi stone
abscess abscessed
disease disorder
hemophilia hemophiliac
autism autistic
blindness blind
deafness deaf
`
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

/** A broader word and the narrower ones that are its kinds: arthritis finds osteoarthritis, never the other way round. */
const NARROWER: Readonly<Record<string, readonly string[]>> = {
  arthritis: ['osteoarthritis', 'osteoarthrosis', 'polyarthritis', 'spondyloarthritis'],
  neuropathy: ['polyneuropathy', 'mononeuropathy', 'radiculopathy'],
  nephritis: ['glomerulonephritis', 'pyelonephritis'],
  hepatitis: ['steatohepatitis'],
  colitis: ['enterocolitis', 'proctocolitis'],
  carcinoma: ['adenocarcinoma', 'cholangiocarcinoma'],
  sarcoma: ['osteosarcoma', 'liposarcoma', 'leiomyosarcoma', 'rhabdomyosarcoma', 'angiosarcoma'],
  embolism: ['thromboembolism'],
  pneumonia: ['bronchopneumonia'],
  carditis: ['endocarditis', 'myocarditis', 'pericarditis'],
};

const REGULAR = /(?:[^su]|[aeo]u)s$/;

function singular(word: string): string {
  if (word.length < 4) return word;
  if (/ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/oses$/.test(word) && word.length > 6) return `${word.slice(0, -2)}is`;
  if (/metastases$/.test(word)) return 'metastasis';
  if (/(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return /is$/.test(word) || !REGULAR.test(word) ? word : word.slice(0, -1);
}

const BASE = new Map(FORMS.flatMap((forms) => forms.map((form) => [singular(form), singular(forms[0]!)] as const)));
const KINDS = new Map(Object.entries(NARROWER).map(([word, kinds]) => [baseForm(word), new Set(kinds.map(baseForm))]));

/** All words that have forms here. */
export const FORM_WORDS: readonly string[] = FORMS.flat();

/** One form for all forms of a word: `diabetic` and `diabetes` give the same, `diseases` and `disease` too. */
export function baseForm(word: string): string {
  const one = singular(word);
  return BASE.get(one) ?? one;
}

/** Both as `baseForm` gives them: the word itself or a kind of it. */
export const isWordOrKind = (wanted: string, word: string): boolean => wanted === word || KINDS.get(wanted)?.has(word) === true;

const ROMAN: Readonly<Record<string, string>> = { i: '1', ii: '2', iii: '3', iv: '4', v: '5' };

/** Lower case without accents, American spelling, `non-` joined to its word, `type II` as `type 2`. Punctuation stays. */
export function clinicalSpelling(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/['’]s?\b/g, '')
    .replace(/[ao]e(?!s?\b)(?=[a-z])/g, 'e')
    .replace(/\b(tum|col|od|lab|behavi|hum)our/g, '$1or')
    .replace(/\bmould/g, 'mold')
    .replace(/\bgoitre/g, 'goiter')
    .replace(/\bw\/o\b/g, 'without')
    .replace(/\bw(?:\/ ?| )(?=[a-z])/g, 'with ')
    .replace(/sulph/g, 'sulf')
    .replace(/\bleuco/g, 'leuko')
    .replace(/\bnon[- ](?=[a-z])/g, 'non')
    .replace(/\b(type|stage|grade|class)[ -]+(i{1,3}|iv|v)\b/g, (_, noun: string, roman: string) => `${noun} ${ROMAN[roman]}`)
    .replace(/\b(type|stage|grade|class)-(?=\d)/g, '$1 ');
}
