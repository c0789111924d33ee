import * as vscode from 'vscode';
import type { Dashboards } from '../dashboard/dashboards.ts';
import type { RunsNode } from '../tree/nodes.ts';
import type { RunsTree } from '../tree/runsTree.ts';
import { isLive, type RunCatalog } from './runCatalog.ts';
import { runsFolders } from './runsFolders.ts';

const SETTLE_MS = 300;
/** Relative times in the tree are of minutes. */
const REDRAW_MS = 60_000;
/** What tells of a new run, of one that goes on, and of new results. A deleted folder is one event for the folder alone. */
const PATTERN = '{*,*/run.json,*/supervisor.json,*/error.json,*/labels.json,*/snapshots/*.safetensors,*/analyses/table.json}';

export interface AttentionParts {
  catalog: RunCatalog;
  tree: RunsTree;
  treeView: vscode.TreeView<RunsNode>;
  dashboards: Dashboards;
}

/**
 * Watches the runs folders while a view shows runs or one is live, and does nothing at all otherwise. A view that comes
 * back is brought up to date first.
 */
export class Attention implements vscode.Disposable {
  readonly #parts: AttentionParts;
  readonly #subscriptions: vscode.Disposable[] = [];
  #watchers: vscode.Disposable[] = [];
  #awake = false;
  #settle: NodeJS.Timeout | null = null;
  #redraw: NodeJS.Timeout | null = null;

  constructor(parts: AttentionParts) {
    this.#parts = parts;
    const { catalog, treeView, dashboards } = parts;
    this.#subscriptions.push(
      treeView.onDidChangeVisibility(() => this.#update()),
      dashboards.onDidChangeVisibility(() => this.#update()),
      new vscode.Disposable(catalog.onChange(() => this.#update())),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#startOver()),
      vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('starsse.runsFolder') && this.#startOver()),
    );
    this.#update();
  }

  /** Whether anything is watched. */
  get awake(): boolean {
    return this.#awake;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#sleep();
  }

  #update(): void {
    const { catalog, treeView, dashboards, tree } = this.#parts;
    const seen = treeView.visible || dashboards.anyVisible;
    catalog.setSeen(seen);
    const awake = seen || catalog.live.length > 0;
    if (awake && !this.#awake) this.#wake();
    else if (!awake && this.#awake) this.#sleep();
    if (treeView.visible) this.#redraw ??= setInterval(() => tree.redraw(), REDRAW_MS);
    else this.#stopRedrawing();
  }

  #wake(): void {
    this.#awake = true;
    void this.#watch();
    void this.#parts.catalog.refresh();
  }

  #sleep(): void {
    this.#awake = false;
    for (const watcher of this.#watchers.splice(0)) watcher.dispose();
    if (this.#settle !== null) clearTimeout(this.#settle);
    this.#settle = null;
    this.#stopRedrawing();
  }

  #stopRedrawing(): void {
    if (this.#redraw !== null) clearInterval(this.#redraw);
    this.#redraw = null;
  }

  #startOver(): void {
    if (this.#awake) this.#sleep();
    this.#update();
  }

  async #watch(): Promise<void> {
    const folders = await runsFolders();
    if (!this.#awake || this.#watchers.length > 0) return;
    for (const folder of folders) {
      const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(folder), PATTERN));
      watcher.onDidCreate((uri) => this.#look(uri, false));
      watcher.onDidChange((uri) => this.#look(uri, false));
      watcher.onDidDelete((uri) => this.#look(uri, true));
      this.#watchers.push(watcher);
    }
  }

  /** Lists the runs again soon; what a live run writes is seen by the polling already. */
  #look(uri: vscode.Uri, deleted: boolean): void {
    const entry = this.#parts.catalog.entries.find(({ folder }) => uri.fsPath.startsWith(folder));
    if (!deleted && entry?.view && isLive(entry.view)) return;
    this.#settle ??= setTimeout(() => {
      this.#settle = null;
      void this.#parts.catalog.refresh();
    }, SETTLE_MS);
  }
}
