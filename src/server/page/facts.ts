// What is told of a piece of evidence, line by line: for the evidence page that the server writes and for the panel that the page builds.
// It runs in the browser as it is (types stripped), so it imports nothing of Node's.
import { formatNumber, formatSource, formatTime, formatValue } from '../../evidence/render.ts';
import { readableTime } from '../../evidence/time.ts';
import type { Completeness, Evidence, Flag } from '../../evidence/types.ts';

export type Item = Evidence | Completeness | Flag;
export type Fact = { label: string; text: string };

export const isEvidence = (item: Item): item is Evidence => 'concept' in item;
const isCompleteness = (item: Item): item is Completeness => 'window' in item;

/** Ids of what the item rests on: a calculation's or a model's inputs, a flag's citations. */
export function inputIds(item: Item): string[] {
  if (!isEvidence(item)) return isCompleteness(item) ? [] : item.citations;
  return item.source.type === 'calculation' || item.source.type === 'model' ? item.source.inputs : [];
}

export function kindOf(item: Item): string {
  if (isEvidence(item)) return item.kind.replaceAll('_', ' ');
  return isCompleteness(item) ? 'what was looked for' : `flag: ${item.kind.replaceAll('_', ' ')}`;
}

export function titleOf(item: Item): string {
  if (isEvidence(item)) return item.concept.name;
  return isCompleteness(item) ? item.what : item.text;
}

/** The value as one phrase, a calculation's parts left out; empty where there is none. */
export function valueText(evidence: Evidence): string {
  return evidence.value ? formatValue(evidence.value) : '';
}

/** Short enough for a label: `Creatinine, 0.5 mg/dL, 2166-08-26 05:00`. */
export function labelOf(item: Item): string {
  if (!isEvidence(item)) return `${kindOf(item)}, ${titleOf(item)}`;
  // An order and a dose given read alike without the word.
  const kind = item.kind === 'observation' || item.kind === 'calculation' ? '' : kindOf(item);
  return [kind, item.concept.name, valueText(item), item.time ? formatTime(item.time) : ''].filter((part) => part !== '').join(', ');
}

const STATUS = {
  complete: 'read completely',
  partial: 'read in part',
  unavailable: 'could not be read',
  absent_from_source: 'not kept by this source',
};

const TIME_LABEL: Record<string, string> = {
  effective: 'Time',
  issued: 'Issued',
  period: 'Period',
  recorded: 'Recorded',
  authored: 'Ordered',
  given: 'Given',
  onset: 'Onset',
  birth: 'Born',
  computed: 'Computed for',
};

export function factsOf(item: Item): Fact[] {
  if (isEvidence(item)) return evidenceFacts(item);
  if (!isCompleteness(item)) return [{ label: 'Flag', text: item.kind.replaceAll('_', ' ') }];
  const [from, to] = item.window;
  return [
    { label: 'How far', text: STATUS[item.status] },
    ...(item.reason === null ? [] : [{ label: 'Reason', text: item.reason }]),
    { label: 'Found', text: `${item.found} of ${item.read} read` },
    ...(item.later > 0 ? [{ label: 'Later', text: `${item.later} later than the as-of time, not used` }] : []),
    {
      label: 'Window',
      text: `${from === null ? 'from the beginning' : `from ${readableTime(from)}`} to ${to === null ? 'now' : readableTime(to)}`,
    },
    { label: 'Source', text: item.source },
  ];
}

function evidenceFacts(e: Evidence): Fact[] {
  const facts: Fact[] = [];
  const add = (label: string, text: string | undefined) => text && facts.push({ label, text });
  add('Value', valueText(e));
  if (e.value?.type === 'quantity') add('Converted by', e.value.converted?.method);
  for (const part of e.components ?? [])
    add(capital(part.name), `${formatValue(part.value)}${part.time ? `, ${formatTime(part.time)}` : ''}`);
  if (e.referenceRange) {
    const { low, high, unit, text, generic, source } = e.referenceRange;
    const bounds = low === null ? `up to ${formatNumber(high ?? 0)}` : high === null ? `from ${formatNumber(low)}` : null;
    const range = text ?? (bounds === null ? formatValue({ type: 'range', low, high, unit }) : `${bounds}${unit ? ` ${unit}` : ''}`);
    add('Reference range', `${range}${generic ? ' (generic, not the laboratory’s own)' : ''}${source ? `, ${source}` : ''}`);
  }
  add('Interpretation', e.interpretation?.join(', '));
  if (e.time) add(TIME_LABEL[e.time.kind] ?? 'Time', zoned(e.time.start, formatTime(e.time)));
  add('Status', e.status);
  for (const [name, value] of Object.entries(e.qualifiers ?? {})) add(capital(spaced(name)), value);
  for (const comment of e.comments ?? []) add('Comment in the record', comment.trim());
  add('Codes', e.concept.codings.map((coding) => `${coding.code}${coding.system ? ` (${systemName(coding.system)})` : ''}`).join(', '));
  add('Source', formatSource(e.source));
  if (e.source.type === 'calculation') add('Method from', e.source.reference);
  if (e.source.type === 'knowledge') add('Published at', e.source.url);
  if (e.source.type === 'fhir' || e.source.type === 'note') add('Version', e.source.version);
  return facts;
}

/** A clock time with the offset that it was written in. */
function zoned(start: string | null, text: string): string {
  const offset = start === null ? undefined : /(?:Z|[+-]\d{2}:\d{2})$/.exec(start.slice(10))?.[0];
  return offset === undefined ? text : `${text} (${offset === 'Z' ? 'UTC' : `UTC${offset}`})`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
/** `resultTime` as `result time`. */
const spaced = (name: string) =>
  name.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`).replaceAll('_', ' ');

const SYSTEMS: Record<string, string> = {
  'http://loinc.org': 'LOINC',
  'http://snomed.info/sct': 'SNOMED CT',
  'http://www.nlm.nih.gov/research/umls/rxnorm': 'RxNorm',
  'http://hl7.org/fhir/sid/icd-10-cm': 'ICD-10-CM',
  'http://hl7.org/fhir/sid/icd-9-cm': 'ICD-9-CM',
  'http://hl7.org/fhir/sid/cvx': 'CVX',
};
const systemName = (system: string) => SYSTEMS[system] ?? system.split('/').at(-1) ?? system;
