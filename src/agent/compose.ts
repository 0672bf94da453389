// From a draft to what may be shown: every sentence checked against what it cites, flags and incomplete sources first.
import type { Answer, AnswerValue, Completeness, Evidence, Flag, Outcome, Reason, Sentence } from '../evidence/index.ts';
import type { ToolResult } from '../tools/index.ts';
import { type GroundKind, ground, groundValue, type Known, valuesIn } from './ground/index.ts';
import type { Draft } from './types.ts';

/** What is withheld, with its text and the exact reason, which quotes it: for the audit alone. */
type Withheld = { text: string; reason: string; kind: GroundKind };

/** The reason as it may be shown: it holds nothing of what is withheld. */
export const WITHHELD: Record<GroundKind, string> = {
  citation: 'It cites nothing, or what no tool returned.',
  value: 'A number or word is not in what it cites.',
  time: 'A date or time is not in what it cites.',
  unit: 'A number stands with another unit than in what it cites.',
  set_word: 'It speaks of all there is without a complete reading.',
  concept: 'It names another test than what it cites.',
  polarity: 'It says the contrary of what it cites.',
  direction: 'It says another direction than what it cites.',
};

export type Composed = Pick<Answer, 'outcome' | 'reason' | 'sentences' | 'values'> & { withheld: Withheld[]; known: Known };

export type Material = {
  draft: Draft;
  /** All that the tools of this question returned, unasked flags included. */
  result: ToolResult;
  /** Ids of completeness that belong to the unasked flags: said when incomplete, but the question is answered without them. */
  unasked?: ReadonlySet<string>;
  /** One sentence for each source that failed as a whole. */
  failures: string[];
  /** Sentences of a language model that cite nothing and may hold a claim. */
  uncited: string[];
  /** True where the values must be taken from the sentences (a language model gives none). */
  readValues: boolean;
  question: string;
  asOf: string;
};

/** What is said where nothing of a draft is left, by reason. */
const NOTHING_LEFT: Partial<Record<Reason, string>> = {
  not_in_a_record: 'This cannot be answered from a record.',
  unsupported: 'This cannot be answered with the tools that there are.',
  unreachable: 'This cannot be answered now: a source could not be read.',
  ambiguous: 'The question can be understood in more than one way; ask it more precisely.',
  not_applicable: 'This does not apply to this patient.',
  low_confidence: 'No answer is given: what was drafted could not be verified against the record.',
};

export function compose({ draft, result, unasked = new Set(), failures, uncited, readValues, question, asOf }: Material): Composed {
  const known: Known = {
    evidence: new Map(result.evidence.map((e) => [e.id, e])),
    completeness: new Map(result.completeness.map((c) => [c.id, c])),
    asOf,
    question,
  };
  const withheld: Withheld[] = uncited.map((text) => ({ text, reason: 'It cites nothing.', kind: 'citation' }));
  const kept: Sentence[] = [];
  for (const sentence of draft.sentences) {
    const check = ground(sentence, known);
    if (check.ok) kept.push(sentence);
    else withheld.push({ text: sentence.text, reason: check.reason, kind: check.kind });
  }
  const findings = kept.filter((s) => s.kind === 'finding');
  const values = readValues ? valuesIn(findings, known) : checkValues(draft, kept, known, withheld);
  const flags = flagSentences(result.flags, kept);
  const limits = [...limitSentences(result.completeness, kept), ...failures.map(limit)].filter((s) => !kept.some((k) => k.text === s.text));
  const lowering = limits.filter((s) => s.citations.length === 0 || s.citations.some((id) => !unasked.has(id)));
  const state = outcomeOf(draft, kept, withheld.length, lowering.length);
  if (state.outcome !== 'abstained' && withheld.length > 0) limits.push(limit(withheldNotice(withheld.length)));
  const rest = kept.filter((s) => s.kind !== 'flag');
  const early = rest.filter((s) => s.kind === 'limit' && s.citations.some((id) => isIncomplete(known.completeness.get(id))));
  const late = rest.filter((s) => !early.includes(s));
  const sentences = [...flags, ...early, ...limits, ...late];
  if (late.length === 0 && (flags.length === sentences.length || state.reason === 'low_confidence'))
    sentences.push(limit(NOTHING_LEFT[state.reason ?? 'low_confidence'] ?? NOTHING_LEFT.low_confidence!));
  return { ...state, sentences, values: state.outcome === 'abstained' && findings.length === 0 ? [] : values, withheld, known };
}

const limit = (text: string): Sentence => ({ text, citations: [], kind: 'limit' });
const withheldNotice = (n: number) =>
  n === 1
    ? 'One drafted sentence is withheld: what it cites does not support it.'
    : `${n} drafted sentences are withheld: what they cite does not support them.`;

