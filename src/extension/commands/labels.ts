import path from 'node:path';
import * as vscode from 'vscode';
import { fieldProblems } from '../../protocol/parse.ts';
import { LabelsSchema, TagSchema, type LabelsChange } from '../../protocol/labels.ts';
import { changeLabels } from '../../run/labels.ts';
import type { RunView } from '../../protocol/run.ts';
import { asNodes, chooseRun, folderOf } from './choose.ts';
import type { Command, Parts } from './register.ts';

/** Tag, Rename, Archive and Unarchive: of the selected runs, or as `{ folder, addTags, removeTags, name }` says. */
export function labelCommands(parts: Parts): Command[] {
  return [
    { id: 'starsse.tag', needsTrust: true, run: (...args) => tag(parts, args) },
    { id: 'starsse.rename', needsTrust: true, run: (...args) => rename(parts, args) },
    { id: 'starsse.archive', needsTrust: true, run: (...args) => archive(parts, args, true) },
    { id: 'starsse.unarchive', needsTrust: true, run: (...args) => archive(parts, args, false) },
  ];
}

async function tag(parts: Parts, args: unknown[]): Promise<void> {
  const folders = await runFolders(parts, args, () => true);
  const given = changeOf(args[0]);
  const runs = folders.flatMap((folder) => parts.catalog.find(folder)?.view ?? []);
  const change = given ?? (folders.length === 0 ? undefined : await askTags(runs, allTags(parts)));
  if (change !== undefined) await apply(parts, folders, change);
}

async function rename(parts: Parts, args: unknown[]): Promise<void> {
  const [folder] = await runFolders(parts, args, () => true);
  if (folder === undefined) return;
  const { l10n } = vscode;
  const run = parts.catalog.find(folder)?.view;
  const name = changeOf(args[0])?.name ?? (await vscode.window.showInputBox({
    title: l10n.t('Rename Run'),
    prompt: l10n.t('Empty: the name of its plan, {0}', run?.planName ?? path.basename(folder)),
    value: run?.name ?? '',
    validateInput: (text) => (text.trim() === '' ? undefined : fieldProblems(LabelsSchema, { name: text })[0]?.message),
  }));
  if (name === undefined) return;
  const isPlans = name === null || name.trim() === '' || name.trim() === run?.planName;
  await apply(parts, [folder], { name: isPlans ? null : name });
}

async function archive(parts: Parts, args: unknown[], archived: boolean): Promise<void> {
  const folders = await runFolders(parts, args, ({ labels }) => labels.archived !== archived);
  await apply(parts, folders, { archived });
}

async function apply(parts: Parts, folders: string[], change: LabelsChange): Promise<void> {
  try {
    for (const folder of folders) await changeLabels(folder, change);
  } finally {
    await parts.catalog.refresh();
  }
}

/** Folders of the runs that are selected, or of the one that is given or chosen. */
async function runFolders(parts: Parts, args: unknown[], fits: (run: RunView) => boolean): Promise<string[]> {
  const selected = [...new Set(asNodes(args, parts).flatMap((node) => (node.kind === 'broken' ? [] : (folderOf(node) ?? []))))];
  if (selected.length > 0) return selected;
  const folder = await chooseRun(parts, args[0], fits, vscode.l10n.t('There are no runs yet.'));
  return folder === undefined ? [] : [folder];
}

function changeOf(arg: unknown): LabelsChange | undefined {
  if (typeof arg !== 'object' || arg === null || 'kind' in arg) return undefined;
  const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  const { addTags, removeTags, name } = arg as Record<string, unknown>;
  if (addTags === undefined && removeTags === undefined && name === undefined) return undefined;
  return { addTags: texts(addTags), removeTags: texts(removeTags), ...(typeof name === 'string' || name === null ? { name } : {}) };
}

function allTags({ catalog }: Parts): string[] {
  return [...new Set(catalog.entries.flatMap(({ view }) => view?.labels.tags ?? []))].sort((a, b) => a.localeCompare(b, 'en'));
}

/** Checkboxes of all tags there are, and of one that is typed. Those that only some of the runs have stay as they are unless they are touched. */
async function askTags(runs: RunView[], known: string[]): Promise<LabelsChange | undefined> {
  const { l10n } = vscode;
  const common = known.filter((name) => runs.every(({ labels }) => labels.tags.includes(name)));
  const pick = vscode.window.createQuickPick();
  pick.canSelectMany = true;
  pick.title = runs.length === 1 ? l10n.t('Tags of {0}', runs[0].name) : l10n.t('Tags of {0} runs', runs.length);
  pick.placeholder = l10n.t('Choose tags, or type a new one');
  const items = new Map(known.map((name) => [name, { label: name }]));
  const draw = (): void => {
    const chosen = pick.selectedItems.map(({ label }) => label);
    const typed = pick.value.trim();
    const fresh = typed !== '' && !items.has(typed) && fieldProblems(TagSchema, typed).length === 0 ? [{ label: typed, description: l10n.t('new tag') }] : [];
    pick.items = [...fresh, ...items.values()];
    pick.selectedItems = pick.items.filter(({ label }) => chosen.includes(label));
  };
  draw();
  pick.selectedItems = pick.items.filter(({ label }) => common.includes(label));
  pick.onDidChangeValue(draw);
  // A new tag that was checked stays when something else is typed.
  pick.onDidChangeSelection((selected) => {
    for (const { label } of selected) if (!items.has(label)) items.set(label, { label });
  });
  return await new Promise((resolve) => {
    pick.onDidAccept(() => {
      const chosen = pick.selectedItems.map(({ label }) => label);
      resolve({ addTags: chosen.filter((name) => !common.includes(name)), removeTags: common.filter((name) => !chosen.includes(name)) });
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
