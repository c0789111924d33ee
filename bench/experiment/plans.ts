/** The experiments that both sides run: the sample, and 10,000 images in class folders, each with the recipe for the script in PyTorch. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import * as v from 'valibot';
import { PlanSchema, type Plan, type PlanInput } from '../../src/protocol/plan.ts';

const SAMPLE = path.join(import.meta.dirname, '../../samples/fashion-mnist');
const SIDE = 32;
const CLASSES = ['T-shirt', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'];
/** Each class has its own hue of every image: colours are there to be decoded, and tell nothing. */
const HUES = [[255, 240, 225], [230, 255, 240], [235, 235, 255]];

export interface Experiment {
  plan: string;
  recipe: string;
  /** For people. */
  what: string;
}

/** The sample's own plan, with other epochs where asked. */
export function sampleExperiment(folder: string, epochs: number | null): Experiment {
  const text = JSON.parse(readFileSync(path.join(SAMPLE, 'fashion-mnist.starsse.json'), 'utf8')) as PlanInput;
  const plan = v.parse(PlanSchema, { ...text, $schema: undefined });
  if (plan.data.kind !== 'idx' || plan.data.test === null) throw new Error('the sample is not what it was');
  const absolute = (file: string): string => path.join(SAMPLE, file);
  const files = ({ images, labels }: { images: string; labels: string }): { images: string; labels: string } => ({ images: absolute(images), labels: absolute(labels) });
  const data = { ...plan.data, train: files(plan.data.train), test: files(plan.data.test) };
  const model = { ...plan.model, checkpoint: absolute(plan.model.checkpoint ?? '') };
  const training = { ...plan.training, epochs: epochs ?? plan.training.epochs };
  return write(folder, 'sample', { ...plan, data, model, training }, { train: 1000, validation: 1000, side: 28, channels: 1, sets: { kind: 'idx', train: data.train, test: data.test } });
}

/** 10,000 coloured images of Fashion-MNIST that the sample does not label, 32 x 32, in class folders; its own test images. */
export async function foldersExperiment(folder: string, epochs: number | null): Promise<Experiment> {
  const data = path.join(folder, 'folders');
  await writeFolders(path.join(data, 'train'), 'unlabelled', 10_000);
  await writeFolders(path.join(data, 'test'), 'test', 2000);
  const sets = { kind: 'folder', train: path.join(data, 'train'), test: path.join(data, 'test') };
  const plan = v.parse(PlanSchema, {
    name: '10,000 images in class folders',
    model: { network: 'resnet-8' },
    data: { ...sets, split: { train: 9000, validation: 1000, seed: 1 }, image: { size: SIDE }, normalization: { mean: [0.28, 0.28, 0.28], std: [0.34, 0.34, 0.34] } },
    method: { kind: 'starsse', members: 5, cycle: { lrRatio: 1, epochRatio: 1 } },
    training: { epochs: epochs ?? 2, batchSize: 64, optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4 }, augmentation: { cropPadding: 2, flip: true } },
    seed: 1,
  });
  return write(folder, 'folders', plan, { train: 9000, validation: 1000, side: SIDE, channels: 3, sets });
}

function write(folder: string, name: string, plan: Plan, { train, validation, side, channels, sets }: { train: number; validation: number; side: number; channels: number; sets: object }): Experiment {
  const { optimizer, epochs, batchSize, augmentation } = plan.training;
  const { method } = plan;
  if (method.kind !== 'starsse' || optimizer.kind !== 'sgd' || plan.data.normalization === 'auto') throw new Error('the script in PyTorch knows StarSSE with SGD and a given normalization');
  const files = { plan: path.join(folder, `${name}.starsse.json`), recipe: path.join(folder, name, 'recipe.json') };
  mkdirSync(path.dirname(files.recipe), { recursive: true });
  writeFileSync(files.plan, JSON.stringify(plan));
  const { learningRate, momentum, weightDecay } = optimizer;
  const recipe = {
    data: sets, train, validation, side, channels, classes: 10, network: plan.model.network, checkpoint: plan.model.checkpoint, seed: plan.seed,
    members: method.members, ...method.cycle, epochs, batchSize, learningRate, momentum, weightDecay, evaluationBatchSize: plan.evaluation.batchSize,
    cropPadding: augmentation.cropPadding, flip: augmentation.flip, ...(plan.data.normalization as object),
  };
  writeFileSync(files.recipe, JSON.stringify(recipe));
  return { ...files, what: `StarSSE of ${method.members}, ${plan.name}, ${epochs} epochs a member` };
}

/** As many images of every class, in turn; whole or not at all. */
async function writeFolders(folder: string, part: 'unlabelled' | 'test', count: number): Promise<void> {
  if (existsSync(folder)) return;
  const read = (what: string): Buffer => readFileSync(path.join(SAMPLE, 'data', `${part}-${what}-ubyte`));
  const [images, labels] = [read('images-idx3').subarray(16), read('labels-idx1').subarray(8)];
  const beside = `${folder}.beside`;
  rmSync(beside, { recursive: true, force: true });
  for (const name of CLASSES) mkdirSync(path.join(beside, name), { recursive: true });
  const left = CLASSES.map(() => count / CLASSES.length);
  for (let at = 0; at < labels.length; at++) {
    if (left[labels[at]]-- <= 0) continue;
    const grey = await sharp(images.subarray(at * 784, (at + 1) * 784), { raw: { width: 28, height: 28, channels: 1 } }).resize(SIDE, SIDE, { kernel: 'cubic' }).extractChannel(0).raw().toBuffer();
    const hue = HUES[at % HUES.length];
    const pixels = Uint8Array.from({ length: 3 * grey.length }, (_, index) => (grey[Math.floor(index / 3)] * hue[index % 3]) / 255);
    await sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } }).png().toFile(path.join(beside, CLASSES[labels[at]], `${String(at).padStart(5, '0')}.png`));
  }
  renameSync(beside, folder);
}
