// Common drugs: generic name, brands and usual short forms, class. Enough to find a drug by another of its names, or by its class;
// a drug that is not here is found by its own name only, and no class is claimed for it.
// Names: WHO INN and USAN; brands as sold in the United States. Classes after the WHO ATC index 2024 (whocc.no), by the groups named.
// RxNorm ingredient codes (NLM) only where CPIC's drug table (cpicpgx, CC0) or a published vasopressor list bears them out.

import { DRUG_CLASSES, type DrugClassKey } from './drug-classes.ts';

export type Drug = { generic: string; aliases: readonly string[]; classes: readonly DrugClassKey[]; rxnorm: string | null };

// generic | other names (brands, short forms) | classes | RxNorm
const ROWS = `
warfarin | coumadin, jantoven | anticoagulant | 11289
heparin | heparin sodium, ufh, unfractionated heparin | anticoagulant |
heparin flush | heparin lock flush, hep lock, heparin dwell, heparin lock, heparin crrt machine priming | flush |
enoxaparin | lovenox, enoxaparin sodium | anticoagulant |
dalteparin | fragmin | anticoagulant |
fondaparinux | arixtra | anticoagulant |
argatroban |  | anticoagulant |
bivalirudin | angiomax | anticoagulant |
apixaban | eliquis | anticoagulant, doac |
rivaroxaban | xarelto | anticoagulant, doac |
dabigatran | pradaxa, dabigatran etexilate | anticoagulant, doac |
edoxaban | savaysa | anticoagulant, doac |
aspirin | asa, acetylsalicylic acid, ecotrin, bayer | antiplatelet | 1191
clopidogrel | plavix | antiplatelet | 32968
prasugrel | effient | antiplatelet |
ticagrelor | brilinta | antiplatelet |
dipyridamole | persantine, aggrenox | antiplatelet |
eptifibatide | integrilin | antiplatelet |
tirofiban | aggrastat | antiplatelet |
alteplase | activase, tpa, cathflo | thrombolytic |
tenecteplase | tnkase | thrombolytic |
amoxicillin | amoxil | antibiotic, penicillin |
amoxicillin clavulanate | augmentin, amoxicillin clavulanic acid, co amoxiclav | antibiotic, penicillin |
ampicillin |  | antibiotic, penicillin |
ampicillin sulbactam | unasyn | antibiotic, penicillin |
penicillin | penicillin g, penicillin v, pcn | antibiotic, penicillin |
nafcillin |  | antibiotic, penicillin |
oxacillin |  | antibiotic, penicillin |
dicloxacillin |  | antibiotic, penicillin |
piperacillin tazobactam | zosyn, pip tazo, piperacillin | antibiotic, penicillin |
cefazolin | ancef, kefzol | antibiotic, cephalosporin |
cephalexin | keflex | antibiotic, cephalosporin |
cefuroxime | ceftin | antibiotic, cephalosporin |
cefpodoxime |  | antibiotic, cephalosporin |
cefoxitin | mefoxin | antibiotic, cephalosporin |
cefotetan |  | antibiotic, cephalosporin |
cefdinir | omnicef | antibiotic, cephalosporin |
cefadroxil |  | antibiotic, cephalosporin |
cefotaxime |  | antibiotic, cephalosporin |
ceftaroline | teflaro | antibiotic, cephalosporin |
ceftriaxone | rocephin | antibiotic, cephalosporin |
ceftazidime | fortaz | antibiotic, cephalosporin |
cefepime | maxipime | antibiotic, cephalosporin |
meropenem | merrem | antibiotic, carbapenem |
imipenem cilastatin | primaxin, imipenem | antibiotic, carbapenem |
ertapenem | invanz | antibiotic, carbapenem |
aztreonam | azactam | antibiotic, betalactam |
vancomycin | vancocin, vanc, vanco | antibiotic |
linezolid | zyvox | antibiotic |
daptomycin | cubicin | antibiotic |
ciprofloxacin | cipro | antibiotic, fluoroquinolone | 2551
levofloxacin | levaquin | antibiotic, fluoroquinolone | 82122
moxifloxacin | avelox | antibiotic, fluoroquinolone | 139462
azithromycin | zithromax, z pak | antibiotic, macrolide |
clarithromycin | biaxin | antibiotic, macrolide |
erythromycin |  | antibiotic, macrolide | 4053
doxycycline | vibramycin | antibiotic |
minocycline |  | antibiotic |
tigecycline | tygacil | antibiotic |
clindamycin | cleocin | antibiotic |
metronidazole | flagyl | antibiotic |
sulfamethoxazole trimethoprim | bactrim, septra, tmp smx, smx tmp, trimethoprim sulfamethoxazole, co trimoxazole, sulfameth trimethoprim, sulfamethoxazole | antibiotic, sulfonamide |
sulfadiazine |  | antibiotic, sulfonamide |
trimethoprim |  | antibiotic |
nitrofurantoin | macrobid, macrodantin | antibiotic | 7454
gentamicin | gentamicin sulfate | antibiotic, aminoglycoside |
tobramycin |  | antibiotic, aminoglycoside |
amikacin |  | antibiotic, aminoglycoside |
colistin | colistimethate | antibiotic |
rifaximin | xifaxan | antibiotic |
fluconazole | diflucan | antifungal |
voriconazole | vfend | antifungal | 121243
micafungin | mycamine | antifungal |
caspofungin | cancidas | antifungal |
amphotericin b | ambisome | antifungal |
acyclovir | zovirax, aciclovir | antiviral |
valacyclovir | valtrex | antiviral |
ganciclovir |  | antiviral |
oseltamivir | tamiflu | antiviral |
tenofovir | viread | antiviral |
lisinopril | prinivil, zestril | acei, antihypertensive |
enalapril | vasotec, enalaprilat | acei, antihypertensive |
captopril | capoten | acei, antihypertensive | 1998
ramipril | altace | acei, antihypertensive |
benazepril | lotensin | acei, antihypertensive |
losartan | cozaar, losartan potassium | arb, antihypertensive |
valsartan | diovan | arb, antihypertensive |
irbesartan | avapro | arb, antihypertensive |
candesartan | atacand | arb, antihypertensive |
olmesartan | benicar | arb, antihypertensive |
sacubitril valsartan | entresto | arb, antihypertensive |
metoprolol | lopressor, toprol, toprol xl | betablocker, antihypertensive | 6918
carvedilol | coreg | betablocker, antihypertensive | 20352
atenolol | tenormin | betablocker, antihypertensive |
bisoprolol | zebeta | betablocker, antihypertensive |
propranolol | inderal | betablocker, antihypertensive | 8787
labetalol | trandate, normodyne | betablocker, antihypertensive |
esmolol | brevibloc | betablocker, antihypertensive |
nadolol | corgard | betablocker, antihypertensive |
sotalol | betapace | betablocker, antiarrhythmic |
amlodipine | norvasc | ccb, antihypertensive |
nifedipine | procardia, adalat | ccb, antihypertensive |
nicardipine | cardene | ccb, antihypertensive |
clevidipine | cleviprex | ccb, antihypertensive |
diltiazem | cardizem, tiazac | ccb, antihypertensive |
verapamil | calan, verelan | ccb, antihypertensive |
hydralazine | apresoline | antihypertensive | 5470
clonidine | catapres | antihypertensive |
furosemide | lasix, frusemide | loop, diuretic, antihypertensive | 4603
bumetanide | bumex | loop, diuretic, antihypertensive |
torsemide | demadex, torasemide | loop, diuretic, antihypertensive |
hydrochlorothiazide | hctz, microzide | thiazide, diuretic, antihypertensive | 5487
chlorthalidone | chlortalidone | thiazide, diuretic, antihypertensive |
chlorothiazide | diuril | thiazide, diuretic, antihypertensive |
metolazone | zaroxolyn | thiazide, diuretic, antihypertensive |
spironolactone | aldactone | mra, diuretic, antihypertensive | 9997
eplerenone | inspra | mra, diuretic, antihypertensive |
acetazolamide | diamox |  |
mannitol | osmitrol |  |
atorvastatin | lipitor | statin | 83367
simvastatin | zocor | statin | 36567
rosuvastatin | crestor | statin | 301542
pravastatin | pravachol | statin | 42463
ezetimibe | zetia |  |
fenofibrate | tricor |  |
nitroglycerin | nitrostat, glyceryl trinitrate, ntg, nitro | nitrate |
isosorbide | isosorbide mononitrate, isosorbide dinitrate, imdur, isordil | nitrate |
nitroprusside | nipride, sodium nitroprusside | antihypertensive |
amiodarone | cordarone, pacerone | antiarrhythmic |
lidocaine | xylocaine, lidoderm, lignocaine |  | 6387
adenosine | adenocard |  |
digoxin | lanoxin, digox |  | 3407
norepinephrine | levophed, noradrenaline, norepi | vasopressor | 7512
epinephrine | adrenaline, adrenalin, epi | vasopressor, inotrope | 3992
phenylephrine | neosynephrine, neo synephrine | vasopressor | 8163
vasopressin | vasostrict, pitressin | vasopressor | 11149
dopamine | intropin | vasopressor, inotrope | 3628
midodrine | proamatine |  | 6963
dobutamine | dobutrex | inotrope | 3616
milrinone | primacor | inotrope |
insulin | insulin regular, humulin, novolin, insulin human | insulin, antidiabetic |
insulin glargine | lantus, toujeo, basaglar, glargine | insulin, antidiabetic |
insulin lispro | humalog, lispro | insulin, antidiabetic |
insulin aspart | novolog, aspart | insulin, antidiabetic |
insulin detemir | levemir, detemir | insulin, antidiabetic |
insulin nph | nph, isophane, humulin n | insulin, antidiabetic |
metformin | glucophage | antidiabetic | 6809
glipizide | glucotrol | sulfonylurea, antidiabetic | 4821
glyburide | diabeta, glibenclamide | sulfonylurea, antidiabetic | 4815
glimepiride | amaryl | sulfonylurea, antidiabetic | 25789
sitagliptin | januvia | dpp4, antidiabetic |
linagliptin | tradjenta | dpp4, antidiabetic |
empagliflozin | jardiance | sglt2, antidiabetic |
dapagliflozin | farxiga | sglt2, antidiabetic |
canagliflozin | invokana | sglt2, antidiabetic |
liraglutide | victoza, saxenda | glp1, antidiabetic |
semaglutide | ozempic, rybelsus, wegovy | glp1, antidiabetic |
dulaglutide | trulicity | glp1, antidiabetic |
pioglitazone | actos | antidiabetic |
glucagon |  |  |
morphine | morphine sulfate, ms contin | opioid, analgesic | 7052
oxycodone | oxycontin, roxicodone | opioid, analgesic | 7804
oxycodone acetaminophen | percocet, roxicet | opioid, analgesic |
hydrocodone acetaminophen | vicodin, norco, lortab | opioid, analgesic |
hydrocodone |  | opioid, analgesic |
hydromorphone | dilaudid | opioid, analgesic |
fentanyl | sublimaze, duragesic, fentanyl citrate | opioid, analgesic | 4337
remifentanil | ultiva | opioid |
methadone | dolophine | opioid, analgesic | 6813
meperidine | demerol, pethidine | opioid, analgesic |
codeine |  | opioid, analgesic | 2670
tramadol | ultram | opioid, analgesic | 10689
buprenorphine | subutex, suboxone | opioid |
naloxone | narcan |  | 7242
acetaminophen | tylenol, paracetamol, apap, ofirmev | analgesic |
ibuprofen | motrin, advil | nsaid, analgesic |
naproxen | aleve, naprosyn, naproxen sodium | nsaid, analgesic |
ketorolac | toradol | nsaid, analgesic |
celecoxib | celebrex | nsaid, analgesic | 140587
diclofenac | voltaren | nsaid, analgesic | 3355
indomethacin | indocin | nsaid, analgesic |
lorazepam | ativan | benzodiazepine, sedative |
diazepam | valium | benzodiazepine, sedative | 3322
midazolam | versed | benzodiazepine, sedative | 6960
alprazolam | xanax | benzodiazepine |
clonazepam | klonopin | benzodiazepine |
propofol | diprivan | sedative |
dexmedetomidine | precedex | sedative |
ketamine | ketalar | sedative |
zolpidem | ambien | sedative |
phenobarbital |  | anticonvulsant, sedative |
rocuronium | zemuron | paralytic |
vecuronium | norcuron | paralytic |
cisatracurium | nimbex | paralytic |
succinylcholine | anectine, suxamethonium | paralytic | 10154
haloperidol | haldol | antipsychotic | 5093
quetiapine | seroquel | antipsychotic |
olanzapine | zyprexa | antipsychotic | 61381
risperidone | risperdal | antipsychotic | 35636
aripiprazole | abilify | antipsychotic | 89013
sertraline | zoloft | ssri, antidepressant | 36437
citalopram | celexa | ssri, antidepressant | 2556
escitalopram | lexapro | ssri, antidepressant | 321988
fluoxetine | prozac | ssri, antidepressant | 4493
paroxetine | paxil | ssri, antidepressant | 32937
venlafaxine | effexor | antidepressant | 39786
duloxetine | cymbalta | antidepressant | 72625
bupropion | wellbutrin | antidepressant | 42347
mirtazapine | remeron | antidepressant | 15996
trazodone | desyrel | antidepressant |
amitriptyline | elavil | antidepressant | 704
nortriptyline | pamelor | antidepressant | 7531
lithium | lithobid |  |
levetiracetam | keppra | anticonvulsant |
phenytoin | dilantin, fosphenytoin | anticonvulsant | 8183
valproate | depakote, divalproex, valproic acid, depakene | anticonvulsant |
lamotrigine | lamictal | anticonvulsant | 28439
lacosamide | vimpat | anticonvulsant |
carbamazepine | tegretol | anticonvulsant | 2002
topiramate | topamax | anticonvulsant |
gabapentin | neurontin | anticonvulsant |
pregabalin | lyrica | anticonvulsant |
prednisone | deltasone | steroid |
prednisolone |  | steroid |
methylprednisolone | solu medrol, solumedrol, medrol | steroid |
hydrocortisone | cortef, solu cortef | steroid |
dexamethasone | decadron | steroid |
fludrocortisone | florinef |  |
omeprazole | prilosec | ppi | 7646
pantoprazole | protonix | ppi | 40790
esomeprazole | nexium | ppi | 283742
lansoprazole | prevacid | ppi | 17128
famotidine | pepcid | h2 |
ranitidine | zantac | h2 |
senna | senokot, sennosides | laxative |
docusate | colace, docusate sodium | laxative |
bisacodyl | dulcolax | laxative |
polyethylene glycol | miralax, macrogol | laxative |
lactulose | enulose | laxative |
ondansetron | zofran | antiemetic | 26225
metoclopramide | reglan | antiemetic | 6915
prochlorperazine | compazine | antiemetic, antipsychotic |
promethazine | phenergan | antiemetic, antihistamine |
albuterol | ventolin, proventil, salbutamol | bronchodilator | 435
ipratropium | atrovent | bronchodilator |
ipratropium albuterol | duoneb, combivent, albuterol ipratropium | bronchodilator |
tiotropium | spiriva | bronchodilator | 69120
fluticasone salmeterol | advair | bronchodilator |
montelukast | singulair |  |
diphenhydramine | benadryl | antihistamine |
hydroxyzine | atarax, vistaril | antihistamine |
cetirizine | zyrtec | antihistamine |
loratadine | claritin | antihistamine |
tacrolimus | prograf | immunosuppressant | 42316
cyclosporine | neoral, sandimmune, ciclosporin | immunosuppressant | 3008
mycophenolate | cellcept, mycophenolate mofetil, myfortic | immunosuppressant |
azathioprine | imuran | immunosuppressant | 1256
methotrexate |  | immunosuppressant, chemotherapy | 6851
cyclophosphamide | cytoxan | chemotherapy | 3002
docetaxel | taxotere | chemotherapy |
paclitaxel | taxol | chemotherapy |
cisplatin |  | chemotherapy | 2555
carboplatin | paraplatin | chemotherapy | 40048
doxorubicin | adriamycin | chemotherapy |
fluorouracil | 5 fu | chemotherapy | 4492
vincristine | oncovin | chemotherapy |
levothyroxine | synthroid, levoxyl | thyroid |
methimazole | tapazole, thiamazole |  | 6835
potassium chloride | k dur, klor con, kcl, micro k | electrolyte |
potassium phosphate |  | electrolyte |
magnesium sulfate | mag sulfate, magnesium sulphate | electrolyte |
magnesium oxide |  | electrolyte |
calcium gluconate |  | electrolyte |
calcium chloride |  | electrolyte |
sodium bicarbonate | bicarb |  |
allopurinol | zyloprim |  | 519
colchicine | colcrys |  |
tamsulosin | flomax |  | 77492
finasteride | proscar |  |
phytonadione | vitamin k, phytomenadione |  |
octreotide | sandostatin |  |
sevelamer | renvela, renagel |  |
epoetin alfa | epogen, procrit |  |
`;

