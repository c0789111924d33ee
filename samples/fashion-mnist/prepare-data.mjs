// Writes data/: labelled (2,000: training and validation), test (10,000) and unlabelled (all others, for pre-training) as IDX
// files. Which image goes where is fixed by images.txt, so every source gives the same labelled and test files, byte for byte.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { identity, imagesFromIdx, imagesFromNpm, PIXELS } from './sources.mjs';

const folder = new URL('data/', import.meta.url);

/** The IDX form of n images of 28 x 28 bytes. */
function idxImages(images) {
  const bytes = Buffer.alloc(16 + images.length * PIXELS);
  [0x803, images.length, 28, 28].forEach((value, i) => bytes.writeUInt32BE(value, i * 4));
  images.forEach(({ pixels }, i) => bytes.set(pixels, 16 + i * PIXELS));
  return bytes;
}

function idxLabels(images) {
  const bytes = Buffer.alloc(8 + images.length);
  [0x801, images.length].forEach((value, i) => bytes.writeUInt32BE(value, i * 4));
  images.forEach(({ label }, i) => bytes.writeUInt8(label, 8 + i));
  return bytes;
}

function writeWhole(name, bytes) {
  const path = new URL(name, folder);
  const beside = new URL(`${name}.${process.pid}.tmp`, folder);
  writeFileSync(beside, bytes);
  renameSync(beside, path);
}

/** Makes the data folder unless it is complete. @returns where the images came from, or null when nothing was to do */
export function prepareData() {
  const names = ['labelled', 'test', 'unlabelled'].flatMap((part) => [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`]);
  if (names.every((name) => existsSync(new URL(name, folder)))) return null;
  const [labelled, test] = readFileSync(new URL('images.txt', import.meta.url), 'utf8')
    .split('test\n')
    .map((part) => part.split('\n').filter((line) => /^[0-9a-f]{12}$/.test(line)));
  const place = new Map([...labelled.map((id, i) => [id, ['labelled', i]]), ...test.map((id, i) => [id, ['test', i]])]);
  const { source, images } = imagesFromIdx() ?? imagesFromNpm();
  const parts = { labelled: new Array(labelled.length), test: new Array(test.length), unlabelled: [] };
  const seen = new Set();
  for (const image of images) {
    const id = identity(image.pixels, image.label);
    if (seen.has(id)) continue; // the npm package repeats a few images
    seen.add(id);
    const [part, i] = place.get(id) ?? ['unlabelled', parts.unlabelled.length];
    parts[part][i] = image;
  }
  for (const part of ['labelled', 'test']) {
    const missing = [...parts[part].keys()].filter((i) => parts[part][i] === undefined).length;
    if (missing > 0) throw new Error(`${source} lacks ${missing} of the ${parts[part].length} ${part} images that images.txt names`);
  }
  mkdirSync(folder, { recursive: true });
  for (const [part, chosen] of Object.entries(parts)) {
    writeWhole(`${part}-images-idx3-ubyte`, idxImages(chosen));
    writeWhole(`${part}-labels-idx1-ubyte`, idxLabels(chosen));
  }
  return source;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const source = prepareData();
  console.log(source === null ? 'data: ready' : `data: written from ${source}`);
}
