import path from 'node:path';
import * as vscode from 'vscode';
import { StarsseError } from '../../protocol/errors.ts';

export const PLAN_GLOB = '**/*.starsse.json';
const MOST_PLANS = 200;

export function isPlan(uri: vscode.Uri): boolean {
  return uri.scheme === 'file' && uri.path.endsWith('.starsse.json');
}

/** Plan files of the workspace, by path; folders of dependencies are not searched. */
export async function findPlans(): Promise<vscode.Uri[]> {
  const found = await vscode.workspace.findFiles(PLAN_GLOB, '**/{node_modules,.git,.starsse}/**', MOST_PLANS);
  return found.sort((a, b) => (a.fsPath < b.fsPath ? -1 : 1));
}

/** The plan in the editor in front, if there is one. */
export function activePlan(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = input instanceof vscode.TabInputCustom ? input.uri : vscode.window.activeTextEditor?.document.uri;
  return uri !== undefined && isPlan(uri) ? uri : undefined;
}

/** Lets the user choose a plan; the only one is chosen at once. @returns undefined when there is none, or none was chosen. */
export async function pickPlan(placeHolder: string): Promise<vscode.Uri | undefined> {
  const plans = await findPlans();
  if (plans.length <= 1) return plans[0];
  const items = plans.map((uri) => ({
    label: path.basename(uri.fsPath),
    description: vscode.workspace.asRelativePath(vscode.Uri.joinPath(uri, '..')),
    uri,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.uri;
}

/** The text of a plan as programs read it: saved first. @throws StarsseError disk */
export async function savedPlan(uri: vscode.Uri): Promise<string> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty && !(await document.save())) {
    throw new StarsseError('disk', vscode.l10n.t('{0} could not be saved', uri.fsPath), { hint: vscode.l10n.t('Save it, then try again.') });
  }
  return document.getText();
}
