import * as vscode from 'vscode';
import type { Composers } from '../compose/composers.ts';
import type { Dashboards } from '../dashboard/dashboards.ts';
import { showError } from '../errors.ts';
import type { RunCatalog } from '../runs/runCatalog.ts';
import type { RunsNode } from '../tree/nodes.ts';
import type { Arrangement } from '../tree/arrangement.ts';
import type { RunsTree } from '../tree/runsTree.ts';

/** What commands work with; made once, when the extension starts. */
export interface Parts {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  catalog: RunCatalog;
  arrangement: Arrangement;
  tree: RunsTree;
  treeView: vscode.TreeView<RunsNode>;
  dashboards: Dashboards;
  composers: Composers;
}

export interface Command {
  id: `starsse.${string}`;
  /** Starts programs or changes files: refused in Restricted Mode, with the reason. */
  needsTrust: boolean;
  /** Arguments come from menus, links and other extensions: nothing about them is sure. */
  run(...args: unknown[]): Promise<unknown>;
}

/** The door of every command: errors are shown here and nowhere else. */
export function registerCommands(commands: Command[], log: vscode.LogOutputChannel): vscode.Disposable[] {
  return commands.map(({ id, needsTrust, run }) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      if (needsTrust && isVirtual()) return void (await explainVirtual());
      if (needsTrust && !vscode.workspace.isTrusted) return void (await explainTrust());
      try {
        return await run(...args);
      } catch (error) {
        void showError(error, log);
        return undefined;
      }
    }),
  );
}

/** Folders are open, and none of them is on a disk. */
function isVirtual(): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length > 0 && folders.every(({ uri }) => uri.scheme !== 'file');
}

async function explainVirtual(): Promise<void> {
  const open = vscode.l10n.t('Open Folder');
  const message = vscode.l10n.t('This workspace is virtual: runs are folders on a disk, and training is a program beside them, so there are none here.');
  if ((await vscode.window.showWarningMessage(message, open)) === open) await vscode.commands.executeCommand('vscode.openFolder');
}

async function explainTrust(): Promise<void> {
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const message = vscode.l10n.t('This workspace is not trusted: runs can be looked at, but not started or changed.');
  if ((await vscode.window.showWarningMessage(message, manage)) === manage) await vscode.commands.executeCommand('workbench.trust.manage');
}
