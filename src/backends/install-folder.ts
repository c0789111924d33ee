/** Installing a folder as a whole: built beside its place, put there by a rename, by one process at a time. */
import { mkdir, readdir, rename, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StarsseError } from '../protocol/errors.ts';
import { withLock } from './install-lock.ts';

export interface FolderInstallation<T> {
  target: string;
  signal: AbortSignal;
  roomNeededBytes: number;
  /** What is at `target` if it works, else null. Asked before the work, and again after it. */
  findWorking(): Promise<T | null>;
  /** Fills an empty folder that will become `target`. */
  build(folder: string): Promise<void>;
  /** Called once if another process is installing the same. */
  onWait(): void;
}

/**
 * Whatever happens (an error, an abort, the end of the process), `target` is what it was before or complete.
 * @throws StarsseError `disk`, `cancelled`, and what `build` throws.
 */
export async function installFolder<T>({ target, signal, roomNeededBytes, findWorking, build, onWait }: FolderInstallation<T>): Promise<T> {
  return withLock(`${target}.lock`, signal, onWait, async () => {
    const present = await findWorking();
    if (present !== null) return present;
    await removeLeftovers(target);
    const folder = `${target}.building-${process.pid}`;
    try {
      await mkdir(folder, { recursive: true });
      await checkRoom(folder, roomNeededBytes);
      await build(folder);
      await putInPlace(folder, target);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    const installed = await findWorking();
    if (installed === null) throw new StarsseError('backend-failed', `${target} does not work, though it was just installed.`);
    return installed;
  });
}

async function putInPlace(folder: string, target: string): Promise<void> {
  const replaced = `${target}.building-${process.pid}-replaced`;
  await rename(target, replaced).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(folder, target);
  await rm(replaced, { recursive: true, force: true });
}

/** Half-built folders of processes that were killed. The caller holds the lock, so nobody is using them. */
async function removeLeftovers(target: string): Promise<void> {
  for (const name of await readdir(dirname(target))) {
    if (name.startsWith(`${basename(target)}.building-`)) await rm(join(dirname(target), name), { recursive: true, force: true });
  }
}

async function checkRoom(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes < neededBytes) {
    throw new StarsseError('disk', `Only ${(freeBytes / 1e9).toFixed(1)} GB are free for ${folder}; the installation needs ${neededBytes / 1e9} GB for a while.`, {
      hint: 'Free some space, or set STARSSE_CACHE to a folder on another disk.',
    });
  }
}
