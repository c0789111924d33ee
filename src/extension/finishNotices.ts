import * as vscode from 'vscode';
import type { RunView } from '../protocol/run.ts';
import { sentence } from './errors.ts';
import type { RunCatalog } from './runs/runCatalog.ts';
import { headline, resultOf } from './tree/nodes.ts';
import { accuracyText } from './tree/words.ts';

/** A button and the command behind it, which gets the run. */
export type Choice = [title: string, command: string];

/** What can be turned off by `starsse.notifications.<kind>`. */
export type NoticeKind = 'finished' | 'interrupted' | 'diverged' | 'disk' | 'accuracy';

/** Says when a run ends that this window saw running. Nothing is said of one that the user stopped. @returns what ends it. */
export function announceFinishes(catalog: RunCatalog): vscode.Disposable {
  const end = catalog.onFinish((run) => void announce(run));
  return new vscode.Disposable(end);
}

async function announce(run: RunView): Promise<void> {
  const { l10n } = vscode;
  const open: Choice = [l10n.t('Open Dashboard'), 'starsse.openDashboard'];
  const resume: Choice = [l10n.t('Resume'), 'starsse.resume'];
  switch (run.status) {
    case 'done':
      return await offerFor('finished', vscode.window.showInformationMessage, doneText(run), [open, [l10n.t('Make Soup'), 'starsse.makeSoup']], run);
    case 'failed':
      return await offerFor('finished', vscode.window.showErrorMessage, failedText(run), [open, resume], run);
    case 'interrupted':
      return await offerFor('interrupted', vscode.window.showWarningMessage, l10n.t('{0} was interrupted: nobody works on it any more.', run.name), [resume, open], run);
    default:
  }
}

/** Shows a notification, unless the user has turned its kind off; its last button does that. */
export async function offerFor(kind: NoticeKind, show: (text: string, ...titles: string[]) => Thenable<string | undefined>, text: string, choices: readonly Choice[], run: RunView): Promise<void> {
  const settings = vscode.workspace.getConfiguration('starsse.notifications');
  if (!settings.get(kind, true)) return;
  const off = vscode.l10n.t('Don\'t Show Again');
  const title = await show(text, ...choices.map(([name]) => name), off);
  if (title === off) return await settings.update(kind, false, vscode.ConfigurationTarget.Global);
  const chosen = choices.find(([name]) => name === title);
  if (chosen !== undefined) await vscode.commands.executeCommand(chosen[1], { kind: 'run', folder: run.folder, run });
}

function doneText(run: RunView): string {
  const ensemble = headline(run);
  const best = run.results === null ? undefined : resultOf(run, run.results.bestMember);
  if (ensemble === undefined || best === undefined) return vscode.l10n.t('{0} is done.', run.name);
  return vscode.l10n.t('{0} is done. Test accuracy: ensemble {1}, best member {2}.', run.name, accuracyText(ensemble.accuracy), accuracyText(best.accuracy));
}

function failedText({ name, error }: RunView): string {
  return error === null ? vscode.l10n.t('{0} failed.', name) : vscode.l10n.t('{0} failed: {1}', name, sentence(error.message, error.hint));
}
