import * as vscode from 'vscode';
import type { RunCatalog, RunEntry } from '../runs/runCatalog.ts';
import { descriptionOf, labelOf, spokenText } from './describe.ts';
import { iconOf } from './icons.ts';
import { childrenOf, contextValueOf, fileOf, idOf, parentOf, type BrokenNode, type RunNode, type RunsNode } from './nodes.ts';
import { tooltipOf } from './tooltip.ts';

/** Data of the Runs view. A run keeps its node while the picture changes, so that only its rows are drawn again. */
export class RunsTree implements vscode.TreeDataProvider<RunsNode>, vscode.Disposable {
  readonly #catalog: RunCatalog;
  readonly #loaded: Promise<unknown>;
  readonly #changed = new vscode.EventEmitter<RunsNode | undefined>();
  readonly #endListening: () => void;
  #nodes = new Map<string, RunNode | BrokenNode>();
  readonly onDidChangeTreeData = this.#changed.event;

  /** @param loaded ends when the catalog has been filled once; until then the view shows that it is busy. */
  constructor(catalog: RunCatalog, loaded: Promise<unknown>) {
    this.#catalog = catalog;
    this.#loaded = loaded;
    this.#endListening = catalog.onChange(({ list, folders }) => this.#update(list, folders));
  }

  async getChildren(node?: RunsNode): Promise<RunsNode[]> {
    if (node !== undefined) return childrenOf(node);
    await this.#loaded;
    this.#nodes = new Map(this.#catalog.entries.map((entry) => [entry.folder, this.#nodeOf(entry)]));
    return [...this.#nodes.values()];
  }

  getParent(node: RunsNode): RunsNode | undefined {
    return parentOf(node);
  }

  getTreeItem(node: RunsNode): vscode.TreeItem {
    const leaf = childrenOf(node).length === 0;
    const item = new vscode.TreeItem(labelOf(node), leaf ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Collapsed);
    item.id = idOf(node);
    item.description = descriptionOf(node);
    item.contextValue = contextValueOf(node);
    item.iconPath = iconOf(node);
    item.accessibilityInformation = { label: spokenText(node) };
    if (node.kind === 'soup' || node.kind === 'ensemble') {
      item.command = { command: 'starsse.openDashboard', title: vscode.l10n.t('Open Dashboard'), arguments: [node] };
    } else if (node.kind === 'broken') {
      item.command = { command: 'vscode.open', title: vscode.l10n.t('Open File'), arguments: [vscode.Uri.file(fileOf(node))] };
    }
    return item;
  }

  /** Tooltips are made when they are asked for. */
  resolveTreeItem(item: vscode.TreeItem, node: RunsNode): vscode.TreeItem {
    item.tooltip = tooltipOf(node);
    return item;
  }

  /** The node of a run that the tree has shown. */
  nodeOf(folder: string): RunNode | BrokenNode | undefined {
    return this.#nodes.get(folder);
  }

  /** Draws all rows again, for example because relative times have changed. */
  redraw(): void {
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#endListening();
    this.#changed.dispose();
  }

  #update(list: boolean, folders: string[]): void {
    if (list) return this.redraw();
    for (const folder of folders) {
      const entry = this.#catalog.find(folder);
      const node = this.#nodes.get(folder);
      if (entry === undefined || node === undefined || (entry.view === null) !== (node.kind === 'broken')) return this.redraw();
      this.#changed.fire(this.#nodeOf(entry));
    }
  }

  #nodeOf(entry: RunEntry): RunNode | BrokenNode {
    const old = this.#nodes.get(entry.folder);
    if (entry.view !== null) {
      if (old?.kind === 'run') return Object.assign(old, { run: entry.view });
      return { kind: 'run', folder: entry.folder, run: entry.view };
    }
    if (entry.error === null) throw new TypeError(`${entry.folder} has neither a view nor an error`);
    if (old?.kind === 'broken') return Object.assign(old, { error: entry.error });
    return { kind: 'broken', folder: entry.folder, error: entry.error };
  }
}
