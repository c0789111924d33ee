/** What a folder takes on the disk. */
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';

/** Bytes of all files below a folder, or of one file; 0 when it is missing. A file under several names counts once, a link as itself. */
export async function bytesOf(place: string): Promise<number> {
  return await sum(place, new Set());
}

async function sum(place: string, seen: Set<string>): Promise<number> {
  const stats = await lstat(place).catch(() => null);
  if (stats === null) return 0;
  if (!stats.isDirectory()) {
    const identity = `${stats.dev}:${stats.ino}`;
    if (stats.nlink > 1 && seen.has(identity)) return 0;
    seen.add(identity);
    return stats.size;
  }
  const names = await readdir(place).catch(() => []);
  let bytes = 0;
  for (const name of names) bytes += await sum(path.join(place, name), seen);
  return bytes;
}
