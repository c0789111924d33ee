import { mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cancelled } from './install-process.ts';

const HEARTBEAT_MS = 2000;
const STALE_MS = 20_000;

/**
 * Holds `path` (a folder) while `work` runs, so that processes do the same work one after the other.
 * It only saves work: what they build is put in place by a rename, so even two holders at once would do no harm.
 * A holder that died is recognised by the age of the folder, which a living one keeps touching.
 *
 * @param onWait is called once if another process holds it.
 * @throws StarsseError `cancelled` when aborted while waiting.
 */
export async function withLock<T>(path: string, signal: AbortSignal, onWait: () => void, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  let told = false;
  while (!(await take(path))) {
    if (!told) onWait();
    told = true;
    await delay(500, undefined, { signal }).catch(() => {
      throw cancelled();
    });
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A folder that is gone was taken for stale, by a process whose clock or whose pause differs: no harm, see above.
    utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(path, { recursive: true, force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const held = await stat(path).catch(() => null);
  if (held === null || Date.now() - held.mtimeMs < STALE_MS) return false;
  const stale = `${path}-stale-${process.pid}`;
  await rename(path, stale).catch(() => undefined);
  await rm(stale, { recursive: true, force: true });
  return false;
}
