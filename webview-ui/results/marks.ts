/** Which cells of the result table are the best of their column, and how intervals lie on a common scale. */
import type { ResultRow, ResultTable } from '../../src/protocol/results.ts';

export const MEASURES = ['accuracy', 'nll', 'calibratedNll', 'ece'] as const;
export type Measure = (typeof MEASURES)[number];

/** What the plan chooses and compares by; a table of before has accuracy only. */
export function chosenMetric(row: ResultRow, { metric }: Pick<ResultTable, 'metric'>): number {
  return metric === 'accuracy' ? row.accuracy : (row.meanPerClassAccuracy ?? row.accuracy);
}

/** Names of the best rows a column, ties included. The mean of members is no network one could use, so it never counts. */
export function bestRows(rows: readonly ResultRow[]): Record<Measure, ReadonlySet<string>> {
  const usable = rows.filter(({ kind }) => kind !== 'mean-member');
  const best = (measure: Measure): ReadonlySet<string> => {
    const values = usable.map((row) => row[measure]);
    const winner = measure === 'accuracy' ? Math.max(...values) : Math.min(...values);
    return new Set(usable.filter((row) => row[measure] === winner).map(({ name }) => name));
  };
  return { accuracy: best('accuracy'), nll: best('nll'), calibratedNll: best('calibratedNll'), ece: best('ece') };
}

/** The range of differences that holds zero and every interval, the same for all rows of a table. */
export function differenceRange(rows: readonly ResultRow[]): { low: number; high: number } {
  const intervals = rows.flatMap(({ differenceToBest }) => (differenceToBest === null ? [] : [differenceToBest]));
  const low = Math.min(0, ...intervals.map((interval) => interval.low));
  const high = Math.max(0, ...intervals.map((interval) => interval.high));
  const margin = Math.max(high - low, 0.001) * 0.06;
  return { low: low - margin, high: high + margin };
}

/** The soup and the ensemble that the headline speaks of: the one just added of its kind, else the latest. */
export function headline(rows: readonly ResultRow[], kind: 'soup' | 'ensemble', added: string | null): ResultRow | null {
  const candidates = rows.filter((row) => row.kind === kind);
  return candidates.find(({ name }) => name === added) ?? candidates.at(-1) ?? null;
}
