// The total of the Glasgow Coma Scale (Teasdale and Jennett, Lancet 1974;2:81-84) from its parts: only where all three were charted at the same time.
// A tube makes the verbal response untestable and some charts then write 1; where the word is not in the record, nobody can tell.
import { type Evidence, makeEvidence } from '../../../evidence/index.ts';
import { analyteByKey } from '../../knowledge/index.ts';
import type { Item } from './item.ts';
import type { Shown } from './series.ts';
import { type Point, trendEvidence } from './trend.ts';

const isCharted = ({ item }: Shown) => item.read.number !== null && !item.pending && !Number.isNaN(item.ms);
const keyOf = ({ item }: Shown) => item.identified?.analyte.key;

/**
 * @param parts results of eye, verbal and motor response, any order
 * @returns totals, newest first, and their trend; times at which a total was recorded, or a part twice and differently, are left out
 */
export function gcsTotals(parts: readonly Shown[], recorded: readonly Item[], patient: string): Evidence[] {
  const known = new Set(recorded.map((i) => i.ms));
  const totals: { evidence: Evidence; point: Point }[] = [];
  for (const [ms, shown] of Map.groupBy(parts.filter(isCharted), (s) => s.item.ms)) {
    const three = ['gcs-eye', 'gcs-verbal', 'gcs-motor'].map((key) => shown.filter((s) => keyOf(s) === key));
    const isWhole = three.every((list) => list.length > 0 && list.every((s) => s.item.read.number === list[0]!.item.read.number));
    if (!isWhole || known.has(ms)) continue;
    const used = three.map((list) => list[0]!);
    const value = used.reduce((sum, s) => sum + s.item.read.number!, 0);
    const time = used[0]!.item.time!;
    const evidence = makeEvidence({
      kind: 'calculation',
      patient,
      concept: { name: 'Glasgow Coma Scale total', codings: [] },
      value: { type: 'quantity', value, unit: null, ucum: '1' },
      time: { start: time, end: null, kind: 'effective' },
      qualifiers: { analyte: 'gcs-total', method: 'sum of eye, verbal and motor response charted at the same time' },
      source: { type: 'calculation', method: 'sum', inputs: used.map((s) => s.evidence.id) },
    });
    totals.push({ evidence, point: { id: evidence.id, value, time, ms } });
  }
  totals.sort((a, b) => b.point.ms - a.point.ms);
  const points = totals.map((t) => t.point).reverse();
  const evidence = totals.map((t) => t.evidence);
  if (points.length < 2) return evidence;
  const trend = trendEvidence(points, {
    name: 'Glasgow Coma Scale total',
    patient,
    analyte: analyteByKey('gcs-total') ?? null,
    unit: null,
    ucum: '1',
    qualifiers: {
      analyte: 'gcs-total',
      numbers: String(points.length),
      method: 'sum of eye, verbal and motor response charted at the same time',
    },
    cvi: null,
    knowledge: [],
    baseline: null,
    kdigoPoints: null,
    convert: null,
  });
  return [...evidence, trend];
}
