import * as vscode from 'vscode';
import { writeReport } from '../../run/report/write-report.ts';

/** Writes the report of a run and shows it: the page in the browser beside a desktop, else the Markdown in the editor's own preview. */
export async function openReport(folder: string): Promise<void> {
  const { html, markdown } = await writeReport(folder, folder);
  const isLocal = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  if (isLocal && (await vscode.env.openExternal(vscode.Uri.file(html)))) return;
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.file(markdown));
}
