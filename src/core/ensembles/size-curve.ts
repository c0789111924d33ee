/** What an ensemble of 1, 2, ... K of the members is worth: means over subsets of each size. */
import type { SizePoint } from '../../protocol/ensemble-report.ts';
import { mean } from '../metrics.ts';
import { permutation, randomKey } from '../random.ts';
import type { MemberTables, Score } from './members.ts';
import type { Breath } from './selection.ts';

/** Up to so many members every subset is tried (127 of 7). */
const MOST_FOR_ALL = 7;
/** Else so many random orders of the members are, each with its first 1, 2, ... K. */
const ORDERS = 10;

/** @param seed of the random orders */
export async function sizeCurve(tables: MemberTables, seed: number, breathe: Breath): Promise<SizePoint[]> {
  const { count } = tables;
  const bySize = Array.from({ length: count }, (): Map<string, Score> => new Map());
  const sums = Array.from({ length: count + 1 }, () => tables.emptySum());
  const scored = (members: readonly number[], next: number): number[] => {
    const subset = [...members, next];
    tables.add(sums[members.length], next, sums[subset.length]);
    bySize[members.length].set(subset.toSorted((a, b) => a - b).join(), tables.score(sums[subset.length], subset.length));
    return subset;
  };
  const visit = async (members: readonly number[]): Promise<void> => {
    for (let next = (members.at(-1) ?? -1) + 1; next < count; next++) await visit(scored(members, next));
    await breathe(0);
  };
  if (count <= MOST_FOR_ALL) await visit([]);
  else {
    for (let order = 0; order < ORDERS; order++) {
      let members: number[] = [];
      for (const next of permutation(randomKey(seed, 'subsets', order), count)) members = scored(members, next);
      await breathe(order / ORDERS);
    }
  }
  return bySize.map((scores, index) => {
    const accuracies = Array.from(scores.values(), ({ accuracy }) => accuracy);
    return {
      size: index + 1,
      subsets: scores.size,
      isAll: scores.size === subsetsOf(count, index + 1),
      accuracy: mean(accuracies),
      nll: mean(Array.from(scores.values(), ({ nll }) => nll)),
      lowest: Math.min(...accuracies),
      highest: Math.max(...accuracies),
    };
  });
}

/** C(n, k) */
function subsetsOf(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - i + 1)) / i;
  return Math.round(result);
}
