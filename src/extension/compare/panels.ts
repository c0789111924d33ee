import path from 'node:path';
import * as vscode from 'vscode';
import { ToHostSchema, type ComparedRun, type ToView } from '../../protocol/compare-messages.ts';
import { StarsseError, type ErrorJson } from '../../protocol/errors.ts';
import { received } from '../pages/received.ts';
import { showPage } from '../pages/showPage.ts';
import type { RunCatalog } from '../runs/runCatalog.ts';
import { readCompared, readSweeps } from './readRuns.ts';

export const COMPARE_VIEW_TYPE = 'starsse.compare';

export interface ComparePanelsParts {
  extensionUri: vscode.Uri;
  log: vscode.LogOutputChannel;
  catalog: RunCatalog;
  openRun(folder: string, name: string): void;
}

/** Panels in which runs are compared. VS Code brings them back after a reload from the state that the view keeps. */
export class ComparePanels implements vscode.WebviewPanelSerializer {
  readonly #parts: ComparePanelsParts;

  constructor(parts: ComparePanelsParts) {
    this.#parts = parts;
  }

  /** @param folders of runs, absolute */
  open(folders: readonly string[]): void {
    this.#fill(vscode.window.createWebviewPanel(COMPARE_VIEW_TYPE, vscode.l10n.t('Comparison of {0} runs', folders.length), vscode.ViewColumn.Active, { retainContextWhenHidden: false }), folders);
  }

  /** @param state what the view kept: `{ folders }`. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const folders = typeof state === 'object' && state !== null && 'folders' in state && Array.isArray(state.folders) ? state.folders.map(String).filter((folder) => path.isAbsolute(folder)) : [];
    if (folders.length === 0) return panel.dispose();
    this.#fill(panel, folders);
  }

  #fill(panel: vscode.WebviewPanel, folders: readonly string[]): void {
    const { extensionUri, log, catalog, openRun } = this.#parts;
    let isListening = false;
    const show = async (): Promise<void> => {
      const message = await snapshotOf(folders);
      for (const { message: problem } of message.problems) log.warn(problem);
      if (isListening && panel.visible) void panel.webview.postMessage(message);
    };
    const receive = async (raw: unknown): Promise<void> => {
      const message = received(ToHostSchema, raw, 'the comparison', log);
      if (message === null) return;
      if (message.type === 'copy') return void (await vscode.env.clipboard.writeText(message.text));
      if (message.type === 'open') return openRun(message.folder, path.basename(message.folder));
      isListening = true;
      await show();
    };
    panel.iconPath = new vscode.ThemeIcon('graph');
    const endCatalog = catalog.onChange((change) => {
      if (isListening && change.folders.some((folder) => folders.includes(folder))) void show();
    });
    panel.webview.onDidReceiveMessage((message: unknown) => void receive(message));
    panel.onDidChangeViewState(() => (isListening &&= panel.visible));
    panel.onDidDispose(endCatalog);
    showPage(panel.webview, extensionUri, 'compare', panel.title);
  }
}

async function snapshotOf(folders: readonly string[]): Promise<ToView> {
  const problems: ErrorJson[] = [];
  const runs: ComparedRun[] = [];
  for (const folder of folders) {
    await readCompared(folder).then(
      (run) => runs.push(run),
      (error: unknown) => problems.push(StarsseError.from(error).toJSON()),
    );
  }
  const sweeps = await readSweeps((vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath));
  return { type: 'snapshot', folders: [...folders], runs, sweeps, problems, texts: vscode.l10n.bundle ?? {} };
}
