/**
 * What the tuner chooses and how far apart the choices are. Chosen is on validation data alone: the mean over seeds of the
 * plan's metric, of equals the lower NLL, then fewer epochs. Test data measure the chosen cells afterwards.
 */
import type { Metric } from '../protocol/results.ts';
import { GOALS, type Cell, type Chosen, type Goal, type Ranking } from '../protocol/tune.ts';
import { bootstrapIntervals, type Interval } from './bootstrap.ts';
import { correctness, mean, metricOf, type Predictions } from './metrics.ts';
import { overSeeds } from './student.ts';

/** Predictions of what stands for a cell, one a seed. */
export type PredictionsOf = (cell: Cell, goal: Goal, set: 'validation' | 'test') => Promise<Predictions[] | null>;

export interface RankingRequest {
  cells: readonly Cell[];
  goal: Goal;
  /** One budget, or null for all: the test set is measured for the latter only. */
  epochRatio: number | null;
  metric: Metric;
  bootstrapSamples: number;
  seed: number;
  predictionsOf: PredictionsOf;
}

/** The cells of a method, best first; cells where a seed failed are not among them. */
export function ranked(cells: readonly Cell[], goal: Goal): Cell[] {
  const nllOf = (cell: Cell): number => mean(cell.seeds.map((each) => each[goal]?.nll ?? Infinity));
  return cells
    .filter((cell) => cell[goal] !== null)
    .sort((a, b) => beyondRounding(b[goal]!.mean - a[goal]!.mean) || nllOf(a) - nllOf(b) || a.epochs - b.epochs);
}

/** Means of equal counts in another order can differ in the last digit. */
function beyondRounding(difference: number): number {
  return Math.abs(difference) < 1e-12 ? 0 : difference;
}

/**
 * Successive halving: the better half of the cells of every method goes on, by the ensemble and by the soup, so that each
 * method keeps as many as the others (more where the two goals disagree).
 */
export function survivors(cells: readonly Cell[]): Cell[] {
  const kept = new Set<Cell>();
  for (const method of new Set(cells.map((cell) => cell.method))) {
    const own = cells.filter((cell) => cell.method === method);
    for (const goal of GOALS) for (const cell of ranked(own, goal).slice(0, Math.ceil(own.length / 2))) kept.add(cell);
  }
  return cells.filter((cell) => kept.has(cell));
}

/** The best cell of each method, and their paired differences to the best of all. */
export async function rankMethods({ cells, goal, epochRatio, metric, bootstrapSamples, seed, predictionsOf }: RankingRequest): Promise<Ranking> {
  const within = cells.filter((cell) => epochRatio === null || cell.epochRatio === epochRatio);
  const methods = [...new Set(within.map(({ method }) => method))];
  const best = ranked(methods.map((method) => ranked(within.filter((cell) => cell.method === method), goal).at(0)).filter((cell) => cell !== undefined), goal);
  const on = async (set: 'validation' | 'test'): Promise<(Predictions[] | null)[]> => await Promise.all(best.map(async (cell) => await predictionsOf(cell, goal, set)));
  const differ = (predictions: (Predictions[] | null)[]) => differencesToFirst(predictions, { metric, samples: bootstrapSamples, seed });
  const validation = differ(await on('validation'));
  const tests = epochRatio === null ? await on('test') : best.map(() => null);
  const test = differ(tests);
  const rows = best.map((cell, index): Chosen => {
    const measured = tests[index];
    return {
      method: cell.method,
      lrRatio: cell.lrRatio,
      epochRatio: cell.epochRatio,
      epochs: cell.epochs,
      forwardPasses: Math.max(...cell.seeds.map((each) => each[goal]?.forwardPasses ?? 1)),
      validation: cell[goal]!,
      difference: validation[index],
      test: measured === null ? null : overSeeds(measured.map((each) => metricOf(each, metric))),
      testDifference: test[index],
    };
  });
  return { goal, epochRatio, budgetEpochs: epochRatio === null ? null : (within.at(0)?.budgetEpochs ?? null), rows };
}

/**
 * Intervals of each minus the first, paired by object and by seed: an object's difference is its mean over the seeds.
 * null for the first, and without predictions.
 */
function differencesToFirst(all: (Predictions[] | null)[], { metric, samples, seed }: { metric: Metric; samples: number; seed: number }): (Interval | null)[] {
  const first = all.at(0) ?? null;
  if (first === null) return all.map(() => null);
  const firstRight = meanCorrectness(first);
  const others = all.slice(1).map((each) => (each === null ? firstRight : meanCorrectness(each)));
  const differences = others.map((right) => right.map((value, object) => value - firstRight[object]));
  const intervals = bootstrapIntervals(differences, { samples, seed, classes: metric === 'accuracy' ? null : first[0].labels });
  return [null, ...intervals.map((interval, index) => (all[index + 1] === null ? null : interval))];
}

/** The share of the seeds that are right, [objects]. */
function meanCorrectness(seeds: Predictions[]): Float64Array {
  const right = seeds.map(correctness);
  return Float64Array.from(right[0], (_, object) => mean(right.map((each) => each[object])));
}
