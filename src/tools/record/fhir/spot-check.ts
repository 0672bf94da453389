// For servers that give no self link: does what came back contradict what was asked? Only where the standard leaves no doubt,
// so that a server's own reading of a parameter is not called a fault.
import type { CodeableConcept, Resource } from 'fhir/r4.js';
import { endOf, startOf } from '../../../evidence/index.ts';
import type { SearchParameters } from '../source.ts';

/** Types whose `code` parameter means `.code` alone (R4 search parameter registry). */
const PLAIN_CODE = new Set(['Observation', 'Condition', 'Procedure', 'DiagnosticReport']);
/** Times without offset are read in the server's zone, which may be up to 14 hours away. */
const ZONE_MS = 26 * 3_600_000;

/** Names of asked parameters that a match contradicts, each once. */
export function contradicted(type: string, asked: SearchParameters, matches: readonly Resource[]): string[] {
  return [
    ...new Set(asked.filter(([name, value]) => matches.some((resource) => contradicts(type, name, value, resource))).map(([n]) => n)),
  ];
}

function contradicts(type: string, name: string, value: string, resource: Resource): boolean {
  const fields = resource as Resource & { code?: CodeableConcept; category?: CodeableConcept | CodeableConcept[]; [key: string]: unknown };
  if (name === '_id') return !value.split(',').includes(String(resource.id));
  if (name === 'code' && PLAIN_CODE.has(type)) return lacksToken(value, fields.code === undefined ? [] : [fields.code]);
  if (name === 'category') return lacksToken(value, [fields.category ?? []].flat());
  if (name === 'date' && type === 'Observation')
    return typeof fields['effectiveDateTime'] === 'string' && outside(value, fields['effectiveDateTime']);
  return false;
}

/** True when there are codings and none is among the asked `system|code`, `code` or `system|`. */
function lacksToken(value: string, concepts: readonly CodeableConcept[]): boolean {
  const codings = concepts.flatMap((concept) => concept?.coding ?? []).filter((coding) => typeof coding?.code === 'string');
  if (codings.length === 0) return false;
  const tokens = value.split(/(?<!\\),/).map((token) => token.split('|'));
  return !codings.some((coding) =>
    tokens.some(([first, second]) => {
      if (second === undefined) return coding.code?.toLowerCase() === first?.toLowerCase();
      return (first === '' || coding.system === first) && (second === '' || coding.code?.toLowerCase() === second.toLowerCase());
    }),
  );
}

function outside(condition: string, time: string): boolean {
  const [, prefix = 'eq', bound = ''] = /^(ge|gt|le|lt|eq)?(\d{4}.*)$/.exec(condition) ?? [];
  const [start, end] = [startOf(bound), endOf(bound)];
  const at = startOf(time);
  if (Number.isNaN(at) || Number.isNaN(start)) return false;
  const tooEarly = endOf(time) < start - ZONE_MS;
  const tooLate = at > end + ZONE_MS;
  if (prefix === 'ge' || prefix === 'gt') return tooEarly;
  if (prefix === 'le' || prefix === 'lt') return tooLate;
  return tooEarly || tooLate;
}
