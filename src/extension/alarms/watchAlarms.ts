import { statfs } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { RunView } from '../../protocol/run.ts';
import { runFiles } from '../../run/folder.ts';
import { isLive, type RunCatalog } from '../runs/runCatalog.ts';
import { accuracyText } from '../tree/words.ts';
import { offerFor, type Choice } from '../finishNotices.ts';
import { alarmsOf, ToldOnce, type Alarm, type Facts, type Losses } from './alarms.ts';
import { readLosses } from './losses.ts';

/** Tells when something may be wrong with a run that goes on. Looks when the catalog does, so never without a live run. @returns what ends it. */
export function watchAlarms(catalog: RunCatalog): vscode.Disposable {
  const told = new ToldOnce();
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      for (const run of catalog.live) {
        for (const alarm of told.fresh(run.folder, alarmsOf(run, await factsOf(run)))) void tell(run, alarm);
      }
    } finally {
      isLooking = false;
    }
  };
  return new vscode.Disposable(
    catalog.onChange(({ folders }) => {
      if (folders.some((folder) => catalog.live.some((run) => run.folder === folder && isLive(run)))) void look();
    }),
  );
}

async function factsOf(run: RunView): Promise<Facts> {
  const losses = new Map<string, Losses>();
  for (const { member, state } of run.members) {
    const found = state.status === 'running' ? await readLosses(runFiles.rows(run.folder, member.name)) : null;
    if (found !== null) losses.set(member.name, found);
  }
  return { losses, freeBytes: await statfs(run.folder).then(({ bavail, bsize }) => bavail * bsize, () => null) };
}

async function tell(run: RunView, alarm: Alarm): Promise<void> {
  const { l10n } = vscode;
  const open: Choice = [l10n.t('Open Dashboard'), 'starsse.openDashboard'];
  const stop: Choice = [l10n.t('Stop'), 'starsse.stop'];
  await offerFor(alarm.kind, vscode.window.showWarningMessage, textOf(run, alarm), alarm.kind === 'accuracy' ? [open] : [open, stop], run);
}

function textOf({ name }: RunView, alarm: Alarm): string {
  const { l10n } = vscode;
  switch (alarm.kind) {
    case 'diverged':
      return l10n.t('{0}: the loss of {1} is {2}, it began at {3}. The learning rate may be too high.', name, alarm.member, alarm.loss.toFixed(2), alarm.startLoss.toFixed(2));
    case 'disk':
      return l10n.t('{0}: only {1} GB are free on its disk. A member that cannot be saved fails.', name, (alarm.freeBytes / 2 ** 30).toFixed(1));
    case 'accuracy':
      return l10n.t('{0}: {1} has {2} on validation images, member 1 has {3}. It may have left the basin; a soup with it may be poor.', name, alarm.member, accuracyText(alarm.accuracy), accuracyText(alarm.member1));
  }
}
