// Urine, stool and body fluids: analytes of their own, so that they are never taken for the blood's.
import { type Analyte, analyte, SPECIMENS } from '../analyte.ts';

const u = (key: string, name: string, unit: string | null, loinc: string, synonyms: string, extra: Parameters<typeof analyte>[5] = {}) =>
  analyte(`urine-${key}`, `Urine ${name}`, unit, loinc, synonyms, { specimen: SPECIMENS.U, ...extra });

export const URINE: readonly Analyte[] = [
  u('sodium', 'sodium', 'mmol/L', 'U:2955-3', 'una|spot urine sodium', { molarMass: 22.99, valence: 1 }),
  u('potassium', 'potassium', 'mmol/L', 'U:2828-2', '', { molarMass: 39.098, valence: 1 }),
  u('chloride', 'chloride', 'mmol/L', 'U:2078-4', '', { molarMass: 35.45, valence: 1 }),
  u('bicarbonate', 'bicarbonate', 'mmol/L', 'U:1964-6', '', { molarMass: 61.017, valence: 1 }),
  u('calcium', 'calcium', 'mg/dL', 'U:17862-4', '', { molarMass: 40.078, valence: 2 }),
  u('magnesium', 'magnesium', 'mg/dL', 'U:19124-7', '', { molarMass: 24.305, valence: 2 }),
  u('phosphate', 'phosphate', 'mg/dL', 'U:2778-9', 'urine phosphorus', { molarMass: 30.974 }),
  u('creatinine', 'creatinine', 'mg/dL', 'U:2161-8', 'spot urine creatinine', { molarMass: 113.12, plausible: [0.5, 1500] }),
  u('urea-nitrogen', 'urea nitrogen', 'mg/dL', 'U:3095-7', 'urine urea', { molarMass: 28.014 }),
  u('uric-acid', 'uric acid', 'mg/dL', 'U:3086-6', 'urine urate', { molarMass: 168.112 }),
  u('osmolality', 'osmolality', 'mosm/kg', 'U:2695-5', 'uosm|urine osm', { plausible: [20, 2000] }),
  u('glucose', 'glucose', 'mg/dL', 'U:5792-7=test_strip U:2350-7 U:25428-4=test_strip', 'glucosuria|ua glucose', { molarMass: 180.156 }),
  u(
    'protein',
    'protein',
    'mg/dL',
    'U:5804-0=test_strip U:2888-6 U:20454-5=test_strip',
    'proteinuria|total protein urine|ua protein|total protein, urine',
  ),
  u('albumin', 'albumin', 'mg/dL', 'U:14957-5 U:1754-1', 'microalbumin|urine microalbumin|albuminuria'),
  u(
    'albumin-creatinine-ratio',
    'albumin/creatinine ratio',
    'mg/g',
    'U:9318-7 U:14959-1 U:14958-3=24_hours U:32294-1',
    'acr|uacr|urine acr|urine albumin to creatinine ratio|urine albumin/creatinine|urine microalbumin to creatinine ratio|albumin/creatinine|albumin/creatinine, urine|albumin creatinine ratio|microalbumin creatinine ratio|microalbumin/creatinine|albumin to creatinine ratio',
  ),
  u(
    'protein-creatinine-ratio',
    'protein/creatinine ratio',
    'mg/mg',
    'U:2890-2',
    'upcr|urine protein to creatinine ratio|urine protein/creatinine|protein/creatinine ratio|protein/creatinine|protein creatinine ratio|protein to creatinine ratio',
  ),
  u('specific-gravity', 'specific gravity', '1', 'U:5811-5=test_strip U:2965-2', 'specific gravity|sg urine|spec grav', {
    unitless: true,
    plausible: [1, 1.1],
  }),
  u('ph', 'pH', '[pH]', 'U:5803-2=test_strip U:2756-5', 'ph of urine', { unitless: true, plausible: [3, 10] }),
  u('ketones', 'ketones', 'mg/dL', 'U:5797-6=test_strip U:2514-8=test_strip', 'ketone|ketones|ketonuria|urine ketone'),
  u('bilirubin', 'bilirubin', null, 'U:5770-3=test_strip', ''),
  u('urobilinogen', 'urobilinogen', 'mg/dL', 'U:20405-7=test_strip U:5818-0=test_strip', 'urobilinogen'),
  u('blood', 'blood', null, 'U:5794-3=test_strip U:53963-5', 'hematuria dipstick|blood in urine|urine hemoglobin|ua blood'),
  u('nitrite', 'nitrite', null, 'U:5802-4=test_strip', 'nitrite|nitrites'),
  u('leukocyte-esterase', 'leukocyte esterase', null, 'U:5799-2=test_strip', 'leukocyte esterase|leuk esterase|urine leukocytes'),
  u('leukocytes', 'leukocytes, sediment', null, 'U:20455-2=microscopy', 'leukocytes in urine sediment'),
  u('wbc', 'white blood cells', '/[HPF]', 'U:5821-4=microscopy', 'urine wbc|ua wbc|pyuria'),
  u('rbc', 'red blood cells', '/[HPF]', 'U:13945-1=microscopy', 'urine rbc|ua rbc|hematuria'),
  u('bacteria', 'bacteria', null, 'U:5769-5=microscopy U:25145-4=microscopy', 'bacteriuria|ua bacteria'),
  u('yeast', 'yeast', null, 'U:5822-2=microscopy', ''),
  u(
    'epithelial-cells',
    'epithelial cells',
    '/[HPF]',
    'U:5787-7=microscopy U:11277-1=squamous',
    'epithelial cells|squamous epithelial cells',
  ),
  u('hyaline-casts', 'hyaline casts', '/[LPF]', 'U:5796-8=microscopy', 'hyaline casts'),
  u('granular-casts', 'granular casts', '/[LPF]', 'U:5793-5=microscopy', 'granular casts|muddy brown casts'),
  u('color', 'color', null, 'U:5778-6', 'urine colour'),
  u('appearance', 'appearance', null, 'U:5767-9', 'urine clarity|urine character'),
  u('mucus', 'mucus', null, 'U:8247-9=microscopy', 'urine mucous'),
  u('hcg', 'hCG', null, 'U:2106-3', 'hcg, urine, qualitative|urine pregnancy test|pregnancy test'),
  u('cocaine', 'cocaine screen', null, 'U:3397-7', 'cocaine|urine cocaine'),
  u('opiates', 'opiate screen', null, 'U:19295-5', 'opiate screen|urine opiates|opiates'),
  u('amphetamines', 'amphetamine screen', null, 'U:19343-3', 'amphetamine screen|urine amphetamines|amphetamines'),
  u('benzodiazepines', 'benzodiazepine screen', null, 'U:14316-4', 'urine benzodiazepines'),
  u('barbiturates', 'barbiturate screen', null, '', 'barbiturate screen|urine barbiturates'),
  u('cannabinoids', 'cannabinoid screen', null, '', 'cannabinoid screen|urine cannabinoids|thc screen|urine thc'),
  u('methadone', 'methadone screen', null, '', 'methadone screen|methadone, urine'),
  u('oxycodone', 'oxycodone screen', null, '', 'oxycodone screen|oxycodone, urine'),
  u('phencyclidine', 'phencyclidine screen', null, '', 'phencyclidine screen|urine phencyclidine|pcp screen'),
  analyte(
    'occult-blood',
    'Occult blood in stool',
    null,
    'F:2335-8 F:57905-2=immunologic',
    'fobt|fit test|blood, occult|stool occult blood|guaiac|hemoglobin.gastrointestinal',
    {
      specimen: SPECIMENS.F,
    },
  ),
];

