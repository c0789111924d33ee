import * as vscode from 'vscode';
import type { Parts } from './commands/register.ts';

const SILENCED = 'starsse.backendNoticeSilenced';

/**
 * Once the first member of a run knows its device: says which one it is if a faster back end could be installed. Does not
 * hold the run up.
 */
export function noticeSlowBackend({ catalog, context }: Parts, folder: string): void {
  if (context.globalState.get<boolean>(SILENCED, false)) return;
  const end = catalog.onChange(() => {
    const devices = catalog.find(folder)?.view?.members.flatMap(({ state }) => state.device ?? []) ?? [];
    if (devices.length === 0) return;
    end();
    const [device] = devices;
    if (device.backend === 'wasm' || device.backend === 'cpu') void offer(device.description, context.globalState);
  });
}

async function offer(device: string, memory: vscode.Memento): Promise<void> {
  const install = vscode.l10n.t('Install Back End');
  const never = vscode.l10n.t('Do Not Show Again');
  const message = vscode.l10n.t('This run trains with {0}. The native back end is several times as fast; runs that start later use it.', device);
  const chosen = await vscode.window.showInformationMessage(message, install, never);
  if (chosen === install) await vscode.commands.executeCommand('starsse.installBackend');
  else if (chosen === never) await memory.update(SILENCED, true);
}
