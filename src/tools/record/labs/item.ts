// One result: an Observation, or one component of it, told apart by analyte, specimen, method and the source's own code.
import type { CodeableConcept, Observation, ObservationComponent } from 'fhir/r4.js';
import { type Concept, type Evidence, type EvidenceTime, makeEvidence, type Qualifiers, startOf } from '../../../evidence/index.ts';
import { type Identified, identify, type Specimen } from '../../knowledge/index.ts';
import { conceptOf } from '../names.ts';
import { fhirSource } from '../read.ts';
import { type ReadValue, readValue } from './values.ts';

export type Item = {
  resource: Observation;
  /** Index among the components, null for the Observation itself. */
  component: number | null;
  code: CodeableConcept;
  identified: Identified | null;
  /** As written; null when no time is recorded. */
  time: string | null;
  /** NaN when no time is recorded. */
  ms: number;
  pending: boolean;
  read: ReadValue;
};

export const LOINC = 'http://loinc.org';
/** Their bare name means arterial blood, or blood where the source does not say which. */
const BLOOD_GAS_KEYS = new Set([
  'ph',
  'pco2',
  'po2',
  'base-excess',
  'oxygen-saturation',
  'carboxyhemoglobin',
  'methemoglobin',
  'aa-gradient',
  'pf-ratio',
]);
const isLoinc = (system: string | undefined) => system === LOINC || system === 'urn:oid:2.16.840.1.113883.6.1';
const labelsOf = (code: CodeableConcept) =>
  [code.text, ...(code.coding ?? []).map((c) => c.display)].filter((t): t is string => t !== undefined && t !== '');
const hasCategory = (o: Observation, code: string) => o.category?.some((c) => c.coding?.some((k) => k.code === code)) ?? false;

/** What may be a laboratory result or a bedside value: a code of both (2708-6) is told apart by category. */
export function isOfKind(observation: Observation, kind: 'lab' | 'vital'): boolean {
  return kind === 'lab' ? !hasCategory(observation, 'vital-signs') : !hasCategory(observation, 'laboratory');
}

// By what it says, not by the object: a record repeats a few hundred codes over thousands of results.
const identified = new Map<string, Identified | null>();
const MOST_KEPT = 20_000;
function identifyCode(code: CodeableConcept, kind: 'lab' | 'vital', unit: string | null): Identified | null {
  const loincs = (code.coding ?? []).filter((c) => isLoinc(c.system) && c.code !== undefined).map((c) => c.code!);
  const labels = labelsOf(code);
  const key = [kind, unit ?? '', ...loincs, '', ...labels].join('\u0000');
  let found = identified.get(key);
  if (found === undefined) {
    found = identify(kind, loincs, labels, unit);
    if (identified.size >= MOST_KEPT) identified.clear();
    identified.set(key, found);
  }
  return found;
}

/** The results that an Observation holds: its own value (or its absence), and each component. */
export function itemsOf(observation: Observation, kind: 'lab' | 'vital', offset: string, pending = false): Item[] {
  const time = timeOf(observation)?.start ?? null;
  const ms = time === null ? Number.NaN : startOf(time, offset);
  const item = (source: Observation | ObservationComponent, code: CodeableConcept, component: number | null): Item => {
    const identified = identifyCode(code, kind, source.valueQuantity?.unit ?? null);
    return { resource: observation, component, code, identified, time, ms, pending, read: readValue(source, identified?.analyte) };
  };
  const components = (observation.component ?? []).map((c, i) => item(c, c.code, i));
  const own = item(observation, observation.code, null);
  return components.length > 0 && own.read.value.type === 'absent' && observation.dataAbsentReason === undefined
    ? components
    : [own, ...components];
}

function timeOf(o: Observation): EvidenceTime | null {
  if (o.effectiveDateTime !== undefined) return { start: o.effectiveDateTime, end: null, kind: 'effective' };
  if (o.effectiveInstant !== undefined) return { start: o.effectiveInstant, end: null, kind: 'effective' };
  if (o.effectivePeriod !== undefined)
    return { start: o.effectivePeriod.start ?? o.effectivePeriod.end ?? null, end: o.effectivePeriod.end ?? null, kind: 'period' };
  return o.issued === undefined ? null : { start: o.issued, end: null, kind: 'issued' };
}

export const methodOf = (item: Item): string | null => {
  const told = item.resource.method?.text ?? item.resource.method?.coding?.[0]?.display;
  return [item.identified?.method, deviceMethod(item), told].filter((m) => m !== null && m !== undefined).join(', ') || null;
};

/** Blood pressure by cuff or by arterial line, temperature by site: where the code does not say it, the label may. */
function deviceMethod(item: Item): string | null {
  const key = item.identified?.analyte.key ?? '';
  if (item.identified?.method !== null) return null;
  const label = labelsOf(item.code).join(' ').toLowerCase();
  if (/-bp$/.test(key)) {
    if (/non[- ]?invasive|nibp|cuff/.test(label)) return 'non-invasive';
    return /arterial (blood )?(pressure|line)|\babp\b|a-line/.test(label) ? 'arterial line' : null;
  }
  if (key === 'temperature') return /(oral|rectal|axillary|tympanic|core|bladder|temporal|skin)/.exec(label)?.[1] ?? null;
  return null;
}

export function specimenOf(item: Item): string | null {
  const told = item.resource.specimen?.display;
  const known: Specimen | 'none' | undefined = item.identified?.specimen;
  return told ?? (known === undefined || known === 'none' ? null : known);
}

