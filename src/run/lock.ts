/**
 * A lock is a file that names its holder (pid, host) and carries the holder's heartbeat. It is free when it is missing or
 * when its holder is no longer at work. Used for a run's supervisor, a member's trainer and the result table.
 */
import { mkdir, open, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { StarsseError } from '../protocol/errors.ts';
import { parseJson } from '../protocol/parse.ts';
import { HEARTBEAT_MS, INTERRUPTED_AFTER_MS, SupervisorSchema, type Supervisor } from '../protocol/run.ts';
import { HOST, isLive } from './processes.ts';
import { diskError, replaceJson } from './write.ts';

const TAKEOVER_MS = 10_000;

export interface Lock {
  /** Renews the heartbeat. @throws StarsseError run-busy when somebody else has taken the lock meanwhile. */
  beat(): Promise<void>;
  release(): Promise<void>;
}

/** Who holds the lock and is at work, or null. A file that is still being written counts as held by nobody known. */
export async function lockHolder(file: string): Promise<Supervisor | null> {
  const found = await readLock(file);
  return typeof found === 'string' ? null : found;
}

/**
 * Takes the lock, also from a holder that died.
 * @param what names the thing in the error, for example `the run 2026...`.
 * @throws StarsseError run-busy while another process holds it.
 */
export async function takeLock(file: string, what: string): Promise<Lock> {
  for (let attempt = 1; ; attempt++) {
    if (await createLock(file)) return held(file, what);
    const found = await readLock(file);
    if ((found !== 'dead' && found !== 'missing') || attempt === 50) throw busy(what, found);
    if (found === 'dead') await removeDead(file);
  }
}

/** A lock whose heart beats by itself. */
export interface HeldLock {
  /** Aborts when somebody else has the lock: stop writing at once. */
  lost: AbortSignal;
  release(): Promise<void>;
}

/**
 * Takes the lock and keeps its heart beating until it is released.
 * @param waitMs how long to wait for another holder.
 * @throws StarsseError run-busy
 */
export async function holdLock(file: string, what: string, waitMs = 0): Promise<HeldLock> {
  const lock = await takeLockWithin(file, what, waitMs);
  const lost = new AbortController();
  const heart = setInterval(() => {
    lock.beat().catch((error: unknown) => {
      // A full disk is no reason to let go; the work itself will meet it.
      if (StarsseError.from(error).code === 'run-busy') lost.abort(error);
    });
  }, HEARTBEAT_MS);
  return {
    lost: lost.signal,
    async release() {
      clearInterval(heart);
      await lock.release();
    },
  };
}

/** Holds the lock while `use` works. @param waitMs as for `holdLock`. @throws StarsseError run-busy; what `use` throws */
export async function withLock<T>(file: string, what: string, use: (lost: AbortSignal) => Promise<T>, waitMs = 0): Promise<T> {
  const held = await holdLock(file, what, waitMs);
  try {
    return await use(held.lost);
  } finally {
    await held.release();
  }
}

async function takeLockWithin(file: string, what: string, waitMs: number): Promise<Lock> {
  for (const deadline = Date.now() + waitMs; ; await wait(100)) {
    try {
      return await takeLock(file, what);
    } catch (error) {
      if (StarsseError.from(error).code !== 'run-busy' || Date.now() >= deadline) throw error;
    }
  }
}

function held(file: string, what: string): Lock {
  let last: Promise<void> = Promise.resolve();
  let released = false;
  const beat = async (): Promise<void> => {
    if (released) return;
    // Missing or old, for example after the machine slept: still ours unless somebody else is there.
    const found = await readLock(file);
    if (typeof found !== 'string' && !isMine(found)) throw busy(what, found);
    await replaceJson(file, mine());
  };
  return {
    beat() {
      last = last.then(beat);
      return last;
    },
    async release() {
      released = true;
      await last.catch(() => undefined);
      const found = await readLock(file);
      if (typeof found !== 'string' && isMine(found)) await rm(file, { force: true });
    },
  };
}

function isMine(holder: Supervisor): boolean {
  return holder.pid === process.pid && holder.host === HOST;
}

function mine(): Supervisor {
  return { pid: process.pid, host: HOST, heartbeatAt: new Date().toISOString() };
}

async function createLock(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(`${JSON.stringify(mine(), null, 2)}\n`);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw diskError(error, file);
  }
}

/** `starting`: the file is young and not whole. */
type NoHolder = 'missing' | 'dead' | 'starting';

/** The holder at work, or why there is none. */
async function readLock(file: string): Promise<Supervisor | NoHolder> {
  try {
    const text = await readFile(file, 'utf8');
    const young = Date.now() - (await stat(file)).mtimeMs < INTERRUPTED_AFTER_MS;
    let holder: Supervisor;
    try {
      holder = parseJson(SupervisorSchema, text, file);
    } catch {
      return young ? 'starting' : 'dead';
    }
    return isLive(holder) ? holder : 'dead';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
    throw error;
  }
}

/** Removes a dead holder's lock. A folder beside it lets one process at a time do so: two could remove a fresh lock. */
async function removeDead(file: string): Promise<void> {
  const guard = `${file}.takeover`;
  try {
    await mkdir(guard);
  } catch {
    const made = await stat(guard).catch(() => null);
    if (made !== null && Date.now() - made.mtimeMs > TAKEOVER_MS) await rmdir(guard).catch(() => undefined);
    else await wait(20);
    return;
  }
  try {
    // A lock that is missing now may be somebody's fresh one a moment later.
    if ((await readLock(file)) === 'dead') await rm(file, { force: true });
  } finally {
    await rmdir(guard).catch(() => undefined);
  }
}

function busy(what: string, holder: Supervisor | NoHolder): StarsseError {
  const who = typeof holder === 'string' ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new StarsseError('run-busy', `${what} is in the hands of ${who}`, {
    hint: 'Wait until it is done, or stop it first.',
  });
}
