// Lipids, endocrine tests and cardiac markers. Assays that must never be mixed are analytes of their own.
import { analyte, SPECIMENS } from '../analyte.ts';

export const ENDOCRINE_CARDIAC = [
  analyte(
    'cholesterol',
    'Total cholesterol',
    'mg/dL',
    'S:2093-3 S:14647-2',
    'cholesterol|cholesterol, total|cholesterol total|chol|tchol',
    {
      molarMass: 386.65,
      plausible: [10, 3000],
    },
  ),
  analyte(
    'hdl',
    'HDL cholesterol',
    'mg/dL',
    'S:2085-9 S:14646-4',
    'hdl|cholesterol, hdl|hdl-c|high density lipoprotein|high density lipoprotein cholesterol|good cholesterol|cholesterol in hdl',
    { molarMass: 386.65, plausible: [0, 300] },
  ),
  analyte(
    'ldl',
    'LDL cholesterol',
    'mg/dL',
    'S:13457-7=calculated S:18262-6=direct S:2089-1 S:39469-2=calculated S:22748-8',
    'ldl|cholesterol, ldl, calculated|cholesterol, ldl, measured|ldl-c|low density lipoprotein|low density lipoprotein cholesterol|bad cholesterol|cholesterol in ldl',
    { molarMass: 386.65, plausible: [0, 1500] },
  ),
  analyte('vldl', 'VLDL cholesterol', 'mg/dL', 'S:13458-5=calculated', 'vldl', { molarMass: 386.65, plausible: [0, 1000] }),
  analyte('non-hdl', 'Non-HDL cholesterol', 'mg/dL', 'S:43396-1', 'non-hdl|non hdl cholesterol', {
    molarMass: 386.65,
    plausible: [0, 3000],
  }),
  analyte('triglycerides', 'Triglycerides', 'mg/dL', 'S:2571-8 S:14927-8', 'triglyceride|trigs|tgs|trig', {
    // As triolein, by convention.
    molarMass: 885.4,
    plausible: [5, 20000],
  }),
  analyte('cholesterol-ratio', 'Total cholesterol/HDL ratio', '1', 'S:9830-1', 'cholesterol ratio|cholesterol ratio (total/hdl)|chol/hdl', {
    unitless: true,
    plausible: [0.5, 100],
  }),
  // Mass and particle number of Lp(a) do not convert: the isoforms differ in mass.
  analyte('lp-a-mass', 'Lipoprotein(a), mass', 'mg/dL', 'S:10835-7', 'lp(a) mass|lipoprotein (a) mass|lipoprotein a mass', {
    instead: ['lp-a-molar'],
  }),
  analyte('lp-a-molar', 'Lipoprotein(a), molar', 'nmol/L', 'S:43583-4', 'lp(a) molar|lipoprotein (a) molar|lipoprotein a molar', {
    instead: ['lp-a-mass'],
  }),
  analyte('apo-b', 'Apolipoprotein B', 'mg/dL', 'S:1884-6', 'apob|apo b', { plausible: [5, 600] }),
  analyte(
    'hba1c',
    'Hemoglobin A1c',
    '%',
    'B:4548-4 B:17856-6=HPLC B:4549-2=electrophoresis B:17855-8=calculated B:59261-8',
    'a1c|hba1c|hgba1c|hgb a1c|hb a1c|% hemoglobin a1c|glycated hemoglobin|glycosylated hemoglobin|glycohemoglobin|haemoglobin a1c|hemoglobin a1c/hemoglobin.total',
    { specimen: SPECIMENS.B, plausible: [2.5, 25] },
  ),
  analyte('eag', 'Estimated average glucose', 'mg/dL', 'B:27353-2', 'eag|estimated mean glucose', {
    specimen: SPECIMENS.B,
    plausible: [20, 800],
  }),
  analyte('insulin', 'Insulin', 'u[IU]/mL', 'S:20448-7', 'serum insulin|insulin level|fasting insulin'),
  analyte('c-peptide', 'C-peptide', 'ng/mL', 'S:1986-9', 'c peptide|connecting peptide', { molarMass: 3020.3 }),
  analyte(
    'tsh',
    'TSH',
    'm[IU]/L',
    'S:3016-3 S:11580-8=third_generation',
    'thyroid stimulating hormone|thyrotropin|thyroid-stimulating hormone',
    {
      plausible: [0, 1000],
    },
  ),
  analyte(
    'free-t4',
    'Free T4',
    'ng/dL',
    'S:3024-7 S:14920-3',
    'ft4|thyroxine (t4), free|free thyroxine|t4 free|t4, free|thyroxine free|thyroxine (t4) free',
    {
      molarMass: 776.87,
      plausible: [0, 20],
    },
  ),
  analyte('total-t4', 'Total T4', 'ug/dL', 'S:3026-2', 'thyroxine|thyroxine (t4)|total thyroxine', {
    molarMass: 776.87,
    plausible: [0, 60],
  }),
  analyte('free-t3', 'Free T3', 'pg/mL', 'S:3051-0 S:14928-6', 'ft3|t3 free|t3, free|free triiodothyronine', {
    molarMass: 650.97,
    plausible: [0, 60],
  }),
  analyte('total-t3', 'Total T3', 'ng/dL', 'S:3053-6', 'triiodothyronine|triiodothyronine (t3)|total triiodothyronine', {
    molarMass: 650.97,
    plausible: [0, 1500],
  }),
  analyte('thyroglobulin', 'Thyroglobulin', 'ng/mL', 'S:3013-0', ''),
  analyte('tpo-antibodies', 'Thyroid peroxidase antibodies', '[IU]/mL', 'S:8099-4', 'anti-tpo|tpo antibodies|tpo ab'),
  analyte('cortisol', 'Cortisol', 'ug/dL', 'S:2143-6 S:14675-3', 'serum cortisol|am cortisol|random cortisol', {
    molarMass: 362.46,
    plausible: [0, 500],
  }),
  analyte('acth', 'ACTH', 'pg/mL', 'P:2141-0', 'adrenocorticotropic hormone|corticotropin'),
  analyte('aldosterone', 'Aldosterone', 'ng/dL', 'S:1763-2', '', { molarMass: 360.44 }),
  analyte('pth', 'Parathyroid hormone', 'pg/mL', 'S:2731-8', 'pth|ipth|intact pth|parathyrin', { plausible: [0, 20000] }),
  analyte('prolactin', 'Prolactin', 'ng/mL', 'S:2842-3', '', { plausible: [0, 100000] }),
  analyte('testosterone', 'Testosterone', 'ng/dL', 'S:2986-8', 'total testosterone', { molarMass: 288.42 }),
  analyte('estradiol', 'Estradiol', 'pg/mL', 'S:2243-4', 'oestradiol', { molarMass: 272.38, exact: ['E2'] }),
  analyte('fsh', 'FSH', 'm[IU]/mL', 'S:15067-2', 'follicle stimulating hormone|follitropin'),
  analyte('lh', 'Luteinizing hormone', 'm[IU]/mL', 'S:10501-5', 'luteinising hormone|lutropin', { exact: ['LH'] }),
  analyte(
    'hcg',
    'hCG',
    'm[IU]/mL',
    'S:19080-1 S:21198-7=beta',
    'human chorionic gonadotropin|beta hcg|bhcg|quantitative hcg|beta-hcg|serum hcg|choriogonadotropin',
  ),
  analyte('igf-1', 'IGF-1', 'ng/mL', 'S:2484-4', 'insulin-like growth factor 1|somatomedin c'),
  analyte(
    'troponin-t',
    'Troponin T',
    'ng/mL',
    'S:6598-7 B:48425-3 V:6597-9',
    'tnt|trop t|trop-t|troponin t, cardiac|troponin t.cardiac|ctnt',
    {
      plausible: [0, 500],
    },
  ),
  analyte(
    'hs-troponin-t',
    'High-sensitivity troponin T',
    'ng/L',
    'S:67151-1',
    'hs-tnt|hstnt|hs troponin t|high sensitivity troponin t|troponin t high sensitivity|hs-ctnt|troponin t hs|troponin t, high sensitivity',
    { plausible: [0, 500000] },
  ),
  analyte(
    'troponin-i',
    'Troponin I',
    'ng/mL',
    'S:10839-9 S:49563-0=detection_limit_0.01_ng/mL B:42757-5',
    'tni|trop i|trop-i|troponin i, cardiac|troponin i.cardiac|ctni',
    {
      plausible: [0, 5000],
    },
  ),
  analyte(
    'hs-troponin-i',
    'High-sensitivity troponin I',
    'ng/L',
    'S:89579-7',
    'hs-tni|hstni|hs troponin i|high sensitivity troponin i|troponin i high sensitivity|hs-ctni|troponin i hs|troponin i, high sensitivity',
    { plausible: [0, 5000000] },
  ),
  analyte('ck-mb', 'CK-MB', 'ng/mL', 'S:13969-1', 'ckmb|creatine kinase, mb isoenzyme|creatine kinase mb|creatine kinase.mb|ck mb', {
    plausible: [0, 5000],
  }),
  analyte('ck-mb-index', 'CK-MB index', '%', 'S:49136-5', 'ckmb index|mb index', { plausible: [0, 100] }),
  analyte('myoglobin', 'Myoglobin', 'ng/mL', 'S:2639-3', ''),
  analyte(
    'bnp',
    'BNP',
    'pg/mL',
    'S:30934-4 B:42637-9',
    'b-type natriuretic peptide|brain natriuretic peptide|natriuretic peptide b|natriuretic peptide.b',
    {
      plausible: [0, 100000],
      instead: ['nt-probnp'],
    },
  ),
  analyte(
    'nt-probnp',
    'NT-proBNP',
    'pg/mL',
    'S:33762-6',
    'ntprobnp|nt probnp|pro-bnp|probnp|n-terminal probnp|nt-pro bnp|nt pro bnp|natriuretic peptide.b prohormone n-terminal',
    { plausible: [0, 1000000], instead: ['bnp'] },
  ),
];
