import * as vscode from 'vscode';
import { isFilter } from './filter.ts';
import type { Shown } from './shown.ts';

/** What the view says above the runs while some are left out; nothing while all are there, or none at all. */
export function summaryOf({ filter }: { filter: string }, { entries, filteredOut, archived }: Shown): string | undefined {
  const { l10n } = vscode;
  if (entries.length === 0 || filteredOut + archived === 0) return undefined;
  const all = entries.length + filteredOut + archived;
  const parts = [
    ...(isFilter(filter) ? [l10n.t('Filter "{0}": {1} of {2} runs', filter.trim(), entries.length, all)] : []),
    ...(archived > 0 ? [archived === 1 ? l10n.t('1 archived run is hidden') : l10n.t('{0} archived runs are hidden', archived)] : []),
  ];
  return parts.join('. ');
}
