// What a question needs, in typed form: the reader's grammar builds these, plan.ts turns them into tool calls, compose/ into sentences.
// A new family (the typed query, images, genome) is one more member of Need and one file in frames/ and compose/.

/** Something that the question names. `ask` is what a tool is given, `name` how the answer calls it. */
export type Thing = {
  kind: 'lab' | 'vital' | 'panel' | 'drug' | 'condition' | 'open';
  /** Keys of knowledge (analytes, signs, drugs) that it may mean; empty for an open phrase. */
  keys: string[];
  ask: string;
  name: string;
  /** False for words that no index knows: "none recorded" then says less. */
  known: boolean;
  /** Further words of a drug's name (salt, form, strength) that the record must bear too. */
  extra?: string[];
};

/** Which stay: the current one, the last finished one, or the nth (1 the first, -1 the newest), of a kind or of a year. */
export type StayRef = {
  which: 'current' | 'last' | number;
  kind: 'hospital' | 'icu' | 'emergency' | 'any';
  year?: number /** The one before the current one, not the newest. */;
  before?: true;
};

/** When: local times in the record's offset. `words` is the question's own phrase. */
export type When =
  | {
      type: 'window';
      from: string | null;
      to: string | null;
      words: string /** "2 weeks ago": the value next to this day. */;
      nearest?: string;
    }
  | { type: 'around'; at: string; from: string; to: string; words: string }
  | { type: 'stay'; stay: StayRef; words: string }
  | { type: 'ambiguous'; readings: { from: string; to: string; label: string }[]; words: string }
  | { type: 'unsupported'; words: string };

/** Which of several: nth from the first (1) or from the last (-1), all, or an extreme. */
export type Pick =
  | { type: 'nth'; n: number }
  | { type: 'all' }
  | { type: 'extreme'; which: 'highest' | 'lowest'; n?: number }
  /** The newest n, or the oldest n where it is negative. */
  | { type: 'several'; n: number }
  | { type: 'mean' | 'sum' | 'baseline' };

export type Compare = {
  op: 'above' | 'below' | 'at least' | 'at most' | 'equal' | 'between';
  value: number;
  value2?: number;
  unit: string | null;
};

export type ResultNeed = {
  family: 'results';
  things: Thing[];
  ask: 'value' | 'time' | 'exists' | 'count' | 'trend' | 'normal' | 'abnormal list' | 'pending';
  pick: Pick;
  /** False where no word of the question chose among several. */
  picked: boolean;
  when: When | null;
  compare: Compare | null;
  /** For `normal`: what was asked of the value. */
  normality: 'normal' | 'abnormal' | 'high' | 'low' | 'critical' | null;
  unit: string | null;
  specimen: string | null;
  /** All that lies in the time counts, not the newest alone ("ever", "all"). */
  whole: boolean;
  /** For a trend asked with yes or no. */
  direction: 'rising' | 'falling' | 'stable' | null;
  /** A trend without a time: where it starts when no stay is current. */
  recent?: string;
};

export type DrugForm = 'infusion' | 'as needed' | 'sliding scale';

export type MedicationNeed = {
  family: 'medications';
  things: Thing[];
  ask:
    | 'list'
    | 'is on'
    | 'last dose'
    | 'given'
    | 'not given'
    | 'given list'
    | 'started'
    | 'stopped'
    | 'dose'
    | 'count'
    | 'total'
    | 'indication'
    | 'reported';
  wants: 'value' | 'time';
  pick: Pick;
  picked: boolean;
  when: When | null;
  /** Names of the one route that is asked for. */
  route: string[] | null;
  status: 'active' | 'all';
  /** Orders are asked for, not doses. */
  ordered: boolean;
  /** How it is given, where the question says it: "heparin drip", "PRN meds". */
  form?: DrugForm;
  /** The rate of an infusion is asked for. */
  rate?: true;
};

export type ConditionNeed = {
  family: 'conditions';
  things: Thing[];
  ask: 'list' | 'has' | 'time' | 'count';
  pick: Pick;
  picked: boolean;
  when: When | null;
  status: 'active' | 'all';
  /** "History of": what is recorded as past answers too. */
  history?: true;
};

/** As FHIR AllergyIntolerance.category has it. */
export type AllergyCategory = 'medication' | 'food' | 'environment';
export type AllergyNeed = {
  family: 'allergies';
  things: Thing[];
  ask: 'list' | 'has' | 'reaction' | 'count';
  category?: AllergyCategory;
};

export type EncounterNeed = {
  family: 'encounters';
  ask:
    | 'admitted'
    | 'discharged'
    | 'length'
    | 'longest'
    | 'shortest'
    | 'where'
    | 'count'
    | 'list'
    | 'is inpatient'
    | 'had'
    | 'reason'
    | 'since admission'
    | 'disposition'
    | 'admission source'
    | 'was discharged';
  stay: StayRef | null;
  pick: Pick;
  kind: 'hospital' | 'icu' | 'emergency' | 'outpatient' | 'any';
  when: When | null;
  /** A unit by its own name, of which the wards recorded must bear it: "CCU". */
  unit?: string;
};

export type PersonFact = 'age' | 'sex' | 'birth date' | 'name' | 'identifier' | 'deceased' | 'marital status' | 'language' | 'race';
export type PersonNeed = { family: 'person'; facts: PersonFact[]; asked: string | null };
export type SummaryNeed = { family: 'summary' };
type HelpNeed = { family: 'help' };

/** What is not answered, and why. `words` are the question's own that led to it. */
export type DeclinedNeed = {
  family: 'declined';
  why:
    | 'unclear'
    | 'domain'
    | 'advice'
    | 'outside'
    | 'other patient'
    | 'many patients'
    | 'relation'
    | 'negation'
    | 'indication'
    | 'time'
    | 'ambiguous time'
    | 'ambiguous thing'
    | 'no antecedent'
    | 'not computed'
    | 'future';
  words: string;
  /** For a domain: its key in domains.ts. For the ambiguous: the choices. */
  domain?: string;
  choices?: { label: string; value: string }[];
  /** What was asked, but for the time that must be named: an answer to the question back completes it. */
  pending?: Need;
};

export type Need =
  | ResultNeed
  | MedicationNeed
  | ConditionNeed
  | AllergyNeed
  | EncounterNeed
  | PersonNeed
  | SummaryNeed
  | HelpNeed
  | DeclinedNeed;

/** One word of the question that was read as another. */
export type Correction = { from: string; to: string };

export type Understanding = {
  needs: Need[];
  corrections: Correction[];
  /** It sounds like an emergency: one line of advice beside the answer. */
  emergency: boolean;
};
