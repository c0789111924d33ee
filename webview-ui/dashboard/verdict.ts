/** What a difference means, in words that claim no more than its interval allows. */
import { t } from '@vscode/l10n';
import type { ResultRow, ResultTable } from '../../src/protocol/results.ts';
import { count, points } from '../words/figures.ts';
import { metricName, rowSubject, startName } from '../words/naming.ts';

export type Outcome = 'better' | 'worse' | 'unknown';

/** Better or worse only where the whole interval lies on one side of zero. */
export function outcomeOf({ low, high }: { low: number; high: number }): Outcome {
  if (low > 0) return 'better';
  return high < 0 ? 'worse' : 'unknown';
}

/** One sentence about a soup or an ensemble; null for a row that is not compared with the best member. */
export function verdict(row: ResultRow, table: ResultTable): string | null {
  if (row.differenceToBest === null) return null;
  const { low, high } = row.differenceToBest;
  const name = rowSubject(row);
  const best = startName(table.bestMember);
  const images = count(table.testImages);
  const outcome = outcomeOf(row.differenceToBest);
  if (outcome === 'unknown') {
    return t(
      '{0} cannot be told apart from the best member ({1}) by its {5} on these {2} test images: the interval reaches from {3} to {4} points.',
      name,
      best,
      images,
      points(outward(low, -1, 1)),
      points(outward(high, 1, 1)),
      metricName(table),
    );
  }
  const [near, far] = outcome === 'better' ? [low, high] : [-high, -low];
  const digits = digitsThatShow(near);
  const from = plain(inward(near, digits), digits);
  const to = plain(outward(far, 1, digits), digits);
  return outcome === 'better'
    ? t('{0} is better than the best member ({1}) by {2} to {3} points on these {4} test images.', name, best, from, to, images)
    : t('{0} is worse than the best member ({1}) by {2} to {3} points on these {4} test images.', name, best, from, to, images);
}

/** How the differences came about; belongs beside every sentence above. */
export function caveat(table: ResultTable): string {
  return t(
    'Intervals: 95 %, paired bootstrap over {0} test images, {1} resamples. They tell how these networks differ on such images, not how another training run would turn out. The best member is the one with the highest {2} on validation images.',
    count(table.testImages),
    count(table.bootstrapSamples),
    metricName(table),
  );
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

function plain(fraction: number, digits: number): string {
  return points(fraction, digits).replace(/^[+−]/, '');
}
