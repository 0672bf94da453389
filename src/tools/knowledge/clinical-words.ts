// What clinicians' abbreviations and lay words stand for in the names of diagnoses (ICD-9-CM, ICD-10-CM and SNOMED CT titles).
// Usual meanings as in the NLM's UMLS SPECIALIST lexicon of abbreviations; a word with two usual meanings lists both. A phrase stands for
// the same thing or for a kind of it: a broader word finds the narrower ones (cancer finds lymphoma), never the other way round.
// `!superficial`: not where the name has that word. Single words and their forms (kidney, renal) are word-forms.ts.
import { baseForm, clinicalSpelling, FORM_WORDS } from './word-forms.ts';

// what is asked = what names say | another | ...
const ROWS = `
a fib, afib, af = atrial fibrillation
a flutter, aflutter = atrial flutter
vtach, v tach, vt = ventricular tachycardia
vfib, v fib, vf = ventricular fibrillation
svt = supraventricular tachycardia
aaa = abdominal aneurysm | aneurysm abdominal aorta
abdominal aortic aneurysm = abdominal aneurysm | aneurysm abdominal aorta
acs = acute coronary syndrome | intermediate coronary syndrome | unstable angina | myocardial infarction
aki, acute kidney injury, acute kidney failure = acute kidney failure | acute kidney injury
atn = acute tubular necrosis | kidney failure lesion tubular necrosis
ckd = chronic kidney disease | end stage kidney disease
chronic kidney disease = end stage kidney disease
chronic kidney failure = chronic kidney disease | end stage kidney disease
renal insufficiency = kidney failure | chronic kidney disease
esrd, end stage kidney disease = end stage kidney disease
kidney failure = acute kidney injury | end stage kidney disease
kidney disease = chronic kidney disease | kidney failure | end stage kidney disease | nephropathy | glomerulonephritis | nephrotic syndrome | acute kidney injury
kidney injury = kidney failure
ards = acute respiratory distress syndrome
respiratory failure = acute respiratory distress syndrome
bph, enlarged prostate = benign prostatic hyperplasia | hyperplasia prostate | hypertrophy prostate
benign prostatic hyperplasia = hypertrophy prostate | hyperplasia prostate
bppv = benign paroxysmal positional vertigo
cad, coronary disease, coronary artery disease, coronary heart disease, chd = coronary artery disease | coronary atherosclerosis | atherosclerosis heart disease | atherosclerosis coronary artery | occlusion coronary artery | ischemic heart disease
ihd, ischemic heart disease = ischemic heart disease | coronary atherosclerosis | atherosclerosis heart disease | myocardial infarction | angina pectoris
chf, hf, congestive heart failure = heart failure
chf exacerbation, heart failure exacerbation, decompensated heart failure, acute decompensated heart failure = acute heart failure
hfref = systolic heart failure | heart failure reduced ejection fraction
hfpef = diastolic heart failure | heart failure preserved ejection fraction
heart disease = heart failure | cardiomyopathy | coronary atherosclerosis | myocardial infarction | atrial fibrillation
copd = chronic obstructive pulmonary | chronic airway obstruction | obstructive chronic bronchitis | chronic obstructive bronchitis | emphysema
chronic obstructive pulmonary disease = chronic airway obstruction | obstructive chronic bronchitis | chronic obstructive bronchitis | emphysema
lung disease = chronic obstructive pulmonary | chronic airway obstruction | pulmonary fibrosis | interstitial lung | emphysema | asthma | bronchiectasis
ild = interstitial lung disease | interstitial pulmonary | pulmonary fibrosis
cva, stroke = stroke | cerebral infarction | cerebrovascular accident | intracerebral hemorrhage | nontraumatic intracranial hemorrhage | nontraumatic subarachnoid hemorrhage
ischemic stroke, cerebral infarction = cerebral infarction | ischemic stroke
tia, mini stroke = transient ischemic attack | transient cerebral ischemia | transient cerebral ischemic
dm, sugar disease = diabetes mellitus | diabetes
t1dm, type 1 dm, dm1 = type 1 diabetes | diabetes type 1
t2dm, type 2 dm, dm2 = type 2 diabetes | diabetes type 2
dka, diabetic ketoacidosis = ketoacidosis
hhs = hyperosmolar
dvt, deep vein thrombosis, deep venous thrombosis = deep vein thrombosis | venous thrombosis !superficial
leg clot, blood clot in leg, leg thrombosis = thrombosis lower extremity !superficial | deep vein thrombosis !upper | venous thrombosis !superficial !upper !subclavian !jugular !axillary !portal !renal !mesenteric !intracranial
arm clot, blood clot in arm = thrombosis upper extremity | thrombosis subclavian vein | thrombosis axillary vein | thrombosis brachial vein
lung clot, blood clot in lung, lung embolism, clot on lung = pulmonary embolism | pulmonary thromboembolism
brain clot, blood clot in brain = cerebral infarction | cerebral thrombosis | cerebral embolism | intracranial venous thrombosis | subdural hematoma | subdural hemorrhage | intracerebral hemorrhage
vte, venous thromboembolism, venous thromboembolic disease = pulmonary embolism | venous thrombosis !superficial | venous thromboembolism
blood clot = pulmonary embolism | deep vein thrombosis | venous thrombosis | embolism and thrombosis | venous embolism
pe = pulmonary embolism
pulmonary embolism = pulmonary thromboembolism
gerd, acid reflux, reflux disease, gastroesophageal reflux = esophageal reflux | gastroesophageal reflux | gastro esophageal reflux | reflux esophagitis
gi bleed, gi bleeding, gi hemorrhage, gastrointestinal bleed, gastrointestinal bleeding = gastrointestinal hemorrhage | hemorrhage gastrointestinal tract | melena | hematemesis | gastric ulcer hemorrhage | duodenal ulcer hemorrhage | peptic ulcer hemorrhage | diverticulosis hemorrhage | diverticulitis hemorrhage | hemorrhage rectum
ugib, upper gi bleed = melena | hematemesis | gastric ulcer hemorrhage | duodenal ulcer hemorrhage | esophageal varices bleeding
hcv, hep c = hepatitis c
hbv, hep b = hepatitis b
hiv = human immunodeficiency virus | hiv
hld = hyperlipidemia | hypercholesterolemia | dyslipidemia
high cholesterol, hypercholesterolemia, hyperlipidemia, dyslipidemia = hyperlipidemia | hypercholesterolemia | dyslipidemia
hypertriglyceridemia, high triglycerides = hypertriglyceridemia | hyperglyceridemia
high blood pressure, htn = hypertension
low blood pressure = hypotension
low blood sugar, low sugar = hypoglycemia
high blood sugar, high sugar = hyperglycemia
prediabetes = prediabetes | impaired fasting glucose | impaired glucose tolerance
low potassium, hypokalemia = hypokalemia | hypopotassemia
hypopotassemia = hypokalemia
high potassium, hyperkalemia = hyperkalemia | hyperpotassemia
hyperpotassemia = hyperkalemia
low sodium = hyponatremia
high sodium = hypernatremia
low magnesium = hypomagnesemia
low calcium = hypocalcemia
high calcium = hypercalcemia
low phosphate = hypophosphatemia
low platelets, low platelet count = thrombocytopenia
low white count, low white cells = leukopenia | neutropenia | leukocytopenia
low hemoglobin, low blood count = anemia
hit = heparin induced thrombocytopenia
dic = disseminated intravascular coagulation | defibrination syndrome
ich = intracerebral hemorrhage | intracranial hemorrhage
brain bleed, head bleed, bleeding inside head, blood on brain, intracranial hemorrhage, intracranial bleed, brain hemorrhage, cerebral hemorrhage = intracranial hemorrhage | intracerebral hemorrhage | subdural hemorrhage | subarachnoid hemorrhage | extradural hemorrhage | epidural hemorrhage | brain hemorrhage | intraventricular hemorrhage
sah = subarachnoid hemorrhage
sdh, subdural, subdural hematoma, subdural bleed = subdural hemorrhage | subdural hematoma
subdural hemorrhage = subdural hematoma
epidural hematoma = extradural hemorrhage | epidural hemorrhage
tbi, traumatic brain injury, head injury, head trauma, brain trauma = traumatic brain injury | intracranial injury | head injury | concussion !spinal | traumatic subdural | traumatic subarachnoid | traumatic epidural | traum subrac hem | traum subdr hem | intracranial hemorrhage injury | subdural hemorrhage injury | subarachnoid hemorrhage injury | brain laceration | brain contusion
brain injury, brain damage = traumatic brain injury | intracranial injury | brain injury | brain damage | concussion !spinal | traumatic subdural | traumatic subarachnoid | traumatic epidural | traum subrac hem | traum subdr hem | intracranial hemorrhage injury | subdural hemorrhage injury | subarachnoid hemorrhage injury | brain laceration | brain contusion
brain abscess, intracranial abscess = intracranial abscess | brain abscess
brain swelling, swelling of brain, brain edema = brain edema
collapsed lung, lung collapse = pneumothorax | pulmonary collapse | atelectasis
mi, heart attack = myocardial infarction
myocardial infarction = subendocardial infarction
nstemi = nonst elevation myocardial infarction | nstemi | subendocardial infarction
stemi = st elevation myocardial infarction
osa, sleep apnea = sleep apnea
pad, peripheral artery disease, peripheral arterial disease = peripheral arterial disease | peripheral vascular disease | atherosclerosis extremities | peripheral angiopathy
pvd, peripheral vascular disease = peripheral vascular disease | peripheral arterial disease | atherosclerosis extremities | peripheral angiopathy
pna = pneumonia
aspiration pneumonia = pneumonitis inhalation food | pneumonitis due to inhalation | aspiration pneumonitis
vap = ventilator associated pneumonia
ptsd = posttraumatic stress | post traumatic stress
adhd = attention deficit
ra = rheumatoid arthritis
oa = osteoarthritis
arthritis = rheumatoid | gouty arthropathy
sle = systemic lupus
ms = multiple sclerosis
als = amyotrophic lateral sclerosis
parkinsons = parkinson disease | parkinsonism | paralysis agitans
parkinson disease = parkinson disease | parkinsonism | paralysis agitans
alzheimers = alzheimer
dementia = alzheimer disease
ibd = crohn | ulcerative colitis | regional enteritis | inflammatory bowel
ibs = irritable bowel
crohn disease, crohns = crohn | regional enteritis
nash = nonalcoholic steatohepatitis
nafld, fatty liver = steatosis | fatty liver | steatohepatitis | nonalcoholic fatty
liver disease = cirrhosis | liver failure | chronic hepatitis | steatohepatitis | fatty liver | hepatitis c | hepatitis b | hepatic encephalopathy | alcoholic hepatitis
liver failure = hepatic coma | hepatic failure
hcc, hepatocellular carcinoma = hepatocellular carcinoma | liver cell carcinoma | malignant neoplasm liver primary
uti, urine infection, urinary infection = urinary tract infection | cystitis | pyelonephritis
urinary tract infection = pyelonephritis | cystitis | urosepsis
c diff, cdiff, c difficile, clostridium difficile, clostridioides difficile = clostridium difficile | clostridioides difficile
mrsa = methicillin resistant staphylococcus aureus | mrsa
mssa = methicillin susceptible staphylococcus aureus | mssa
vre = vancomycin resistant enterococcus | vre
tb = tuberculosis
flu = influenza
covid, covid 19, coronavirus, sars cov 2 = covid | sars cov 2
blood poisoning, sepsis, septicemia = sepsis | septicemia | septic shock
urosepsis = sepsis due to urinary
blood infection, bloodstream infection = bacteremia | sepsis | septicemia | bloodstream infection
bone infection = osteomyelitis
hay fever, allergic rhinitis = allergic rhinitis | hay fever | pollinosis
dnr = do not resuscitate
sore throat = pharyngitis
strep throat = streptococcal sore throat | streptococcal pharyngitis
ear infection = otitis media
pink eye = conjunctivitis
eczema = atopic dermatitis
shingles = herpes zoster
chickenpox = varicella
bedsore, bed sore, pressure sore, pressure injury, pressure ulcer, decubitus, decubitus ulcer = pressure ulcer | decubitus ulcer | pressure injury | pressure induced
stomach ulcer = gastric ulcer | ulcer of stomach
peptic ulcer, pud = peptic ulcer | gastric ulcer | duodenal ulcer | gastrojejunal ulcer
kidney stone, kidney stones, renal stone, nephrolithiasis = calculus of kidney | calculus of ureter | nephrolithiasis | renal calculus | ureteral calculus | ureterolithiasis
gallstone, gallstones, cholelithiasis = calculus of gallbladder | cholelithiasis | calculus bile duct
hip fracture, broken hip, fractured hip = fracture of hip | fracture neck of femur | intertrochanteric fracture | trochanteric fracture | subtrochanteric fracture | femoral neck fracture
broken bone = fracture
underactive thyroid = hypothyroidism
hypothyroidism, hypothyroid = hypothyroidism | myxedema
overactive thyroid, thyrotoxicosis = hyperthyroidism
hyperthyroidism = graves disease | toxic diffuse goiter
thyroid disease, thyroid problem = hypothyroidism | hyperthyroidism | thyroiditis | goiter | graves
seizure, seizures = epilepsy | convulsion | status epilepticus
heart block = atrioventricular block
heart valve disease, valvular heart disease, valve disease = valve stenosis | valve insufficiency | valve regurgitation | valve disease | aortic stenosis | mitral regurgitation | mitral stenosis | aortic insufficiency
aortic stenosis = aortic valve stenosis | stenosis aortic valve
mitral regurgitation, mr = mitral valve regurgitation | mitral valve insufficiency
aortic regurgitation = aortic valve regurgitation | aortic valve insufficiency
arrhythmia, irregular heartbeat, irregular heart beat = arrhythmia | atrial fibrillation | atrial flutter | ventricular tachycardia | ventricular fibrillation | supraventricular tachycardia
cardiac arrest = ventricular fibrillation and arrest
fluid in the lungs, lung fluid, water on the lungs = pulmonary edema | pleural effusion
malnutrition, malnourished = malnutrition | marasmus | cachexia
smoker, smoking, tobacco, tobacco use, smokes = tobacco use | nicotine dependence | tobacco dependence | smoke
alcoholism, alcohol abuse, alcohol use disorder, aud, alcohol dependence, alcohol misuse = alcohol abuse | alcohol dependence | alcohol use | alcoholism
drug abuse, substance abuse, substance use disorder, drug addiction = drug abuse | drug dependence | opioid dependence | opioid abuse | cocaine abuse | cocaine dependence | psychoactive substance abuse | psychoactive substance dependence
opioid use disorder, oud = opioid dependence | opioid abuse
obese, overweight = obesity
depression, depressed = depression | major depressive
mdd = major depressive | major depression
gad = generalized anxiety
suicidal = suicidal ideation | suicide attempt
passed out, fainting, fainted = syncope
urinary retention = retention of urine | urine retention
low oxygen, hypoxia = hypoxemia | hypoxia
cancer, malignancy = malignant neoplasm | carcinoma | lymphoma | leukemia | melanoma | myeloma | sarcoma | mesothelioma | glioblastoma | cancer | malignant tumor
metastasis, metastases, metastatic cancer, metastatic disease, mets = secondary malignant neoplasm | metastasis | disseminated malignant neoplasm
carcinoma = malignant neoplasm
lymphoma = lymphoma | hodgkin | malignant lymphomas
blood cancer = leukemia | lymphoma | multiple myeloma
skin cancer = malignant neoplasm skin | melanoma | basal cell carcinoma | squamous cell carcinoma skin
lung cancer, lung carcinoma = malignant neoplasm bronchus | malignant neoplasm lung | carcinoma lung | lung cancer
colon cancer = malignant neoplasm colon | malignant neoplasm cecum | malignant neoplasm sigmoid | carcinoma colon
colorectal cancer, bowel cancer = malignant neoplasm colon | malignant neoplasm rectum | malignant neoplasm cecum | malignant neoplasm sigmoid | carcinoma colon
`;

