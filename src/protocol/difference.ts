/** What a difference and its 95 % interval allow to say. Everything is rounded so that it never claims more than the interval does. */
import type { ResultRow } from './results.ts';

export type Difference = NonNullable<ResultRow['differenceToBest']>;
export type Outcome = 'better' | 'worse' | 'unknown';

/** Better or worse only where the whole interval lies on one side of zero. */
export function outcomeOf({ low, high }: { low: number; high: number }): Outcome {
  if (low > 0) return 'better';
  return high < 0 ? 'worse' : 'unknown';
}

/**
 * An interval as it may be written, as shares (0.012 = 1.2 points), with as many digits of the points as are needed.
 * better, worse: how much at least and at most, both positive. unknown: from the lower end to the upper one.
 */
export function writtenInterval(difference: { low: number; high: number }): { outcome: Outcome; from: number; to: number; digits: number } {
  const { low, high } = difference;
  const outcome = outcomeOf(difference);
  if (outcome === 'unknown') return { outcome, from: outward(low, -1, 1), to: outward(high, 1, 1), digits: 1 };
  const [near, far] = outcome === 'better' ? [low, high] : [-high, -low];
  const digits = digitsThatShow(near);
  return { outcome, from: inward(near, digits), to: outward(far, 1, digits), digits };
}

/** Enough digits that the end nearer to zero is not written as zero, one at least. */
function digitsThatShow(fraction: number): number {
  let digits = 1;
  while (digits < 4 && inward(fraction, digits) === 0) digits += 1;
  return digits;
}

/** Rounded towards zero, so that it never claims more. */
function inward(fraction: number, digits: number): number {
  return Math.floor(nearlyWhole(fraction * 100 * 10 ** digits)) / 10 ** digits / 100;
}

/** Rounded away from the middle of the interval. */
function outward(fraction: number, side: 1 | -1, digits: number): number {
  const scaled = nearlyWhole(fraction * 100 * 10 ** digits);
  return (side > 0 ? Math.ceil(scaled) : Math.floor(scaled)) / 10 ** digits / 100;
}

/** 0.007 * 1000 is 7.000000000000001: rounding must not take that for more than 7. */
function nearlyWhole(value: number): number {
  return Math.abs(value - Math.round(value)) < 1e-9 ? Math.round(value) : value;
}
