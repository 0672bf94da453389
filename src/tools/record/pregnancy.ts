// What the record says of pregnancy and lactation, and how long it stays true. Pure: facts in, a judgement out.
// Codes: LOINC; SNOMED CT; ICD-10-CM chapter XV and Z33–Z39; ICD-9-CM 630–679 (fifth digit: 1, 2 delivered, 3 antepartum, 4 postpartum)
// and V22–V28, each by its standard's own title.
import type { Condition, Observation } from 'fhir/r4.js';
import { normaliseIcd } from './names.ts';

export type PregnancyFact =
  | 'pregnant'
  | 'not pregnant'
  | 'ended'
  | 'delivered'
  | 'lactating'
  | 'not lactating'
  | 'test positive'
  | 'due date';

const LOINC = 'http://loinc.org';
const SNOMED = 'http://snomed.info/sct';

/** Pregnancy status; the same as reported; breastfeeding status; estimated delivery date; hCG present in urine, in serum. */
export const PREGNANCY_CODES: readonly string[] = [
  `${LOINC}|82810-3`,
  `${LOINC}|11449-6`,
  `${LOINC}|63895-7`,
  `${LOINC}|11778-8`,
  `${LOINC}|2106-3`,
  `${LOINC}|2118-8`,
  `${SNOMED}|413712001`,
];

/** Longest time from the last period to a birth (42 weeks, post-term by ACOG) and one week of grace. */
const PREGNANCY_DAYS = 301;
/** "Not pregnant" holds for a cycle; a breastfeeding status for half a year. */
const NOT_PREGNANT_DAYS = 28;
const LACTATION_DAYS = 183;
/** The puerperium: six weeks. */
const PUERPERIUM_DAYS = 42;
const DAY = 86_400_000;

const YES = /^(yes|true|present|positive|pos|detected|reactive)\b/i;
const NO = /^(no|false|absent|negative|neg|not)\b/i;

/** What an Observation of one of PREGNANCY_CODES says; null when it says nothing (unknown, no value). */
export function factOfObservation(observation: Observation): PregnancyFact | null {
  const codes = new Set(observation.code.coding?.map((c) => c.code));
  if (codes.has('11778-8')) return observation.valueDateTime === undefined ? null : 'due date';
  const values = observation.valueCodeableConcept?.coding?.map((c) => c.code) ?? [];
  const text = [
    observation.valueCodeableConcept?.text,
    ...(observation.valueCodeableConcept?.coding ?? []).map((c) => c.display),
    observation.valueString,
    observation.valueBoolean === undefined ? undefined : String(observation.valueBoolean),
  ].find((t) => t !== undefined && t.trim() !== '');
  const has = (...wanted: string[]) => wanted.some((code) => values.includes(code));
  if (codes.has('63895-7') || codes.has('413712001')) {
    if (has('LA29253-4')) return 'not lactating';
    if (has('LA29252-6', '413712001')) return 'lactating';
    return text === undefined
      ? null
      : NO.test(text)
        ? 'not lactating'
        : YES.test(text) || /breast-?feeding/i.test(text)
          ? 'lactating'
          : null;
  }
  const isTest = codes.has('2106-3') || codes.has('2118-8');
  if (isTest) return (text !== undefined && YES.test(text)) || has('10828004') ? 'test positive' : null;
  if (has('60001007', 'LA26683-5')) return 'not pregnant';
  if (has('77386006', 'LA15173-0')) return 'pregnant';
  if (text === undefined || /unknown|possible|not (yet )?(known|confirmed)/i.test(text)) return null;
  return NO.test(text) ? 'not pregnant' : YES.test(text) || /^(currently )?pregnant\b/i.test(text) ? 'pregnant' : null;
}

const SNOMED_FACTS: Record<string, PregnancyFact> = {
  '77386006': 'pregnant',
  '72892002': 'pregnant', // normal pregnancy
  '47200007': 'pregnant', // high risk pregnancy
  '16356006': 'pregnant', // multiple pregnancy
  '237244005': 'pregnant', // single pregnancy
  '413712001': 'lactating',
};

/** What a diagnosis says; null when it is none of pregnancy, or of one that is past or tested for only. */
export function factOfCondition(condition: Condition): PregnancyFact | null {
  for (const coding of condition.code?.coding ?? []) {
    if (coding.system === SNOMED && coding.code !== undefined && SNOMED_FACTS[coding.code] !== undefined) return SNOMED_FACTS[coding.code]!;
    const icd = normaliseIcd(coding);
    if (icd === null) continue;
    const fact = icd.system?.endsWith('icd-9-cm') ? factOfIcd9(icd.code) : factOfIcd10(icd.code);
    if (fact !== null) return fact;
  }
  const name = condition.code?.text ?? condition.code?.coding?.find((c) => c.display !== undefined)?.display ?? '';
  return /^(currently |intrauterine |normal |high[- ]risk |multiple |twin )?pregnan(t|cy)( \((finding|disorder)\))?$/i.test(name.trim())
    ? 'pregnant'
    : null;
}

