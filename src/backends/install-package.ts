/** The first way to a native library: what the tfjs-node packages download themselves when npm installs them. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StarsseError } from '../protocol/errors.ts';
import type { InstallStep } from './install.ts';
import { runProcess } from './install-process.ts';

export const TFJS_NODE_VERSION = '4.22.0';
const REACHABLE_MS = 4000;

/**
 * Installs the package with its install script inside `folder` and leaves there only the addon and libtensorflow.
 * @returns the path of the addon, relative to `folder`.
 * @throws StarsseError `backend-failed` at once where the package's storage does not answer; `cancelled`.
 */
export async function installFromPackage({ folder, kind, signal, report }: InstallStep): Promise<string> {
  await checkReachable(signal);
  const name = kind === 'gpu' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  report('package', `Installing ${name} ${TFJS_NODE_VERSION} with its own libtensorflow`);
  await runProcess(
    'npm',
    // The flag is spelled out: npm passes the setting of an outer `npm run` on through the environment.
    ['install', '--prefix=.', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts=false', '--foreground-scripts', `${name}@${TFJS_NODE_VERSION}`],
    { cwd: folder, signal, hint: 'Check the network and the proxy settings of npm.' },
  );
  const installed = join(folder, 'node_modules', ...name.split('/'));
  await mkdir(join(folder, 'deps'));
  for (const part of ['lib', join('deps', 'lib')]) await rename(join(installed, part), join(folder, part));
  await rm(join(folder, 'node_modules'), { recursive: true, force: true });
  return `lib/napi-v${Math.min(Number(process.versions.napi), NEWEST_NAPI)}/tfjs_binding.node`;
}

/** The newest Node-API version that the packages list under `binary.napi_versions`. */
const NEWEST_NAPI = 8;

/** A machine without access must not wait for several timeouts of a download that cannot work. */
async function checkReachable(signal: AbortSignal): Promise<void> {
  const storage = process.env.TFJS_NODE_CDN_STORAGE || process.env.CDN_STORAGE || 'https://storage.googleapis.com/';
  try {
    await fetch(storage, { method: 'HEAD', signal: AbortSignal.any([signal, AbortSignal.timeout(REACHABLE_MS)]) });
  } catch (cause) {
    if (signal.aborted) throw new StarsseError('cancelled', 'The installation was cancelled.');
    throw new StarsseError('backend-failed', `${storage} does not answer.`, { hint: 'Check the network and the proxy settings.', cause });
  }
}
