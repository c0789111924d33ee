import * as vscode from 'vscode';
import { readRun, runFiles } from '../../run/folder.ts';
import { asNode, chooseRun } from './choose.ts';
import type { Command, Parts } from './register.ts';

/** Open Log, Open Plan of a run. */
export function fileCommands(parts: Parts): Command[] {
  return [
    { id: 'starsse.openLog', needsTrust: false, run: (arg) => openLog(parts, arg) },
    { id: 'starsse.openRunPlan', needsTrust: false, run: (arg) => openRunPlan(parts, arg) },
  ];
}

/** A member's log, or the supervisor's. */
async function openLog(parts: Parts, arg: unknown): Promise<void> {
  const folder = await chooseRun(parts, arg, () => true, vscode.l10n.t('There are no runs yet.'));
  if (folder === undefined) return;
  const node = asNode(arg);
  const file = node?.kind === 'member' ? runFiles.log(folder, node.member.member.name) : runFiles.supervisorLog(folder);
  await vscode.window.showTextDocument(vscode.Uri.file(file));
}

async function openRunPlan(parts: Parts, arg: unknown): Promise<void> {
  const folder = await chooseRun(parts, arg, () => true, vscode.l10n.t('There are no runs yet.'));
  if (folder === undefined) return;
  const { planPath } = await readRun(folder);
  await vscode.window.showTextDocument(vscode.Uri.file(planPath));
}
