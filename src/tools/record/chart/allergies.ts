// Allergies and intolerances. "No known allergy" is a record of its own and never follows from an empty list.
import type { AllergyIntolerance } from 'fhir/r4.js';
import {
  type Component,
  type Evidence,
  type EvidenceTime,
  type Flag,
  makeCompleteness,
  makeEvidence,
  makeFlag,
} from '../../../evidence/index.ts';
import { allergenFits } from '../../knowledge/allergens.ts';
import type { ToolContext } from '../../tool.ts';
import { conceptOf, wordsOf } from '../names.ts';
import { completenessOf, fhirSource, lockOf, type Read, readRecord } from '../read.ts';
import { restrictedFlags } from '../restricted.ts';
import { conditionFits, drugFits } from './about.ts';
import { notesOf, qualifiersOf } from './quantity.ts';
import { bounded, inWindow, newestFirst, reasons, type Section, what, withoutId } from './section.ts';

/** SNOMED CT: 716186003 and its kinds; 160244002 is the older, inactive concept; the words are those of the HL7 IPS (absent-unknown-uv-ips). */
const NONE_KNOWN = new Set([
  '716186003',
  '409137002',
  '428607008',
  '429625007',
  '428197003',
  '716184000',
  '716220001',
  '160244002',
  'no-known-allergies',
  'no-known-medication-allergies',
  'no-known-food-allergies',
  'no-known-environmental-allergies',
]);
const NONE_KNOWN_TEXT = /^(nkda|nka|no known (\w+ )?allerg(y|ies)( to \w+)?|no known allergies \(situation\))$/i;

/** Recorded, and yet nothing is known: SNOMED CT 787923006 (status unknown), 1631000175102 (not asked), or in words. */
const NOT_TOLD = new Set(['787923006', '1631000175102', 'no-allergy-info']);
const NOT_TOLD_TEXT =
  /^(unknown|allerg(y|ies)( status)? (unknown|not known)|(patient )?not asked|unable to (obtain|assess)|not on file|no information)\b/i;

const codeOf = (concept: { coding?: { code?: string }[]; text?: string } | undefined) =>
  concept?.coding?.find((c) => c.code !== undefined)?.code ?? concept?.text ?? null;

const says = (allergy: AllergyIntolerance, codes: ReadonlySet<string>, words: RegExp) =>
  (allergy.code?.coding?.some((c) => codes.has(c.code ?? '') || words.test(c.display?.trim() ?? '')) ?? false) ||
  words.test(allergy.code?.text?.trim() ?? '');

export type AllergyItem = { allergy: AllergyIntolerance; evidence: Evidence };

export async function readAllergies(context: ToolContext): Promise<{ read: Read<AllergyIntolerance>; items: AllergyItem[] }> {
  const read = await readRecord<AllergyIntolerance>(context, { type: 'AllergyIntolerance' });
  const patient = lockOf(context).id;
  return { read, items: read.resources.map((allergy) => ({ allergy, evidence: allergyEvidence(allergy, read.search.server, patient) })) };
}

function allergyEvidence(allergy: AllergyIntolerance, server: string, patient: string): Evidence {
  const verification = codeOf(allergy.verificationStatus);
  const onset = allergy.onsetDateTime ?? allergy.onsetPeriod?.start;
  const time: EvidenceTime | null =
    onset !== undefined
      ? { start: onset, end: null, kind: 'onset' }
      : allergy.recordedDate !== undefined
        ? { start: allergy.recordedDate, end: null, kind: 'recorded' }
        : null;
  const named = conceptOf(allergy.code);
  const substances = (allergy.reaction ?? []).map((r) => wordsOf(r.substance)).filter((s) => s !== null);
  const concept = allergy.code === undefined && substances.length > 0 ? { ...named, name: [...new Set(substances)].join(', ') } : named;
  const components: Component[] = [
    ...(allergy.reaction ?? []).map((r): Component => {
      const shown = r.manifestation.map((m) => wordsOf(m) ?? 'manifestation not recorded').join(', ');
      const text = [shown, r.severity === undefined ? null : `severity ${r.severity}`, r.description]
        .filter((t) => t != null && t !== '')
        .join('; ');
      return {
        name: 'reaction',
        value: { type: 'text', text },
        ...(r.onset === undefined ? {} : { time: { start: r.onset, end: null, kind: 'onset' as const } }),
      };
    }),
    ...(allergy.lastOccurrence === undefined
      ? []
      : [{ name: 'last reaction', value: { type: 'time' as const, time: allergy.lastOccurrence } }]),
  ];
  const comments = notesOf(allergy.note);
  const none = says(allergy, NONE_KNOWN, NONE_KNOWN_TEXT);
  const untold = !none && says(allergy, NOT_TOLD, NOT_TOLD_TEXT);
  return makeEvidence({
    kind: 'allergy',
    patient,
    concept,
    ...(components.length === 0 ? {} : { components }),
    ...(time === null ? {} : { time }),
    status: codeOf(allergy.clinicalStatus) ?? 'not recorded',
    qualifiers: qualifiersOf({
      polarity:
        verification === 'refuted'
          ? 'refuted: recorded as not present'
          : none
            ? 'none known: recorded as such'
            : untold
              ? 'not told: recorded as unknown or not asked'
              : null,
      verification: verification ?? 'not recorded',
      type: none || untold ? null : (allergy.type ?? 'not recorded'),
      category: (allergy.category ?? []).join(', ') || null,
      criticality: allergy.criticality ?? null,
      reactions: none || untold || (allergy.reaction?.length ?? 0) > 0 ? null : 'not recorded',
    }),
    ...(comments.length === 0 ? {} : { comments }),
    source: fhirSource(server, allergy),
  });
}

