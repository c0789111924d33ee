import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of all files below a folder; 0 where there is none. Files that vanish meanwhile do not count. */
export async function folderSizeBytes(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => [] as string[]);
  let bytes = 0;
  for (const name of names) {
    const entry = await lstat(join(folder, name)).catch(() => null);
    if (entry?.isFile()) bytes += entry.size;
  }
  return bytes;
}