type Row = { words: string; phrases: readonly string[] };

/** The words of a text, each in its base form. */
export const clinicalWords = (text: string): string[] =>
  clinicalSpelling(text)
    .replace(/[^a-z0-9.]+/g, ' ')
    .split(' ')
    .map((word) => word.replace(/^\.+|\.+$/g, ''))
    .filter((word) => word !== '')
    .map(baseForm);

const PHRASES: readonly Row[] = ROWS.trim()
  .split('\n')
  .flatMap((row) => {
    const [words = '', phrases = ''] = row.split(' = ');
    return words.split(', ').map((w) => ({ words: clinicalWords(w).join(' '), phrases: phrases.split(' | ') }));
  });

/** The words of a name in no order, without those that only join: "bleeding in the brain" and "brain bleed" are one. */
const unordered = (text: string) =>
  clinicalWords(text.replace(/!\w+/g, ' '))
    .filter((word) => !/^(?:a|an|the|of|in|on|to|her|his)$/.test(word))
    .sort()
    .join(' ');

const UNORDERED = new Map<string, Row[]>();
for (const row of PHRASES) UNORDERED.set(unordered(row.words), [...(UNORDERED.get(unordered(row.words)) ?? []), row]);
const NAMES = new Set([...UNORDERED.keys(), ...PHRASES.flatMap((row) => row.phrases.map(unordered))]);

