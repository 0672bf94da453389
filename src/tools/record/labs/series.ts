// Results of one analyte as series of comparable numbers: split by specimen, method, source code and unit; conflicts left out and named.
import { type Evidence, precisionOf } from '../../../evidence/index.ts';
import type { Analyte } from '../../knowledge/index.ts';
import { type Item, seriesKey } from './item.ts';
import { comparable, inUnit, type Point } from './trend.ts';

export type Shown = { item: Item; evidence: Evidence };

export type Series = {
  analyte: Analyte | null;
  /** The newest number's unit, as written and as UCUM. */
  unit: string | null;
  ucum: string | null;
  /** Oldest first, one a time. */
  points: Point[];
  /** The results that the points stand in, in the same order. */
  shown: Shown[];
  /** Results of the same time that disagree; they are in no point. */
  conflicts: Shown[][];
  /** Results without a comparable number: censored, words, absent, implausible, pending. */
  unused: number;
};

const isNumber = ({ item }: Shown) =>
  item.read.number !== null && !item.pending && !Number.isNaN(item.ms) && item.resource.status !== 'cancelled';
const rawUnit = ({ item }: Shown) => (item.read.value.type === 'quantity' ? item.read.value.unit : null);

/** @param results of one analyte, any order */
export function seriesOf(results: readonly Shown[]): Series[] {
  const byKey = Map.groupBy(results, ({ item }) => seriesKey(item));
  return [...byKey.values()].flatMap(splitByUnit);
}

function splitByUnit(results: readonly Shown[]): Series[] {
  const analyte = results[0]!.item.identified?.analyte ?? null;
  const groups: { ucum: string | null; unit: string | null; members: Shown[] }[] = [];
  const numbers = results.filter(isNumber).sort((a, b) => b.item.ms - a.item.ms || (a.evidence.id < b.evidence.id ? -1 : 1));
  for (const shown of numbers) {
    const { ucum } = shown.item.read;
    const unit = rawUnit(shown);
    const group = groups.find((g) =>
      g.ucum === null || ucum === null ? g.ucum === ucum && g.unit === unit : comparable(ucum, g.ucum, analyte),
    );
    if (group === undefined) groups.push({ ucum, unit, members: [shown] });
    else group.members.push(shown);
  }
  const unused = results.length - numbers.length;
  return groups.map(({ ucum, unit, members }) => ({ analyte, unit, ucum, unused, ...atEachTime(members.reverse(), ucum, analyte) }));
}

/** One point a time: equal values are one, values that disagree are a conflict. A bare date holds any number of values. */
function atEachTime(
  members: readonly Shown[],
  ucum: string | null,
  analyte: Analyte | null,
): Pick<Series, 'points' | 'shown' | 'conflicts'> {
  const result: Pick<Series, 'points' | 'shown' | 'conflicts'> = { points: [], shown: [], conflicts: [] };
  const value = ({ item }: Shown) => {
    const { number, ucum: own } = item.read;
    return ucum === null || own === null ? number! : (inUnit(number!, own, ucum, analyte) ?? number!);
  };
  const add = (shown: Shown) => {
    result.points.push({ id: shown.evidence.id, value: value(shown), time: shown.item.time!, ms: shown.item.ms });
    result.shown.push(shown);
  };
  for (const group of Map.groupBy(members, (m) => m.item.ms).values()) {
    const first = group[0]!;
    const isExact = ['minute', 'second'].includes(precisionOf(first.item.time!) ?? '');
    if (!isExact) for (const shown of group) add(shown);
    else if (group.every((m) => Math.abs(value(m) - value(first)) <= 1e-9 * Math.abs(value(first)))) add(first);
    else result.conflicts.push(group);
  }
  return result;
}
