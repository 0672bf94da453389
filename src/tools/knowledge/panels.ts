// Panels as they are ordered, and words that stand for several assays (asked together, never mixed).

export type Panel = { key: string; name: string; words: readonly string[]; analytes: readonly string[] };

const panel = (key: string, name: string, words: string, analytes: string): Panel => ({
  key,
  name,
  words: [name.toLowerCase(), ...words.split('|').filter((w) => w !== '')],
  analytes: analytes.split(' '),
});

const BMP = 'sodium potassium chloride bicarbonate urea-nitrogen creatinine glucose calcium';
const LFT = 'alt ast alkaline-phosphatase bilirubin direct-bilirubin albumin total-protein';
const CBC = 'wbc rbc hemoglobin hematocrit mcv mch mchc rdw platelets';
const DIFFERENTIAL =
  'neutrophils-percent neutrophils-absolute lymphocytes-percent lymphocytes-absolute monocytes-percent monocytes-absolute eosinophils-percent eosinophils-absolute basophils-percent basophils-absolute bands-percent';
const URINE_DRUGS =
  'urine-amphetamines urine-barbiturates urine-benzodiazepines urine-cannabinoids urine-cocaine urine-methadone urine-opiates urine-oxycodone urine-phencyclidine';
const SERUM_DRUGS = 'ethanol acetaminophen salicylate';
const GAS = 'ph pco2 po2 base-excess bicarbonate total-co2 oxygen-saturation lactate';

export const PANELS: readonly Panel[] = [
  panel(
    'bmp',
    'Basic metabolic panel',
    'bmp|chem 7|chem7|chem-7|basic metabolic|smac|sma 7|chem panel|chemistries|u and e|u&e|us and es|u&es|ues',
    `${BMP} anion-gap`,
  ),
  panel('chem-10', 'Chem 10', 'chem10|chem-10', `${BMP} anion-gap magnesium phosphate`),
  panel(
    'cmp',
    'Comprehensive metabolic panel',
    'cmp|comprehensive metabolic|chem 20|metabolic panel',
    `${BMP} anion-gap total-protein albumin bilirubin alkaline-phosphatase alt ast`,
  ),
  panel(
    'electrolytes',
    'Electrolytes',
    'lytes|electrolyte|electrolyte panel|serum electrolytes',
    'sodium potassium chloride bicarbonate magnesium phosphate calcium',
  ),
  panel(
    'renal',
    'Renal function',
    'renal panel|kidney function|renal function panel|kidney function tests|rft|rfts|renal labs',
    'creatinine urea-nitrogen urea egfr potassium',
  ),
  panel('hemoglobin-hematocrit', 'Hemoglobin and hematocrit', 'h&h|h/h|h and h|hgb and hct|hgb/hct|hb and hct', 'hemoglobin hematocrit'),
  panel('cbc', 'Complete blood count', 'cbc|fbc|full blood count|blood count|blood counts|hemogram|counts', CBC),
  panel(
    'cbc-differential',
    'Complete blood count with differential',
    'cbc with diff|cbc with differential|cbc w diff|cbc and diff|cbc diff',
    `${CBC} ${DIFFERENTIAL}`,
  ),
  panel('differential', 'White cell differential', 'differential|diff|wbc differential|white cell differential', DIFFERENTIAL),
  panel(
    'lft',
    'Liver function tests',
    'lft|lfts|liver tests|liver function|liver panel|hepatic panel|hepatic function panel|liver enzymes|liver function test|transaminases|lfts panel',
    LFT,
  ),
  panel(
    'coagulation',
    'Coagulation studies',
    'coags|coag|coagulation|coagulation panel|coag panel|clotting|clotting screen|coagulation tests|pt ptt',
    'pt inr aptt fibrinogen',
  ),
  panel('blood-gas', 'Blood gas', 'abg|abgs|vbg|vbgs|arterial blood gas|venous blood gas|blood gases|arterial blood gases|gas|gases', GAS),
  panel(
    'lipids',
    'Lipid panel',
    'lipids|lipid profile|lipid|cholesterol panel|fasting lipids',
    'cholesterol ldl hdl triglycerides non-hdl vldl',
  ),
  panel(
    'iron-studies',
    'Iron studies',
    'iron panel|iron study|irons|iron profile',
    'iron tibc transferrin transferrin-saturation ferritin',
  ),
  panel(
    'thyroid',
    'Thyroid function',
    'thyroid|tft|tfts|thyroid panel|thyroid function tests|thyroid studies|thyroid tests',
    'tsh free-t4 total-t4 free-t3 total-t3',
  ),
  panel(
    'cardiac-markers',
    'Cardiac markers',
    'cardiac enzymes|cardiac biomarkers|cardiac marker|heart enzymes|cardiac injury markers',
    'troponin-t hs-troponin-t troponin-i hs-troponin-i ck ck-mb bnp nt-probnp',
  ),
  panel(
    'inflammation',
    'Inflammatory markers',
    'inflammatory marker|inflammation markers|acute phase reactants',
    'crp hs-crp esr procalcitonin ferritin',
  ),
  panel(
    'hemolysis',
    'Hemolysis labs',
    'haemolysis labs|hemolysis panel|hemolysis workup|haemolysis screen',
    'ldh haptoglobin bilirubin indirect-bilirubin reticulocytes hemoglobin',
  ),
  panel('dic', 'DIC panel', 'dic screen|dic labs', 'platelets pt inr aptt fibrinogen d-dimer-feu d-dimer-ddu d-dimer-unspecified fdp'),
  panel(
    'tumor-lysis',
    'Tumor lysis labs',
    'tumour lysis labs|tumor lysis|tumour lysis|tls labs',
    'potassium phosphate calcium uric-acid creatinine ldh',
  ),
  panel(
    'urinalysis',
    'Urinalysis',
    'ua|u/a|urine analysis|urine dipstick|urine dip|urine sediment',
    'urine-specific-gravity urine-ph urine-protein urine-glucose urine-ketones urine-blood urine-nitrite urine-leukocyte-esterase urine-leukocytes urine-bilirubin urine-urobilinogen urine-wbc urine-rbc urine-bacteria urine-epithelial-cells urine-hyaline-casts urine-color urine-appearance',
  ),
  panel(
    'urine-electrolytes',
    'Urine electrolytes',
    'urine lytes|urine chemistry|urine chemistries',
    'urine-sodium urine-potassium urine-chloride urine-creatinine urine-urea-nitrogen urine-osmolality',
  ),
  panel(
    'urine-drug-screen',
    'Urine drug screen',
    'uds|utox|u tox|urine tox|urine tox screen|urine toxicology|urine drug screens',
    URINE_DRUGS,
  ),
  panel('serum-toxicology', 'Serum toxicology', 'serum tox|serum tox screen|serum toxicology screen', SERUM_DRUGS),
  panel(
    'toxicology',
    'Drug screen',
    'drug screens|tox screen|tox screens|toxicology screen|toxicology|tox|drugs of abuse screen|drugs of abuse',
    `${URINE_DRUGS} ${SERUM_DRUGS}`,
  ),
  panel(
    'csf',
    'CSF studies',
    'csf|csf analysis|spinal fluid|cerebrospinal fluid|lumbar puncture results',
    'csf-glucose csf-protein csf-rbc csf-wbc csf-nucleated-cells csf-polys csf-lymphocytes csf-monocytes',
  ),
  panel(
    'vital-signs',
    'Vital signs',
    'vitals|vital sign|obs|observations chart|vss',
    'heart-rate respiratory-rate spo2 systolic-bp diastolic-bp mean-bp temperature',
  ),
];

