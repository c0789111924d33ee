import * as vscode from 'vscode';
import { isPlan } from './planFiles.ts';

/** "Start run | Check data | Preview augmentation | Check this machine" above the first line of a plan. */
export class PlanCodeLens implements vscode.CodeLensProvider {
  readonly onDidChangeCodeLenses = vscode.workspace.onDidGrantWorkspaceTrust;

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!isPlan(document.uri)) return [];
    const top = new vscode.Range(0, 0, 0, 0);
    const lens = (title: string, command: string, ...args: unknown[]): vscode.CodeLens => new vscode.CodeLens(top, { title, command, arguments: args });
    const doctor = lens(vscode.l10n.t('Check this machine'), 'starsse.doctor');
    const looks = [lens(vscode.l10n.t('Check data'), 'starsse.checkData', document.uri), lens(vscode.l10n.t('Preview augmentation'), 'starsse.previewAugmentation', document.uri)];
    if (!vscode.workspace.isTrusted) return [lens(vscode.l10n.t('Trust this workspace to start a run'), 'workbench.trust.manage')];
    return [lens(`$(play) ${vscode.l10n.t('Start run')}`, 'starsse.startRun', document.uri), ...looks, doctor];
  }
}
