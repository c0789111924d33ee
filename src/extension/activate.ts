/** The door of the extension: makes the parts, joins them and hands them to VS Code. Numbers are made by other processes. */
import * as vscode from 'vscode';
import type { ComposeAnswer } from '../protocol/compose-messages.ts';
import { TASK_TYPE } from '../protocol/plan-task.ts';
import { arrangeCommands } from './commands/arrange.ts';
import { CheckpointEditor } from './checkpoint/editor.ts';
import { COMPARE_VIEW_TYPE, ComparePanels } from './compare/panels.ts';
import { COMPARISON_VIEW_TYPE, Comparisons } from './checkpoint/comparisons.ts';
import { CHECKPOINT_EDITOR, CHECKPOINT_OPTION } from './checkpoint/inspection.ts';
import { checkpointCommands } from './commands/checkpoints.ts';
import { compareCommands } from './commands/compare.ts';
import { cleanCommands } from './commands/clean.ts';
import { watchAlarms } from './alarms/watchAlarms.ts';
import { composeCommands } from './commands/compose.ts';
import { answerOf } from './compose/answers.ts';
import { COMPOSE_VIEW_TYPE, Composers } from './compose/composers.ts';
import type { ComposePanel } from './compose/panel.ts';
import { controlCommands } from './commands/control.ts';
import { dataCommands } from './commands/data.ts';
import { deleteCommands } from './commands/delete.ts';
import { exportCommands } from './commands/export.ts';
import { fileCommands } from './commands/files.ts';
import { labelCommands } from './commands/labels.ts';
import { machineCommands } from './commands/machine.ts';
import { mixCommands } from './commands/mix.ts';
import { planCommands } from './commands/plans.ts';
import { registerCommands, type Parts } from './commands/register.ts';
import { sampleCommands, showWaitingSample } from './commands/sample.ts';
import { startCommands } from './commands/startRun.ts';
import { Dashboards, DASHBOARD_VIEW_TYPE } from './dashboard/dashboards.ts';
import { showError } from './errors.ts';
import { announceFinishes } from './finishNotices.ts';
import { PlanCodeLens } from './plan/codeLens.ts';
import { PlanDiagnostics } from './plan/diagnostics.ts';
import { PlanChecks } from './plan/planChecks.ts';
import { PLAN_EDITOR, PlanEditors } from './plan/planEditor.ts';
import { PLAN_GLOB } from './plan/planFiles.ts';
import { registerReports } from './reports.ts';
import { answererOf } from './runActions.ts';
import { Attention } from './runs/attention.ts';
import { RunCatalog } from './runs/runCatalog.ts';
import { workspaceRuns } from './runs/runsFolders.ts';
import { RunsStatusBar } from './statusBar.ts';
import { PlanTasks } from './tasks/planTasks.ts';
import { registerTools, toolsOf, type Tools } from './tools/tools.ts';
import { createRunsView, type RunsView } from './tree/runsView.ts';

/** What tests inside the editor look at; no other extension should rely on it. */
export interface Api extends Pick<Parts, 'catalog' | 'arrangement' | 'tree' | 'treeView' | 'dashboards' | 'composers'>, Pick<RunsView, 'dragAndDrop'> {
  statusBar: RunsStatusBar;
  attention: Attention;
  planEditors: PlanEditors;
  tools: Tools;
}

