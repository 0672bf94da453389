// Diagnoses and problems (FHIR Condition). A source that records no onset, status or date (MIMIC) is dated by the encounter and says so.
import type { Condition } from 'fhir/r4.js';
import {
  type Completeness,
  type Component,
  type Evidence,
  type EvidenceTime,
  formatTime,
  makeCompleteness,
  makeEvidence,
  offsetOf,
  startOf,
} from '../../../evidence/index.ts';
import type { ToolContext } from '../../tool.ts';
import { conceptOf, wordsOf } from '../names.ts';
import { completenessOf, fhirSource, lockOf, type Read, readRecord } from '../read.ts';
import { restrictedFlags } from '../restricted.ts';
import { conditionFits } from './about.ts';
import { nameQualifiers } from './diagnosis-names.ts';
import { notesOf, qualifiersOf } from './quantity.ts';
import { bounded, inWindow, newestFirst, reasons, type Section, type SectionRequest, what, withEvidence, withoutId } from './section.ts';
import { readStays, type Stays } from './stays.ts';

export type ConditionRead = { read: Read<Condition>; stays: Stays; items: { condition: Condition; readonly evidence: Evidence }[] };

export async function readConditions(context: ToolContext): Promise<ConditionRead> {
  // The first read only sends the search beside that for the encounters; the second shares it.
  const [stays] = await Promise.all([readStays(context), readRecord<Condition>(context, { type: 'Condition' })]);
  const read = await readRecord<Condition>(context, {
    type: 'Condition',
    fallbackTime: (c) => stays.ofRecorded(c.encounter)?.period?.start ?? null,
  });
  const origin = { server: read.search.server, patient: lockOf(context).id, asOf: context.asOf };
  const items = read.resources.map((condition) => withEvidence({ condition }, () => conditionEvidence(condition, stays, origin)));
  return { read, stays, items };
}

type Origin = { server: string; patient: string; asOf: string };

const codeOf = (concept: { coding?: { code?: string }[] } | undefined) => concept?.coding?.find((c) => c.code !== undefined)?.code ?? null;
const isLater = (time: string | undefined, asOf: string) => time !== undefined && startOf(time, offsetOf(asOf) ?? 'Z') > startOf(asOf);

/** kind `condition`; status is the clinical status at the as-of time, `not recorded` where the source keeps none. */
function conditionEvidence(condition: Condition, stays: Pick<Stays, 'of'>, origin: Origin): Evidence {
  const stay = stays.of(condition.encounter);
  const recorded = codeOf(condition.clinicalStatus) ?? condition.clinicalStatus?.text ?? null;
  const abatement = condition.abatementDateTime ?? condition.abatementPeriod?.start;
  const abatesLater = isLater(abatement, origin.asOf);
  const onset = condition.onsetDateTime ?? condition.onsetPeriod?.start;
  const end = abatesLater ? null : (abatement ?? null);
  const encounterTime = stay?.encounter.period;
  const time: EvidenceTime | null =
    onset !== undefined || end !== null
      ? { start: onset ?? null, end, kind: 'onset' }
      : condition.recordedDate !== undefined
        ? { start: condition.recordedDate, end: null, kind: 'recorded' }
        : encounterTime?.start !== undefined
          ? { start: encounterTime.start, end: encounterTime.end ?? null, kind: 'period' }
          : null;
  const verification = codeOf(condition.verificationStatus) ?? condition.verificationStatus?.text ?? null;
  const components: Component[] = [
    ...(condition.recordedDate !== undefined && time?.kind === 'onset'
      ? [{ name: 'recorded', value: { type: 'time' as const, time: condition.recordedDate } }]
      : []),
    ...(condition.stage ?? []).flatMap((s) => {
      const text = wordsOf(s.summary);
      return text === null ? [] : [{ name: 'stage', value: { type: 'text' as const, text } }];
    }),
  ];
  const comments = notesOf(condition.note);
  const concept = conceptOf(condition.code);
  return makeEvidence({
    kind: 'condition',
    patient: origin.patient,
    concept,
    ...(components.length === 0 ? {} : { components }),
    ...(time === null ? {} : { time }),
    status: abatesLater ? 'active' : (recorded ?? (end !== null ? 'resolved' : 'not recorded')),
    qualifiers: qualifiersOf({
      verification: verification ?? 'not recorded',
      polarity:
        verification === 'refuted' ? 'refuted: recorded as not present' : isNoneKnown(condition) ? 'none known: recorded as such' : null,
      ...nameQualifiers(concept.name),
      certainty: verification !== null && /^(differential|provisional|unconfirmed)$/.test(verification) ? verification : null,
      statusIs: abatesLater && recorded !== 'active' ? 'as at the as-of time; the record tells of its end later' : null,
      category: (condition.category ?? []).map((c) => wordsOf(c)?.toLowerCase()).join(', ') || null,
      onset:
        condition.onsetString ??
        (condition.onsetAge?.value === undefined ? null : `at age ${condition.onsetAge.value} ${condition.onsetAge.unit ?? 'years'}`),
      abatement: condition.abatementString ?? null,
      severity: wordsOf(condition.severity),
      bodySite: (condition.bodySite ?? []).map(wordsOf).join(', ') || null,
      dated: time === null ? 'not dated' : time.kind === 'period' ? 'by its encounter' : null,
      stay: stay?.label ?? null,
    }),
    ...(comments.length === 0 ? {} : { comments }),
    source: fhirSource(origin.server, condition),
  });
}

