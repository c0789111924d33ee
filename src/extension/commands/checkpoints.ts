import path from 'node:path';
import * as vscode from 'vscode';
import { StarsseError } from '../../protocol/errors.ts';
import type { Comparisons } from '../checkpoint/comparisons.ts';
import { CHECKPOINT_EDITOR, openCheckpoint } from '../checkpoint/inspection.ts';
import { fileOf, type RunsNode } from '../tree/nodes.ts';
import { asNode, asNodes } from './choose.ts';
import type { Command, Parts } from './register.ts';

const ENDINGS = ['safetensors', 'keras', 'h5', 'json'];
/** Set once a checkpoint was selected for a comparison; menus ask for it. */
const SELECTED_KEY = 'starsse.checkpointSelected';

/** Inspect Checkpoint, Compare Checkpoints, and the two steps of it that the explorer has for texts. */
export function checkpointCommands(parts: Parts, comparisons: Comparisons): Command[] {
  let selected: string | null = null;
  return [
    { id: 'starsse.inspect', needsTrust: false, run: inspect },
    { id: 'starsse.compareCheckpoints', needsTrust: false, run: compare },
    {
      id: 'starsse.selectCheckpoint',
      needsTrust: false,
      async run(...args) {
        [selected = null] = filesOf(args, parts);
        await vscode.commands.executeCommand('setContext', SELECTED_KEY, selected !== null);
      },
    },
    {
      id: 'starsse.compareWithSelected',
      needsTrust: false,
      async run(...args) {
        const [file] = filesOf(args, parts);
        if (selected !== null && file !== undefined) comparisons.open(selected, file);
      },
    },
  ];

  async function inspect(...args: unknown[]): Promise<void> {
    const [file = await chooseFile(vscode.l10n.t('Inspect'))] = args.length === 0 ? [] : filesOf(args, parts);
    if (file !== undefined) await openCheckpoint(vscode.Uri.file(file));
  }

  /** Of more than two, the first two; of one, the other by choice. */
  async function compare(...args: unknown[]): Promise<void> {
    const [first = await chooseFile(vscode.l10n.t('Compare')), second = undefined] = filesOf(args, parts);
    if (first === undefined) return;
    const other = second ?? (await chooseOther(first, parts));
    if (other === undefined) return;
    if (other === first) throw new StarsseError('usage', vscode.l10n.t('{0} cannot be compared with itself', path.basename(first)), { hint: vscode.l10n.t('Choose another file.') });
    comparisons.open(first, other);
  }
}

/** Files that the arguments of a menu mean: of the explorer, an editor's title or the tree of runs; without any, the editor in front. */
function filesOf(args: unknown[], parts: Parts): string[] {
  const several = Array.isArray(args[1]) ? args[1].filter((arg) => arg instanceof vscode.Uri) : [];
  if (several.length > 1) return several.map(({ fsPath }) => fsPath);
  if (args[0] instanceof vscode.Uri) return [args[0].fsPath];
  if (asNode(args[0]) !== undefined) return asNodes(args, parts).flatMap(checkpointOf);
  // From the command palette: the inspector in front.
  const input = args.length === 0 ? vscode.window.tabGroups.activeTabGroup.activeTab?.input : undefined;
  return input instanceof vscode.TabInputCustom && input.viewType.startsWith(CHECKPOINT_EDITOR) ? [input.uri.fsPath] : [];
}

function checkpointOf(node: RunsNode): string[] {
  if (node.kind === 'snapshot' || node.kind === 'soup') return [fileOf(node)];
  return node.kind === 'member' && node.member.snapshot !== null ? [path.join(node.parent.folder, node.member.snapshot)] : [];
}

/** The snapshots of all runs, those of the same run first, or any file. */
async function chooseOther(first: string, { catalog }: Parts): Promise<string | undefined> {
  const browse = { label: `$(folder-opened) ${vscode.l10n.t('Another file…')}`, file: null };
  const items = catalog.entries.flatMap(({ view }) => {
    if (view === null) return [];
    const snapshots = [...view.members.map(({ snapshot }) => snapshot), ...view.soups.map(({ snapshot }) => snapshot)];
    return snapshots.flatMap((snapshot) => (snapshot === null ? [] : [{ label: path.basename(snapshot, '.safetensors'), description: view.name, file: path.join(view.folder, snapshot) }]));
  });
  const others = items.filter(({ file }) => file !== first).sort((a, b) => Number(path.dirname(b.file) === path.dirname(first)) - Number(path.dirname(a.file) === path.dirname(first)));
  const chosen = others.length === 0 ? browse : await vscode.window.showQuickPick([browse, ...others], { placeHolder: vscode.l10n.t('Compare {0} with', path.basename(first)), matchOnDescription: true });
  return chosen === undefined ? undefined : (chosen.file ?? (await chooseFile(vscode.l10n.t('Compare'))));
}

async function chooseFile(openLabel: string): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({ filters: { [vscode.l10n.t('Checkpoints')]: ENDINGS }, openLabel });
  return chosen?.[0]?.fsPath;
}
