// What the reader knows by name but cannot answer yet, so that it says so instead of guessing. Each with the sentence that says it.

type Domain = { words: string; say: string; reason: 'unsupported' | 'not_looked_for' | 'not_in_a_record' };

const DOMAINS = {
  imaging: {
    words: `x ray|xray|x rays|cxr|chest film|film|radiograph|radiographs|ct|ct scan|cat scan|mri|mr scan|scan|scans|ultrasound|sonogram|echo|echocardiogram|echocardiography|imaging|radiology|radiology report|pet|pet ct|mammogram|angiogram|ecg|ekg|electrocardiogram|tte|tee|picture|pictures|images|image|dxa|dexa|doppler`,
    say: 'Images and their reports are not looked at here yet.',
    reason: 'not_looked_for',
  },
  genome: {
    words: `genome|genomic|genomics|genetic|genetics|genetic test|genetic testing|gene|genes|mutation|mutations|variant|variants|genotype|genotypes|exome|sequencing|pharmacogenomic|pharmacogenomics|carrier|brca|apol1|hla|karyotype|dna|metabolizer|metaboliser`,
    say: 'Genomic data are not looked at here yet.',
    reason: 'not_looked_for',
  },
  notes: {
    words: `note|notes|progress note|progress notes|discharge summary|discharge letter|letter|letters|clinic letter|consult note|nursing note|nursing notes|narrative|free text|report says|wrote|written|said|mention|mentioned|physical exam|examination|exam|complaint|complaints|chief complaint|symptom|symptoms|presenting complaint|hpi|history of present illness`,
    say: 'Notes and other free text are not read here yet.',
    reason: 'not_looked_for',
  },
  procedures: {
    words: `procedure|procedures|surgery|surgeries|surgical|operation|operations|operated|operative|intubated|intubation|extubated|extubation|ventilated|ventilation|ventilator|vent|vented|mechanical ventilation|bipap|cpap|dialysis|hemodialysis|haemodialysis|transfusion|transfusions|transfused|biopsy|endoscopy|colonoscopy|bronchoscopy|catheterization|catheterisation|cath|pci|cabg|line placed|central line|chemotherapy|chemo|radiotherapy|radiation|transplant|transplanted|treatment|treatments|treated|therapy|physiotherapy|rehabilitation|resuscitation|cpr|icp|implant|pacemaker`,
    say: 'Procedures are not looked at here yet.',
    reason: 'not_looked_for',
  },
  microbiology: {
    words: `culture|cultures|blood culture|blood cultures|urine culture|microbiology|microbiological|microbial|sputum|organism|organisms|bacteria|bacterial|susceptibility|susceptibilities|sensitivity|resistant|resistance|gram stain|mrsa|swab|grew|growth|growing|specimen|specimens|covid|covid 19|isolate`,
    say: 'Microbiology (cultures, organisms, susceptibilities) is not looked at here yet.',
    reason: 'not_looked_for',
  },
  fluids: {
    words: `output|outputs|urine output|uop|intake|intakes|input|inputs|fluid balance|fluids in|ins and outs|i o|drain|drainage|void|emesis|foley|net balance`,
    say: 'Fluid intake and output are not looked at here yet.',
    reason: 'not_looked_for',
  },
  orders: {
    words: `pending orders|open orders|referral|referrals|consults|task|tasks|care plan|care plans|goals|appointment scheduled|scheduled|schedule|next appointment|next visit|upcoming|going to come|going to|will|will be|expected|coming in|follow up appointment|future`,
    say: 'Pending work, orders other than medication orders, referrals, care plans and appointments are not looked at here yet; a result that was drawn and is not issued is said when its test is asked for.',
    reason: 'not_looked_for',
  },
  immunizations: {
    words: `vaccine|vaccines|vaccination|vaccinations|vaccinated|immunization|immunizations|immunisation|immunisations|immunized|immunised|flu shot|tetanus shot`,
    say: 'Immunizations are not looked at here yet.',
    reason: 'not_looked_for',
  },
  'diagnosis roles': {
    words: ``,
    say: 'Which diagnosis is the principal, the admitting or a new one is not told apart here; the recorded diagnoses can be listed.',
    reason: 'not_looked_for',
  },
  nutrition: {
    words: `tpn|parenteral nutrition|total parenteral nutrition|tube feeds|tube feed|tube feeding|tube feedings|enteral nutrition|nutrition|npo`,
    say: 'Nutrition orders and feeds are not looked at here yet.',
    reason: 'not_looked_for',
  },
  'medication lists': {
    words: `discharge medications|discharge medication|discharge meds|discharge medicines|discharge med list|admission medications|admission meds|admission medicines`,
    say: 'Lists of the medicines at admission or at discharge are not told apart here; ask for the orders of a stay, or for home medications.',
    reason: 'not_looked_for',
  },
  devices: {
    words: `device|devices|catheter|cannula|line|lines|tube|stent|oxygen therapy|nasal cannula|supplemental oxygen|telemetry|isolation|restraints`,
    say: 'Devices and lines are not looked at here yet.',
    reason: 'not_looked_for',
  },
  family: {
    words: `family history|family|fhx|mother|father|brother|sister|sibling|siblings|parent|parents|son|daughter|grandmother|grandfather|relative|relatives|hereditary|inherited`,
    say: 'Family history is not looked at here yet.',
    reason: 'not_looked_for',
  },
  'care wishes': {
    words: `code status|dnr|dni|full code|advance directive|advance directives|living will|resuscitation status|goals of care|health care proxy`,
    say: 'Code status and advance directives are not looked at here yet.',
    reason: 'not_looked_for',
  },
  social: {
    words: `smoke|smokes|smoker|smoking|smoked|tobacco|alcohol|drink|drinks|drinking|drug use|social history|occupation|job|works|lives|living situation|homeless|travel|traveled|travelled|overseas|religion|exercise|diet|eat|eats|eating|sexually`,
    say: 'Social history is not looked at here yet.',
    reason: 'not_looked_for',
  },
  pregnancy: {
    words: `pregnant|pregnancy|gravida|lactating|breastfeeding|lmp|last menstrual period|gestation|gestational age`,
    say: 'Pregnancy cannot be asked about here yet; where it is recorded it is said unasked.',
    reason: 'not_looked_for',
  },
  scores: {
    words: `score|scores|sofa|apache|meld|chads|chads2|cha2ds2 vasc|wells|curb 65|news2|news score|qsofa|child pugh|egfr calculation|creatinine clearance|crcl|clearance|anion gap calculation|fena|morphine equivalents|mme|bsa|body surface area|corrected calcium|corrected qt|a a gradient|osmolar gap|delta gap|free water deficit|maintenance fluids|ideal body weight`,
    say: 'Scores and other derived quantities are not computed here yet; only what is recorded is shown.',
    reason: 'unsupported',
  },
  administration: {
    words: `insurance|insured|insurer|payer|payor|medicare|medicaid|cost|costs|price|bill|bills|billing|charge|charges|salary|reimbursement|address|phone|telephone|phone number|email|zip code|next of kin|emergency contact|guardian|companion|consent|consent form|password|passport|social security|room number available|rooms available|single rooms|operating rooms|available beds|parking|cafeteria|wifi`,
    say: 'Insurance, costs, contact details and the running of the hospital are not looked for by this copilot.',
    reason: 'not_looked_for',
  },
  staff: {
    words: `doctor|doctors|dr|physician|physicians|nurse|nurses|attending|resident|consultant|surgeon|provider|gp|rounds|outpatient schedule|staff|team|specialist`,
    say: 'Who treats, orders or is on duty is not looked for by this copilot.',
    reason: 'not_looked_for',
  },
  outside: {
    words: `weather|joke|jokes|poem|song|songs|music|movie|movies|tv|film star|football|soccer|game|games|stock|stocks|president|capital of|population of|recipe|translate|train|trains|bus|flight|news|icd|icd 10|icd 11|icd 9|code for|paper|papers|article|articles|literature|guideline|guidelines|study|studies|trial|trials|evidence for|define|definition|definition of|effects|effect|side effects|side effect|adverse effects|mechanism of action|how does it work|write|draw|sing|play|email template|shortest path|video|videos|meaning of life|love|happy birthday|bye|goodbye|good morning|good evening|good night|how are you|what is up|lol|blood type|blood group|type of blood|kind of blood`,
    say: 'This cannot be answered from a patient’s record.',
    reason: 'not_in_a_record',
  },
} as const satisfies Record<string, Domain>;

export type DomainKey = keyof typeof DOMAINS;
export const DOMAIN_WORDS: Record<string, string> = Object.fromEntries(Object.entries(DOMAINS).map(([key, domain]) => [key, domain.words]));
export const domainOf = (key: string): Domain => DOMAINS[key as DomainKey] ?? DOMAINS.outside;
