/** Which VS Code shows the extension: a downloaded one where that works, else code-server's in a browser. */

export type EditorHost = 'download' | 'browser';

const UPDATE_SERVER = 'https://update.code.visualstudio.com/api/releases/stable';
const TIMEOUT_MS = 5000;

let chosen: Promise<EditorHost> | undefined;

/** `STARSSE_EDITOR=download|browser` decides; otherwise a download needs the update server and a display. */
export function editorHost(): Promise<EditorHost> {
  chosen ??= choose();
  return chosen;
}

async function choose(): Promise<EditorHost> {
  const wish = process.env.STARSSE_EDITOR;
  if (wish === 'download' || wish === 'browser') return wish;
  if (wish) throw new Error(`STARSSE_EDITOR is "${wish}": it can be download or browser.`);
  return hasDisplay() && (await reaches(UPDATE_SERVER)) ? 'download' : 'browser';
}

export function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

async function reaches(address: string): Promise<boolean> {
  try {
    return (await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) })).ok;
  } catch {
    return false;
  }
}
