import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { DataReport } from '../../protocol/data-report.ts';
import type { Preview } from '../../protocol/preview.ts';
import { dataReport } from '../dataReport.ts';
import { activePlan, isPlan, pickPlan, savedPlan } from '../plan/planFiles.ts';
import { showReport } from '../reports.ts';
import { runTaskHere } from '../runActions.ts';
import { withTaskProgress } from '../taskProgress.ts';
import type { Command, Parts } from './register.ts';

/** Check Data and Preview Augmentation, of a plan. */
export function dataCommands(parts: Parts): Command[] {
  return [
    { id: 'starsse.checkData', needsTrust: true, run: (arg) => checkData(parts, arg) },
    { id: 'starsse.previewAugmentation', needsTrust: true, run: (arg) => preview(parts, arg) },
  ];
}

/** @returns the report, for other extensions and tests. */
async function checkData(parts: Parts, arg: unknown): Promise<DataReport | undefined> {
  const plan = await planOf(arg);
  if (plan === undefined) return undefined;
  const sheet = await pictureFile(parts, 'data');
  const report = await withTaskProgress(vscode.l10n.t('Reading the data'), (context) => runTaskHere('data', [plan, JSON.stringify({ sheet })], context));
  await showReport('data', dataReport(report));
  // The preview of Markdown shows no pictures from outside the workspace.
  if (report.sheet !== null) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(report.sheet), { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
  return report;
}

/** Draws the first batch of the first epoch beside its originals. */
async function preview(parts: Parts, arg: unknown): Promise<Preview | undefined> {
  const plan = await planOf(arg);
  if (plan === undefined) return undefined;
  const out = await pictureFile(parts, 'preview');
  const drawn = await withTaskProgress(vscode.l10n.t('Drawing a batch'), (context) => runTaskHere('preview', [plan, JSON.stringify({ out })], context));
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(drawn.file));
  return drawn;
}

/** The plan of a menu or a lens, of the editor in front, or one of the user's choice; saved, as the trainer reads the file. */
async function planOf(arg: unknown): Promise<string | undefined> {
  const uri = arg instanceof vscode.Uri && isPlan(arg) ? arg : (activePlan() ?? (await pickPlan(vscode.l10n.t('Choose a plan'))));
  if (uri === undefined) return undefined;
  await savedPlan(uri);
  return uri.fsPath;
}

/** Of the extension's own, so that a picture of every look does not pile up in the workspace. */
async function pictureFile({ context }: Parts, name: string): Promise<string> {
  const folder = context.globalStorageUri.fsPath;
  await mkdir(folder, { recursive: true });
  return path.join(folder, `${name}.png`);
}
