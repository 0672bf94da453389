// Vital signs and bedside measurements. LOINC codes of the FHIR vital signs profile, and those for device and method.
import { type Analyte, analyte, SPECIMENS } from '../analyte.ts';

const specimen = SPECIMENS.N;
const vital = (
  key: string,
  name: string,
  unit: string,
  loinc: string,
  synonyms: string,
  extra: Parameters<typeof analyte>[5] = {},
): Analyte => ({
  ...analyte(key, name, unit, loinc, synonyms, { specimen, ...extra }),
  kind: 'vital',
});
const score = (low: number, high: number) => ({ unitless: true, plausible: [low, high] as const });

export const VITAL_SIGNS: readonly Analyte[] = [
  vital('heart-rate', 'Heart rate', '/min', 'N:8867-4 N:8889-8=pulse_oximetry N:76282-3=ECG', 'hr|pulse|pulse rate|heartrate|heart beat', {
    plausible: [0, 350],
  }),
  vital(
    'respiratory-rate',
    'Respiratory rate',
    '/min',
    'N:9279-1',
    'rr|resp rate|respiration rate|breathing rate|respirations|respiration',
    { plausible: [0, 120] },
  ),
  vital(
    'spo2',
    'Oxygen saturation (SpO2)',
    '%',
    'N:59408-5 N:2708-6',
    'spo2|o2 sat|o2 sats|o2sat|sats|pulse ox|pulse oximetry|oxygen saturation|o2 saturation|saturation|o2 saturation pulseoxymetry|oxygen sat|oxygen saturation in arterial blood',
    { plausible: [1, 100] },
  ),
  vital(
    'systolic-bp',
    'Systolic blood pressure',
    'mm[Hg]',
    'N:8480-6 N:76534-7=non-invasive N:76215-3=arterial_line',
    'sbp|systolic|systolic bp|systolic pressure|abp systolic|arterial systolic blood pressure|arterial systolic pressure|arterial bp systolic|systolic arterial pressure|non-invasive systolic blood pressure|arterial blood pressure systolic|non invasive blood pressure systolic|nibp systolic',
    { plausible: [0, 350] },
  ),
  vital(
    'diastolic-bp',
    'Diastolic blood pressure',
    'mm[Hg]',
    'N:8462-4 N:76535-4=non-invasive N:76213-8=arterial_line',
    'dbp|diastolic|diastolic bp|diastolic pressure|abp diastolic|arterial diastolic blood pressure|arterial diastolic pressure|arterial bp diastolic|diastolic arterial pressure|non-invasive diastolic blood pressure|arterial blood pressure diastolic|non invasive blood pressure diastolic|nibp diastolic',
    { plausible: [0, 250] },
  ),
  vital(
    'mean-bp',
    'Mean blood pressure',
    'mm[Hg]',
    'N:8478-0 N:76536-2=non-invasive N:76214-6=arterial_line',
    'map|mean arterial pressure|mean bp|mean pressure|abp mean|non-invasive mean blood pressure|arterial blood pressure mean|non invasive blood pressure mean|nibp mean|mean arterial blood pressure',
    { plausible: [0, 300] },
  ),
  vital(
    'temperature',
    'Body temperature',
    'Cel',
    'N:8310-5 N:8331-1=oral N:8332-9=rectal N:8328-7=axillary N:8333-7=tympanic N:8329-5=core',
    'temp|temperature|fever|temperature celsius|temperature fahrenheit|temperature (c)|temperature (f)|oral temperature|rectal temperature|axillary temperature|core temperature',
    { plausible: [20, 46] },
  ),
  vital(
    'gcs-eye',
    'GCS eye opening',
    '{score}',
    'N:9267-6',
    'gcs - eye opening|eye opening|gcs eye|glasgow coma score eye opening',
    score(1, 4),
  ),
  vital(
    'gcs-verbal',
    'GCS verbal response',
    '{score}',
    'N:9270-0',
    'gcs - verbal response|verbal response|gcs verbal|glasgow coma score verbal',
    score(1, 5),
  ),
  vital(
    'gcs-motor',
    'GCS motor response',
    '{score}',
    'N:9268-4',
    'gcs - motor response|motor response|gcs motor|glasgow coma score motor',
    score(1, 6),
  ),
  vital(
    'gcs-total',
    'Glasgow Coma Scale total',
    '{score}',
    'N:9269-2',
    'gcs total|glasgow coma score total|glasgow coma scale score',
    score(3, 15),
  ),
  vital(
    'fio2',
    'FiO2',
    '%',
    'N:3150-0 N:19994-3=ventilator_setting',
    'inspired o2 fraction|inspired oxygen fraction|fraction of inspired oxygen|inspired oxygen|inhaled oxygen concentration|oxygen concentration',
    { plausible: [20, 100] },
  ),
  vital('oxygen-flow', 'Oxygen flow rate', 'L/min', 'N:3151-8', 'o2 flow|oxygen flow|inhaled oxygen flow rate|o2 flow rate', {
    plausible: [0, 100],
  }),
  vital('peep', 'PEEP', 'cm[H2O]', 'N:20077-4', 'peep set|positive end expiratory pressure|positive end-expiratory pressure', {
    plausible: [0, 60],
  }),
  vital('tidal-volume', 'Tidal volume setting', 'mL', 'N:20112-9', 'tidal volume|tv set', { plausible: [10, 3000] }),
  vital('weight', 'Body weight', 'kg', 'N:29463-7 N:3141-9=measured N:3142-7=stated', 'weight|wt|daily weight|body mass', {
    plausible: [0.2, 700],
    instead: ['admission-weight'],
  }),
  // Charted once, as an item of its own, and often as stated, not measured: no point of the weights' series.
  vital(
    'admission-weight',
    'Admission weight',
    'kg',
    '',
    'admission weight (kg)|admission weight (lbs.)|admission weight (lb)|admit weight|admission wt|weight on admission|weight at admission',
    { plausible: [0.2, 700], instead: ['weight'], refines: 'weight' },
  ),
  vital('height', 'Body height', 'cm', 'N:8302-2 N:3137-7=measured N:8306-3=lying', 'height|ht|height (cm)|stature|body length', {
    plausible: [15, 280],
  }),
  vital('bmi', 'Body mass index', 'kg/m2', 'N:39156-5', 'bmi', { plausible: [5, 200] }),
  vital('head-circumference', 'Head circumference', 'cm', 'N:9843-4 N:8287-5=tape', 'ofc|occipital frontal circumference', {
    plausible: [15, 80],
  }),
  vital(
    'pain',
    'Pain score',
    '{score}',
    'N:72514-3=0-10_verbal N:38208-5',
    'pain|pain assessment report|pain severity|pain level|pain rating|pain severity - 0-10 verbal numeric rating',
    score(0, 10),
  ),
];
