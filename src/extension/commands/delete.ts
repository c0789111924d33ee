import path from 'node:path';
import * as vscode from 'vscode';
import { StarsseError } from '../../protocol/errors.ts';
import { removeMade } from '../../run/removal.ts';
import { isLive } from '../runs/runCatalog.ts';
import type { SoupNode } from '../tree/nodes.ts';
import { asNodes, chooseRun, folderOf } from './choose.ts';
import type { Command, Parts } from './register.ts';

/** Delete: run folders go to the trash, soups for good; both only after asking. */
export function deleteCommands(parts: Parts): Command[] {
  return [{ id: 'starsse.delete', needsTrust: true, run: (...args) => deleteChosen(parts, args) }];
}

async function deleteChosen(parts: Parts, args: unknown[]): Promise<void> {
  const nodes = asNodes(args, parts);
  const soups = nodes.filter((node): node is SoupNode => node.kind === 'soup');
  if (soups.length > 0) return await deleteSoups(parts, soups);
  const several = [...new Set(nodes.filter(({ kind }) => kind === 'run' || kind === 'broken').flatMap((node) => folderOf(node) ?? []))];
  const folders = several.length > 0 ? several : await chooseOne(parts, args[0]);
  if (folders.length > 0) await deleteRuns(parts, folders);
}

async function chooseOne(parts: Parts, arg: unknown): Promise<string[]> {
  const folder = await chooseRun(parts, arg, (run) => !isLive(run), vscode.l10n.t('There is no run that could be deleted.'));
  return folder === undefined ? [] : [folder];
}

async function deleteSoups(parts: Parts, soups: SoupNode[]): Promise<void> {
  const names = soups.map(({ soup }) => soup.name).join(', ');
  if (!(await confirm(vscode.l10n.t('Delete {0}?', names), vscode.l10n.t('A soup can be made again from its members.'), vscode.l10n.t('Delete')))) return;
  for (const { parent, soup } of soups) await removeMade(parent.folder, soup.name);
  await parts.catalog.refresh();
}

async function deleteRuns(parts: Parts, folders: string[]): Promise<void> {
  await parts.catalog.refresh();
  for (const folder of folders) {
    const run = parts.catalog.find(folder)?.view;
    if (run && isLive(run)) throw new StarsseError('run-busy', vscode.l10n.t('{0} is running', run.name), { hint: vscode.l10n.t('Stop it first.') });
  }
  const names = folders.map((folder) => parts.catalog.find(folder)?.view?.name ?? path.basename(folder)).join(', ');
  const question = vscode.l10n.t('Move {0} to the trash?', names);
  if (!(await confirm(question, folders.join('\n'), vscode.l10n.t('Move to Trash')))) return;
  for (const folder of folders) {
    if (!(await removeFolder(folder))) break;
    parts.dashboards.close(folder);
  }
  await parts.catalog.refresh();
}

/** @returns false when there is no trash and the user would rather keep the folder. */
export async function removeFolder(folder: string): Promise<boolean> {
  const uri = vscode.Uri.file(folder);
  try {
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: true });
  } catch {
    const detail = vscode.l10n.t('{0} cannot be moved to a trash here.', folder);
    if (!(await confirm(vscode.l10n.t('Delete the run for good?'), detail, vscode.l10n.t('Delete for Good')))) return false;
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: false });
  }
  return true;
}

/** A question that has to be answered. @returns whether the action was chosen */
export async function confirm(message: string, detail: string, action: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, action)) === action;
}
