// Writes Fashion-MNIST's labelled and test images as a data set of image files, as most people have theirs: one folder a class,
// PNG and JPEG in turn, scaled up to the side that is asked for; and a plan that trains on them.
//   node samples/fashion-mnist/class-folders.mjs <folder> [side=32] [labelled images=2000] [test images=1000]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { prepareData } from './prepare-data.mjs';
import { PIXELS } from './sources.mjs';

const CLASSES = ['T-shirt', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'];

async function writeSet(part, folder, side, most) {
  const read = (what) => readFileSync(new URL(`data/${part}-${what}-ubyte`, import.meta.url));
  const [images, labels] = [read('images-idx3').subarray(16), read('labels-idx1').subarray(8)];
  for (const name of CLASSES) mkdirSync(path.join(folder, name), { recursive: true });
  const left = CLASSES.map(() => Math.ceil(most / CLASSES.length)); // of every class as many
  for (let i = 0; i < labels.length; i++) {
    if (left[labels[i]]-- <= 0) continue;
    const pixels = images.subarray(i * PIXELS, (i + 1) * PIXELS);
    const image = sharp(pixels, { raw: { width: 28, height: 28, channels: 1 } }).resize(side, side, { kernel: 'cubic' });
    const file = path.join(folder, CLASSES[labels[i]], String(i).padStart(5, '0'));
    await (left[labels[i]] % 2 === 0 ? image.png().toFile(`${file}.png`) : image.jpeg({ quality: 95 }).toFile(`${file}.jpg`));
  }
}

/** @returns the path of the plan */
export async function writeClassFolders(folder, { side = 32, labelled = 2000, test = 1000 } = {}) {
  prepareData();
  await writeSet('labelled', path.join(folder, 'train'), side, labelled);
  await writeSet('test', path.join(folder, 'test'), side, test);
  const plan = {
    name: `Fashion-MNIST in folders, ${side} x ${side}`,
    model: { network: 'resnet-8' },
    data: { kind: 'folder', train: 'train', test: 'test', split: { validation: 0.25, seed: 1 }, image: { size: side } },
    method: { kind: 'starsse', members: 3, cycle: { lrRatio: 1, epochRatio: 0.5 } },
    training: { epochs: 4, batchSize: 64, optimizer: { learningRate: 0.1, weightDecay: 0.0005 }, augmentation: { cropPadding: Math.round(side / 14), flip: true } },
    seed: 1,
  };
  const file = path.join(folder, 'plan.starsse.json');
  writeFileSync(file, `${JSON.stringify(plan, null, 2)}\n`);
  return file;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, side = '32', labelled = '2000', test = '1000'] = process.argv.slice(2);
  if (folder === undefined) throw new Error('Say which folder: node class-folders.mjs <folder> [side] [labelled images] [test images]');
  console.log(await writeClassFolders(folder, { side: Number(side), labelled: Number(labelled), test: Number(test) }));
}
