/** Where decoded images are kept, and how that is kept small. */
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from '../../../backends/cache-folder.ts';
import type { CacheCleared } from '../../../protocol/data-report.ts';

/** An entry that no process opened for so long is removed when another is made. */
const UNUSED_MS = 60 * 24 * 3600 * 1000;
const KEY = /^[0-9a-f]{64}$/;

/** Where the decoded images of all plans are. */
export function imagesFolder(): string {
  return path.join(cacheFolder(), 'images');
}

/** Removes all decoded images but those that are being made. Runs in progress read on, or decode again. */
export async function clearImageCache(): Promise<CacheCleared> {
  const folder = imagesFolder();
  let removed = 0;
  let freedBytes = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!KEY.test(name)) continue;
    const sizeBytes = await sizeOf(path.join(folder, name));
    await rm(path.join(folder, name), { recursive: true, force: true });
    removed++;
    freedBytes += sizeBytes;
  }
  return { folder, removed, freedBytes };
}

/** What is in the cache, in bytes. */
export async function imageCacheBytes(): Promise<number> {
  const sizes = await Promise.all((await readdir(imagesFolder()).catch(() => [])).map((name) => sizeOf(path.join(imagesFolder(), name))));
  return sizes.reduce((a, b) => a + b, 0);
}

/** Removes what was not used for two months. */
export async function removeUnused(): Promise<void> {
  for (const name of await readdir(imagesFolder())) {
    if (!KEY.test(name)) continue;
    const used = await stat(path.join(imagesFolder(), name, 'entry.json')).catch(() => null);
    if (used === null || Date.now() - used.mtimeMs > UNUSED_MS) await rm(path.join(imagesFolder(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

async function sizeOf(folder: string): Promise<number> {
  let sum = 0;
  // Counted as the disk does: a file with holes takes less than its length.
  for (const name of await readdir(folder).catch(() => [])) sum += await stat(path.join(folder, name)).then(({ blocks, size }) => Math.min(size, blocks * 512 || size), () => 0);
  return sum;
}
