import * as vscode from 'vscode';
import { deleteLeftovers, leftoversOf, type Leftover, type LeftoverKind } from '../../run/cleaning.ts';
import { runTaskHere } from '../runActions.ts';
import { withTaskProgress } from '../taskProgress.ts';
import { sizeText } from '../tree/words.ts';
import { confirm, removeFolder } from './delete.ts';
import type { Command, Parts } from './register.ts';

/** Clean Up: lists what could be deleted, with sizes; what is checked is deleted after asking. */
export function cleanCommands(parts: Parts): Command[] {
  return [{ id: 'starsse.clean', needsTrust: true, run: (arg) => clean(parts, arg) }];
}

/** Decoded images of all workspaces, in the cache folder. */
interface ImageCache {
  kind: 'images';
  folder: string;
  sizeBytes: number;
}
type Cleanable = Leftover | ImageCache;

/** What a user would lose time over is not checked to begin with. */
const CHECKED: ReadonlySet<Cleanable['kind']> = new Set(['resume', 'predictions', 'torn']);

/** @param arg `{ list: true }` only lists; `{ kinds: [...] }` deletes these kinds of leftovers without asking. */
async function clean(parts: Parts, arg: unknown): Promise<Cleanable[] | number | undefined> {
  await parts.catalog.refresh();
  const { l10n } = vscode;
  const found = await withTaskProgress(l10n.t('Looking for what can be deleted'), ({ signal, report }) => cleanableOf(parts, { signal, report }));
  if (typeof arg === 'object' && arg !== null && 'list' in arg) return found;
  const kinds = typeof arg === 'object' && arg !== null && 'kinds' in arg && Array.isArray(arg.kinds) ? arg.kinds : null;
  if (kinds === null && found.length === 0) return void vscode.window.showInformationMessage(l10n.t('There is nothing to delete.'));
  const chosen = kinds === null ? await choose(found) : found.filter(({ kind }) => kinds.includes(kind));
  if (chosen === undefined || chosen.length === 0) return undefined;
  if (kinds === null && !(await asked(chosen))) return undefined;
  const freedBytes = await remove(parts, chosen);
  void vscode.window.showInformationMessage(l10n.t('{0} are free again.', sizeText(freedBytes)));
  return freedBytes;
}

async function cleanableOf({ catalog }: Parts, context: Parameters<Parameters<typeof withTaskProgress>[1]>[0]): Promise<Cleanable[]> {
  const runs = catalog.entries.flatMap(({ view }) => view ?? []);
  const leftovers = (await Promise.all(runs.map(leftoversOf))).flat();
  const { folder, sizeBytes } = await runTaskHere('data-cache', [], context);
  return [...leftovers, ...(sizeBytes === 0 ? [] : [{ kind: 'images' as const, folder, sizeBytes }])].sort((a, b) => b.sizeBytes - a.sizeBytes);
}

async function choose(found: Cleanable[]): Promise<Cleanable[] | undefined> {
  const { l10n } = vscode;
  const details: Record<LeftoverKind | 'images', string> = {
    resume: l10n.t('Where finished members could have gone on'),
    predictions: l10n.t('Predictions of deleted soups'),
    torn: l10n.t('Left behind by a program that was killed'),
    distillation: l10n.t('An unfinished distillation, which would begin anew'),
    archived: l10n.t('The archived run, as a whole'),
    images: l10n.t('Decoded images, which are made again when they are needed'),
  };
  const items = found.map((each) => ({
    label: each.kind === 'images' ? l10n.t('Image cache') : each.run.name,
    description: sizeText(each.sizeBytes),
    detail: each.kind === 'images' ? `${details.images} · ${each.folder}` : `${details[each.kind]} · ${each.kind === 'archived' ? each.run.folder : filesText(each)}`,
    picked: CHECKED.has(each.kind),
    each,
  }));
  const title = l10n.t('What to delete: {0} in all', sizeText(found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)));
  return (await vscode.window.showQuickPick(items, { title, canPickMany: true, matchOnDetail: true }))?.map(({ each }) => each);
}

async function asked(chosen: Cleanable[]): Promise<boolean> {
  const { l10n } = vscode;
  const bytes = sizeText(chosen.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  const places = chosen.map((each) => (each.kind === 'images' ? each.folder : each.kind === 'archived' ? each.run.folder : `${each.run.name}: ${filesText(each)}`));
  return await confirm(l10n.t('Delete {0}?', bytes), places.join('\n'), l10n.t('Delete for Good'));
}

function filesText({ run, files }: Leftover): string {
  return files.map((file) => file.slice(run.folder.length + 1)).join(', ');
}

async function remove(parts: Parts, chosen: Cleanable[]): Promise<number> {
  const title = vscode.l10n.t('Deleting');
  try {
    const leftovers = chosen.filter((each): each is Leftover => each.kind !== 'images');
    let freedBytes = await deleteLeftovers(leftovers, async (folder) => {
      const removed = await removeFolder(folder);
      if (removed) parts.dashboards.close(folder);
      return removed;
    });
    if (chosen.some(({ kind }) => kind === 'images')) freedBytes += (await withTaskProgress(title, (context) => runTaskHere('clear-data-cache', [], context))).freedBytes;
    return freedBytes;
  } finally {
    await parts.catalog.refresh();
  }
}
