/** The editor as far as notices and files need it, on record. A test registers it before it imports what uses `vscode`. */
import { registerHooks } from 'node:module';

export const said: { kind: string; text: string; buttons: string[] }[] = [];
export const ran: unknown[][] = [];
export const written: { file: string; bytes: Buffer }[] = [];
/** What the user does: which button of a notice, which file in the dialog. */
export const user: { button?: string; file?: string; asked?: string } = {};
export const settings = new Map<string, unknown>();

interface FakeUri {
  path: string;
  fsPath: string;
}
const uri = (path: string): FakeUri => ({ path, fsPath: path });
const show = (kind: string) => async (text: string, ...buttons: string[]) => {
  said.push({ kind, text, buttons });
  return user.button;
};

export const Uri = { file: uri, joinPath: (base: FakeUri, ...parts: string[]) => uri([base.path, ...parts].join('/')) };
export const ConfigurationTarget = { Global: 1 };
export class Disposable {
  readonly dispose: () => void;

  constructor(dispose: () => void) {
    this.dispose = dispose;
  }
}
export const l10n = { t: (text: string, ...values: unknown[]) => text.replaceAll(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])) };
export const commands = { executeCommand: async (...call: unknown[]) => void ran.push(call) };
export const window = {
  showInformationMessage: show('information'),
  showWarningMessage: show('warning'),
  showErrorMessage: show('error'),
  async showSaveDialog({ defaultUri }: { defaultUri: FakeUri }) {
    user.asked = defaultUri.path;
    return user.file === undefined ? undefined : uri(user.file);
  },
};
export const workspace = {
  getWorkspaceFolder: ({ path }: FakeUri) => (path.startsWith('/work/') ? { uri: uri('/work') } : undefined),
  getConfiguration: (section: string) => ({
    get: (key: string, fallback: unknown) => settings.get(`${section}.${key}`) ?? fallback,
    update: async (key: string, value: unknown, target: number) => void settings.set(`${section}.${key}`, value).set('target', target),
  }),
  fs: { writeFile: async ({ path }: FakeUri, bytes: Uint8Array) => void written.push({ file: path, bytes: Buffer.from(bytes) }) },
};

export function forget(): void {
  for (const list of [said, ran, written]) list.length = 0;
  for (const key of ['button', 'file', 'asked'] as const) delete user[key];
  settings.clear();
}

registerHooks({ resolve: (name, context, next) => (name === 'vscode' ? { url: import.meta.url, shortCircuit: true } : next(name, context)) });
