// Evidence in words: one line each, the same for the command line, MCP's text content, a language model and the page.
import { readableTime } from './time.ts';
import type { Completeness, Component, Evidence, EvidenceTime, Source, Value } from './types.ts';

/** A number as recorded: no digits added, none lost, no exponent between 1e-6 and 1e21; binary noise (40.00000059604645) is cut at 7 significant digits. */
export function formatNumber(value: number): string {
  const text = String(value);
  return text.replace(/\D/g, '').length > 12 ? String(Number(value.toPrecision(7))) : text;
}

/** The reason of a value that a source could not express (FHIR `unsupported`): a result is there, its words are lost. */
export const RECORDED_WITHOUT_VALUE = 'recorded without a value';

/** `< 0.01 mg/dL`, `positive`, `3.5–5.1 mmol/L`, `no value (not performed)`. */
export function formatValue(value: Value): string {
  switch (value.type) {
    case 'quantity': {
      const unit = value.unit === null || value.unit === '' ? '' : /^%/.test(value.unit) ? value.unit : ` ${value.unit}`;
      const converted = value.converted ? ` (${formatNumber(value.converted.value)} ${value.converted.unit})` : '';
      return `${value.comparator ?? ''}${formatNumber(value.value)}${unit}${converted}`;
    }
    case 'text':
      return value.text;
    case 'code':
      return value.concept.name;
    case 'range': {
      const unit = value.unit ? ` ${value.unit}` : '';
      // A dash before a single limit would read as a minus.
      if (value.low === null) return value.high === null ? 'no limits' : `up to ${formatNumber(value.high)}${unit}`;
      if (value.high === null) return `from ${formatNumber(value.low)}${unit}`;
      return `${formatNumber(value.low)}–${formatNumber(value.high)}${unit}`;
    }
    case 'time':
      return readableTime(value.time);
    case 'boolean':
      return value.value ? 'yes' : 'no';
    case 'absent':
      return value.reason === RECORDED_WITHOUT_VALUE ? 'no recorded value' : `no value (${value.reason})`;
  }
}

/** `2166-08-26 05:00`, `2166-08-21 23:09 to 2166-08-26 14:48`, `from 2166-08-21`. */
export function formatTime(time: EvidenceTime): string {
  if (time.start !== null && time.end !== null && time.end !== time.start)
    return `${readableTime(time.start)} to ${readableTime(time.end)}`;
  if (time.start !== null)
    return time.kind === 'period' && time.end === null ? `from ${readableTime(time.start)}` : readableTime(time.start);
  return time.end !== null ? `until ${readableTime(time.end)}` : 'time not recorded';
}

const formatComponent = ({ name, value, time }: Component) => {
  const at = time === undefined ? '' : formatTime(time);
  return `${name} ${formatValue(value)}${at === '' ? '' : / to |^(from|until) /.test(at) ? ` ${at}` : ` at ${at}`}`;
};

/** Where it stands: `Observation/123 on demo`, `calculation: KDIGO 2012 from 3 inputs`. */
export function formatSource(source: Source): string {
  switch (source.type) {
    case 'fhir':
      return `${source.reference}${source.path ? ` ${source.path}` : ''} on ${source.server}`;
    case 'note':
      return `${source.reference} characters ${source.start}–${source.end} on ${source.server}`;
    case 'dicom':
      return `DICOM instance ${source.instance}`;
    case 'vcf':
      return `${source.file} line ${source.line}, sample ${source.sample}`;
    case 'model':
      return `model ${source.pack} (${source.provider})`;
    case 'knowledge':
      return `${source.publisher}: ${source.table}, ${source.version} (${source.date})`;
    case 'calculation':
      return `calculation: ${source.method}, from ${source.inputs.length} input${source.inputs.length === 1 ? '' : 's'}`;
    case 'mcp':
      return `MCP server ${source.server}, tool ${source.tool}`;
  }
}

/** One line with all facts: what, value, parts, range, time, status, qualifiers, comments, source. */
export function describeEvidence(e: Evidence): string {
  const parts = [e.concept.name];
  if (e.value) parts.push(formatValue(e.value));
  if (e.components?.length) parts.push(e.components.map(formatComponent).join(', '));
  if (e.interpretation?.length) parts.push(`interpretation ${e.interpretation.join(' ')}`);
  if (e.referenceRange) {
    const { low, high, unit, text, generic } = e.referenceRange;
    parts.push(`range ${text ?? formatValue({ type: 'range', low, high, unit })}${generic ? ' (generic)' : ''}`);
  }
  if (e.time) parts.push(formatTime(e.time));
  if (e.status) parts.push(e.status);
  for (const [name, value] of Object.entries(e.qualifiers ?? {})) parts.push(`${name}: ${value}`);
  for (const comment of e.comments ?? []) parts.push(`comment: “${comment.trim()}”`);
  return `${parts.join('; ')} [${formatSource(e.source)}]`;
}

/** One line: what was looked for, where, how far. */
export function describeCompleteness(c: Completeness): string {
  const [from, to] = c.window;
  const window =
    from === null
      ? `up to ${to === null ? 'now' : readableTime(to)}`
      : `${readableTime(from)} to ${to === null ? 'now' : readableTime(to)}`;
  const state = {
    complete: 'read completely',
    partial: 'read in part',
    unavailable: 'could not be read',
    absent_from_source: 'not kept by this source',
  }[c.status];
  const later = c.later > 0 ? `, ${c.later} later than the as-of time` : '';
  return `${c.what}: ${state}${c.reason ? ` (${c.reason})` : ''}, ${c.found} found of ${c.read} read${later} [${c.source}, ${window}]`;
}
