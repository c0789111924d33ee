import path from 'node:path';
import * as vscode from 'vscode';
import type { ComparePanels } from '../compare/panels.ts';
import { runOf } from '../tree/nodes.ts';
import { agoText, statusWord } from '../tree/words.ts';
import { asNodes, folderOf } from './choose.ts';
import type { Command, Parts } from './register.ts';

/** Compare Runs: those selected in the tree, `{ folders }`, or some by choice. */
export function compareCommands(parts: Parts, panels: ComparePanels): Command[] {
  return [{ id: 'starsse.compare', needsTrust: false, run: (...args) => compare(parts, panels, args) }];
}

async function compare(parts: Parts, panels: ComparePanels, args: unknown[]): Promise<void> {
  const given = foldersOf(parts, args);
  const folders = given.length >= 2 ? given : await chosen(parts, given);
  if (folders !== undefined && folders.length > 0) panels.open(folders);
}

function foldersOf(parts: Parts, args: unknown[]): string[] {
  const [first] = args;
  if (typeof first === 'object' && first !== null && 'folders' in first && Array.isArray(first.folders)) return first.folders.map(String).filter((folder) => path.isAbsolute(folder));
  const nodes = asNodes(args, parts).flatMap((node) => runOf(node)?.folder ?? []);
  const folder = folderOf(first);
  return [...new Set(nodes.length > 0 ? nodes : folder === undefined ? [] : [folder])];
}

/** @param picked folders that are chosen to begin with */
async function chosen({ catalog }: Parts, picked: readonly string[]): Promise<string[] | undefined> {
  await catalog.refresh();
  const runs = catalog.entries.flatMap(({ view }) => view ?? []);
  if (runs.length === 0) return void vscode.window.showInformationMessage(vscode.l10n.t('There are no runs yet.'));
  const items = runs.map((run) => ({ label: run.name, description: `${statusWord(run.status)} · ${agoText(run.createdAt)}`, folder: run.folder, picked: picked.length === 0 || picked.includes(run.folder) }));
  const answer = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Runs to compare'), canPickMany: true, matchOnDescription: true });
  return answer?.map(({ folder }) => folder);
}
