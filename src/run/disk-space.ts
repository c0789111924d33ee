/** Guard against a disk that fills up: asked before a run is made and before every large file, so that a member fails with a reason and no file is torn. */
import { statfs } from 'node:fs/promises';
import { StarsseError } from '../protocol/errors.ts';

/** What must stay free beside the file, in bytes; STARSSE_KEEP_FREE_MB in the environment sets another reserve. */
const RESERVE_BYTES = 32 * 2 ** 20;

/**
 * @param what for example `The snapshot of member-1`; it begins the message.
 * @param freeBytes what the file system has left for this user; by default it is asked.
 * @throws StarsseError disk when not so many bytes and the reserve are free
 */
export async function checkDiskSpace(folder: string, neededBytes: number, what: string, freeBytes: (folder: string) => Promise<number> = freeIn): Promise<void> {
  const reserve = reserveBytes();
  const free = await freeBytes(folder);
  if (free >= neededBytes + reserve) return;
  throw new StarsseError('disk', `${what} needs ${megabytes(neededBytes)} MB, and of the disk of ${folder} ${megabytes(free)} MB are free, of which ${megabytes(reserve)} MB are kept`, {
    hint: 'Free some space, then resume the run; or choose a runs folder on another disk.',
  });
}

/** Bytes that the file system has left for this user; Infinity where it does not say: the write itself will. */
export async function freeIn(folder: string): Promise<number> {
  return await statfs(folder).then(({ bavail, bsize }) => bavail * bsize, () => Infinity);
}

function reserveBytes(): number {
  const megabytesKept = Number(process.env.STARSSE_KEEP_FREE_MB ?? '');
  return process.env.STARSSE_KEEP_FREE_MB === undefined || !(megabytesKept >= 0) ? RESERVE_BYTES : megabytesKept * 2 ** 20;
}

/** One decimal below ten. */
function megabytes(bytes: number): string {
  const amount = bytes / 2 ** 20;
  return amount < 10 ? amount.toFixed(1) : String(Math.ceil(amount));
}
