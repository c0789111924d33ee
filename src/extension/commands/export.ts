import path from 'node:path';
import * as vscode from 'vscode';
import { EXPORT_FORMATS, type Exported, type ExportFormat } from '../../protocol/export.ts';
import type { RunView } from '../../protocol/run.ts';
import { viewRun } from '../../run/view.ts';
import { reveal, runTaskHere } from '../runActions.ts';
import { withTaskProgress } from '../taskProgress.ts';
import type { RunsNode } from '../tree/nodes.ts';
import { asNode, chooseRun } from './choose.ts';
import type { Command, Parts } from './register.ts';

interface Wish {
  folder: string;
  name: string;
  format: ExportFormat;
  /** The folder to make, absolute. */
  out: string;
}

/** Export: a member or a soup for other programs, with a model card; of the node of a menu, or as `{ folder, name, format, out }` says. */
export function exportCommands(parts: Parts): Command[] {
  return [{ id: 'starsse.export', needsTrust: true, run: (arg) => exportChosen(parts, arg) }];
}

async function exportChosen(parts: Parts, arg: unknown): Promise<Exported | undefined> {
  if (isWish(arg)) return await exportAs(arg);
  const folder = await chooseRun(parts, arg, (run) => exportable(run).length > 0, vscode.l10n.t('No run has a finished member yet.'));
  if (folder === undefined) return undefined;
  const name = nameOf(asNode(arg)) ?? (await chooseName(await viewRun(folder)));
  const format = name === undefined ? undefined : await chooseFormat();
  if (name === undefined || format === undefined) return undefined;
  const parent = await chooseParent(folder);
  if (parent === undefined) return undefined;
  return await exportAs({ folder, name, format, out: path.join(parent, `${path.basename(folder)}-${name}-${format}`) });
}

async function exportAs({ folder, ...request }: Wish): Promise<Exported> {
  const exported = await withTaskProgress(vscode.l10n.t('Exporting {0}', request.name), (context) => runTaskHere('export', [folder, JSON.stringify(request)], context));
  void announce(exported);
  return exported;
}

function isWish(arg: unknown): arg is Wish {
  if (asNode(arg) !== undefined || typeof arg !== 'object' || arg === null) return false;
  const wish = arg as Partial<Record<keyof Wish, unknown>>;
  return [wish.folder, wish.name, wish.out].every((text) => typeof text === 'string') && EXPORT_FORMATS.some((format) => format === wish.format);
}

/** Members and soups that have weights. */
function exportable(run: RunView): string[] {
  return [...run.members.filter(({ snapshot }) => snapshot !== null).map(({ member }) => member.name), ...run.soups.map(({ name }) => name)];
}

function nameOf(node: RunsNode | undefined): string | undefined {
  switch (node?.kind) {
    case 'member':
      return node.member.member.name;
    case 'snapshot':
      return node.parent.member.member.name;
    case 'soup':
      return node.soup.name;
    default:
      return undefined;
  }
}

async function chooseName(run: RunView): Promise<string | undefined> {
  const best = run.results?.bestMember;
  const items = exportable(run).map((name) => ({ label: name, ...(name === best ? { description: vscode.l10n.t('best member') } : {}) }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('What to export') }))?.label;
}

async function chooseFormat(): Promise<ExportFormat | undefined> {
  const { l10n } = vscode;
  const details: Record<ExportFormat, [label: string, detail: string]> = {
    safetensors: ['safetensors', l10n.t("Weights with PyTorch's names and layouts, and a model card")],
    tfjs: ['TensorFlow.js', l10n.t('A layers model (model.json), and a model card')],
    card: [l10n.t('Model card'), l10n.t('Recipe, parents, data and measured figures, as Markdown')],
  };
  const items = EXPORT_FORMATS.map((format) => ({ label: details[format][0], detail: details[format][1], format }));
  return (await vscode.window.showQuickPick(items, { placeHolder: l10n.t('As what?') }))?.format;
}

export async function chooseParent(run: string): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: vscode.workspace.getWorkspaceFolder(vscode.Uri.file(run))?.uri ?? vscode.Uri.file(path.dirname(run)),
    title: vscode.l10n.t('Folder to export into'),
    openLabel: vscode.l10n.t('Export here'),
  });
  return chosen?.[0]?.fsPath;
}

async function announce({ name, folder }: Exported): Promise<void> {
  const show = vscode.l10n.t('Reveal');
  if ((await vscode.window.showInformationMessage(vscode.l10n.t('{0} is in {1}', name, folder), show)) === show) await reveal(folder);
}
