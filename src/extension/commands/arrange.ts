import * as vscode from 'vscode';
import { termsOf, toggled } from '../tree/filter.ts';
import { GROUPINGS, type Grouping } from '../tree/grouping.ts';
import { shownOf } from '../tree/shown.ts';
import type { Command, Parts } from './register.ts';

/** How the Runs view shows the runs: Group, Filter, Clear Filter, archived ones, disk use. */
export function arrangeCommands(parts: Parts): Command[] {
  const { arrangement } = parts;
  const change = (part: Parameters<typeof arrangement.change>[0]) => async (): Promise<void> => {
    await Promise.resolve(arrangement.change(part));
  };
  return [
    { id: 'starsse.groupRuns', needsTrust: false, run: (arg) => group(parts, arg) },
    { id: 'starsse.filterRuns', needsTrust: false, run: (arg) => filter(parts, arg) },
    { id: 'starsse.clearFilter', needsTrust: false, run: change({ filter: '' }) },
    { id: 'starsse.showArchived', needsTrust: false, run: change({ archived: true }) },
    { id: 'starsse.hideArchived', needsTrust: false, run: change({ archived: false }) },
    { id: 'starsse.showDiskUse', needsTrust: false, run: change({ diskUse: true }) },
    { id: 'starsse.hideDiskUse', needsTrust: false, run: change({ diskUse: false }) },
  ];
}

/** @param arg a grouping, to choose without asking. */
async function group({ arrangement }: Parts, arg: unknown): Promise<void> {
  const given = GROUPINGS.find((grouping) => grouping === arg);
  const { l10n } = vscode;
  const names: Record<Grouping, string> = {
    none: l10n.t('Not at all'), method: l10n.t('By method'), plan: l10n.t('By plan'), status: l10n.t('By status'), day: l10n.t('By day'), tag: l10n.t('By tag'),
  };
  const now = arrangement.state.grouping;
  const items = GROUPINGS.map((grouping) => ({ label: names[grouping], ...(grouping === now ? { description: l10n.t('now') } : {}), grouping }));
  const chosen = given ?? (await vscode.window.showQuickPick(items, { placeHolder: l10n.t('How to group the runs') }))?.grouping;
  if (chosen !== undefined) arrangement.change({ grouping: chosen });
}

/** Filters as one types; a term that is picked is put in or taken out, Enter on the first line keeps the filter. @param arg a filter, to take without asking. */
async function filter({ arrangement, catalog }: Parts, arg: unknown): Promise<void> {
  if (typeof arg === 'string') return arrangement.change({ filter: arg });
  const { l10n } = vscode;
  await catalog.refresh();
  const before = arrangement.state.filter;
  const terms = termsOf(catalog.entries.flatMap(({ view }) => view ?? []));
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { term: string | null }>();
  pick.placeholder = l10n.t('Words of the name, @status:done, @tag:good or @method:starsse');
  pick.value = before;
  const draw = (): void => {
    const { entries } = shownOf(catalog.entries, arrangement.state);
    const shows = entries.length === 1 ? l10n.t('1 run') : l10n.t('{0} runs', entries.length);
    pick.items = [
      { label: `$(check) ${l10n.t('Show {0}', shows)}`, term: null, alwaysShow: true },
      ...terms.map(({ term, runs }) => ({ label: term, description: runs === 1 ? l10n.t('1 run') : l10n.t('{0} runs', runs), term, alwaysShow: true })),
    ];
  };
  const take = (text: string): void => {
    arrangement.change({ filter: text });
    draw();
  };
  draw();
  await new Promise<void>((resolve) => {
    let kept = false;
    pick.onDidChangeValue(take);
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen?.term) {
        pick.value = `${toggled(pick.value, chosen.term)} `;
        return take(pick.value);
      }
      kept = true;
      pick.hide();
    });
    pick.onDidHide(() => {
      if (!kept) arrangement.change({ filter: before });
      pick.dispose();
      resolve();
    });
    pick.show();
  });
}
