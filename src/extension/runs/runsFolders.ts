import path from 'node:path';
import * as vscode from 'vscode';
import { listRuns } from '../../run/folder.ts';
import { viewRun } from '../../run/view.ts';
import { findPlans } from '../plan/planFiles.ts';
import { readSettings, runsFolderOf } from '../settings.ts';
import type { CatalogSource } from './runCatalog.ts';

/** Where runs can be: the runs folder of each workspace folder, and beside each plan, where the command line puts them. */
export async function runsFolders(): Promise<string[]> {
  const { runsFolder } = readSettings();
  const workspaceFolders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const plans = await findPlans();
  const besidePlans = plans.flatMap((plan) => [runsFolderOf(plan), path.resolve(path.dirname(plan.fsPath), runsFolder)]);
  return [...new Set([...workspaceFolders.map(({ uri }) => path.resolve(uri.fsPath, runsFolder)), ...besidePlans])];
}

/** Runs of the workspace, from the disk. */
export const workspaceRuns: CatalogSource = {
  async folders() {
    const lists = await Promise.all((await runsFolders()).map((folder) => listRuns(folder)));
    return [...new Set(lists.flat())];
  },
  view: viewRun,
};