const normalise = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

const list = (cell: string | undefined) =>
  (cell ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const BETA_LACTAMS: readonly DrugClassKey[] = ['penicillin', 'cephalosporin', 'carbapenem'];

export const DRUGS: readonly Drug[] = ROWS.trim()
  .split('\n')
  .map((row) => {
    const [generic = '', aliases, cell, rxnorm] = row.split('|').map((part) => part.trim());
    const named = list(cell) as DrugClassKey[];
    const classes = named.some((c) => BETA_LACTAMS.includes(c)) ? [...named, 'betalactam' as const] : named;
    return { generic, aliases: list(aliases), classes, rxnorm: rxnorm === '' ? null : (rxnorm ?? null) };
  });

const BY_NAME = new Map<string, Drug>(
  DRUGS.flatMap((drug) => [drug.generic, ...drug.aliases].map((name) => [normalise(name), drug] as const)),
);
const LONGEST = Math.max(...[...BY_NAME.keys()].map((name) => name.split(' ').length));

/** The drugs that a text names, by generic or other name; the longest name wins (`heparin flush` is not heparin). */
export function drugsIn(text: string): Drug[] {
  const words = normalise(text).split(' ');
  const found = new Set<Drug>();
  for (let i = 0; i < words.length; ) {
    let step = 1;
    for (let n = Math.min(LONGEST, words.length - i); n > 0; n -= 1) {
      const drug = BY_NAME.get(words.slice(i, i + n).join(' '));
      if (drug !== undefined) {
        found.add(drug);
        step = n;
        break;
      }
    }
    i += step;
  }
  return [...found];
}

/** The classes that a text asks for (`blood thinners` means two); the longest words win (`loop diuretic` is not every diuretic). */
export function drugClassesIn(text: string): DrugClassKey[] {
  const padded = ` ${normalise(text)
    .split(' ')
    .map((word) => (word.length > 3 ? word.replace(/s$/, '') : word))
    .join(' ')} `;
  const hits = (Object.keys(DRUG_CLASSES) as DrugClassKey[]).flatMap((key) =>
    DRUG_CLASSES[key].words
      .map((word) => word.replace(/s$/, (s) => (word.length > 3 ? '' : s)))
      .filter((word) => padded.includes(` ${word} `))
      .map((word) => ({ key, word })),
  );
  return [
    ...new Set(
      hits.filter((h) => !hits.some((o) => o.word.length > h.word.length && ` ${o.word} `.includes(` ${h.word} `))).map((h) => h.key),
    ),
  ];
}

export const DRUG_TABLE = {
  table: 'drugs',
  version: 'ATC 2024',
  publisher: 'WHO Collaborating Centre for Drug Statistics Methodology',
  date: '2024-01-01',
  url: 'https://www.whocc.no/atc_ddd_index/',
} as const;