/**
 * Whether the result is of another specimen than the one that a test's bare name asks for: potassium of whole blood or of a drop from the
 * finger, haemoglobin by a blood gas analyser, a venous gas. A direct answer gives the usual one and names the other.
 */
export function isOtherSpecimen({ identified }: Item): boolean {
  if (identified === null || identified.analyte.kind === 'vital') return false;
  const { analyte, specimen, method } = identified;
  if (specimen === 'none' || specimen === analyte.specimen)
    return analyte.specimen === 'blood' && /^(calculated|oximetry)$/.test(method ?? '');
  if (/serum|plasma/.test(analyte.specimen)) return !/serum|plasma/.test(specimen);
  return BLOOD_GAS_KEYS.has(analyte.key) ? specimen !== 'arterial blood' : specimen !== 'venous blood';
}

const localCodes = (code: CodeableConcept) =>
  (code.coding ?? [])
    .filter((c) => !isLoinc(c.system))
    .map((c) => `${c.system ?? ''}|${c.code ?? c.display ?? ''}`)
    .sort()
    .join(' ');

/** The source's own codes for the test, null where it has none. */
export const sourceCode = (item: Item): string | null => localCodes(item.code).replace(/\S*\|/g, '') || null;

/** Results that may stand in one series: same analyte, specimen, method, and the source's own code for the test. */
export function seriesKey(item: Item): string {
  const what =
    item.identified?.analyte.key ?? `text ${labelsOf(item.code)[0] ?? ''} ${(item.code.coding ?? []).map((c) => c.code).join(' ')}`;
  return JSON.stringify([what, specimenOf(item), methodOf(item), localCodes(item.code)]);
}

const defaultSpecimens = new Set(['serum or plasma', 'plasma', 'blood', 'none', 'urine']);

/** The analyte, with the specimen where it is not the usual one and the method where the code or the label tells one. */
export function nameOf(item: Item): string {
  const { identified } = item;
  if (identified === null) return conceptOf(item.code).name;
  const specimen = specimenOf(item);
  const isUsual = specimen === null || specimen === identified.analyte.specimen || defaultSpecimens.has(specimen);
  const wholeBlood = specimen === 'blood' && identified.analyte.specimen === 'serum or plasma' ? 'whole blood' : null;
  const remarks = [isUsual ? wholeBlood : specimen, identified.method ?? deviceMethod(item)].filter((r) => r !== null);
  return remarks.length === 0 ? identified.analyte.name : `${identified.analyte.name} (${remarks.join(', ')})`;
}

const HAEMOLYSIS = /\bh(a)?emoly[sz]/i;
const NOT_HAEMOLYSED = /\b(no|not|non|without|absence of|negative for)[\s-]+(visible |significant |gross |evidence of )?h(a)?emoly[sz]/i;

function commentsOf(item: Item): string[] {
  return (item.resource.note ?? []).map((n) => n.text).filter((t) => t !== undefined && t.trim() !== '');
}

export const isHaemolysed = (item: Item): boolean => commentsOf(item).some((c) => HAEMOLYSIS.test(c) && !NOT_HAEMOLYSED.test(c));

type Extra = {
  referenceRange?: Evidence['referenceRange'];
  converted?: NonNullable<Extract<Evidence['value'], { type: 'quantity' }>['converted']>;
};

export function itemEvidence(item: Item, server: string, patient: string, extra: Extra = {}): Evidence {
  const { resource, identified, read } = item;
  const source = item.component === null ? resource : resource.component![item.component]!;
  const qualifiers: Qualifiers = {};
  if (identified !== null) qualifiers['analyte'] = identified.analyte.key;
  const specimen = specimenOf(item);
  if (specimen !== null) qualifiers['specimen'] = specimen;
  const how = methodOf(item);
  if (how !== null) qualifiers['method'] = how;
  if (isOtherSpecimen(item)) qualifiers['usual specimen'] = 'no';
  if (resource.issued === undefined) qualifiers['resultTime'] = 'not recorded';
  if (read.problem !== null) qualifiers['unit'] = read.problem;
  if (isHaemolysed(item)) qualifiers['haemolysis'] = 'noted in the comment; the value may be false';
  const interpretation = (source.interpretation ?? [])
    .flatMap((c) => c.coding?.map((k) => k.code) ?? [c.text])
    .filter((c): c is string => c !== undefined);
  const comments = commentsOf(item);
  const value = item.pending ? ({ type: 'absent', reason: 'drawn, not yet issued' } as const) : read.value;
  const name = nameOf(item);
  const concept: Concept = {
    name,
    codings: (item.code.coding ?? []).flatMap((c) =>
      c.code === undefined
        ? []
        : [
            {
              ...(c.system === undefined ? {} : { system: c.system }),
              code: c.code,
              ...(c.display === undefined ? {} : { display: c.display }),
            },
          ],
    ),
  };
  const time = timeOf(resource);
  return makeEvidence({
    kind: 'observation',
    patient,
    concept,
    value: value.type === 'quantity' && extra.converted !== undefined ? { ...value, converted: extra.converted } : value,
    ...(time === null ? {} : { time }),
    status: item.pending ? 'pending' : resource.status,
    qualifiers,
    ...(item.pending || extra.referenceRange === undefined ? {} : { referenceRange: extra.referenceRange }),
    ...(item.pending || interpretation.length === 0 ? {} : { interpretation }),
    ...(item.pending || comments.length === 0 ? {} : { comments }),
    source: fhirSource(server, resource, item.component === null ? undefined : `component[${item.component}]`),
  });
}
