import * as vscode from 'vscode';
import type { RunCatalog, RunEntry } from '../runs/runCatalog.ts';
import type { Arrangement } from './arrangement.ts';
import { decoratedUri } from './decorations.ts';
import { descriptionOf, labelOf, spokenText } from './describe.ts';
import type { DiskUse } from './diskUse.ts';
import { grouped } from './grouping.ts';
import { iconOf } from './icons.ts';
import { childrenOf, contextValueOf, fileOf, idOf, parentOf, type BrokenNode, type GroupNode, type RunNode, type RunsNode } from './nodes.ts';
import { shownOf, type Shown } from './shown.ts';
import { tooltipOf } from './tooltip.ts';
import { sizeText } from './words.ts';

export interface RunsTreeParts {
  catalog: RunCatalog;
  /** Fills the catalog if nobody has; until then the view shows that it is busy. */
  load(): Promise<unknown>;
  arrangement: Arrangement;
  diskUse: DiskUse;
}

/** Data of the Runs view. A run keeps its node while the picture changes, so that only its rows are drawn again. */
export class RunsTree implements vscode.TreeDataProvider<RunsNode>, vscode.Disposable {
  readonly #parts: RunsTreeParts;
  readonly #changed = new vscode.EventEmitter<RunsNode | undefined>();
  readonly #arranged = new vscode.EventEmitter<Shown>();
  readonly #subscriptions: vscode.Disposable[];
  /** By id; groups and runs, of which there may be several nodes by tag. */
  #nodes = new Map<string, GroupNode | RunNode | BrokenNode>();
  readonly onDidChangeTreeData = this.#changed.event;
  /** The runs were arranged anew: which are shown, and how many are not. */
  readonly onDidArrange = this.#arranged.event;

  constructor(parts: RunsTreeParts) {
    this.#parts = parts;
    this.#subscriptions = [
      new vscode.Disposable(parts.catalog.onChange(({ list, folders }) => this.#update(list, folders))),
      parts.arrangement.onDidChange(() => this.redraw()),
      parts.diskUse.onDidMeasure(() => this.redraw()),
      this.#changed,
      this.#arranged,
    ];
  }

  async getChildren(node?: RunsNode): Promise<RunsNode[]> {
    if (node !== undefined) return childrenOf(node);
    await this.#parts.load();
    return this.#arrange();
  }

  getParent(node: RunsNode): RunsNode | undefined {
    return parentOf(node);
  }

  getTreeItem(node: RunsNode): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(labelOf(node), childrenOf(node).length === 0 ? None : node.kind === 'group' ? Expanded : Collapsed);
    item.id = idOf(node);
    item.description = [this.#sizeOf(node), descriptionOf(node)].filter((part) => part !== '').join(' · ');
    item.contextValue = contextValueOf(node);
    item.iconPath = iconOf(node);
    item.resourceUri = decoratedUri(node);
    item.accessibilityInformation = { label: spokenText(node) };
    if (node.kind === 'soup' || node.kind === 'ensemble') {
      item.command = { command: 'starsse.openDashboard', title: vscode.l10n.t('Open Dashboard'), arguments: [node] };
    } else if (node.kind === 'broken') {
      item.command = { command: 'vscode.open', title: vscode.l10n.t('Open File'), arguments: [vscode.Uri.file(fileOf(node))] };
    }
    return item;
  }

  /** Tooltips are made when they are asked for. */
  async resolveTreeItem(item: vscode.TreeItem, node: RunsNode): Promise<vscode.TreeItem> {
    const bytes = node.kind === 'run' || node.kind === 'broken' ? await this.#parts.diskUse.measure(node.folder) : null;
    item.tooltip = tooltipOf(node, bytes);
    return item;
  }

  /** The first node of a run that the tree shows. */
  nodeOf(folder: string): RunNode | BrokenNode | undefined {
    return this.#nodesOf(folder)[0];
  }

  /** Draws all rows again, for example because relative times have changed. */
  redraw(): void {
    this.#changed.fire(undefined);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #nodesOf(folder: string): (RunNode | BrokenNode)[] {
    return [...this.#nodes.values()].filter((node): node is RunNode | BrokenNode => node.kind !== 'group' && node.folder === folder);
  }

  #update(list: boolean, folders: string[]): void {
    this.#parts.diskUse.forget(folders);
    const before = [...this.#nodes].map(([id, { kind }]) => `${kind} ${id}`).join('\n');
    this.#arrange();
    const after = [...this.#nodes].map(([id, { kind }]) => `${kind} ${id}`).join('\n');
    if (list || before !== after) return this.redraw();
    for (const node of folders.flatMap((folder) => this.#nodesOf(folder))) this.#changed.fire(node);
  }

  /** Roots of the tree; what is still there keeps its node. */
  #arrange(): (GroupNode | RunNode | BrokenNode)[] {
    const { catalog, arrangement } = this.#parts;
    const shown = shownOf(catalog.entries, arrangement.state);
    const { grouping } = arrangement.state;
    const nodes = new Map<string, GroupNode | RunNode | BrokenNode>();
    const keep = <N extends GroupNode | RunNode | BrokenNode>(fresh: N): N => {
      const old = this.#nodes.get(idOf(fresh));
      const node = old?.kind === fresh.kind ? (Object.assign(old, fresh) as N) : fresh;
      nodes.set(idOf(node), node);
      return node;
    };
    const roots =
      grouping === 'none'
        ? shown.entries.map((entry) => keep(nodeOf(entry)))
        : grouped(shown.entries, grouping).map(({ key, entries }) => {
            const group = keep<GroupNode>({ kind: 'group', grouping, key, runs: [] });
            group.runs = entries.map((entry) => keep({ ...nodeOf(entry), group }));
            return group;
          });
    this.#nodes = nodes;
    this.#arranged.fire(shown);
    return roots;
  }

  /** What a run takes on the disk, while the view shows that. */
  #sizeOf(node: RunsNode): string {
    if (!this.#parts.arrangement.state.diskUse || (node.kind !== 'run' && node.kind !== 'broken')) return '';
    const bytes = this.#parts.diskUse.known(node.folder);
    return bytes === undefined ? '' : sizeText(bytes);
  }
}

function nodeOf({ folder, view, error }: RunEntry): RunNode | BrokenNode {
  if (view !== null) return { kind: 'run', folder, run: view };
  if (error === null) throw new TypeError(`${folder} has neither a view nor an error`);
  return { kind: 'broken', folder, error };
}