/** A record that there are no problems (HL7 IPS absent-unknown-uv-ips; SNOMED CT 160245001) is no problem. */
const isNoneKnown = (condition: Condition) =>
  condition.code?.coding?.some((c) => c.code === '160245001' || c.code === 'no-known-problems' || c.code === 'no-problem-info') ?? false;

const isRefuted = (e: Evidence) => e.qualifiers?.['polarity'] !== undefined;
const isDifferential = (e: Evidence) => e.qualifiers?.['certainty'] === 'differential';

/** Active, or of no recorded status; never what is refuted or only thought of. */
export const isActiveCondition = (e: Evidence) =>
  /^(active|recurrence|relapse|not recorded)$/.test(e.status ?? '') && !isRefuted(e) && !isDifferential(e);

export const conditions: Section = async (context, request) => {
  const { read, stays, items } = await readConditions(context);
  const fits = request.about === null ? () => true : conditionFits(request.about);
  const about = request.about === null ? items : items.filter((i) => fits(conceptOf(i.condition.code)));
  const inTime = about.filter((i) => inWindow(i.evidence, request, context.asOf)).sort((a, b) => newestFirst(a.evidence, b.evidence));
  const chosen = request.status === 'all' ? inTime : inTime.filter((i) => isActiveCondition(i.evidence));
  const { shown, note } = bounded(chosen.map((i) => i.evidence));
  const refuted = shown.filter((e) => isRefuted(e) || isDifferential(e)).length;
  const mentioned = request.about === null ? 0 : chosen.filter((i) => isOnlyMentioned(i.evidence)).length;
  const unknown = shown.filter((e) => e.status === 'not recorded').length;
  const base = completenessOf(context, read, what('conditions', request.about), {
    found: chosen.filter((i) => !isRefuted(i.evidence) && !isDifferential(i.evidence)).length,
    later: request.about === null ? read.later : laterThatFit(read, items, fits),
    from: request.from,
    to: request.to,
  });
  return {
    evidence: shown,
    completeness: [
      makeCompleteness({
        ...withoutId(base),
        ...datedBy(stays, base.status),
        reason: reasons(
          base.reason,
          note,
          refuted > 0 ? `${refuted} refuted, only considered or “none known”, not counted as found` : null,
          mentioned > 0 ? `${mentioned} by name tell of the family, the past, screening or risk only` : null,
          request.status === 'active' && unknown > 0 ? `${unknown} without a recorded status are included` : null,
          stays.read.search.status === 'complete' ? null : 'the encounters that date diagnoses were not read completely',
        ),
      }),
      ...(request.status === 'active'
        ? [
            inactive(
              base,
              request,
              inTime.map((i) => i.evidence).filter((e) => !isActiveCondition(e) && !isRefuted(e) && !isDifferential(e)),
            ),
          ]
        : []),
    ],
    flags: restrictedFlags(chosen.filter((i) => shown.includes(i.evidence)).map((i) => [i.condition, i.evidence])),
  };
};

/** What a name itself says not to be a present disease of the patient (diagnosis-names.ts). */
export const isOnlyMentioned = ({ qualifiers: q = {} }: Evidence) =>
  q['whose'] !== undefined || q['history'] !== undefined || q['mentionedAs'] !== undefined;

/** Asked for what is active: what fits and is over. With `about` it is named, so that "none active" never hides "resolved". */
function inactive(base: Completeness, { about }: SectionRequest, over: readonly Evidence[]): Completeness {
  const named = over.slice(0, 5).map((e) => `${e.concept.name} (${e.status}${e.time === undefined ? '' : `, ${formatTime(e.time)}`})`);
  return makeCompleteness({
    ...withoutId(base),
    what: what('inactive conditions', about),
    found: over.length,
    later: 0,
    reason: reasons(
      base.status === 'complete' ? null : base.reason,
      about === null || named.length === 0 ? null : `${named.join('; ')}${over.length > named.length ? '; and more' : ''}`,
    ),
  });
}

/** Diagnoses dated by encounters that could not be read may lie after the as-of time: then this is not complete. */
const datedBy = (stays: Stays, status: 'complete' | 'partial' | 'unavailable' | 'absent_from_source') =>
  status === 'complete' && stays.read.search.status === 'unavailable' ? { status: 'partial' as const } : {};

function laterThatFit(
  read: Read<Condition>,
  known: readonly { condition: Condition }[],
  fits: (c: ReturnType<typeof conceptOf>) => boolean,
): number {
  if (read.later === 0) return 0;
  const here = new Set<unknown>([...known.map((k) => k.condition), ...read.enteredInError, ...read.unreadable, ...read.pending]);
  return (read.search.resources as Condition[]).filter((c) => !here.has(c) && fits(conceptOf(c.code))).length;
}
