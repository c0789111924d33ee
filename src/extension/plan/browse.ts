import path from 'node:path';
import * as vscode from 'vscode';
import type { FieldEdit, PlanQuestion } from '../../protocol/plan-editor-messages.ts';
import { relativeTo } from './relativeTo.ts';

/** Lets the user choose what a field names. @returns the edit, null when nothing was chosen */
export async function browse(document: vscode.TextDocument, { path: keys, what }: Extract<PlanQuestion, { kind: 'browse' }>): Promise<FieldEdit | null> {
  const chosen = await vscode.window.showOpenDialog({
    defaultUri: vscode.Uri.joinPath(document.uri, '..'),
    canSelectFolders: what === 'folder',
    canSelectFiles: what !== 'folder',
    canSelectMany: what === 'files',
    openLabel: vscode.l10n.t('Choose'),
  });
  if (chosen === undefined || chosen.length === 0) return null;
  const names = chosen.map((uri) => relativeTo(path.dirname(document.uri.fsPath), uri.fsPath));
  return { path: keys, value: what === 'files' ? names : names[0] };
}
