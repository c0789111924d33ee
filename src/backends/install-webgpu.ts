/** Installs Dawn, on which the back end 'webgpu' runs, into the user's cache folder. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StarsseError } from '../protocol/errors.ts';
import { installFolder } from './install-folder.ts';
import type { InstallOptions } from './install.ts';
import { runProcess } from './install-process.ts';
import { dawnFolder } from './webgpu/dawn.ts';

const WEBGPU_VERSION = '0.6.2';
/** The package has the builds of all platforms, 130 MB; one stays. */
const ROOM_NEEDED_BYTES = 0.4e9;

/**
 * Installs the npm package `webgpu` unless it is there and loads.
 * @returns the folder it is in.
 * @throws StarsseError `backend-failed`, `disk`, `cancelled`.
 */
export async function installWebgpu({ onProgress, signal = new AbortController().signal }: Pick<InstallOptions, 'onProgress' | 'signal'> = {}): Promise<string> {
  const target = dawnFolder();
  return installFolder({
    target,
    signal,
    roomNeededBytes: ROOM_NEEDED_BYTES,
    findWorking: async () => ((await loads(target, signal)) ? target : null),
    build: async (folder) => {
      onProgress?.({ stage: 'package', fraction: null, message: `Installing webgpu ${WEBGPU_VERSION} (Dawn)` });
      await runProcess('npm', ['install', '--prefix=.', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', `webgpu@${WEBGPU_VERSION}`], {
        cwd: folder,
        signal,
        hint: 'Check the network and the proxy settings of npm.',
      });
      await keepOwnBuild(join(folder, 'node_modules', 'webgpu', 'dist'));
      onProgress?.({ stage: 'done', fraction: 1, message: `Dawn is installed in ${target}` });
    },
    onWait: () => onProgress?.({ stage: 'waiting', fraction: null, message: 'Another process is installing Dawn; waiting for it' }),
  });
}

async function keepOwnBuild(dist: string): Promise<void> {
  const own = `${process.platform}-${process.platform === 'darwin' ? 'universal' : process.arch}`;
  for (const build of await readdir(dist)) if (build !== own) await rm(join(dist, build), { recursive: true });
}

/** In a process of its own: a driver may take it down, and this process must not keep what it loaded. */
async function loads(folder: string, signal: AbortSignal): Promise<boolean> {
  const program = `import(require('node:url').pathToFileURL(process.argv[1]).href).then(({ create }) => process.exit(create([]) ? 0 : 1), () => process.exit(1));`;
  try {
    await runProcess(process.execPath, ['-e', program, join(folder, 'node_modules', 'webgpu', 'index.js')], { cwd: process.cwd(), signal, hint: '' });
    return true;
  } catch (error) {
    if (StarsseError.from(error).code === 'cancelled') throw error;
    return false;
  }
}
