/** Means over few repeats: mean +- t s / sqrt(n) with Student's t of n - 1 degrees of freedom, 95 %. */
import type { OverSeeds } from '../protocol/tune.ts';
import { mean } from './metrics.ts';

/** The 97.5 % quantiles of Student's t for 1, 2, ... degrees of freedom; beyond, that of the normal distribution is close. */
const QUANTILES = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064,
  2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const NORMAL_QUANTILE = 1.96;

/** @param values one a seed, at least one; of a single one there is no interval */
export function overSeeds(values: readonly number[]): OverSeeds {
  const middle = mean(values);
  const count = values.length;
  if (count < 2) return { mean: middle, low: null, high: null };
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (count - 1);
  const reach = (QUANTILES[count - 2] ?? NORMAL_QUANTILE) * Math.sqrt(variance / count);
  return { mean: middle, low: middle - reach, high: middle + reach };
}
