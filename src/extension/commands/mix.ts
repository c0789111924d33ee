import * as vscode from 'vscode';
import { StarsseError } from '../../protocol/errors.ts';
import type { Added, AddedSoup } from '../../run/task-lines.ts';
import { madeNames } from '../../run/removal.ts';
import { viewRun } from '../../run/view.ts';
import { announceMade } from '../compose/announceMade.ts';
import { mix, type Mixture } from '../runActions.ts';
import { withTaskProgress } from '../taskProgress.ts';
import { mixable, type MemberNode, type SnapshotNode } from '../tree/nodes.ts';
import { asNode, asNodes, chooseMembers, chooseRun } from './choose.ts';
import type { Command, Parts } from './register.ts';

type Mixed = Added & Partial<AddedSoup>;

/** Make Soup and Make Ensemble: of the members selected in the tree, of `{ folder, members }`, or of a run's members by choice. */
export function mixCommands(parts: Parts): Command[] {
  return [
    { id: 'starsse.makeSoup', needsTrust: true, run: (...args) => make(parts, 'soup', args) },
    { id: 'starsse.makeEnsemble', needsTrust: true, run: (...args) => make(parts, 'ensemble', args) },
  ];
}

async function make(parts: Parts, kind: Mixture['kind'], args: unknown[]): Promise<Mixed | undefined> {
  const mixture = wished(parts, kind, args) ?? (await chosen(parts, kind, args[0]));
  if (mixture === undefined) return undefined;
  const [before, run] = [await madeNames(mixture.folder), await viewRun(mixture.folder)];
  const title = kind === 'soup' ? vscode.l10n.t('Making a soup') : vscode.l10n.t('Making an ensemble');
  const answer = await withTaskProgress(title, (context) => mix(mixture, context)).finally(() => parts.catalog.refresh());
  if (answer.added !== null) {
    void announceMade(parts, { folder: mixture.folder, run: run.name, added: answer.added, isNew: !before.includes(answer.added), table: answer.table, gate: answer.gate ?? null });
  }
  return answer;
}

/** What the arguments alone say. @throws StarsseError usage for members of several runs, or too few. */
function wished(parts: Parts, kind: Mixture['kind'], args: unknown[]): Mixture | undefined {
  const [first] = args;
  if (asNode(first) === undefined && typeof first === 'object' && first !== null && 'folder' in first && 'members' in first) {
    const { folder, members } = first;
    if (typeof folder === 'string' && Array.isArray(members)) return { kind, folder, members: members.map(String) };
  }
  const nodes = asNodes(args, parts).filter((node): node is MemberNode | SnapshotNode => node.kind === 'member' || node.kind === 'snapshot');
  if (nodes.length === 0) return undefined;
  const members = nodes.map((node) => (node.kind === 'snapshot' ? node.parent : node));
  const folders = new Set(members.map(({ parent }) => parent.folder));
  if (folders.size > 1) {
    throw new StarsseError('usage', vscode.l10n.t('The selected members belong to {0} runs', folders.size), { hint: vscode.l10n.t('Select members of one run.') });
  }
  const names = [...new Set(members.map(({ member }) => member.member.name))];
  if (names.length < 2) {
    throw new StarsseError('usage', vscode.l10n.t('Only {0} is selected', names.join(', ')), { hint: vscode.l10n.t('Select at least two members.') });
  }
  return { kind, folder: members[0].parent.folder, members: names };
}

async function chosen(parts: Parts, kind: Mixture['kind'], arg: unknown): Promise<Mixture | undefined> {
  const none = vscode.l10n.t('No run has two finished members yet.');
  const folder = await chooseRun(parts, arg, (run) => mixable(run).length >= 2, none);
  if (folder === undefined) return undefined;
  const run = await viewRun(folder);
  const placeHolder = kind === 'soup' ? vscode.l10n.t('Members of the soup') : vscode.l10n.t('Members of the ensemble');
  const members = mixable(run).length === 0 ? undefined : await chooseMembers(run, placeHolder);
  if (mixable(run).length === 0) void vscode.window.showInformationMessage(none);
  return members === undefined ? undefined : { kind, folder, members };
}
