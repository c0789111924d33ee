import * as vscode from 'vscode';
import { writtenInterval } from '../../protocol/difference.ts';
import type { ResultRow, ResultTable } from '../../protocol/results.ts';
import { accuracyText, numberText } from '../tree/words.ts';

/** What may be said of a soup or an ensemble: no more than its interval does. */
export function verdictText(row: ResultRow, table: ResultTable): string {
  const { l10n } = vscode;
  const figure = l10n.t('{0}: test accuracy {1}', row.name, accuracyText(row.accuracy));
  if (row.differenceToBest === null) return `${figure}.`;
  const { outcome, from, to, digits } = writtenInterval(row.differenceToBest);
  const points = (fraction: number): string => (100 * fraction).toFixed(digits).replace('-', '−');
  const images = numberText(table.testImages);
  switch (outcome) {
    case 'better':
      return `${figure}. ${l10n.t('It is better than the best member ({0}) by {1} to {2} points on these {3} test images.', table.bestMember, points(from), points(to), images)}`;
    case 'worse':
      return `${figure}. ${l10n.t('It is worse than the best member ({0}) by {1} to {2} points on these {3} test images.', table.bestMember, points(from), points(to), images)}`;
    case 'unknown':
      return `${figure}. ${l10n.t('It cannot be told apart from the best member ({0}) on these {1} test images: the interval reaches from {2} to {3} points.', table.bestMember, images, points(from), points(to))}`;
  }
}
