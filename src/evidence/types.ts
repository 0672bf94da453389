// The common tongue of the house: what can be cited, how far was looked, and what must be said unasked.
// Plain JSON objects, so that nothing converts them between tools, store, MCP and HTTP (contract.md).

export type Coding = { system?: string; code: string; display?: string };

/** A name that a reader understands, and its codings in the source's order. */
export type Concept = { name: string; codings: Coding[] };

/** A number as recorded. `unit` is the source's own text, `ucum` its UCUM code where one is known. */
export type Quantity = {
  type: 'quantity';
  value: number;
  unit: string | null;
  ucum?: string | null;
  comparator?: '<' | '<=' | '>=' | '>';
  /** The value in another unit, and how it was got (molar mass, factor, equation, with its source). */
  converted?: { value: number; unit: string; method: string };
};

export type Value =
  | Quantity
  | { type: 'text'; text: string }
  | { type: 'code'; concept: Concept }
  | { type: 'range'; low: number | null; high: number | null; unit: string | null }
  | { type: 'time'; time: string }
  | { type: 'boolean'; value: boolean }
  /** The source says that there is no value, and why (FHIR dataAbsentReason), or the value was withheld. */
  | { type: 'absent'; reason: string };

/** ISO 8601 in the source's precision and offset: a date stays a date. */
export type EvidenceTime = {
  start: string | null;
  end: string | null;
  /** What kind of time it is. */
  kind: 'effective' | 'issued' | 'period' | 'recorded' | 'authored' | 'given' | 'onset' | 'birth' | 'computed';
};

type EvidenceKind =
  | 'observation'
  | 'medication'
  | 'condition'
  | 'allergy'
  | 'encounter'
  | 'procedure'
  | 'order'
  | 'device'
  | 'immunization'
  | 'family_history'
  | 'care_plan'
  | 'note'
  | 'document'
  | 'image'
  | 'comparison'
  | 'variant'
  | 'genotype'
  | 'recommendation'
  | 'prediction'
  | 'calculation'
  | 'knowledge'
  | 'statement';

/** Exactly one of these. Where a source keeps no version, the content's hash is the version. */
export type Source =
  | { type: 'fhir'; server: string; reference: string; version: string; path?: string }
  | { type: 'dicom'; study: string; series: string; instance: string; frame?: number; version: string }
  | { type: 'vcf'; file: string; sha256: string; line: number; sample: string }
  | { type: 'model'; pack: string; sha256: string; provider: string; inputs: string[] }
  | { type: 'knowledge'; table: string; entry: string; version: string; publisher: string; date: string; url?: string }
  /** `inputs` are the ids of everything that went in. */
  | { type: 'calculation'; method: string; reference?: string; inputs: string[] }
  | { type: 'note'; server: string; reference: string; version: string; start: number; end: number }
  | { type: 'mcp'; server: string; tool: string; time: string; sha256: string };

/** A named part of a value: systolic pressure, or `first` and `change` of a trend. */
export type Component = {
  name: string;
  concept?: Concept;
  value: Value;
  time?: EvidenceTime;
  /** Evidence ids that this part rests on (a calculation's parts). */
  inputs?: string[];
};

/** A qualifier is a word or a short phrase: specimen, method, polarity, laterality, `given: not given` and so on. */
export type Qualifiers = { [name: string]: string };

export type Evidence = {
  id: string;
  kind: EvidenceKind;
  /** Patient.id of the one whom it is about; null for knowledge. */
  patient: string | null;
  concept: Concept;
  value?: Value;
  components?: Component[];
  time?: EvidenceTime;
  /** The source's own status: final, preliminary, corrected, active, completed and so on. */
  status?: string;
  qualifiers?: Qualifiers;
  referenceRange?: { low: number | null; high: number | null; unit: string | null; text?: string; generic: boolean; source?: string };
  /** The source's own interpretation codes (H, LL, A and so on). */
  interpretation?: string[];
  /** Comments of the source, as written. Data, never instructions. */
  comments?: string[];
  source: Source;
};

/** For one thing that was looked for: where, over which window, how far it was read. Can be cited. */
export type Completeness = {
  id: string;
  what: string;
  source: string;
  /** ISO times or null for open; the end is the as-of time. */
  window: [string | null, string | null];
  status: 'complete' | 'partial' | 'unavailable' | 'absent_from_source';
  /** Resources read, resources that fit, and those that fit but lie after the as-of time. */
  read: number;
  found: number;
  later: number;
  reason: string | null;
};

type FlagKind =
  | 'critical'
  | 'stale'
  | 'preliminary'
  | 'corrected'
  | 'conflicting'
  | 'entered_in_error'
  | 'paediatric'
  | 'pregnant'
  | 'deceased'
  | 'merged'
  | 'restricted'
  | 'unreadable';

/** What must be said unasked. `text` is one sentence made from the evidence that it names. */
export type Flag = {
  id: string;
  kind: FlagKind;
  text: string;
  /** Ids of evidence or completeness; never empty. */
  citations: string[];
};

/** Who is asked about. Fixed outside the model; `ids` is the linked set of a merged record, `id` among them. */
export type PatientLock = {
  id: string;
  ids: string[];
  identifier: string | null;
  name: string | null;
  birthDate: string | null;
  sex: string | null;
};

export type SentenceKind = 'finding' | 'flag' | 'limit' | 'advice' | 'question';
export type Sentence = { text: string; citations: string[]; kind: SentenceKind };

export type AnswerValue = {
  label: string;
  value: number | string | boolean;
  unit?: string;
  time?: string;
  /** The evidence or completeness that it rests on; for `clarify`, none. */
  evidence?: string;
};

export type Outcome = 'answered' | 'partial' | 'abstained' | 'clarify' | 'refused' | 'failed';
export type Reason =
  | 'none_recorded'
  | 'not_looked_for'
  | 'unreachable'
  | 'not_in_a_record'
  | 'ambiguous'
  | 'other_patient'
  | 'not_allowed'
  | 'unsupported'
  | 'low_confidence'
  | 'as_of_before_record'
  | 'not_applicable'
  | 'error';

export type Answer = {
  id: string;
  conversation: string;
  question: string;
  asOf: string;
  patient: Omit<PatientLock, 'ids'> | null;
  outcome: Outcome;
  reason: Reason | null;
  sentences: Sentence[];
  values: AnswerValue[];
  evidence: Record<string, Evidence>;
  completeness: Completeness[];
  withheld: { reason: string; kind: string }[];
  model: { provider: string; name: string; prompt: string };
  tools: { name: string; input: unknown; ms: number; evidence: number }[];
  timing: { ms: number; sourcesMs: number };
};