/** What tells of the same disease how, where and how much, without naming another. */
const QUALIFIER =
  /\b(?:acute|chronic|subacute|recurrent|severe|mild|moderate|left|right|bilateral|(?:type|stage|grade|class) ?\d+[a-z]?)\b/g;
const CANCER = clinicalWords('cancer')[0]!;
/** Sites by whose name a malignant neoplasm is called in ICD-9-CM and ICD-10-CM. */
const SITES = new Set(
  clinicalWords(
    'brain breast bladder bone cervix colon esophagus kidney liver lung ovary pancreas prostate rectum skin stomach testis thyroid uterus',
  ),
);

/** The whole phrase is a name of the tables: that no diagnosis fits it then says something. Single words are not judged here. */
export function isNamedDiagnosis(text: string): boolean {
  const words = unordered(clinicalSpelling(text).replace(QUALIFIER, ' '));
  if (NAMES.has(unordered(text)) || NAMES.has(words)) return true;
  const rest = words.split(' ').filter((word) => word !== CANCER);
  return rest.length === 1 && words !== rest[0] && SITES.has(rest[0]!);
}

/** Words left of a name when what only qualifies it is taken away. */
export const unqualified = (text: string): string => clinicalSpelling(text).replace(QUALIFIER, ' ').replace(/\s+/g, ' ').trim();

