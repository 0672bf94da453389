// What is drawn and has no result yet, of the tests that were looked at.
import { type Completeness, type Evidence, formatTime } from '../../../evidence/index.ts';
import type { Thing } from '../needs.ts';
import type { DraftBuilder } from './draft.ts';
import { capital, isComplete, sayIncomplete, small, windowWords } from './outcome.ts';

/** @param completeness of what was looked at; every sentence that says "no" cites it. */
export function composePending(draft: DraftBuilder, thing: Thing, all: readonly Evidence[], completeness: Completeness[], asked: boolean) {
  const pending = all.filter((e) => e.kind === 'observation' && e.status === 'pending');
  const issued = all.filter((e) => e.kind === 'observation' && e.status !== 'pending');
  const incomplete = completeness.filter((c) => c.status === 'partial' || c.status === 'unavailable');
  for (const e of pending) {
    draft.finding(`${capital(small(e.concept.name))}${e.time ? ` drawn at ${formatTime(e.time)}` : ''} has no result yet.`, e);
    draft.value({ label: 'pending', value: e.concept.name, ...(e.time?.start ? { time: e.time.start } : {}), evidence: e.id });
  }
  const isWide = thing.keys.includes('*');
  sayIncomplete(draft, incomplete);
  if (pending.length === 0 && isComplete(completeness)) {
    const what = isWide ? 'the usual panels' : small(thing.name);
    draft.finding(
      `No result of ${what} is recorded as drawn and not yet issued${windowWords(completeness, asked)}.`,
      completeness,
      issued.slice(0, 10),
    );
    draft.value({ label: 'results pending', value: false, evidence: completeness[0]!.id });
  }
  if (isWide)
    draft.say(
      'limit',
      'Looked at were the usual blood panels (chemistry, liver, blood count, coagulation, blood gas, cardiac); cultures and others were not.',
    );
  if (pending.length > 0 || isComplete(completeness))
    draft.part(incomplete.length > 0 ? 'partial' : 'answered', incomplete.length > 0 ? 'unreachable' : null);
  else draft.part('abstained', 'unreachable');
}