/** Words that name a family of assays: what was used is named in the answer. */
export const FAMILIES: readonly Panel[] = [
  panel('troponin', 'Troponin', 'trop|trops|troponins|cardiac troponin|tn', 'troponin-t hs-troponin-t troponin-i hs-troponin-i'),
  panel(
    'high-sensitivity-troponin',
    'High-sensitivity troponin',
    'hs troponin|hs-troponin|hstrop|hs trop|high sensitivity troponin',
    'hs-troponin-t hs-troponin-i',
  ),
  panel('natriuretic-peptides', 'Natriuretic peptides', 'natriuretic peptide', 'bnp nt-probnp'),
  panel('d-dimer-any', 'D-dimer', 'd dimer|ddimer|dimer', 'd-dimer-feu d-dimer-ddu d-dimer-unspecified'),
  panel('lp-a', 'Lipoprotein(a)', 'lp(a)|lp a|lipoprotein a|lpa', 'lp-a-mass lp-a-molar'),
  panel(
    'neutrophils',
    'Neutrophils',
    'neutrophil|neuts|neut|polys|pmns|segs|segmented neutrophils',
    'neutrophils-percent neutrophils-absolute',
  ),
  panel('lymphocytes', 'Lymphocytes', 'lymphocyte|lymphs|lymph count', 'lymphocytes-percent lymphocytes-absolute'),
  panel('monocytes', 'Monocytes', 'monocyte|monos', 'monocytes-percent monocytes-absolute'),
  panel('eosinophils', 'Eosinophils', 'eosinophil|eos', 'eosinophils-percent eosinophils-absolute'),
  panel('basophils', 'Basophils', 'basophil|basos', 'basophils-percent basophils-absolute'),
  panel('t4-any', 'T4', 't4 level', 'free-t4 total-t4'),
  panel('t3-any', 'T3', 't3 level', 'free-t3 total-t3'),
  panel('co2', 'CO2', 'serum co2 level', 'bicarbonate total-co2'),
  panel('hiv-viral-load-any', 'HIV viral load', 'hiv 1 viral load|hiv rna|hiv-1 rna', 'hiv-viral-load hiv-viral-load-log'),
  panel('viral-load', 'Viral load', 'viral loads', 'hiv-viral-load hiv-viral-load-log hcv-viral-load-log'),
  panel('light-chains', 'Free light chains', 'light chains|kappa lambda|free light chain', 'free-kappa free-lambda kappa-lambda-ratio'),
  panel(
    'blood-pressure',
    'Blood pressure',
    'bp|bps|blood pressures|nibp|abp|arterial blood pressure|non-invasive blood pressure|noninvasive blood pressure|invasive blood pressure|arterial bp|cuff blood pressure|pressures',
    'systolic-bp diastolic-bp mean-bp',
  ),
  panel('gcs', 'Glasgow Coma Scale', 'gcs|glasgow|glasgow coma scale|glasgow coma score', 'gcs-total gcs-eye gcs-verbal gcs-motor'),
];

/** LOINC codes of Observations that hold these as components: blood pressure, coma scale. */
export const COMPONENT_PANELS: readonly { codes: readonly string[]; analytes: readonly string[] }[] = [
  { codes: ['85354-9', '55284-4', '35094-2'], analytes: ['systolic-bp', 'diastolic-bp', 'mean-bp'] },
  { codes: ['35088-4', '9269-2'], analytes: ['gcs-eye', 'gcs-verbal', 'gcs-motor', 'gcs-total'] },
];
