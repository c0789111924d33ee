import * as vscode from 'vscode';
import type { ResultTable } from '../../protocol/results.ts';
import type { SoupReport } from '../../protocol/soup.ts';
import { removeMade } from '../../run/removal.ts';
import type { RunCatalog } from '../runs/runCatalog.ts';
import type { Composers } from './composers.ts';
import { verdictText } from './verdictText.ts';

export interface MadeNews {
  folder: string;
  /** Of the run, for a title. */
  run: string;
  added: string;
  isNew: boolean;
  table: ResultTable;
  gate: SoupReport | null;
}

/** The honest verdict, who was left out, and buttons to see it and to take it away again. */
export async function announceMade({ catalog, composers }: { catalog: RunCatalog; composers: Composers }, { folder, run, added, isNew, table, gate }: MadeNews): Promise<void> {
  const { l10n } = vscode;
  const out = gate?.members.filter(({ taken }) => !taken) ?? [];
  if (out.length > 0) void vscode.window.showWarningMessage(l10n.t('Left out of {0}: {1}', added, out.map(({ name, reason }) => `${name} (${reason ?? ''})`).join('; ')));
  const row = table.rows.find(({ name }) => name === added);
  if (row === undefined) return;
  if (isNew) composers.undoable(folder, added);
  const [open, undo] = [l10n.t('Open'), l10n.t('Undo')];
  const text = verdictText(row, table);
  const chosen = await vscode.window.showInformationMessage(isNew ? text : `${text} ${l10n.t('It was made before.')}`, open, ...(isNew ? [undo] : []));
  if (chosen === open) composers.open([folder], run, null);
  if (chosen !== undo || !isNew) return;
  await undoMade({ catalog, composers }, folder, added);
}

/** Deletes what was made, its predictions and its row. Says so and asks nothing. @throws StarsseError usage, run-busy */
export async function undoMade({ catalog, composers }: { catalog: RunCatalog; composers: Composers }, folder: string, name: string): Promise<void> {
  await removeMade(folder, name);
  await Promise.all([catalog.refresh(), composers.refresh(folder)]);
  vscode.window.setStatusBarMessage(vscode.l10n.t('{0} was deleted, with its predictions and its row.', name), 5000);
}
