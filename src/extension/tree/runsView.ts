import * as vscode from 'vscode';
import { findPlans } from '../plan/planFiles.ts';
import type { RunCatalog } from '../runs/runCatalog.ts';
import { Arrangement } from './arrangement.ts';
import { RunDecorations } from './decorations.ts';
import { DiskUse } from './diskUse.ts';
import { RunsDragAndDrop } from './dragAndDrop.ts';
import type { RunsNode } from './nodes.ts';
import { RunsTree } from './runsTree.ts';
import type { Shown } from './shown.ts';
import { summaryOf } from './summary.ts';

export interface RunsView extends vscode.Disposable {
  arrangement: Arrangement;
  tree: RunsTree;
  treeView: vscode.TreeView<RunsNode>;
  dragAndDrop: RunsDragAndDrop;
}

/** The Runs view with all that belongs to it. @param load fills the catalog if nobody has */
export function createRunsView(catalog: RunCatalog, load: () => Promise<unknown>, memory: vscode.Memento): RunsView {
  const arrangement = new Arrangement(memory);
  const diskUse = new DiskUse();
  const tree = new RunsTree({ catalog, load, arrangement, diskUse });
  const dragAndDrop = new RunsDragAndDrop(() => catalog.refresh());
  const treeView = vscode.window.createTreeView<RunsNode>('starsse.runs', {
    treeDataProvider: tree,
    dragAndDropController: dragAndDrop,
    canSelectMany: true,
    showCollapseAll: true,
  });
  const summary = tree.onDidArrange((shown) => {
    treeView.message = summaryOf(arrangement.state, shown);
    if (shown.entries.length === 0) void explainEmptiness(shown);
  });
  const decorations = vscode.window.registerFileDecorationProvider(new RunDecorations());
  const owned = [treeView, summary, decorations, tree, diskUse, arrangement];
  return { arrangement, tree, treeView, dragAndDrop, dispose: () => owned.forEach((each) => each.dispose()) };
}

/** Tells the view's welcome page why it is empty. */
async function explainEmptiness({ filteredOut, archived }: Shown): Promise<void> {
  const why = filteredOut > 0 ? 'filter' : archived > 0 ? 'archive' : (await findPlans()).length === 0 ? 'noPlan' : 'noRun';
  await vscode.commands.executeCommand('setContext', 'starsse.emptyBecause', why);
}
