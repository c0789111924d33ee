import path from 'node:path';
import * as vscode from 'vscode';
import { findPlans, isPlan, pickPlan } from '../plan/planFiles.ts';
import { DATA_KINDS, newPlan, type DataKind } from '../plan/newPlan.ts';
import type { Command } from './register.ts';

/** Open Plan and Create Plan. */
export function planCommands(): Command[] {
  return [
    { id: 'starsse.openPlan', needsTrust: false, run: openPlan },
    { id: 'starsse.createPlan', needsTrust: true, run: createPlan },
  ];
}

async function openPlan(): Promise<void> {
  if ((await findPlans()).length > 0) {
    const plan = await pickPlan(vscode.l10n.t('Choose a plan'));
    if (plan !== undefined) await vscode.window.showTextDocument(plan);
    return;
  }
  const create = vscode.l10n.t('Create Plan');
  const message = vscode.l10n.t('There is no plan (*.starsse.json) in this workspace.');
  if ((await vscode.window.showInformationMessage(message, create)) === create) await vscode.commands.executeCommand('starsse.createPlan');
}

/** Writes a plan to fill in where the user chooses, and opens it. The Problems view names the files that it needs. */
async function createPlan(): Promise<void> {
  const kind = await chooseDataKind();
  if (kind === undefined) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Create Plan'),
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, 'experiment.starsse.json') }),
    filters: { [vscode.l10n.t('StarSSE plan')]: ['starsse.json'] },
  });
  if (chosen === undefined) return;
  const uri = isPlan(chosen) ? chosen : chosen.with({ path: `${chosen.path.replace(/\.json$/, '')}.starsse.json` });
  const name = path.basename(uri.fsPath, '.starsse.json');
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(`${JSON.stringify(newPlan(name, kind), null, 2)}\n`));
  await vscode.window.showTextDocument(uri);
}

async function chooseDataKind(): Promise<DataKind | undefined> {
  const { l10n } = vscode;
  const details: Record<DataKind, [label: string, detail: string]> = {
    folder: [l10n.t('Class folders of images'), l10n.t('One folder a class, of PNG, JPEG, WebP, GIF, BMP or TIFF files')],
    manifest: [l10n.t('A list of images'), l10n.t('A CSV or JSONL file with the fields file, label and perhaps split')],
    idx: [l10n.t('IDX files'), l10n.t('As MNIST and Fashion-MNIST are published')],
    'cifar-10': ['CIFAR-10', l10n.t('The binary version')],
    npz: [l10n.t('NumPy arrays'), l10n.t('An .npz file of images or of features')],
  };
  const items = DATA_KINDS.map((kind) => ({ label: details[kind][0], detail: details[kind][1], dataKind: kind }));
  return (await vscode.window.showQuickPick(items, { placeHolder: l10n.t('What are the data?') }))?.dataKind;
}
