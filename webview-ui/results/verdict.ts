/** What a difference means, in words that claim no more than its interval allows. */
import { t } from '@vscode/l10n';
import { writtenInterval } from '../../src/protocol/difference.ts';
import type { ResultRow, ResultTable } from '../../src/protocol/results.ts';
import { count, points } from '../words/figures.ts';
import { metricName, rowSubject, startName } from '../words/naming.ts';

/** One sentence about a soup or an ensemble; null for a row that is not compared with the best member. */
export function verdict(row: ResultRow, table: ResultTable): string | null {
  if (row.differenceToBest === null) return null;
  const name = rowSubject(row);
  const best = startName(table.bestMember);
  const images = count(table.testImages);
  const { outcome, from, to, digits } = writtenInterval(row.differenceToBest);
  switch (outcome) {
    case 'unknown':
      return t(
        '{0} cannot be told apart from the best member ({1}) by its {5} on these {2} test images: the interval reaches from {3} to {4} points.',
        name,
        best,
        images,
        points(from),
        points(to),
        metricName(table),
      );
    case 'better':
      return t('{0} is better than the best member ({1}) by {2} to {3} points on these {4} test images.', name, best, plain(from, digits), plain(to, digits), images);
    case 'worse':
      return t('{0} is worse than the best member ({1}) by {2} to {3} points on these {4} test images.', name, best, plain(from, digits), plain(to, digits), images);
  }
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

/** Whom the run's own soup was made without, and why, as the trainer says it. */
export function leftOut({ leftOut: members = [] }: Pick<ResultTable, 'leftOut'>): string[] {
  return members.map(({ name, reason }) => t('The soup of the run was made without {0}: {1}', startName(name), reason));
}

function plain(fraction: number, digits: number): string {
  return points(fraction, digits).replace(/^[+−]/, '');
}
