// What clinicians' abbreviations and lay words stand for in the names of diagnoses (ICD and SNOMED CT titles).
// Usual meanings as in the NLM's UMLS SPECIALIST lexicon of abbreviations; a word with two usual meanings lists both.
const PHRASES: Readonly<Record<string, readonly string[]>> = {
  af: ['atrial fibrillation'],
  afib: ['atrial fibrillation'],
  aki: ['acute kidney failure', 'acute kidney injury', 'acute renal failure'],
  'acute kidney injury': ['acute kidney failure', 'acute renal failure'],
  ards: ['acute respiratory distress syndrome'],
  bph: ['benign prostatic hyperplasia', 'hypertrophy prostate'],
  cad: ['coronary artery disease', 'coronary atherosclerosis', 'atherosclerotic heart disease native coronary'],
  'coronary artery disease': ['coronary atherosclerosis', 'atherosclerotic heart disease'],
  chf: ['heart failure', 'congestive heart failure'],
  hf: ['heart failure'],
  ckd: ['chronic kidney disease', 'chronic renal', 'end stage renal disease'],
  'chronic kidney disease': ['chronic renal', 'end stage renal disease'],
  copd: ['chronic obstructive pulmonary', 'chronic airway obstruction', 'chronic obstructive bronchitis', 'emphysema'],
  cva: ['stroke', 'cerebral infarction', 'cerebrovascular accident', 'cerebral artery occlusion'],
  stroke: ['cerebral infarction', 'cerebrovascular accident', 'cerebral artery occlusion'],
  dm: ['diabetes mellitus', 'diabetes'],
  t1dm: ['type 1 diabetes'],
  t2dm: ['type 2 diabetes', 'diabetes mellitus type ii'],
  dka: ['ketoacidosis'],
  dvt: ['deep vein thrombosis', 'venous thrombosis', 'embolism and thrombosis deep veins', 'venous embolism'],
  esrd: ['end stage renal disease'],
  gerd: ['esophageal reflux', 'gastroesophageal reflux', 'gastro esophageal reflux'],
  'gi bleed': ['gastrointestinal hemorrhage', 'hemorrhage gastrointestinal', 'melena', 'hematemesis'],
  hcv: ['hepatitis c'],
  hbv: ['hepatitis b'],
  hiv: ['human immunodeficiency virus'],
  hld: ['hyperlipidemia', 'hypercholesterolemia'],
  'high cholesterol': ['hyperlipidemia', 'hypercholesterolemia'],
  'high blood pressure': ['hypertension', 'hypertensive'],
  htn: ['hypertension', 'hypertensive'],
  ich: ['intracerebral hemorrhage', 'intracranial hemorrhage'],
  ihd: ['ischemic heart disease'],
  mi: ['myocardial infarction'],
  'heart attack': ['myocardial infarction'],
  nstemi: ['non st elevation myocardial infarction', 'subendocardial infarction'],
  stemi: ['st elevation myocardial infarction'],
  osa: ['obstructive sleep apnea'],
  pad: ['peripheral arterial disease', 'peripheral vascular disease', 'atherosclerosis extremities'],
  pvd: ['peripheral vascular disease'],
  pe: ['pulmonary embolism', 'pulmonary embolus'],
  pna: ['pneumonia'],
  ptsd: ['posttraumatic stress', 'post traumatic stress'],
  ra: ['rheumatoid arthritis'],
  sah: ['subarachnoid hemorrhage'],
  sdh: ['subdural hemorrhage', 'subdural hematoma'],
  sle: ['lupus erythematosus'],
  tia: ['transient ischemic attack', 'transient cerebral ischemia'],
  uti: ['urinary tract infection'],
  'kidney failure': ['renal failure'],
  'renal failure': ['kidney failure'],
  'kidney disease': ['renal disease', 'chronic kidney disease'],
  cancer: ['malignant neoplasm', 'carcinoma', 'lymphoma', 'leukemia', 'melanoma', 'myeloma', 'sarcoma'],
  smoker: ['tobacco use', 'nicotine dependence', 'smokes'],
  smoking: ['tobacco use', 'nicotine dependence', 'smokes'],
  alcoholism: ['alcohol dependence', 'alcohol abuse'],
  obese: ['obesity'],
  overweight: ['obesity'],
};

/** The text itself, and with each abbreviation in it written out: `CKD stage 4` gives `chronic kidney disease stage 4`. */
export function expandClinicalWords(text: string): string[] {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, ' ')
    .trim();
  const expansions = Object.entries(PHRASES).flatMap(([words, phrases]) => {
    const padded = ` ${plain} `;
    return padded.includes(` ${words} `) ? phrases.map((phrase) => padded.replace(` ${words} `, ` ${phrase} `).trim()) : [];
  });
  return [text, ...expansions];
}
