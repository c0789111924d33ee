/**
 * McNemar's test (1947) of two classifiers on the same objects: b objects only the first has right, c only the second. Under equal
 * accuracy b is binomial(b + c, 1/2). Exact: P = min(1, 2 P[X <= min(b, c)]); with continuity correction (Edwards 1948)
 * (max(|b - c| - 1, 0))^2 / (b + c) is chi-squared of one degree of freedom, P = erfc(sqrt(x / 2)).
 */
import type { PairedComparison } from '../protocol/measures.ts';

/** @param one @param other 1 where the prediction is right, [count] */
export function mcnemar(one: ArrayLike<number>, other: ArrayLike<number>): PairedComparison['mcnemar'] {
  let [onlyThis, onlyOther] = [0, 0];
  for (let row = 0; row < one.length; row++) {
    if (one[row] > other[row]) onlyThis++;
    else if (other[row] > one[row]) onlyOther++;
  }
  const all = onlyThis + onlyOther;
  const statistic = all === 0 ? 0 : Math.max(Math.abs(onlyThis - onlyOther) - 1, 0) ** 2 / all;
  return { onlyThis, onlyOther, exactP: twoSidedBinomial(Math.min(onlyThis, onlyOther), all), statistic, p: complementaryError(Math.sqrt(statistic / 2)) };
}

/** min(1, 2 sum_{i <= k} C(n, i) / 2^n); the terms by their ratios, from the largest on, so that none overflows. */
function twoSidedBinomial(k: number, n: number): number {
  if (2 * k >= n) return 1;
  let logLargest = -n * Math.LN2;
  for (let i = 1; i <= k; i++) logLargest += Math.log((n - i + 1) / i);
  let [term, sum] = [1, 1];
  for (let i = k; i > 0 && term > 1e-18 * sum; i--) {
    term *= i / (n - i + 1);
    sum += term;
  }
  return Math.min(1, 2 * Math.exp(logLargest + Math.log(sum)));
}

/** erfc(x) for x >= 0: the series of erf below 2, the continued fraction of Laplace above (Abramowitz and Stegun 7.1.5, 7.1.14). */
export function complementaryError(x: number): number {
  if (x < 2) {
    let [term, sum] = [x, x];
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= -(x * x) / n;
      sum += term / (2 * n + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = x;
  for (let n = 120; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI));
}
