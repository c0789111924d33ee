import path from 'node:path';
import * as vscode from 'vscode';
import type { BackendChoice } from '../protocol/plan.ts';

export interface Settings {
  /** `auto` leaves the choice to the plan. */
  backend: BackendChoice;
  /** The Node.js program to train with; null finds one. */
  nodePath: string | null;
  /** As written: relative to a workspace folder or to a plan's own, or absolute. */
  runsFolder: string;
  /** null leaves the choice to the plan. */
  workers: number | null;
  threads: number | null;
}

export function readSettings(): Settings {
  const settings = vscode.workspace.getConfiguration('starsse');
  const text = (key: string): string => settings.get<string>(key, '').trim();
  return {
    backend: settings.get<BackendChoice>('backend', 'auto'),
    nodePath: text('nodePath') === '' ? null : text('nodePath'),
    runsFolder: text('runsFolder') === '' ? path.join('.starsse', 'runs') : text('runsFolder'),
    workers: settings.get<number | null>('workers', null),
    threads: settings.get<number | null>('threads', null),
  };
}

/** Where a plan's runs go: the runs folder of its workspace folder, else the one beside the plan. */
export function runsFolderOf(plan: vscode.Uri): string {
  const workspaceFolder = vscode.workspace.getWorkspaceFolder(plan)?.uri.fsPath;
  return path.resolve(workspaceFolder ?? path.dirname(plan.fsPath), readSettings().runsFolder);
}
