// Common drugs: generic name, brands and usual short forms, class. Enough to find a drug by another of its names, or by its class;
// a drug that is not here is found by its own name only, and no class is claimed for it.
// Names: WHO INN and USAN; brands as sold in the United States. Classes after the WHO ATC index 2024 (whocc.no), by the groups named.
// RxNorm ingredient codes (NLM) only where known.

import { DRUG_CLASSES, type DrugClassKey } from './drug-classes.ts';

export type Drug = { generic: string; aliases: readonly string[]; classes: readonly DrugClassKey[]; rxnorm: string | null };

// generic | other names (brands, short forms) | classes | RxNorm
const ROWS = `
warfarin | coumadin, jantoven | anticoagulant | 11289
heparin | heparin sodium, ufh, unfractionated heparin | anticoagulant | 5224
heparin flush | heparin lock flush, hep lock, heparin dwell, heparin lock, heparin crrt machine priming | flush |
enoxaparin | lovenox, enoxaparin sodium | anticoagulant | 67108
dalteparin | fragmin | anticoagulant | 67109
fondaparinux | arixtra | anticoagulant | 321208
argatroban | | anticoagulant | 15202
bivalirudin | angiomax | anticoagulant | 60819
apixaban | eliquis | anticoagulant, doac | 1364430
rivaroxaban | xarelto | anticoagulant, doac | 1114195
dabigatran | pradaxa, dabigatran etexilate | anticoagulant, doac | 1037042
edoxaban | savaysa | anticoagulant, doac |
aspirin | asa, acetylsalicylic acid, ecotrin, bayer | antiplatelet | 1191
clopidogrel | plavix | antiplatelet | 32968
prasugrel | effient | antiplatelet | 613391
ticagrelor | brilinta | antiplatelet | 1116632
dipyridamole | persantine, aggrenox | antiplatelet | 3521
eptifibatide | integrilin | antiplatelet | 75635
tirofiban | aggrastat | antiplatelet |
alteplase | activase, tpa, cathflo | thrombolytic | 8410
tenecteplase | tnkase | thrombolytic |
amoxicillin | amoxil | antibiotic, penicillin | 723
amoxicillin clavulanate | augmentin, amoxicillin clavulanic acid, co amoxiclav | antibiotic, penicillin |
ampicillin | | antibiotic, penicillin | 733
ampicillin sulbactam | unasyn | antibiotic, penicillin |
penicillin | penicillin g, penicillin v | antibiotic, penicillin |
nafcillin | | antibiotic, penicillin |
oxacillin | | antibiotic, penicillin |
piperacillin tazobactam | zosyn, pip tazo, piperacillin | antibiotic, penicillin |
cefazolin | ancef, kefzol | antibiotic, cephalosporin | 2180
cephalexin | keflex | antibiotic, cephalosporin | 2231
cefuroxime | ceftin | antibiotic, cephalosporin |
cefpodoxime | | antibiotic, cephalosporin |
ceftriaxone | rocephin | antibiotic, cephalosporin | 2193
ceftazidime | fortaz | antibiotic, cephalosporin | 2191
cefepime | maxipime | antibiotic, cephalosporin | 20481
meropenem | merrem | antibiotic, carbapenem | 29561
imipenem cilastatin | primaxin, imipenem | antibiotic, carbapenem |
ertapenem | invanz | antibiotic, carbapenem | 325642
aztreonam | azactam | antibiotic |
vancomycin | vancocin, vanc, vanco | antibiotic | 11124
linezolid | zyvox | antibiotic | 190376
daptomycin | cubicin | antibiotic | 22299
ciprofloxacin | cipro | antibiotic, fluoroquinolone | 2551
levofloxacin | levaquin | antibiotic, fluoroquinolone | 82122
moxifloxacin | avelox | antibiotic, fluoroquinolone | 139462
azithromycin | zithromax, z pak | antibiotic, macrolide | 18631
clarithromycin | biaxin | antibiotic, macrolide | 21212
erythromycin | | antibiotic, macrolide | 4053
doxycycline | vibramycin | antibiotic | 3640
minocycline | | antibiotic | 6980
tigecycline | tygacil | antibiotic |
clindamycin | cleocin | antibiotic | 2582
metronidazole | flagyl | antibiotic | 6922
sulfamethoxazole trimethoprim | bactrim, septra, tmp smx, smx tmp, trimethoprim sulfamethoxazole, co trimoxazole, sulfameth trimethoprim | antibiotic |
nitrofurantoin | macrobid, macrodantin | antibiotic | 7454
gentamicin | gentamicin sulfate | antibiotic, aminoglycoside |
tobramycin | | antibiotic, aminoglycoside | 10627
amikacin | | antibiotic, aminoglycoside | 641
colistin | colistimethate | antibiotic |
rifaximin | xifaxan | antibiotic | 35619
fluconazole | diflucan | antifungal | 4450
voriconazole | vfend | antifungal | 121243
micafungin | mycamine | antifungal | 325887
caspofungin | cancidas | antifungal | 140108
amphotericin b | ambisome | antifungal | 732
acyclovir | zovirax, aciclovir | antiviral | 281
valacyclovir | valtrex | antiviral | 73645
ganciclovir | | antiviral | 4678
oseltamivir | tamiflu | antiviral | 260101
tenofovir | viread | antiviral |
lisinopril | prinivil, zestril | acei, antihypertensive | 29046
enalapril | vasotec, enalaprilat | acei, antihypertensive | 3827
captopril | capoten | acei, antihypertensive | 1998
ramipril | altace | acei, antihypertensive | 35296
benazepril | lotensin | acei, antihypertensive | 18867
losartan | cozaar, losartan potassium | arb, antihypertensive | 52175
valsartan | diovan | arb, antihypertensive | 69749
irbesartan | avapro | arb, antihypertensive | 83818
candesartan | atacand | arb, antihypertensive | 214354
olmesartan | benicar | arb, antihypertensive | 321064
sacubitril valsartan | entresto | arb, antihypertensive |
metoprolol | lopressor, toprol, toprol xl | betablocker, antihypertensive | 6918
carvedilol | coreg | betablocker, antihypertensive | 20352
atenolol | tenormin | betablocker, antihypertensive | 1202
bisoprolol | zebeta | betablocker, antihypertensive | 19484
propranolol | inderal | betablocker, antihypertensive | 8787
labetalol | trandate, normodyne | betablocker, antihypertensive | 6185
esmolol | brevibloc | betablocker, antihypertensive | 49737
nadolol | corgard | betablocker, antihypertensive | 7226
sotalol | betapace | betablocker, antiarrhythmic | 9947
amlodipine | norvasc | ccb, antihypertensive | 17767
nifedipine | procardia, adalat | ccb, antihypertensive | 7417
nicardipine | cardene | ccb, antihypertensive | 7396
clevidipine | cleviprex | ccb, antihypertensive |
diltiazem | cardizem, tiazac | ccb, antihypertensive | 3443
verapamil | calan, verelan | ccb, antihypertensive | 11170
hydralazine | apresoline | antihypertensive | 5470
clonidine | catapres | antihypertensive | 2599
furosemide | lasix, frusemide | loop, diuretic, antihypertensive | 4603
bumetanide | bumex | loop, diuretic, antihypertensive | 1808
torsemide | demadex, torasemide | loop, diuretic, antihypertensive | 38413
hydrochlorothiazide | hctz, microzide | thiazide, diuretic, antihypertensive | 5487
chlorthalidone | chlortalidone | thiazide, diuretic, antihypertensive | 2409
chlorothiazide | diuril | thiazide, diuretic, antihypertensive |
metolazone | zaroxolyn | thiazide, diuretic, antihypertensive | 6916
spironolactone | aldactone | mra, diuretic, antihypertensive | 9997
eplerenone | inspra | mra, diuretic, antihypertensive | 298869
acetazolamide | diamox | | 167
mannitol | osmitrol | | 6628
atorvastatin | lipitor | statin | 83367
simvastatin | zocor | statin | 36567
rosuvastatin | crestor | statin | 301542
pravastatin | pravachol | statin | 42463
ezetimibe | zetia | | 341248
fenofibrate | tricor | | 8703
nitroglycerin | nitrostat, glyceryl trinitrate, ntg, nitro | nitrate | 4917
isosorbide | isosorbide mononitrate, isosorbide dinitrate, imdur, isordil | nitrate |
nitroprusside | nipride, sodium nitroprusside | antihypertensive | 7476
amiodarone | cordarone, pacerone | antiarrhythmic | 703
lidocaine | xylocaine, lidoderm, lignocaine | | 6387
adenosine | adenocard | | 296
digoxin | lanoxin, digox | | 3407
norepinephrine | levophed, noradrenaline, norepi | vasopressor | 7512
epinephrine | adrenaline, adrenalin, epi | vasopressor, inotrope | 3992
phenylephrine | neosynephrine, neo synephrine | vasopressor | 8163
vasopressin | vasostrict, pitressin | vasopressor | 11149
dopamine | intropin | vasopressor, inotrope | 3628
midodrine | proamatine | | 6963
dobutamine | dobutrex | inotrope | 3616
milrinone | primacor | inotrope | 52769
insulin | insulin regular, humulin, novolin, insulin human | insulin, antidiabetic |
insulin glargine | lantus, toujeo, basaglar, glargine | insulin, antidiabetic | 274783
insulin lispro | humalog, lispro | insulin, antidiabetic | 86009
insulin aspart | novolog, aspart | insulin, antidiabetic | 51428
insulin detemir | levemir, detemir | insulin, antidiabetic | 139825
insulin nph | nph, isophane, humulin n | insulin, antidiabetic |
metformin | glucophage | antidiabetic | 6809
glipizide | glucotrol | sulfonylurea, antidiabetic | 4821
glyburide | diabeta, glibenclamide | sulfonylurea, antidiabetic | 4815
glimepiride | amaryl | sulfonylurea, antidiabetic | 25789
sitagliptin | januvia | dpp4, antidiabetic | 593411
linagliptin | tradjenta | dpp4, antidiabetic | 1100699
empagliflozin | jardiance | sglt2, antidiabetic | 1545653
dapagliflozin | farxiga | sglt2, antidiabetic | 1488564
canagliflozin | invokana | sglt2, antidiabetic | 1373458
liraglutide | victoza, saxenda | glp1, antidiabetic | 475968
semaglutide | ozempic, rybelsus, wegovy | glp1, antidiabetic | 1991302
dulaglutide | trulicity | glp1, antidiabetic | 1551291
pioglitazone | actos | antidiabetic | 33738
glucagon | | | 4832
morphine | morphine sulfate, ms contin | opioid, analgesic | 7052
oxycodone | oxycontin, roxicodone | opioid, analgesic | 7804
oxycodone acetaminophen | percocet, roxicet | opioid, analgesic |
hydrocodone acetaminophen | vicodin, norco, lortab | opioid, analgesic |
hydrocodone | | opioid, analgesic | 5489
hydromorphone | dilaudid | opioid, analgesic | 3423
fentanyl | sublimaze, duragesic, fentanyl citrate | opioid, analgesic | 4337
remifentanil | ultiva | opioid |
methadone | dolophine | opioid, analgesic | 6813
meperidine | demerol, pethidine | opioid, analgesic | 6754
codeine | | opioid, analgesic | 2670
tramadol | ultram | opioid, analgesic | 10689
buprenorphine | subutex, suboxone | opioid | 1819
naloxone | narcan | | 7242
acetaminophen | tylenol, paracetamol, apap, ofirmev | analgesic | 161
ibuprofen | motrin, advil | nsaid, analgesic | 5640
naproxen | aleve, naprosyn, naproxen sodium | nsaid, analgesic | 7258
ketorolac | toradol | nsaid, analgesic | 35827
celecoxib | celebrex | nsaid, analgesic | 140587
diclofenac | voltaren | nsaid, analgesic | 3355
indomethacin | indocin | nsaid, analgesic | 5781
lorazepam | ativan | benzodiazepine, sedative | 6470
diazepam | valium | benzodiazepine, sedative | 3322
midazolam | versed | benzodiazepine, sedative | 6960
alprazolam | xanax | benzodiazepine | 596
clonazepam | klonopin | benzodiazepine | 2598
propofol | diprivan | sedative | 8782
dexmedetomidine | precedex | sedative | 48937
ketamine | ketalar | sedative | 6130
zolpidem | ambien | sedative | 39993
phenobarbital | | anticonvulsant, sedative | 8134
rocuronium | zemuron | paralytic | 68139
vecuronium | norcuron | paralytic | 71535
cisatracurium | nimbex | paralytic | 319864
succinylcholine | anectine, suxamethonium | paralytic | 10154
haloperidol | haldol | antipsychotic | 5093
quetiapine | seroquel | antipsychotic | 51272
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
trazodone | desyrel | antidepressant | 10737
amitriptyline | elavil | antidepressant | 704
nortriptyline | pamelor | antidepressant | 7531
lithium | lithobid | |
levetiracetam | keppra | anticonvulsant | 114477
phenytoin | dilantin, fosphenytoin | anticonvulsant | 8183
valproate | depakote, divalproex, valproic acid, depakene | anticonvulsant |
lamotrigine | lamictal | anticonvulsant | 28439
lacosamide | vimpat | anticonvulsant | 623400
carbamazepine | tegretol | anticonvulsant | 2002
topiramate | topamax | anticonvulsant | 38404
gabapentin | neurontin | anticonvulsant | 25480
pregabalin | lyrica | anticonvulsant | 187832
prednisone | deltasone | steroid | 8640
prednisolone | | steroid | 8638
methylprednisolone | solu medrol, solumedrol, medrol | steroid | 6902
hydrocortisone | cortef, solu cortef | steroid | 5492
dexamethasone | decadron | steroid | 3264
fludrocortisone | florinef | | 4452
omeprazole | prilosec | ppi | 7646
pantoprazole | protonix | ppi | 40790
esomeprazole | nexium | ppi | 283742
lansoprazole | prevacid | ppi | 17128
famotidine | pepcid | h2 | 4278
ranitidine | zantac | h2 | 9143
senna | senokot, sennosides | laxative |
docusate | colace, docusate sodium | laxative |
bisacodyl | dulcolax | laxative | 1596
polyethylene glycol | miralax, macrogol | laxative |
lactulose | enulose | laxative | 6218
ondansetron | zofran | antiemetic | 26225
metoclopramide | reglan | antiemetic | 6915
prochlorperazine | compazine | antiemetic, antipsychotic | 8704
promethazine | phenergan | antiemetic, antihistamine | 8745
albuterol | ventolin, proventil, salbutamol | bronchodilator | 435
ipratropium | atrovent | bronchodilator | 7213
ipratropium albuterol | duoneb, combivent, albuterol ipratropium | bronchodilator |
tiotropium | spiriva | bronchodilator | 69120
fluticasone salmeterol | advair | bronchodilator |
montelukast | singulair | | 88249
diphenhydramine | benadryl | antihistamine | 3498
hydroxyzine | atarax, vistaril | antihistamine | 5553
cetirizine | zyrtec | antihistamine | 20610
loratadine | claritin | antihistamine | 28889
tacrolimus | prograf | immunosuppressant | 42316
cyclosporine | neoral, sandimmune, ciclosporin | immunosuppressant | 3008
mycophenolate | cellcept, mycophenolate mofetil, myfortic | immunosuppressant |
azathioprine | imuran | immunosuppressant | 1256
methotrexate | | immunosuppressant, chemotherapy | 6851
cyclophosphamide | cytoxan | chemotherapy | 3002
docetaxel | taxotere | chemotherapy | 72962
paclitaxel | taxol | chemotherapy | 56946
cisplatin | | chemotherapy | 2555
carboplatin | paraplatin | chemotherapy | 40048
doxorubicin | adriamycin | chemotherapy | 3639
fluorouracil | 5 fu | chemotherapy | 4492
vincristine | oncovin | chemotherapy | 11202
levothyroxine | synthroid, levoxyl | thyroid | 10582
methimazole | tapazole, thiamazole | | 6835
potassium chloride | k dur, klor con, kcl, micro k | electrolyte | 8591
potassium phosphate | | electrolyte |
magnesium sulfate | mag sulfate, magnesium sulphate | electrolyte | 6585
magnesium oxide | | electrolyte | 6582
calcium gluconate | | electrolyte | 1908
calcium chloride | | electrolyte |
sodium bicarbonate | bicarb | | 36676
allopurinol | zyloprim | | 519
colchicine | colcrys | | 2683
tamsulosin | flomax | | 77492
finasteride | proscar | | 25025
phytonadione | vitamin k, phytomenadione | | 8308
octreotide | sandostatin | | 7617
sevelamer | renvela, renagel | |
epoetin alfa | epogen, procrit | |
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

export const DRUGS: readonly Drug[] = ROWS.trim()
  .split('\n')
  .map((row) => {
    const [generic = '', aliases, classes, rxnorm] = row.split('|').map((cell) => cell.trim());
    return { generic, aliases: list(aliases), classes: list(classes) as DrugClassKey[], rxnorm: rxnorm === '' ? null : (rxnorm ?? null) };
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
