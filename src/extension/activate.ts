/** The door of the extension: makes the parts, joins them and hands them to VS Code. Numbers are made by other processes. */
import * as vscode from 'vscode';
import { controlCommands } from './commands/control.ts';
import { dataCommands } from './commands/data.ts';
import { deleteCommands } from './commands/delete.ts';
import { exportCommands } from './commands/export.ts';
import { fileCommands } from './commands/files.ts';
import { machineCommands } from './commands/machine.ts';
import { mixCommands } from './commands/mix.ts';
import { planCommands } from './commands/plans.ts';
import { registerCommands, type Parts } from './commands/register.ts';
import { startCommands } from './commands/startRun.ts';
import { Dashboards, DASHBOARD_VIEW_TYPE } from './dashboard/dashboards.ts';
import { showError } from './errors.ts';
import { announceFinishes } from './finishNotices.ts';
import { PlanCodeLens } from './plan/codeLens.ts';
import { PlanDiagnostics } from './plan/diagnostics.ts';
import { PLAN_GLOB } from './plan/planFiles.ts';
import { registerReports } from './reports.ts';
import { answererOf } from './runActions.ts';
import { Attention } from './runs/attention.ts';
import { RunCatalog } from './runs/runCatalog.ts';
import { workspaceRuns } from './runs/runsFolders.ts';
import { RunsStatusBar } from './statusBar.ts';
import { RunsTree } from './tree/runsTree.ts';

/** What tests inside the editor look at; no other extension should rely on it. */
export interface Api extends Pick<Parts, 'catalog' | 'tree' | 'dashboards'> {
  statusBar: RunsStatusBar;
  attention: Attention;
}

export function activate(context: vscode.ExtensionContext): Api {
  const log = vscode.window.createOutputChannel('StarSSE', { log: true });
  const catalog = new RunCatalog(workspaceRuns);
  const loaded = catalog.refresh().catch((error: unknown) => showError(error, log));
  const tree = new RunsTree(catalog, loaded);
  const treeView = vscode.window.createTreeView('starsse.runs', { treeDataProvider: tree, canSelectMany: true, showCollapseAll: true });
  const dashboards = new Dashboards({
    extensionUri: context.extensionUri,
    log,
    answererOf: (folder) => answererOf(folder, () => catalog.refresh()),
    answeredUnseen: (run, error) => void tellUnseen(run.name, run.folder, error),
  });
  const parts: Parts = { context, log, catalog, tree, treeView, dashboards };
  const statusBar = new RunsStatusBar(catalog);
  const attention = new Attention(parts);
  const commands = [startCommands, controlCommands, mixCommands, fileCommands, dataCommands, exportCommands, deleteCommands, machineCommands].flatMap((make) => make(parts));

  async function tellUnseen(name: string, folder: string, error: unknown): Promise<void> {
    if (error !== null) return await showError(error, log);
    const open = vscode.l10n.t('Open Dashboard');
    const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('The results of {0} are ready.', name), open);
    if (chosen === open) dashboards.open(folder, name);
  }

  context.subscriptions.push(
    log,
    treeView,
    tree,
    dashboards,
    statusBar,
    attention,
    new vscode.Disposable(() => catalog.dispose()),
    announceFinishes(catalog),
    registerReports(),
    new PlanDiagnostics(),
    vscode.languages.registerCodeLensProvider({ scheme: 'file', pattern: PLAN_GLOB }, new PlanCodeLens()),
    vscode.window.registerWebviewPanelSerializer(DASHBOARD_VIEW_TYPE, dashboards),
    ...registerCommands([...commands, ...planCommands()], log),
  );
  return { catalog, tree, dashboards, statusBar, attention };
}
