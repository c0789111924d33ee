import * as vscode from 'vscode';
import { StarsseError } from '../../protocol/errors.ts';
import type { Command, Parts } from './register.ts';

const FOLDER = 'starsse-sample';
const PLAN = 'fashion-mnist.starsse.json';
/** The plan to open when the window of the sample comes up. */
const WAITING = 'starsse.sampleToOpen';

/** Open the Sample: copies plan, checkpoint and images of the package into a folder of the user's, and opens it. */
export function sampleCommands(parts: Parts): Command[] {
  return [{ id: 'starsse.openSample', needsTrust: false, run: (arg) => openSample(parts, arg) }];
}

/** @param arg `{ parent }`: a folder to copy into, without asking and without opening another. @returns the sample's folder */
async function openSample({ context }: Parts, arg: unknown): Promise<string | undefined> {
  const given = typeof arg === 'object' && arg !== null && 'parent' in arg && typeof arg.parent === 'string' ? vscode.Uri.file(arg.parent) : undefined;
  const parent = given ?? (await chooseParent());
  if (parent === undefined) return undefined;
  const folder = vscode.Uri.joinPath(parent, FOLDER);
  const plan = vscode.Uri.joinPath(folder, PLAN);
  if (await exists(folder)) {
    if (!(await exists(plan))) throw new StarsseError('usage', vscode.l10n.t('{0} is there and is not the sample', folder.fsPath), { hint: vscode.l10n.t('Choose another folder.') });
  } else {
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(context.extensionUri, 'dist', 'sample'), folder);
    // The extension wakes up where it finds this folder.
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(folder, '.starsse', 'runs'));
  }
  if (given === undefined) {
    await context.globalState.update(WAITING, plan.toString());
    await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: (vscode.workspace.workspaceFolders ?? []).length > 0 });
  }
  return folder.fsPath;
}

/** In the window of a sample that was just opened: shows its plan. */
export async function showWaitingSample({ globalState }: vscode.ExtensionContext): Promise<void> {
  const waiting = globalState.get<string>(WAITING);
  if (waiting === undefined) return;
  const plan = vscode.Uri.parse(waiting);
  if (vscode.workspace.getWorkspaceFolder(plan) === undefined) return;
  await globalState.update(WAITING, undefined);
  await vscode.commands.executeCommand('vscode.open', plan);
}

async function chooseParent(): Promise<vscode.Uri | undefined> {
  const { l10n } = vscode;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    title: l10n.t('Where to put the folder {0}', FOLDER),
    openLabel: l10n.t('Put the Sample Here'),
  });
  return chosen?.[0];
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return await vscode.workspace.fs.stat(uri).then(() => true, () => false);
}
