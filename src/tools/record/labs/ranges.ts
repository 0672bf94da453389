// Reference ranges: the result's own; else the generic adult table, only for a patient who is surely an adult and not known to be pregnant.
import type { Observation, ObservationReferenceRange } from 'fhir/r4.js';
import { ageYears, type Evidence } from '../../../evidence/index.ts';
import { type Knowledge, tableEvidence } from '../../knowledge/index.ts';
import type { PatientStatus } from '../patient-status.ts';
import { type Item, specimenOf } from './item.ts';
import { convert, roundLike } from './units.ts';

type Range = NonNullable<Evidence['referenceRange']>;

const isNormal = (range: ObservationReferenceRange) =>
  range.type === undefined || (range.type.coding?.some((c) => c.code === 'normal') ?? /normal/i.test(range.type.text ?? ''));

/** The range that the result itself brings; several that apply to different people are given as text. */
export function ownRange(source: Pick<Observation, 'referenceRange'>): Range | undefined {
  const ranges = (source.referenceRange ?? []).filter(isNormal);
  const [range] = ranges;
  if (range === undefined) return undefined;
  const textOf = (r: ObservationReferenceRange) =>
    [r.text ?? `${r.low?.value ?? ''}–${r.high?.value ?? ''}`, r.appliesTo?.map((a) => a.text ?? a.coding?.[0]?.display ?? '').join(', ')]
      .filter(Boolean)
      .join(' for ');
  if (ranges.length > 1) return { low: null, high: null, unit: null, text: ranges.map(textOf).join('; '), generic: false };
  const { low, high, text } = range;
  if (low?.value === undefined && high?.value === undefined && text === undefined) return undefined;
  return {
    low: low?.value ?? null,
    high: high?.value ?? null,
    unit: low?.unit ?? high?.unit ?? low?.code ?? high?.code ?? null,
    ...(text === undefined ? {} : { text }),
    generic: false,
  };
}

/** A limit in the unit of the result; undefined where nothing connects the two. */
export function convertLimit(limit: number, unit: string, item: Item): number | undefined {
  if (item.read.ucum === null) return undefined;
  const converted = convert(limit, unit, item.read.ucum, item.identified?.analyte);
  return converted === null ? undefined : converted.value === limit ? limit : roundLike(converted.value, limit);
}

/** The generic range for an adult of this sex and age at the time of the result, in the result's unit; and the table's row as evidence. */
export function genericRange(
  item: Item,
  status: PatientStatus,
  birthDate: string | null,
  knowledge: Knowledge,
): { range: Range; evidence: Evidence } | undefined {
  const { identified, time } = item;
  if (identified === null || time === null || item.read.value.type !== 'quantity') return undefined;
  if (!status.adult || status.pregnant === true || status.lactating === true) return undefined;
  const age = ageYears(birthDate, time);
  if (age === null) return undefined;
  const table = knowledge.referenceRanges;
  const specimen = specimenOf(item) ?? '';
  const entry = table.entries.find(
    (e) =>
      e.analyte === identified.analyte.key &&
      (e.sex === null || e.sex === status.sex) &&
      age >= Math.max(18, e.minimumAge) &&
      (e.maximumAge === null || age <= e.maximumAge) &&
      (e.specimen === null ? specimen === identified.analyte.specimen || specimen === 'blood' || specimen === '' : e.specimen === specimen),
  );
  if (entry === undefined) return undefined;
  const recorded = item.read.value.unit;
  const inRecorded = (limit: number | null) => (limit === null ? null : convertLimit(limit, entry.unit, item));
  const [low, high] = [inRecorded(entry.low), inRecorded(entry.high)];
  if (low === undefined || high === undefined) return undefined;
  const name = `${identified.analyte.name}: generic adult range`;
  const limits = { type: 'range', low: entry.low, high: entry.high, unit: entry.unit } as const;
  const evidence = tableEvidence(table, `${entry.analyte} ${entry.sex ?? 'any sex'}`, name, limits);
  const source = `${table.publisher}, ${table.title}, ${table.version}`;
  return { range: { low, high, unit: recorded, generic: true, source }, evidence };
}
