import * as vscode from 'vscode';
import type { Named } from '../../protocol/compose-messages.ts';
import { viewRun } from '../../run/view.ts';
import { announceMade, undoMade } from '../compose/announceMade.ts';
import { refuseTooFew } from '../compose/answers.ts';
import { makeBestEnsemble, makeBestSoup, type MadeRow } from '../compose/making.ts';
import { withTaskProgress } from '../taskProgress.ts';
import { membersAmong } from '../tree/dragged.ts';
import { mixable, runOf, type RunsNode } from '../tree/nodes.ts';
import { asNodes, chooseRun } from './choose.ts';
import type { Command, Parts } from './register.ts';

/** Compose, Add to Compose, Make the Best Soup, Make the Best Ensemble, and the undoing of what was made. */
export function composeCommands(parts: Parts): Command[] {
  return [
    { id: 'starsse.compose', needsTrust: false, run: (...args) => compose(parts, args) },
    { id: 'starsse.addToCompose', needsTrust: false, run: (...args) => addToCompose(parts, args) },
    { id: 'starsse.bestSoup', needsTrust: true, run: (arg) => best(parts, 'soup', arg) },
    { id: 'starsse.bestEnsemble', needsTrust: true, run: (arg) => best(parts, 'ensemble', arg) },
    { id: 'starsse.undoMade', needsTrust: true, run: (arg) => undo(parts, arg) },
  ];
}

const NONE = (): string => vscode.l10n.t('No run has two finished members yet.');

/** Of the selected runs or members; the first run's table is the one that grows. */
async function compose(parts: Parts, args: unknown[]): Promise<void> {
  const nodes = asNodes(args, parts);
  const runs = [...new Map(nodes.flatMap((node) => runOf(node) ?? []).map((node) => [node.folder, node.run])).values()];
  if (runs.length === 0) {
    const folder = await chooseRun(parts, args[0], (run) => mixable(run).length > 0, NONE());
    if (folder !== undefined) parts.composers.open([folder], (await viewRun(folder)).name, null);
    return;
  }
  const members = namedIn(nodes);
  parts.composers.open(runs.map(({ folder }) => folder), runs[0].name, members.length === 0 ? null : members);
}

/** Selected members, and those of selected runs, into the Compose that is open; of the command palette, the tree's selection. */
async function addToCompose(parts: Parts, args: unknown[]): Promise<void> {
  const nodes = args.length === 0 ? [...parts.treeView.selection] : asNodes(args, parts);
  const { front } = parts.composers;
  if (front === undefined || nodes.length === 0) return await compose(parts, nodes.length === 0 ? args : [nodes[0], nodes]);
  const members = membersAmong(nodes);
  if (members.length === 0) return void vscode.window.showInformationMessage(vscode.l10n.t('None of these members is finished.'));
  front.panel.reveal(undefined, true);
  await front.add([], members);
}

/** Members that are selected themselves. */
function namedIn(nodes: readonly RunsNode[]): Named[] {
  const members = nodes.flatMap((node) => (node.kind === 'snapshot' ? [node.parent] : node.kind === 'member' ? [node] : []));
  return [...new Map(members.map(({ parent, member }) => [`${parent.folder}#${member.member.name}`, { run: parent.folder, name: member.member.name }])).values()];
}

/** One command from members to the best of its kind; asks nothing before and can be undone after. @returns what was made */
async function best(parts: Parts, kind: 'soup' | 'ensemble', arg: unknown): Promise<MadeRow | undefined> {
  const { l10n } = vscode;
  const folder = await chooseRun(parts, arg, (run) => mixable(run).length >= 2, NONE());
  if (folder === undefined) return undefined;
  const run = await viewRun(folder);
  const members = mixable(run);
  refuseTooFew(members);
  const title = kind === 'soup' ? l10n.t('Looking for the best soup') : l10n.t('Looking for the best ensemble');
  const made = await withTaskProgress(title, (context) => (kind === 'soup' ? makeBestSoup(folder, members, context) : makeBestEnsemble(folder, members, context))).finally(() => parts.catalog.refresh());
  await parts.composers.refresh(folder);
  if (made === null) void vscode.window.showInformationMessage(l10n.t('No soup is better than the best member on validation images, so none was kept.'));
  else void announceMade(parts, { folder, run: run.name, ...made });
  return made ?? undefined;
}

/** @param arg `{ folder, name }`, as the buttons of messages give it */
async function undo(parts: Parts, arg: unknown): Promise<void> {
  if (typeof arg !== 'object' || arg === null || !('folder' in arg) || !('name' in arg)) return;
  await undoMade(parts, String(arg.folder), String(arg.name));
}
