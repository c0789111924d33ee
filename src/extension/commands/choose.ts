import path from 'node:path';
import * as vscode from 'vscode';
import type { RunView } from '../../protocol/run.ts';
import { mixable, runOf, type RunsNode } from '../tree/nodes.ts';
import { agoText, statusWord } from '../tree/words.ts';
import type { Parts } from './register.ts';

const KINDS = new Set(['group', 'run', 'broken', 'member', 'snapshot', 'soup', 'ensemble']);

/** A node of the tree, as menus hand it to commands. */
export function asNode(arg: unknown): RunsNode | undefined {
  return typeof arg === 'object' && arg !== null && 'kind' in arg && KINDS.has(String(arg.kind)) ? (arg as RunsNode) : undefined;
}

/** All selected nodes when the menu was opened on one of them, else that one; of a key pressed in the tree, the selection. */
export function asNodes(args: unknown[], { treeView }: Pick<Parts, 'treeView'>): RunsNode[] {
  const [first] = args;
  if (typeof first === 'object' && first !== null && 'selection' in first) return [...treeView.selection];
  const several = Array.isArray(args[1]) ? args[1].flatMap((arg) => asNode(arg) ?? []) : [];
  if (several.length > 0) return several;
  const one = asNode(first);
  return one === undefined ? [] : [one];
}

/** The run folder that an argument means: a path, a URI, `{ folder }` or a node. */
export function folderOf(arg: unknown): string | undefined {
  if (typeof arg === 'string') return path.isAbsolute(arg) ? arg : undefined;
  if (arg instanceof vscode.Uri) return arg.fsPath;
  const node = asNode(arg);
  if (node !== undefined) return node.kind === 'broken' ? node.folder : runOf(node)?.folder;
  return typeof arg === 'object' && arg !== null && 'folder' in arg && typeof arg.folder === 'string' ? arg.folder : undefined;
}

/**
 * The run that a command is about: the argument's, else that of the dashboard in front, else the user's choice among those
 * that `fits`; the only one is taken at once.
 * @param none is said when no run fits.
 */
export async function chooseRun(parts: Parts, arg: unknown, fits: (run: RunView) => boolean, none: string): Promise<string | undefined> {
  const given = folderOf(arg);
  if (given !== undefined) return given;
  const front = parts.dashboards.active?.run;
  if (front && fits(front)) return front.folder;
  await parts.catalog.refresh();
  const runs = parts.catalog.entries.flatMap(({ view }) => (view !== null && fits(view) ? [view] : []));
  if (runs.length === 0) void vscode.window.showInformationMessage(none);
  if (runs.length <= 1) return runs[0]?.folder;
  const items = runs.map((run) => ({ label: run.name, description: `${statusWord(run.status)} · ${agoText(run.createdAt)}`, detail: run.folder, run }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Choose a run'), matchOnDescription: true });
  return chosen?.run.folder;
}

/** Folders of the selected runs that fit, when several are selected; else the run that `chooseRun` finds. */
export async function chosenRuns(parts: Parts, args: unknown[], fits: (run: RunView) => boolean, none: string): Promise<string[]> {
  const nodes = asNodes(args, parts);
  if (nodes.length > 1) return [...new Set(nodes.flatMap((node) => runOf(node) ?? []).filter(({ run }) => fits(run)).map(({ folder }) => folder))];
  const folder = await chooseRun(parts, nodes[0] ?? args[0], fits, none);
  return folder === undefined ? [] : [folder];
}

/** Members of a run for a soup or an ensemble, all chosen to begin with. @returns undefined when the user changes their mind. */
export async function chooseMembers(run: RunView, placeHolder: string): Promise<string[] | undefined> {
  const items = mixable(run).map((name) => ({ label: name, picked: true }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder, canPickMany: true });
  return chosen === undefined || chosen.length === 0 ? undefined : chosen.map(({ label }) => label);
}
