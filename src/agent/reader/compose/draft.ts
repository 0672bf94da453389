// The draft as it grows: sentences with what they cite, direct answers, and what came of each need.
import type { AnswerValue, Completeness, Evidence, Outcome, Reason, Sentence, SentenceKind, Value } from '../../../evidence/index.ts';
import type { Draft } from '../../types.ts';

type Part = { outcome: Outcome; reason: Reason | null };
type Cited = Evidence | Completeness | string;

export class DraftBuilder {
  private readonly sentences: Sentence[] = [];
  private readonly values: AnswerValue[] = [];
  private readonly parts: Part[] = [];

  say(kind: SentenceKind, text: string, ...cited: readonly (Cited | readonly Cited[])[]) {
    const citations = [...new Set(cited.flat().map((c) => (typeof c === 'string' ? c : (c as Evidence).id)))];
    if (!this.sentences.some((s) => s.text === text)) this.sentences.push({ text, citations, kind });
  }
  finding(text: string, ...cited: readonly (Cited | readonly Cited[])[]) {
    this.say('finding', text, ...cited);
  }
  value(value: AnswerValue) {
    if (!this.values.some((v) => JSON.stringify(v) === JSON.stringify(value))) this.values.push(value);
  }
  /** What came of one need. */
  part(outcome: Outcome, reason: Reason | null = null) {
    this.parts.push({ outcome, reason });
  }

  build(): Draft {
    const { outcome, reason } = this.outcome();
    return { outcome, reason, sentences: this.sentences, values: this.values };
  }

  /** All answered: answered. Some: partial. None: the gravest of what stands in the way. */
  private outcome(): Part {
    const order: Outcome[] = ['refused', 'failed', 'clarify', 'abstained'];
    const open = this.parts.filter((p) => p.outcome !== 'answered');
    if (open.length === 0) return { outcome: 'answered', reason: null };
    const refused = open.find((p) => p.outcome === 'refused');
    if (refused) return refused;
    const first = open.find((p) => p.reason !== null) ?? open[0]!;
    if (open.length < this.parts.length || open.some((p) => p.outcome === 'partial')) return { outcome: 'partial', reason: first.reason };
    return [...open].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome))[0]!;
  }
}

/** A value as a program takes it: number, text, yes or no, time; null where the source has none. */
export function plainValue(value: Value | undefined): Pick<AnswerValue, 'value' | 'unit'> | null {
  switch (value?.type) {
    case 'quantity': {
      const { value: number, unit } = value.converted ?? value;
      if (value.comparator !== undefined) return { value: `${value.comparator}${number}`, ...(unit ? { unit } : {}) };
      return { value: number, ...(unit ? { unit } : {}) };
    }
    case 'text':
      return { value: value.text };
    case 'code':
      return { value: value.concept.name };
    case 'boolean':
      return { value: value.value };
    case 'time':
      return { value: value.time };
    default:
      return null;
  }
}
