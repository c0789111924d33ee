/**
 * Whole replacement: write beside, flush, rename. A reader, or a start after `kill -9`, sees the old file or the new one.
 * Written by hand instead of `write-file-atomic`, because that package issues one write(2) and takes a short write (a disk
 * that is filling up) for a whole one, and because snapshots are written in pieces. Pieces go out many at a time, in long writes:
 * `FileHandle.writeFile` would cut them into 512 KB.
 */
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { StarsseError } from '../protocol/errors.ts';

const BESIDE = /^\.(.+)\.\d+-\d+\.beside$/;
/** What waits for one write: enough that its cost does not show, and no more buffers than one call may take. */
const WRITE_BYTES = 8 << 20;
const WRITE_PARTS = 512;
/** After so many bytes the disk begins to write while the rest is still being made. */
const FLUSH_BYTES = 32 << 20;
let written = 0;

/** Writes pieces after those before; one call at a time. */
export type Append = (pieces: readonly Uint8Array[]) => Promise<void>;

/**
 * Replaces a file by the concatenation of `parts`, or leaves the old one.
 * @throws StarsseError disk
 */
export async function replaceFile(file: string, parts: Iterable<string | Uint8Array>): Promise<void> {
  await replaceFileBy(file, async (append) => {
    let [waiting, bytes]: [Uint8Array[], number] = [[], 0];
    for (const part of parts) {
      const piece = typeof part === 'string' ? Buffer.from(part) : part;
      waiting.push(piece);
      bytes += piece.byteLength;
      if (bytes < WRITE_BYTES && waiting.length < WRITE_PARTS) continue;
      await append(waiting);
      [waiting, bytes] = [[], 0];
    }
    await append(waiting);
  });
}

/**
 * Replaces a file by what `write` appends, or leaves the old one, also when `write` fails.
 * @throws StarsseError disk, what `write` throws
 */
export async function replaceFileBy(file: string, write: (append: Append) => Promise<void>): Promise<void> {
  const beside = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}-${(written += 1)}.beside`);
  try {
    const handle = await open(beside, 'wx');
    try {
      await flushing(handle, write);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameOver(beside, file);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw diskError(error, file);
  }
}

/** The disk writes while more is being made. */
async function flushing(handle: FileHandle, write: (append: Append) => Promise<void>): Promise<void> {
  let [unflushed, isFlushing] = [0, false];
  let flush: Promise<void> = Promise.resolve();
  try {
    await write(async (pieces) => {
      await writeWhole(handle, pieces);
      unflushed += pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
      if (isFlushing || unflushed < FLUSH_BYTES) return;
      [unflushed, isFlushing] = [0, true];
      flush = handle.datasync().finally(() => (isFlushing = false));
      flush.catch(() => undefined); // awaited below
    });
  } finally {
    await flush;
  }
}

/** Short writes are repeated until everything is written or the disk says no. */
async function writeWhole(handle: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  let left = pieces.filter(({ byteLength }) => byteLength > 0);
  while (left.length > 0) {
    let { bytesWritten } = await handle.writev(left);
    while (left.length > 0 && bytesWritten >= left[0].byteLength) {
      bytesWritten -= left[0].byteLength;
      left = left.slice(1);
    }
    if (bytesWritten > 0) left = [left[0].subarray(bytesWritten), ...left.slice(1)];
  }
}

/** `replaceFile` with a value as indented JSON. */
export async function replaceJson(file: string, value: unknown): Promise<void> {
  await replaceFile(file, [`${JSON.stringify(value, null, 2)}\n`]);
}

/** Removes what a killed writer left beside its files. Only for whoever alone writes in this folder. */
export async function removeLeftBeside(folder: string, fileName?: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const match = BESIDE.exec(name);
    if (match !== null && (fileName === undefined || match[1] === fileName)) await rm(path.join(folder, name), { force: true });
  }
}

/** An error of the file system as one of ours, naming the file and what to do. Others pass unchanged. */
export function diskError(error: unknown, file: string): unknown {
  if (error instanceof StarsseError || !(error instanceof Error) || !('code' in error)) return error;
  const hint = HINTS[String(error.code)];
  if (hint === undefined) return error;
  return new StarsseError('disk', `${file}: cannot be written: ${error.message}`, { hint, cause: error });
}

const HINTS: Record<string, string> = {
  ENOSPC: 'The disk is full. Free some space, then resume the run.',
  EDQUOT: 'Your disk quota is used up. Free some space, then resume the run.',
  EFBIG: 'The file is larger than the file system or a limit of this account allows.',
  EROFS: 'The file system is read-only. Choose another runs folder.',
  EACCES: 'You may not write there. Choose another runs folder or change its permissions.',
  EPERM: 'You may not write there. Choose another runs folder or change its permissions.',
  EIO: 'The disk reported a failure. Check it, then resume the run.',
  ENOENT: 'The folder is gone. Was the run deleted?',
};

/** On Windows a reader that has the old file open makes a rename fail for a moment. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const busy = process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(String((error as NodeJS.ErrnoException).code));
      if (!busy || attempt === 20) throw error;
      await wait(10 * attempt);
    }
  }
}
