// One row of the speed table: ours against a bare reference, measured in the same run.
export type Row = {
  name: string;
  ours: number;
  reference: number;
  /** Of both figures: ms, s, MB. */
  unit: string;
  /** ours / reference, or ours − reference where the aim is a difference. */
  ratio: number;
  aim: string;
  note: string;
};

export type Bench = () => Promise<Row[]>;

/** A measured percentile (nearest rank). */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((p / 100) * sorted.length) - 1))]!;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The same number of runs of both, taken in turns so that the machine's load falls on both alike. */
export async function inTurns(
  runs: number,
  ours: () => Promise<unknown>,
  reference: () => Promise<unknown>,
): Promise<{ ours: number[]; reference: number[] }> {
  const times = { ours: [] as number[], reference: [] as number[] };
  for (let i = 0; i < runs; i++) {
    times.reference.push(await timed(reference));
    times.ours.push(await timed(ours));
  }
  return times;
}

const round = (value: number) => Number(value.toPrecision(3));

export function row(name: string, unit: string, ours: number, reference: number, aim: string, note: string): Row {
  return { name, unit, ours: round(ours), reference: round(reference), ratio: round(ours / reference), aim, note };
}
