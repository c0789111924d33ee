import path from 'node:path';
import * as vscode from 'vscode';
import type { ChartFile } from '../../protocol/messages.ts';

const KINDS: Record<ChartFile['format'], string> = { png: 'PNG', svg: 'SVG', csv: 'CSV' };

/** Asks where to, writes the file and says so. The name in the dialog is the run's and the chart's. */
export async function saveChart(folder: string, runName: string, { name, format, text }: ChartFile): Promise<void> {
  const suggested = `${runName.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-')}-${name}.${format}`;
  const beside = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder))?.uri ?? vscode.Uri.file(folder);
  const file = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(beside, suggested), filters: { [KINDS[format]]: [format] } });
  if (file === undefined) return;
  await vscode.workspace.fs.writeFile(file, Buffer.from(text, format === 'png' ? 'base64' : 'utf8'));
  const open = vscode.l10n.t('Open');
  const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('The chart is in {0}.', path.posix.basename(file.path)), open);
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', file);
}
