// Drug levels, toxicology, immunology, tumour markers, lymphocyte subsets and viral loads.
import { type Analyte, analyte, SPECIMENS } from '../analyte.ts';

const blood = { specimen: SPECIMENS.B };

/** Antibodies against one allergen each, never the total IgE. Known by name: the codes of hundreds of allergens are not listed here. */
function allergenIge(names: string): Analyte[] {
  return names.split('|').map((name) => {
    const words = [`${name} ige antibody`, `${name} ige ab`, `${name} specific ige`, `ige to ${name}`, `ige against ${name}`];
    return analyte(`${name.replaceAll(' ', '-')}-ige`, `${name.charAt(0).toUpperCase()}${name.slice(1)} IgE`, null, '', words.join('|'));
  });
}

export const DRUGS_IMMUNOLOGY = [
  analyte(
    'vancomycin',
    'Vancomycin level',
    'ug/mL',
    'S:20578-1 S:4092-3=trough S:4090-7=peak',
    'vancomycin|vanc|vanco|vanc level|vanc trough|vancomycin trough|vanco trough',
    {
      plausible: [0, 300],
    },
  ),
  analyte('gentamicin', 'Gentamicin level', 'ug/mL', 'S:35668-3 S:3665-7=trough S:3663-2=peak', 'gentamicin|gent level|gentamicin trough', {
    plausible: [0, 100],
  }),
  analyte('tobramycin', 'Tobramycin level', 'ug/mL', 'S:35670-9 S:4059-2=trough S:4057-6=peak', 'tobramycin|tobra level', {
    plausible: [0, 100],
  }),
  analyte('amikacin', 'Amikacin level', 'ug/mL', 'S:35669-1', 'amikacin', { plausible: [0, 300] }),
  analyte('digoxin', 'Digoxin level', 'ng/mL', 'S:10535-3', 'digoxin|dig level', { molarMass: 780.94, plausible: [0, 50] }),
  analyte('phenytoin', 'Phenytoin level', 'ug/mL', 'S:3968-5', 'phenytoin|dilantin level', { molarMass: 252.27, plausible: [0, 200] }),
  analyte('free-phenytoin', 'Free phenytoin level', 'ug/mL', 'S:3969-3', 'free phenytoin|phenytoin, free', {
    molarMass: 252.27,
    plausible: [0, 50],
  }),
  analyte('valproate', 'Valproate level', 'ug/mL', 'S:4086-5', 'valproate|valproic acid|depakote level|vpa level', {
    molarMass: 144.21,
    plausible: [0, 1500],
  }),
  analyte('carbamazepine', 'Carbamazepine level', 'ug/mL', 'S:3432-2', 'carbamazepine|tegretol level', {
    molarMass: 236.27,
    plausible: [0, 100],
  }),
  analyte('phenobarbital', 'Phenobarbital level', 'ug/mL', 'S:3948-7', 'phenobarbital|phenobarb level', {
    molarMass: 232.24,
    plausible: [0, 300],
  }),
  analyte('levetiracetam', 'Levetiracetam level', 'ug/mL', 'S:30471-7', 'levetiracetam|keppra level', { plausible: [0, 500] }),
  analyte('lamotrigine', 'Lamotrigine level', 'ug/mL', 'S:6948-4', 'lamotrigine', { plausible: [0, 200] }),
  analyte('lithium', 'Lithium level', 'mmol/L', 'S:14334-7', 'lithium', { molarMass: 6.94, valence: 1, plausible: [0, 15] }),
  analyte('theophylline', 'Theophylline level', 'ug/mL', 'S:4049-3', 'theophylline', { molarMass: 180.16, plausible: [0, 200] }),
  analyte('tacrolimus', 'Tacrolimus level', 'ng/mL', 'B:11253-2', 'tacrolimus|tacrofk|fk506|prograf level|tacro level|tacro', {
    ...blood,
    plausible: [0, 200],
  }),
  analyte('cyclosporine', 'Cyclosporine level', 'ng/mL', 'B:3520-4', 'cyclosporine|ciclosporin|csa level', {
    ...blood,
    plausible: [0, 5000],
  }),
  analyte('sirolimus', 'Sirolimus level', 'ng/mL', 'B:29247-4', 'sirolimus|rapamycin level', { ...blood, plausible: [0, 200] }),
  analyte('everolimus', 'Everolimus level', 'ng/mL', 'B:50544-6', 'everolimus', { ...blood, plausible: [0, 200] }),
  analyte('methotrexate', 'Methotrexate level', 'umol/L', 'S:14836-1', 'methotrexate|mtx level', {
    molarMass: 454.44,
    plausible: [0, 5000],
  }),
  analyte(
    'acetaminophen',
    'Acetaminophen level',
    'ug/mL',
    'S:3298-7',
    'acetaminophen|paracetamol|apap level|paracetamol level|tylenol level',
    {
      molarMass: 151.16,
      plausible: [0, 2000],
    },
  ),
  analyte('salicylate', 'Salicylate level', 'mg/dL', 'S:4024-6', 'salicylate|salicylates|aspirin level', {
    molarMass: 138.12,
    plausible: [0, 300],
  }),
  analyte('ethanol', 'Ethanol', 'mg/dL', 'B:5640-8 S:5643-2', 'alcohol level|etoh|blood alcohol|serum ethanol|bac level', {
    molarMass: 46.07,
    plausible: [0, 1500],
  }),
  analyte('igg', 'IgG', 'mg/dL', 'S:2465-3', 'immunoglobulin g'),
  analyte('iga', 'IgA', 'mg/dL', 'S:2458-8', 'immunoglobulin a'),
  analyte('igm', 'IgM', 'mg/dL', 'S:2472-9', 'immunoglobulin m'),
  analyte('ige', 'IgE', '[IU]/mL', 'S:19113-0', 'immunoglobulin e|total ige'),
  ...allergenIge(
    'peanut|tree nut|hazelnut|walnut|almond|cashew|pistachio|sesame|soybean|wheat|egg white|egg yolk|cow milk|milk|casein|codfish|shrimp|crab|' +
      'latex|honey bee|honeybee venom|wasp venom|house dust mite|cat dander|dog dander|cockroach|ragweed|common ragweed|timothy grass|bermuda grass|' +
      'white oak|birch|mugwort|alternaria|aspergillus|cladosporium herbarum|penicillin g',
  ),
  analyte('c3', 'Complement C3', 'mg/dL', 'S:4485-9', 'c3 complement', { exact: ['C3'] }),
  analyte('c4', 'Complement C4', 'mg/dL', 'S:4498-2', 'c4 complement', { exact: ['C4'] }),
  analyte('rheumatoid-factor', 'Rheumatoid factor', '[IU]/mL', 'S:11572-5', '', { exact: ['RF'] }),
  analyte('ana', 'Antinuclear antibody', null, 'S:8061-4', 'anti-nuclear antibody|antinuclear antibodies', { exact: ['ANA'] }),
  analyte('beta-2-microglobulin', 'Beta-2 microglobulin', 'mg/L', 'S:1952-1', 'b2m|beta-2-microglobulin'),
  analyte('free-kappa', 'Free kappa light chains', 'mg/L', 'S:36916-5', 'free kappa|kappa light chains, free|kappa light chains.free'),
  analyte('free-lambda', 'Free lambda light chains', 'mg/L', 'S:33944-0', 'free lambda|lambda light chains, free|lambda light chains.free'),
  analyte(
    'kappa-lambda-ratio',
    'Free kappa/lambda ratio',
    '1',
    'S:48378-4',
    'free kappa/free lambda ratio|kappa lambda ratio|kappa/lambda ratio',
    { unitless: true },
  ),
  analyte('cea', 'CEA', 'ng/mL', 'S:2039-6', 'carcinoembryonic antigen|carcinoembyronic antigen (cea)|carcinoembryonic ag'),
  analyte('afp', 'Alpha-fetoprotein', 'ng/mL', 'S:1834-1', 'afp|alpha fetoprotein|alpha-1-fetoprotein'),
  analyte('ca-125', 'CA 125', 'U/mL', 'S:10334-1', 'ca-125|ca125|cancer ag 125|cancer antigen 125'),
  analyte('ca-19-9', 'CA 19-9', 'U/mL', 'S:24108-3', 'ca19-9|ca 19.9|cancer ag 19-9'),
  analyte('psa', 'PSA', 'ng/mL', 'S:2857-1', 'prostate specific antigen|prostate-specific antigen|total psa|prostate specific ag'),
  analyte('free-psa', 'Free PSA', 'ng/mL', 'S:10886-0', 'psa, free|psa free'),
  analyte('cd4', 'CD4 count', '/uL', 'B:24467-3', 'absolute cd4 count|cd4|cd4 cells|t helper cells', { ...blood, plausible: [0, 10000] }),
  analyte('cd4-percent', 'CD4 cells, percent', '%', 'B:8123-2', 'cd4 percent|cd4 %', blood),
  analyte('cd8', 'CD8 count', '/uL', 'B:14135-8', 'absolute cd8 count|cd8', blood),
  analyte('cd8-percent', 'CD8 cells, percent', '%', 'B:8101-8', 'cd8 percent|cd8 %', blood),
  analyte('cd3', 'CD3 count', '/uL', 'B:8122-4', 'absolute cd3 count|cd3', blood),
  analyte('cd3-percent', 'CD3 cells, percent', '%', 'B:8124-0', 'cd3 percent', blood),
  analyte('cd4-cd8-ratio', 'CD4/CD8 ratio', '1', 'B:54218-3', 'cd4:cd8 ratio', { ...blood, unitless: true }),
  analyte('hiv-viral-load-log', 'HIV-1 viral load, log10', null, 'S:29541-0', '', {
    instead: ['hiv-viral-load'],
  }),
  analyte('hiv-viral-load', 'HIV-1 viral load', '{copies}/mL', 'S:20447-9', 'hiv viral load copies', { instead: ['hiv-viral-load-log'] }),
  analyte('hcv-viral-load-log', 'Hepatitis C viral load, log10', null, 'S:38180-6', 'hepatitis c viral load|hcv viral load|hcv rna'),
  analyte('hepatitis-b-surface-antigen', 'Hepatitis B surface antigen', null, 'S:5196-1', 'hbsag|hep b surface antigen'),
  analyte('hepatitis-b-surface-antibody', 'Hepatitis B surface antibody', null, 'S:22322-2', 'hbsab|anti-hbs|hep b surface antibody'),
  analyte(
    'hepatitis-b-core-antibody',
    'Hepatitis B core antibody',
    null,
    'S:13952-7',
    'hepatitis b virus core antibody|hbcab|anti-hbc|hep b core antibody',
  ),
  analyte(
    'hepatitis-c-antibody',
    'Hepatitis C antibody',
    null,
    'S:13955-0 S:16128-1',
    'hepatitis c virus antibody|hcv ab|hcv antibody|hep c antibody|anti-hcv',
  ),
];