function factOfIcd10(code: string): PregnancyFact | null {
  const [category = '', rest = ''] = code.split('.');
  if (/^O0[0-8]$/.test(category) || code.startsWith('Z33.2')) return 'ended';
  if (category === 'O92' || code.startsWith('Z39.1')) return 'lactating';
  if (/^(O8[0-9]|O9[01]|Z37|Z39|O6[2-9]|O7[0-7])$/.test(category) || /^O60\.[12]/.test(code)) return 'delivered';
  // "Complicating childbirth" and "the puerperium" are told by the last digit: O10.02, O24.43, O25.2, O99.03, O99.214, O11.4, O14.05, O15.1.
  const birth =
    (/^(O10|O24|O98|O9A)$/.test(category) && /^\d[23]/.test(rest)) ||
    (category === 'O26' && /^6[23]$/.test(rest)) ||
    (category === 'O99' && /^\d[23]$/.test(rest)) ||
    (category === 'O25' && /^[23]/.test(rest)) ||
    (category === 'O99' && /^\d\d[45]$/.test(rest)) ||
    (/^(O11|O13|O16)$/.test(category) && /^[45]/.test(rest)) ||
    (/^(O12|O14)$/.test(category) && /^\d[45]/.test(rest)) ||
    (category === 'O15' && /^[12]/.test(rest));
  if (birth) return 'delivered';
  return /^(O09|O[1-4]\d|O6[01]|O9[89A]|Z34|Z36|Z3A)$/.test(category) || /^Z33\.[13]/.test(code) ? 'pregnant' : null;
}

function factOfIcd9(code: string): PregnancyFact | null {
  if (/^V2[238]/.test(code)) return 'pregnant';
  if (/^(V24\.1|67[56])/.test(code)) return 'lactating';
  if (/^63\d/.test(code)) return 'ended';
  if (/^(V24|V27|650|67[0-4])/.test(code)) return 'delivered';
  if (/^6[456]\d/.test(code)) return /\.\d[124]$/.test(code) ? 'delivered' : 'pregnant';
  return null;
}

export type DatedFact<E> = { fact: PregnancyFact /** ms; null when not dated */; at: number | null; evidence: E; dueAt?: number };

export type Pregnancy<E> = {
  pregnant: boolean | null;
  lactating: boolean | null;
  /** A birth (or labour) is recorded within the last six weeks. */
  puerperium: boolean;
  by: E[];
};

/**
 * True or false only while the record still bears it out; null is "not recorded", never "not pregnant".
 * @param at the as-of time in ms.
 */
export function judgePregnancy<E>(facts: readonly DatedFact<E>[], at: number): Pregnancy<E> {
  const newest = (...kinds: PregnancyFact[]) =>
    facts
      .filter((f) => kinds.includes(f.fact))
      .map((f) => ({ ...f, when: f.at ?? at }))
      .filter((f) => f.when <= at)
      .sort((a, b) => b.when - a.when)[0];
  const yes = newest('pregnant', 'test positive');
  const due = facts
    .filter((f) => f.fact === 'due date' && f.dueAt !== undefined && (f.at ?? at) <= at)
    .sort((a, b) => (b.at ?? at) - (a.at ?? at))[0];
  const birth = newest('delivered');
  const no = newest('not pregnant', 'ended', 'delivered');
  const says = (fact: { when: number } | undefined, days: number) => fact !== undefined && at - fact.when <= days * DAY;
  const dueHolds =
    due?.dueAt !== undefined &&
    at <= due.dueAt + 21 * DAY &&
    due.dueAt - at <= PREGNANCY_DAYS * DAY &&
    (no === undefined || no.when < (due.at ?? at));
  const yesHolds = says(yes, PREGNANCY_DAYS) && (no === undefined || no.when < yes!.when);
  const feeding = newest('lactating');
  const notFeeding = newest('not lactating');
  const lactating = says(feeding, LACTATION_DAYS) && (notFeeding === undefined || notFeeding.when < feeding!.when);
  const pregnant = yesHolds || dueHolds ? true : no?.fact === 'not pregnant' && says(no, NOT_PREGNANT_DAYS) ? false : null;
  const puerperium = pregnant !== true && says(birth, PUERPERIUM_DAYS);
  const by = [
    ...(puerperium ? [birth!.evidence] : []),
    ...(yesHolds ? [yes!.evidence] : []),
    ...(dueHolds ? [due!.evidence] : []),
    ...(pregnant === false ? [no!.evidence] : []),
    ...(lactating ? [feeding!.evidence] : []),
  ];
  return { pregnant, lactating: lactating ? true : says(notFeeding, NOT_PREGNANT_DAYS) ? false : null, puerperium, by: [...new Set(by)] };
}
