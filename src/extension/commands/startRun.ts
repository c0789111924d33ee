import path from 'node:path';
import * as vscode from 'vscode';
import { parseJson } from '../../protocol/parse.ts';
import { PlanSchema, type Plan } from '../../protocol/plan.ts';
import { startSupervisor } from '../../run/tasks.ts';
import { noticeSlowBackend } from '../backendNotice.ts';
import { activePlan, findPlans, isPlan, pickPlan, savedPlan } from '../plan/planFiles.ts';
import { runTaskHere } from '../runActions.ts';
import { readSettings, runsFolderOf } from '../settings.ts';
import { withTaskProgress } from '../taskProgress.ts';
import type { Command, Parts } from './register.ts';

export function startCommands(parts: Parts): Command[] {
  return [{ id: 'starsse.startRun', needsTrust: true, run: (arg) => startRun(parts, arg) }];
}

/** Starts a run of a plan and shows it. @returns the run folder, undefined when no plan was chosen. */
export async function startRun(parts: Parts, arg: unknown): Promise<string | undefined> {
  const uri = arg instanceof vscode.Uri && isPlan(arg) ? arg : (activePlan() ?? (await choosePlan()));
  if (uri === undefined) return undefined;
  const plan = await readPlan(uri);
  const folder = await withTaskProgress(vscode.l10n.t('Starting {0}', plan.name), async (context) => {
    const { folder } = await runTaskHere('create', [uri.fsPath, runsFolderOf(uri), JSON.stringify(overrides())], context);
    const { note } = await startSupervisor(folder, { nodePath: readSettings().nodePath ?? undefined });
    if (note !== null) void vscode.window.showWarningMessage(note);
    return folder;
  });
  parts.dashboards.open(folder, plan.name);
  if (readSettings().backend === 'auto' && plan.compute.backend === 'auto') noticeSlowBackend(parts, folder);
  await parts.catalog.refresh();
  await showInTree(parts, folder);
  return folder;
}

async function choosePlan(): Promise<vscode.Uri | undefined> {
  if ((await findPlans()).length > 0) return await pickPlan(vscode.l10n.t('Choose the plan to run'));
  const create = vscode.l10n.t('Create Plan');
  const message = vscode.l10n.t('There is no plan (*.starsse.json) in this workspace.');
  if ((await vscode.window.showInformationMessage(message, create)) === create) await vscode.commands.executeCommand('starsse.createPlan');
  return undefined;
}

/** The plan as the trainer will read it: saved, and checked before anything starts. @throws StarsseError plan-invalid, disk */
async function readPlan(uri: vscode.Uri): Promise<Plan> {
  return parseJson(PlanSchema, await savedPlan(uri), path.basename(uri.fsPath), 'plan-invalid');
}

/** What the settings change of a plan's `compute`. */
function overrides(): Partial<Plan['compute']> {
  const { backend, workers, threads } = readSettings();
  return {
    ...(backend === 'auto' ? {} : { backend }),
    ...(workers === null ? {} : { workers }),
    ...(threads === null ? {} : { threads }),
  };
}

async function showInTree({ tree, treeView }: Parts, folder: string): Promise<void> {
  if (!treeView.visible) return;
  await tree.getChildren();
  const node = tree.nodeOf(folder);
  if (node !== undefined) await treeView.reveal(node, { expand: true, select: true, focus: false });
}
