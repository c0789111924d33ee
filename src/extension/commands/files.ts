import * as vscode from 'vscode';
import { readRun, runFiles } from '../../run/folder.ts';
import { inspectSnapshot } from '../../run/inspect.ts';
import { fileOf } from '../tree/nodes.ts';
import { showReport } from '../reports.ts';
import { snapshotReport } from '../snapshotReport.ts';
import { asNode, chooseRun } from './choose.ts';
import type { Command, Parts } from './register.ts';

/** Open Log, Open Plan of a run, Inspect Snapshot. */
export function fileCommands(parts: Parts): Command[] {
  return [
    { id: 'starsse.openLog', needsTrust: false, run: (arg) => openLog(parts, arg) },
    { id: 'starsse.openRunPlan', needsTrust: false, run: (arg) => openRunPlan(parts, arg) },
    { id: 'starsse.inspect', needsTrust: false, run: (arg) => inspect(arg) },
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

/** What is in a snapshot's or a soup's file, or in the given `.safetensors` file. */
async function inspect(arg: unknown): Promise<void> {
  const node = asNode(arg);
  const file = node === undefined ? (arg instanceof vscode.Uri ? arg.fsPath : await chooseFile()) : fileOf(node);
  if (file === undefined) return;
  await showReport('snapshot', snapshotReport(await inspectSnapshot(file)));
}

async function chooseFile(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({ filters: { safetensors: ['safetensors'] }, openLabel: vscode.l10n.t('Inspect') });
  return chosen?.[0]?.fsPath;
}
