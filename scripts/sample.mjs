// Puts the sample that the extension can open into dist/sample: a part of samples/fashion-mnist small enough for the package.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prepareData } from '../samples/fashion-mnist/prepare-data.mjs';

const from = new URL('../samples/fashion-mnist/', import.meta.url);
const to = new URL('../dist/sample/', import.meta.url);
const IMAGES = { labelled: 1500, test: 1000 };

/** The first images of an IDX file: its header with another count, and so many records. @returns {Uint8Array} */
function first(count, name, headerBytes, recordBytes) {
  const bytes = readFileSync(new URL(`data/${name}`, from)).subarray(0, headerBytes + count * recordBytes);
  bytes.writeUInt32BE(count, 4);
  return bytes;
}

export function makeSampleIfMissing() {
  if (existsSync(new URL('README.md', to))) return;
  prepareData();
  mkdirSync(new URL('data/', to), { recursive: true });
  for (const [part, count] of Object.entries(IMAGES)) {
    writeFileSync(new URL(`data/${part}-images-idx3-ubyte`, to), first(count, `${part}-images-idx3-ubyte`, 16, 28 * 28));
    writeFileSync(new URL(`data/${part}-labels-idx1-ubyte`, to), first(count, `${part}-labels-idx1-ubyte`, 8, 1));
  }
  const { $schema: _, ...plan } = JSON.parse(readFileSync(new URL('fashion-mnist.starsse.json', from), 'utf8'));
  plan.data.split = { train: 1000, validation: 500, seed: 1 };
  plan.method.members = 4;
  plan.training.epochs = 8;
  writeFileSync(new URL('fashion-mnist.starsse.json', to), `${JSON.stringify(plan, null, 2)}\n`);
  copyFileSync(new URL('rotation.safetensors', from), new URL('rotation.safetensors', to));
  // Last, since it stands for the whole.
  copyFileSync(new URL('starter/README.md', from), new URL('README.md', to));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) makeSampleIfMissing();
