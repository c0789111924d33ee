import * as vscode from 'vscode';
import { StarsseError } from '../protocol/errors.ts';
import { readSettings } from './settings.ts';

type Remedy = [title: string, command: string, ...args: unknown[]];

/** Tells the user what went wrong and what to do, with buttons that do it. Being cancelled is no error. */
export async function showError(thrown: unknown, log: vscode.LogOutputChannel): Promise<void> {
  const error = StarsseError.from(thrown);
  if (error.code === 'cancelled') return;
  log.error(`${error.code}: ${sentence(error.message, error.hint)}${error.cause === undefined ? '' : `\n${String(error.cause)}`}`);
  const remedies = remediesOf(error);
  const showLog = vscode.l10n.t('Show Log');
  const chosen = await vscode.window.showErrorMessage(sentence(error.message, error.hint), ...remedies.map(([title]) => title), showLog);
  if (chosen === showLog) log.show();
  const remedy = remedies.find(([title]) => title === chosen);
  if (remedy !== undefined) await vscode.commands.executeCommand(remedy[1], ...remedy.slice(2));
}

/** Message and hint as one text. */
export function sentence(message: string, hint: string | undefined): string {
  if (hint === undefined) return message;
  return `${/[.!?:]$/.test(message) ? message : `${message}.`} ${hint}`;
}

function remediesOf(error: StarsseError): Remedy[] {
  const { l10n } = vscode;
  switch (error.code) {
    case 'backend-missing':
      return [
        [l10n.t('Install Back End'), 'starsse.installBackend'],
        [l10n.t('Check This Machine'), 'starsse.doctor'],
      ];
    case 'backend-failed':
      return [[l10n.t('Check This Machine'), 'starsse.doctor']];
    case 'plan-invalid':
    case 'clones':
    case 'data-invalid':
    case 'data-missing':
      return [[l10n.t('Show Problems'), 'workbench.actions.view.problems']];
    case 'process-died':
      return [openSettings()];
    default: {
      const { nodePath } = readSettings();
      return nodePath !== null && error.message.includes(nodePath) ? [openSettings()] : [];
    }
  }
}

function openSettings(): Remedy {
  return [vscode.l10n.t('Open Settings'), 'workbench.action.openSettings', '@ext:starsse.starsse'];
}
