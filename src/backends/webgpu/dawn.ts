/** Dawn, Chromium's WebGPU, as the npm package `webgpu`. It is optional: 20 MB that only a machine with a GPU needs. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StarsseError } from '../../protocol/errors.ts';
import { cacheFolder } from '../cache-folder.ts';

/** Where Dawn is looked for beside `node_modules`. */
export function dawnFolder(): string {
  return join(cacheFolder(), 'webgpu');
}

const INSTALL = 'starsse backend install webgpu';

export interface Dawn {
  create(options: string[]): GPU;
  /** The classes and constants that a browser has as globals. */
  globals: Record<string, unknown>;
  version: string;
}

/**
 * Loads Dawn from a `node_modules` above this program, else from the user's cache folder.
 * @throws StarsseError backend-missing where it is not installed, or cannot run; backend-failed where it does not load.
 */
export async function loadDawn(): Promise<Dawn> {
  if (process.versions.electron) {
    throw new StarsseError('backend-missing', 'WebGPU does not run in the editor\'s own Node: Electron forbids the buffers that Dawn needs.', {
      hint: 'Put Node 20 or newer on the PATH.',
    });
  }
  const folder = packageFolders().find((candidate) => existsSync(join(candidate, 'package.json')));
  if (folder === undefined) {
    throw new StarsseError('backend-missing', `Dawn, which the back end "webgpu" runs on, is not installed in ${dawnFolder()}.`, {
      hint: INSTALL,
    });
  }
  try {
    const url = pathToFileURL(join(folder, 'index.js')).href;
    const { create, globals } = (await import(/* webpackIgnore: true */ url)) as Omit<Dawn, 'version'>;
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { create, globals, version };
  } catch (cause) {
    throw new StarsseError('backend-failed', `Dawn in ${folder} does not load: ${(cause as Error).message}`, { hint: INSTALL, cause });
  }
}

function packageFolders(): string[] {
  const folders: string[] = [];
  // In a bundle __dirname is its folder. A source is an ES module and has none.
  for (let folder = typeof __dirname === 'string' ? __dirname : import.meta.dirname; ; folder = dirname(folder)) {
    folders.push(join(folder, 'node_modules', 'webgpu'));
    if (dirname(folder) === folder) break;
  }
  return [...folders, join(dawnFolder(), 'node_modules', 'webgpu')];
}
