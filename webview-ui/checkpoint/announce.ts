/** What is said to those who hear the page when something changed. */
import { t } from '@vscode/l10n';
import type { Model } from './store.ts';

export function announcement(before: Model, after: Model): string {
  if (after.error !== null && after.error !== before.error) return '';
  if (before.subject === null || before.subject !== after.subject) return '';
  if (after.differences !== before.differences && after.differences !== null) return t('The tensors are compared.');
  if (after.statistics !== before.statistics) return t('The figures are there.');
  return after.filters === before.filters ? '' : t('The filters are there.');
}