/**
 * The text itself, and with each entry in it written out: `CKD stage 4` gives `chronic kidney disease stage 4`. The longest entry wins.
 * A text that is wholly an entry in another order ("clot in the lung") gives that entry's phrases.
 */
export function expandClinicalWords(text: string): string[] {
  const padded = ` ${clinicalWords(text).join(' ')} `;
  const hits = PHRASES.filter(({ words }) => padded.includes(` ${words} `));
  const longest = hits.filter((h) => !hits.some((o) => o.words.length > h.words.length && ` ${o.words} `.includes(` ${h.words} `)));
  const whole = UNORDERED.get(unordered(text)) ?? [];
  return [
    ...new Set([
      text,
      ...longest.flatMap(({ words, phrases }) => phrases.map((p) => padded.replace(` ${words} `, ` ${p} `).trim())),
      ...whole.flatMap((row) => row.phrases),
    ]),
  ];
}

/** The phrases of the entries, as asked and as written out: names of diagnoses. */
export const diagnosisPhrases = (): string[] => [
  ...new Set(
    ROWS.trim()
      .split('\n')
      .flatMap((row) => row.split(' = '))
      .flatMap((side) => side.split(/, | \| /))
      .filter((phrase) => phrase !== '' && !phrase.includes('!')),
  ),
];

/** Every word of the entries and of the word forms: known words, never misspelled names of something else. */
export const clinicalVocabulary = (): ReadonlySet<string> => new Set(`${ROWS} ${FORM_WORDS.join(' ')}`.toLowerCase().match(/\p{L}{3,}/gu));