/** The draft's outcome, lowered by what was withheld and by what could not be read; never raised. */
function outcomeOf(draft: Draft, kept: readonly Sentence[], withheld: number, limits: number): { outcome: Outcome; reason: Reason | null } {
  const { outcome, reason } = draft;
  const said = kept.some((s) => s.kind === 'finding');
  if (outcome === 'clarify')
    return kept.some((s) => s.kind === 'question') ? { outcome, reason } : { outcome: 'abstained', reason: 'low_confidence' };
  if (outcome === 'refused' || outcome === 'failed') return { outcome, reason };
  if (!said && withheld > 0) return { outcome: 'abstained', reason: 'low_confidence' };
  if (outcome === 'abstained') {
    // "None recorded" stands only with the sentence that cites the complete reading.
    const unsaid = reason === 'none_recorded' && kept.every((s) => s.citations.length === 0);
    return { outcome, reason: unsaid || reason === null ? 'low_confidence' : reason };
  }
  if (!said)
    return kept.some((s) => s.kind === 'question')
      ? { outcome: 'clarify', reason: 'ambiguous' }
      : { outcome: 'abstained', reason: reason ?? 'low_confidence' };
  return outcome === 'answered' && (withheld > 0 || limits > 0) ? { outcome: 'partial', reason } : { outcome, reason };
}

/** What cannot wait stands first, what is only old last. */
const FLAG_ORDER: readonly (Flag['kind'] | 'drafted')[] = [
  'critical',
  'deceased',
  'conflicting',
  'corrected',
  'preliminary',
  'unreadable',
  'entered_in_error',
  'pregnant',
  'paediatric',
  'restricted',
  'merged',
  'drafted',
  'stale',
];

/** All flags of the tools, and those that the draft itself worded where no tool says it; each once. */
function flagSentences(flags: readonly Flag[], kept: readonly Sentence[]): Sentence[] {
  const isSaid = ({ text, citations }: Sentence) =>
    flags.some((f) => f.text === text || (citations.length > 0 && citations.every((id) => f.citations.includes(id))));
  const drafted = kept.filter((s) => s.kind === 'flag' && !isSaid(s));
  const all = [...flags, ...drafted.map((s) => ({ ...s, kind: 'drafted' as const }))];
  const sorted = all.sort((a, b) => FLAG_ORDER.indexOf(a.kind) - FLAG_ORDER.indexOf(b.kind));
  return [...new Map(sorted.map(({ text, citations }) => [text, { text, citations, kind: 'flag' as const }])).values()];
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const isIncomplete = (c: Completeness | undefined) => c?.status === 'partial' || c?.status === 'unavailable';

/** What was left out on good grounds is no limit; what could not be read says so itself. */
function stateOf({ status, reason }: Completeness): string {
  const why = (reason ?? '')
    .split('; ')
    .filter((part) => part !== '' && !/entered in error left out$/.test(part))
    .join('; ');
  if (status === 'partial' && /^\d+ \w+ could not be read: [^;]+$/.test(why)) return `${why.replace(': ', ' (')})`;
  return `${status === 'partial' ? 'read only in part' : 'could not be read'}${why === '' ? '' : ` (${why})`}`;
}

/** What could not be read, or only in part, where the draft does not say so itself; one sentence for what failed alike. */
function limitSentences(completeness: readonly Completeness[], kept: readonly Sentence[]): Sentence[] {
  const said = new Set(kept.filter((s) => s.kind === 'limit').flatMap((s) => s.citations));
  const alike = Map.groupBy(
    completeness.filter((c) => isIncomplete(c) && !said.has(c.id)),
    stateOf,
  );
  return [...alike].map(([state, all]) => ({
    text: capital(`${all.map((c) => c.what).join('; ')}: ${state}.`),
    citations: all.map((c) => c.id),
    kind: 'limit',
  }));
}

/** A value goes only where its evidence bears it, and not where only withheld sentences cite it. Those of a question back rest on none. */
function checkValues(draft: Draft, kept: readonly Sentence[], known: Known, withheld: Withheld[]): AnswerValue[] {
  const cited = new Set(kept.flatMap((s) => s.citations));
  const doubted = new Set(draft.sentences.flatMap((s) => s.citations).filter((id) => !cited.has(id)));
  return draft.values.filter((value) => {
    if (draft.outcome === 'clarify' && value.evidence === undefined) return true;
    const check = groundValue(value, known, doubted);
    if (!check.ok) withheld.push({ text: `${value.label}: ${value.value}`, reason: check.reason, kind: check.kind });
    return check.ok;
  });
}

/** The evidence that an answer shows: what its sentences, its values and its flags cite. */
export function citedEvidence({ sentences, values, known }: Composed): Record<string, Evidence> {
  const ids = [...sentences.flatMap((s) => s.citations), ...values.map((v) => v.evidence)];
  const cited: Record<string, Evidence> = {};
  for (const id of ids) {
    const found = id === undefined ? undefined : known.evidence.get(id);
    if (found) cited[found.id] = found;
  }
  return cited;
}

/** Inputs, at any depth, of what is cited, so that its page can open them. */
export function inputsOf(cited: Record<string, Evidence>, known: Known): Evidence[] {
  const found = new Map<string, Evidence>();
  const queue = Object.values(cited);
  for (let e = queue.pop(); e !== undefined; e = queue.pop()) {
    const inputs = e.source.type === 'calculation' || e.source.type === 'model' ? e.source.inputs : [];
    for (const id of [...inputs, ...(e.components ?? []).flatMap((c) => c.inputs ?? [])]) {
      const input = known.evidence.get(id);
      if (input === undefined || found.has(id) || cited[id] !== undefined) continue;
      found.set(id, input);
      queue.push(input);
    }
  }
  return [...found.values()];
}
