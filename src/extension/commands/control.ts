import * as vscode from 'vscode';
import type { RunView } from '../../protocol/run.ts';
import { requestStop } from '../../run/requests.ts';
import { retry, reveal, resume } from '../runActions.ts';
import { isLive } from '../runs/runCatalog.ts';
import { fileOf, isResumable } from '../tree/nodes.ts';
import { asNode, chooseRun, chosenRuns } from './choose.ts';
import type { Command, Parts } from './register.ts';

/** Stop, Resume, Retry, Open Dashboard and Refresh. */
export function controlCommands(parts: Parts): Command[] {
  return [
    { id: 'starsse.stop', needsTrust: true, run: (...args) => stop(parts, args) },
    { id: 'starsse.resume', needsTrust: true, run: (...args) => resumeChosen(parts, args) },
    { id: 'starsse.retry', needsTrust: true, run: (arg) => retryChosen(parts, arg) },
    { id: 'starsse.openDashboard', needsTrust: false, run: (arg) => openDashboard(parts, arg) },
    { id: 'starsse.refresh', needsTrust: false, run: () => parts.catalog.refresh() },
    { id: 'starsse.reveal', needsTrust: false, run: (arg) => revealChosen(parts, arg) },
  ];
}

/** The runs that are selected, of these those that run, or the one that is given or chosen. */
async function stop(parts: Parts, args: unknown[]): Promise<void> {
  const folders = await chosenRuns(parts, args, isLive, vscode.l10n.t('No run is running.'));
  if (folders.length === 0) return;
  for (const folder of folders) await requestStop(folder);
  vscode.window.setStatusBarMessage(vscode.l10n.t('The run stops after this step and saves.'), 5000);
  await parts.catalog.refresh();
}

async function resumeChosen(parts: Parts, args: unknown[]): Promise<void> {
  const folders = await chosenRuns(parts, args, (run) => isResumable(run.status), vscode.l10n.t('No run can be resumed.'));
  const title = vscode.l10n.t('Resuming the run');
  for (const folder of folders) {
    const note = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () => resume(folder));
    if (note !== null) void vscode.window.showWarningMessage(note);
  }
  if (folders.length > 0) await parts.catalog.refresh();
}

/** The failed member of the tree, or all that failed of a run. */
async function retryChosen(parts: Parts, arg: unknown): Promise<void> {
  const node = asNode(arg);
  const folder = await chooseRun(parts, arg, hasFailed, vscode.l10n.t('No member has failed.'));
  if (folder === undefined) return;
  const title = vscode.l10n.t('Trying again at half the learning rate');
  const note = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () =>
    retry(folder, node?.kind === 'member' ? [node.member.member.name] : null),
  );
  if (note !== null) void vscode.window.showWarningMessage(note);
  await parts.catalog.refresh();
}

function hasFailed(run: RunView): boolean {
  return run.members.some(({ state }) => state.status === 'failed');
}

async function openDashboard(parts: Parts, arg: unknown): Promise<void> {
  const folder = await chooseRun(parts, arg, () => true, vscode.l10n.t('There are no runs yet.'));
  if (folder === undefined) return;
  parts.dashboards.open(folder, parts.catalog.find(folder)?.view?.name ?? vscode.l10n.t('Run'));
}

async function revealChosen(parts: Parts, arg: unknown): Promise<void> {
  const folder = await chooseRun(parts, arg, () => true, vscode.l10n.t('There are no runs yet.'));
  if (folder === undefined) return;
  const node = asNode(arg);
  await reveal(node === undefined || node.kind === 'broken' || node.kind === 'group' ? folder : fileOf(node));
}
