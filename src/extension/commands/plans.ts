import path from 'node:path';
import * as vscode from 'vscode';
import { StarsseError } from '../../protocol/errors.ts';
import type { PlanInput } from '../../protocol/plan.ts';
import { readRun } from '../../run/folder.ts';
import { newPlan, type NewPlan } from '../plan/newPlan.ts';
import { PLAN_EDITOR } from '../plan/planEditor.ts';
import { activePlan, findPlans, isPlan, pickPlan } from '../plan/planFiles.ts';
import { planOfRun } from '../plan/planOfRun.ts';
import { askForPlan } from '../plan/wizard.ts';
import { screenAsker } from '../plan/wizardScreen.ts';
import { chooseRun } from './choose.ts';
import type { Command, Parts } from './register.ts';

/** Opening plans, as a picture or as text, and making new ones. */
export function planCommands(parts: Parts): Command[] {
  return [
    { id: 'starsse.openPlan', needsTrust: false, run: openPlan },
    { id: 'starsse.openPlanAsText', needsTrust: false, run: (arg) => openAs(arg, 'default') },
    { id: 'starsse.openPlanEditor', needsTrust: false, run: (arg) => openAs(arg, PLAN_EDITOR) },
    { id: 'starsse.createPlan', needsTrust: true, run: createPlan },
    { id: 'starsse.planFromRun', needsTrust: true, run: (arg) => planFromRun(parts, arg) },
  ];
}

async function openPlan(): Promise<void> {
  if ((await findPlans()).length > 0) {
    const plan = await pickPlan(vscode.l10n.t('Choose a plan'));
    if (plan !== undefined) await vscode.commands.executeCommand('vscode.open', plan);
    return;
  }
  const create = vscode.l10n.t('Create Plan');
  const message = vscode.l10n.t('There is no plan (*.starsse.json) in this workspace.');
  if ((await vscode.window.showInformationMessage(message, create)) === create) await vscode.commands.executeCommand('starsse.createPlan');
}

async function openAs(arg: unknown, editor: string): Promise<void> {
  const plan = arg instanceof vscode.Uri && isPlan(arg) ? arg : (activePlan() ?? (await pickPlan(vscode.l10n.t('Choose a plan'))));
  if (plan === undefined) return;
  await vscode.commands.executeCommand('vscode.openWith', plan, editor);
  await closeOther(plan, editor);
}

/** Text takes the place of the picture, and the other way round. A tab with unsaved changes would ask whether to save them, so it stays, as a pinned one does: both show one document. */
async function closeOther(plan: vscode.Uri, editor: string): Promise<void> {
  const isOf = (uri: vscode.Uri): boolean => uri.toString() === plan.toString();
  if (vscode.workspace.textDocuments.some(({ uri, isDirty }) => isDirty && isOf(uri))) return;
  const { activeTabGroup } = vscode.window.tabGroups;
  const others = activeTabGroup.tabs.filter(({ input, isPinned }) =>
    !isPinned && (editor === PLAN_EDITOR ? input instanceof vscode.TabInputText && isOf(input.uri) : input instanceof vscode.TabInputCustom && input.viewType === PLAN_EDITOR && isOf(input.uri)),
  );
  if (others.length > 0) await vscode.window.tabGroups.close(others, true);
}

/** Asks for data, network, method and name, writes a plan and opens it. @param arg all answers, from other extensions and tests */
async function createPlan(arg: unknown): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (folder === undefined) {
    throw new StarsseError('usage', vscode.l10n.t('A plan belongs into a folder, and none is open'), { hint: vscode.l10n.t('Open the folder of your data first.') });
  }
  const given = typeof arg === 'object' && arg !== null && 'preset' in arg ? (arg as NewPlan) : undefined;
  const wish = given ?? (await askForPlan(screenAsker(folder)));
  return wish === undefined ? undefined : await writePlan(folder, wish.name, newPlan(wish));
}

/** A new plan with everything as it was in a run. */
async function planFromRun(parts: Parts, arg: unknown): Promise<vscode.Uri | undefined> {
  const folder = await chooseRun(parts, arg, () => true, vscode.l10n.t('There are no runs yet.'));
  if (folder === undefined) return undefined;
  const run = await readRun(folder);
  const target = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(path.dirname(run.planPath));
  const name = vscode.l10n.t('{0}, again', run.plan.name);
  return await writePlan(target, run.plan.name, planOfRun(run, target.fsPath, name));
}

async function writePlan(folder: vscode.Uri, name: string, plan: PlanInput): Promise<vscode.Uri> {
  const uri = await freeName(folder, name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^-+|-+$/g, '').toLowerCase() || 'experiment');
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(`${JSON.stringify(plan, null, 2)}\n`));
  await vscode.commands.executeCommand('vscode.open', uri);
  return uri;
}

/** No file is ever replaced. */
async function freeName(folder: vscode.Uri, stem: string): Promise<vscode.Uri> {
  for (let count = 1; ; count++) {
    const uri = vscode.Uri.joinPath(folder, `${stem}${count === 1 ? '' : `-${count}`}.starsse.json`);
    const isThere = await vscode.workspace.fs.stat(uri).then(() => true, () => false);
    if (!isThere) return uri;
  }
}