/** Neither refuted nor over: an allergy, a "none known", or a recorded "not asked". */
export const isStanding = (e: Evidence) =>
  !/^(inactive|resolved)$/.test(e.status ?? '') && !e.qualifiers?.['polarity']?.startsWith('refuted');
const isNone = (e: Evidence) => e.qualifiers?.['polarity']?.startsWith('none known') ?? false;

/** Recorded now, not refuted, not resolved, and not a "none known". */
export const isActiveAllergy = (e: Evidence) => isStanding(e) && e.qualifiers?.['polarity'] === undefined;

/** "No known allergy" beside an allergy: one of them is wrong. "No known drug allergy" stands well beside a food allergy. */
export function allergyConflicts(items: readonly AllergyItem[]): Flag[] {
  const active = items.filter((i) => isActiveAllergy(i.evidence));
  return items
    .filter((i) => isNone(i.evidence) && isStanding(i.evidence))
    .flatMap((none) => {
      const kind = kindDenied(none.allergy);
      const against = active.filter((a) => kind === null || a.allergy.category?.includes(kind));
      if (against.length === 0) return [];
      const names = against.map((a) => a.evidence.concept.name).join(', ');
      return [
        makeFlag({
          kind: 'conflicting',
          text: `The record holds “${none.evidence.concept.name}” and also an allergy or intolerance: ${names}.`,
          citations: [none.evidence.id, ...against.map((a) => a.evidence.id)],
        }),
      ];
    });
}

/** What a "none known" denies: drugs, foods, the environment, or (null) every allergy. */
function kindDenied(allergy: AllergyIntolerance): 'medication' | 'food' | 'environment' | null {
  const codes = allergy.code?.coding?.map((c) => c.code) ?? [];
  const text = `${allergy.code?.text ?? ''} ${allergy.code?.coding?.map((c) => c.display ?? '').join(' ') ?? ''}`;
  if (codes.includes('409137002') || codes.includes('no-known-medication-allergies') || /nkda|drug|medication/i.test(text))
    return 'medication';
  if (codes.includes('429625007') || codes.includes('no-known-food-allergies') || /food/i.test(text)) return 'food';
  if (
    ['428607008', '428197003', '716184000', '716220001', 'no-known-environmental-allergies'].some((c) => codes.includes(c)) ||
    /environment|insect|latex|animal/i.test(text)
  )
    return 'environment';
  return null;
}

export const allergies: Section = async (context, request) => {
  const { read, items } = await readAllergies(context);
  const inTime = items.filter((i) => inWindow(i.evidence, request, context.asOf) && (request.status === 'all' || isStanding(i.evidence)));
  const matching = request.about === null ? inTime : inTime.filter((i) => isNone(i.evidence) || concerns(i, request.about!));
  const found = matching.filter((i) => isActiveAllergy(i.evidence));
  // Asked for one substance that is not among them, the whole list is shown: the reader judges what is near it.
  const chosen = (found.length > 0 ? matching : inTime).sort((a, b) => newestFirst(a.evidence, b.evidence));
  const { shown, note } = bounded(chosen.map((i) => i.evidence));
  const whole = completenessOf(context, read, 'allergies', {
    found: inTime.filter((i) => isActiveAllergy(i.evidence)).length,
    from: request.from,
    to: request.to,
  });
  const told = makeCompleteness({ ...withoutId(whole), reason: reasons(whole.reason, note) });
  return {
    evidence: shown,
    completeness:
      request.about === null
        ? [told]
        : [makeCompleteness({ ...withoutId(told), what: what('allergies', request.about), found: found.length }), told],
    flags: [
      ...allergyConflicts(chosen),
      ...restrictedFlags(chosen.filter((i) => shown.includes(i.evidence)).map((i) => [i.allergy, i.evidence])),
    ],
  };
};

/** By the substance's name, by a drug's other names, by its class (penicillin for amoxicillin) or the group of allergens. */
function concerns({ evidence, allergy }: AllergyItem, about: string): boolean {
  const kind = /^(drug|medication|medicine)s?$/i.test(about.trim())
    ? 'medication'
    : /^(food|environment)s?$/i.exec(about.trim())?.[1]?.toLowerCase();
  if (kind !== undefined) return allergy.category?.some((c) => c === kind) ?? false;
  const drug = drugFits(about);
  if (allergenFits(evidence.concept.name, about)) return true;
  return conditionFits(about)(evidence.concept) || (!drug.onlyForms && drug.fits({ concept: evidence.concept, parts: [] }) !== null);
}
