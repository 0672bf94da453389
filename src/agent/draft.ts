// A language model's text as a draft: one sentence a line with the ids that it cites at its end (prompts/copilot.md).
// An uncited sentence may ask back or say that it cannot answer, in a form that leaves no room for a claim.
import type { Outcome, Reason, Sentence, SentenceKind } from '../evidence/index.ts';
import { plainText } from './plain-text.ts';
import type { Draft } from './types.ts';

export type ParsedDraft = Draft & {
  /** Uncited sentences that may hold a claim: never shown. */
  uncited: string[];
};

const CITATIONS = /[[(【]\s*([ecf][0-9a-z]{3,}(?:[\s,;]+[ecf][0-9a-z]{3,})*)\s*[\])】]/gi;
const OUTCOME = /^outcome\s*[:=]\s*([a-z]+)\s*[(:,-]*\s*([a-z_]*)\s*\)?\.?$/i;
const OUTCOMES: readonly Outcome[] = ['answered', 'partial', 'abstained', 'clarify'];
const REASONS: readonly Reason[] = ['none_recorded', 'unreachable', 'not_in_a_record', 'ambiguous', 'unsupported', 'not_applicable'];

export function parseDraft(text: string): ParsedDraft {
  const draft: ParsedDraft = { outcome: 'answered', reason: null, sentences: [], values: [], uncited: [] };
  for (const line of plainText(text).split('\n')) {
    const outcome = OUTCOME.exec(line);
    if (outcome) {
      draft.outcome = OUTCOMES.find((o) => o === outcome[1]!.toLowerCase()) ?? 'abstained';
      draft.reason = REASONS.find((r) => r === outcome[2]!.toLowerCase()) ?? null;
      continue;
    }
    for (const { words, citations } of splitLine(line)) {
      const kind = citations.length > 0 ? 'finding' : uncitedKind(words);
      if (kind === null) draft.uncited.push(words);
      else draft.sentences.push({ text: words, citations, kind } satisfies Sentence);
    }
  }
  return draft;
}

/** A line may hold several sentences, each ended by its citations; ids in the middle of a sentence belong to it too. */
function splitLine(line: string): { words: string; citations: string[] }[] {
  const parts: { words: string; citations: string[] }[] = [];
  let words = '';
  let citations: string[] = [];
  let from = 0;
  const close = () => {
    const clean = words
      .replace(/\s+([.,;:!?])/g, '$1')
      .replace(/\s{2,}/g, ' ')
      .replace(/^[\s.,;:]+/, '')
      .trim();
    if (/[\p{L}\p{N}]/u.test(clean)) parts.push({ words: /[.!?]$/.test(clean) ? clean : `${clean}.`, citations: [...new Set(citations)] });
    words = '';
    citations = [];
  };
  for (const match of line.matchAll(CITATIONS)) {
    const before = line.slice(from, match.index);
    // A full stop before the ids and a capital after the last ones: a new sentence begins.
    if (citations.length > 0 && /^\s*\.?\s*[\p{Lu}\d]/u.test(before) && /[.!?]\s*$/.test(`${words}${/^\s*\./.exec(before)?.[0] ?? ''}`))
      close();
    words += before;
    citations.push(
      ...match[1]!
        .toLowerCase()
        .split(/[\s,;]+/)
        .filter((id) => id !== ''),
    );
    from = match.index + match[0].length;
  }
  const rest = line.slice(from);
  if (citations.length > 0 && /^[\s.]*[\p{Lu}\d]/u.test(rest) && /[\p{L}\p{N}]/u.test(rest)) close();
  words += rest;
  close();
  return parts;
}

const ASKS =
  /^(which|do you mean|did you mean|are you asking|should i|would you like|please (choose|name|say|give)|what (time|period|window|stay|date))\b/i;
const CANNOT =
  /^(i (cannot|can't|can not|am unable to|do not|don't) (answer|give|judge|say|tell|help|advise|diagnose|recommend|predict)|this (question )?(cannot|can't) be answered|(that|this) is not (a question for|something for) (a|the) record)\b/i;
/** Words by which a statement about the patient slips into a refusal or a question. */
const CLAIMS =
  /[\d\p{Nd}\p{No}]|\b(but|however|although|though|because|since|while|as|so|therefore|given|is|was|were|has|had|have|shows?|found|none|never|nothing|recorded|documented|normal|abnormal|high|low|elevated|raised|positive|negative|critical|stable|improv\w*|worse\w*|rising|falling|start|stop|take|hold)\b|[;:—]/iu;

/** The kind of a sentence that cites nothing, or null when it may hold a claim. */
export function uncitedKind(text: string): SentenceKind | null {
  if (text.length > 200 || /[.!?]\s+\S/.test(text)) return null;
  const asked = ASKS.exec(text);
  if (asked && /\?$/.test(text)) return CLAIMS.test(text.slice(asked[0].length)) ? null : 'question';
  const refused = CANNOT.exec(text);
  return refused && !CLAIMS.test(text.slice(refused[0].length)) ? 'limit' : null;
}