export function activate(context: vscode.ExtensionContext): Api {
  const log = vscode.window.createOutputChannel('StarSSE', { log: true });
  const catalog = new RunCatalog(workspaceRuns);
  let loaded: Promise<unknown> | undefined;
  const load = (): Promise<unknown> => (loaded ??= catalog.refresh().catch((error: unknown) => showError(error, log)));
  const runsView = createRunsView(catalog, load, context.workspaceState);
  const { arrangement, tree, treeView, dragAndDrop } = runsView;
  const dashboards = new Dashboards({
    extensionUri: context.extensionUri,
    log,
    answererOf: (folder) => answererOf(folder, () => catalog.refresh()),
    answeredUnseen: (run, error) => void tellUnseen(run.name, run.folder, error),
  });
  const inspections = { extensionUri: context.extensionUri, log, openRun: (folder: string, name: string) => void dashboards.open(folder, name) };
  const [checkpoints, comparisons] = [new CheckpointEditor(inspections), new Comparisons(inspections)];
  const comparePanels = new ComparePanels({ ...inspections, catalog });
  const composers = new Composers({
    extensionUri: context.extensionUri,
    log,
    answer: (question, panel, answering) => answerOf({ catalog, openDashboard: (folder) => void dashboards.open(folder, catalog.find(folder)?.view?.name ?? '') }, question, panel, answering),
    dragged: () => dragAndDrop.dragged,
    answeredUnseen: (panel, answer, error) => void tellComposed(panel, answer, error),
  });
  const parts: Parts = { context, log, catalog, arrangement, tree, treeView, dashboards, composers };
  const tools = toolsOf(parts);
  const statusBar = new RunsStatusBar(catalog);
  const attention = new Attention(parts);
  const checks = new PlanChecks(log);
  const diagnostics = new PlanDiagnostics(checks);
  const planEditors = new PlanEditors({ extensionUri: context.extensionUri, log, checks, diagnostics });
  const commands = [startCommands, controlCommands, composeCommands, mixCommands, fileCommands, dataCommands, exportCommands, deleteCommands, machineCommands, arrangeCommands, labelCommands, cleanCommands, sampleCommands].flatMap((make) => make(parts));

  async function tellUnseen(name: string, folder: string, error: unknown): Promise<void> {
    if (error !== null) return await showError(error, log);
    const open = vscode.l10n.t('Open Dashboard');
    const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('The results of {0} are ready.', name), open);
    if (chosen === open) dashboards.open(folder, name);
  }

  async function tellComposed({ panel }: ComposePanel, answer: ComposeAnswer | null, error: unknown): Promise<void> {
    if (error !== null) return await showError(error, log);
    if (answer?.kind !== 'made') return;
    const open = vscode.l10n.t('Open');
    if ((await vscode.window.showInformationMessage(vscode.l10n.t('{0} is ready.', answer.added), open)) === open) panel.reveal();
  }

  context.subscriptions.push(
    log,
    runsView,
    dashboards,
    composers,
    statusBar,
    attention,
    new vscode.Disposable(() => catalog.dispose()),
    announceFinishes(catalog),
    watchAlarms(catalog),
    registerReports(),
    vscode.tasks.registerTaskProvider(TASK_TYPE, new PlanTasks()),
    ...registerTools(tools),
    diagnostics,
    checks,
    vscode.window.registerCustomEditorProvider(PLAN_EDITOR, planEditors),
    vscode.languages.registerCodeLensProvider({ scheme: 'file', pattern: PLAN_GLOB }, new PlanCodeLens()),
    vscode.window.registerWebviewPanelSerializer(DASHBOARD_VIEW_TYPE, dashboards),
    vscode.window.registerWebviewPanelSerializer(COMPOSE_VIEW_TYPE, composers),
    vscode.window.registerCustomEditorProvider(CHECKPOINT_EDITOR, checkpoints),
    vscode.window.registerCustomEditorProvider(CHECKPOINT_OPTION, checkpoints),
    vscode.window.registerWebviewPanelSerializer(COMPARISON_VIEW_TYPE, comparisons),
    vscode.window.registerWebviewPanelSerializer(COMPARE_VIEW_TYPE, comparePanels),
    ...registerCommands([...commands, ...checkpointCommands(parts, comparisons), ...compareCommands(parts, comparePanels), ...planCommands(parts)], log),
  );
  // Live runs are for the status bar; with nothing open there is nothing to look for.
  if ((vscode.workspace.workspaceFolders ?? []).length > 0) {
    void load();
    void showWaitingSample(context);
  }
  return { catalog, arrangement, tree, treeView, dragAndDrop, dashboards, composers, statusBar, attention, tools, planEditors };
}
