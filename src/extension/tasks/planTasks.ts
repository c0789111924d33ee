import * as vscode from 'vscode';
import { parse } from '../../protocol/parse.ts';
import { PlanTaskSchema, TASK_TYPE, type PlanTask } from '../../protocol/plan-task.ts';
import { childEnvironment, findNode, programFile, programFlags } from '../../run/node-program.ts';
import { findPlans } from '../plan/planFiles.ts';
import { readSettings, runsFolderOf } from '../settings.ts';
import { PROBLEM_MATCHER, runArguments } from './definition.ts';

/** A task for each plan of the workspace: `starsse run <plan>` in a terminal. */
export class PlanTasks implements vscode.TaskProvider {
  async provideTasks(): Promise<vscode.Task[]> {
    if (!vscode.workspace.isTrusted) return [];
    const plans = (await findPlans()).flatMap((uri) => ({ uri, folder: vscode.workspace.getWorkspaceFolder(uri) }));
    return await Promise.all(
      plans.flatMap(({ uri, folder }) =>
        folder === undefined ? [] : taskOf({ type: TASK_TYPE, plan: vscode.workspace.asRelativePath(uri, false), args: [] }, folder),
      ),
    );
  }

  /** A task of tasks.json becomes one that can run. */
  async resolveTask({ definition, scope }: vscode.Task): Promise<vscode.Task | undefined> {
    const folder = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
    if (folder === undefined || !vscode.workspace.isTrusted) return undefined;
    return await taskOf(parse(PlanTaskSchema, definition, 'task', 'usage'), folder, definition);
  }
}

/** @param asked the definition as tasks.json has it: VS Code knows a task by it */
async function taskOf(definition: PlanTask, folder: vscode.WorkspaceFolder, asked: vscode.TaskDefinition = { type: TASK_TYPE, plan: definition.plan }): Promise<vscode.Task> {
  const node = await findNode(readSettings().nodePath ?? undefined);
  const args = runArguments(definition, folder.uri.fsPath, (plan) => runsFolderOf(vscode.Uri.file(plan)));
  const env = Object.fromEntries(Object.entries(childEnvironment(node, {})).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const execution = new vscode.ProcessExecution(node.path, [...programFlags(), programFile('cli'), ...args], { cwd: folder.uri.fsPath, env });
  const task = new vscode.Task(asked, folder, vscode.l10n.t('run {0}', definition.plan), 'StarSSE', execution, PROBLEM_MATCHER);
  task.detail = vscode.l10n.t('Trains in this terminal, with everything in the run folder');
  return task;
}