type Fluid = { key: string; name: string; specimen: Analyte['specimen']; words: readonly string[] };
export const FLUIDS: readonly Fluid[] = [
  { key: 'csf', name: 'CSF', specimen: SPECIMENS.X, words: ['csf', 'cerebrospinal fluid', 'cerebral spinal fluid', 'spinal fluid'] },
  { key: 'pleural', name: 'Pleural fluid', specimen: SPECIMENS.L, words: ['pleural', 'pleural fluid'] },
  {
    key: 'ascites',
    name: 'Ascites',
    specimen: SPECIMENS.T,
    words: ['ascites', 'ascitic', 'ascitic fluid', 'peritoneal fluid', 'peritoneal'],
  },
  { key: 'joint', name: 'Joint fluid', specimen: SPECIMENS.J, words: ['joint fluid', 'joint', 'synovial fluid', 'synovial'] },
  { key: 'fluid', name: 'Body fluid', specimen: SPECIMENS.D, words: ['body fluid', 'other fluid', 'fluid'] },
];

// What is measured in fluids: key, name, unit, codes by fluid (csf, pleural, ascites, joint, fluid), words, molar mass.
const IN_FLUID: readonly (readonly [string, string, string, Record<string, string>, string, number?])[] = [
  ['glucose', 'glucose', 'mg/dL', { csf: '2342-4', pleural: '2346-5', ascites: '2347-3', fluid: '2344-0' }, 'glucose', 180.156],
  [
    'protein',
    'protein',
    'g/dL',
    { csf: '2880-3', pleural: '2882-9', ascites: '2883-7', fluid: '2881-1' },
    'protein|total protein|protein, total',
  ],
  ['albumin', 'albumin', 'g/dL', { pleural: '1748-3', ascites: '1749-1', fluid: '1747-5' }, 'albumin'],
  ['ldh', 'LDH', 'U/L', { pleural: '2530-4', ascites: '2531-2', fluid: '2529-6' }, 'ldh|ld|lactate dehydrogenase'],
  ['amylase', 'amylase', 'U/L', { pleural: '1796-2', ascites: '1797-0', fluid: '1795-4' }, 'amylase'],
  ['creatinine', 'creatinine', 'mg/dL', { pleural: '14399-0', ascites: '12191-3' }, 'creatinine', 113.12],
  ['cholesterol', 'cholesterol', 'mg/dL', { pleural: '9618-0' }, 'cholesterol', 386.65],
  ['bilirubin', 'bilirubin', 'mg/dL', { ascites: '14422-0' }, 'bilirubin|bilirubin, total|total bilirubin', 584.66],
  ['ph', 'pH', '[pH]', { fluid: '2748-2' }, 'ph'],
  [
    'rbc',
    'red blood cells',
    '/uL',
    { csf: '26454-9', pleural: '26456-4', ascites: '26457-2', joint: '26458-0', fluid: '26455-6' },
    'rbc|red blood cells|erythrocytes',
  ],
  ['wbc', 'white blood cells', '/uL', { csf: '26465-5' }, 'wbc|white blood cells|leukocytes'],
  [
    'nucleated-cells',
    'nucleated cells',
    '/uL',
    { csf: '58470-6', pleural: '52819-0', ascites: '51926-4', joint: '53557-5', fluid: '55793-4' },
    'total nucleated cells|nucleated cells|tnc|cell count',
  ],
  [
    'polys',
    'polymorphonuclear cells, percent',
    '%',
    { csf: '26517-3', pleural: '26519-9', ascites: '26520-7', joint: '26522-3', fluid: '26518-1' },
    'polys|neutrophils|pmns|pmn',
  ],
  [
    'lymphocytes',
    'lymphocytes, percent',
    '%',
    { csf: '26479-6', pleural: '26481-2', ascites: '26482-0', joint: '26483-8', fluid: '11031-2' },
    'lymphocytes|lymphs',
  ],
  [
    'monocytes',
    'monocytes, percent',
    '%',
    { csf: '26486-1', pleural: '33362-5', ascites: '26488-7', joint: '17835-0', fluid: '26487-9' },
    'monocytes|monos',
  ],
];

const lettersOf = Object.fromEntries(Object.entries(SPECIMENS).map(([letter, specimen]) => [specimen, letter]));

export const FLUID_ANALYTES: readonly Analyte[] = FLUIDS.flatMap((fluid) =>
  IN_FLUID.map(([key, name, unit, codes, words, molarMass]) => {
    const code = codes[fluid.key];
    const synonyms = words.split('|').flatMap((w) => fluid.words.flatMap((f) => [`${f} ${w}`, `${w}, ${f}`, `${w} ${f}`, `${w} in ${f}`]));
    return analyte(
      `${fluid.key}-${key}`,
      `${fluid.name} ${name}`,
      // MIMIC and most US laboratories report CSF protein in mg/dL, other fluids in g/dL.
      unit,
      code === undefined ? '' : `${lettersOf[fluid.specimen]}:${code}`,
      synonyms.join('|'),
      { specimen: fluid.specimen, ...(molarMass === undefined ? {} : { molarMass }), ...(key === 'ph' ? { unitless: true } : {}) },
    );
  }),
);
