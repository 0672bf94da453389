// One result as it is shown: with its range, and in the unit asked for. Every tool shows it alike, so that one result is one evidence.
import type { Evidence } from '../../../evidence/index.ts';
import type { About } from './about.ts';
import { type Item, itemEvidence } from './item.ts';
import { genericRange, ownRange } from './ranges.ts';
import { convert, roundLike } from './units.ts';

type ShowAbout = Pick<About, 'status' | 'birthDate' | 'knowledge' | 'unit'>;

/** `table` is the row of the generic range, where one was used. */
export function showItem(
  item: Item,
  server: string,
  patient: string,
  about: ShowAbout,
): { evidence: Evidence; table: Evidence | null; isConverted: boolean } {
  const own = ownRange(item.component === null ? item.resource : item.resource.component![item.component]!);
  const generic = own === undefined && !item.pending ? genericRange(item, about.status, about.birthDate, about.knowledge) : undefined;
  const referenceRange = own ?? generic?.range;
  const converted = about.unit === null ? null : convertItem(item, about.unit);
  const evidence = itemEvidence(item, server, patient, {
    ...(referenceRange === undefined ? {} : { referenceRange }),
    ...(converted === null || converted.unit === undefined ? {} : { converted: { ...converted, unit: converted.unit } }),
  });
  return { evidence, table: generic?.evidence ?? null, isConverted: converted !== null };
}

/** The value in the unit asked for; `unit` undefined when it is recorded in that unit already; null when nothing connects the two. */
function convertItem(item: Item, unit: { ucum: string; text: string }): { value: number; unit?: string; method: string } | null {
  const { number, ucum } = item.read;
  if (number === null || ucum === null || item.pending) return null;
  const converted = convert(number, ucum, unit.ucum, item.identified?.analyte);
  if (converted === null) return null;
  if (converted.method === 'same unit') return { value: number, method: converted.method };
  return { value: roundLike(converted.value, number), unit: unit.text, method: converted.method };
}
