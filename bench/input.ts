/**
 * Whether training waits for its images. `node bench/input.ts [threads] [224 | 32]`: records in a file, augmented and normalised,
 * first by themselves (images a second), then for a real training by `trainMember` on native TensorFlow, whose wait share is printed:
 * made in the trainer's own thread, and by a thread beside it as runs do. Ends with code 1 when a run would wait for more than is
 * promised.
 *   224: ResNet-18, batches of 16, stored at 256 x 256, random resized crop, flip and colour jitter
 *    32: ResNet-8, batches of 64, padded crop and flip
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stepperOf } from '../src/backends/stepper.ts';
import { startTensorflow } from '../src/backends/tensorflow/start.ts';
import { builtinNetwork, type BuiltinName } from '../src/core/builtin.ts';
import { subset, type Dataset } from '../src/core/data.ts';
import { inputInProcess, type Input, type InputSettings } from '../src/core/input.ts';
import { membersOf } from '../src/protocol/methods.ts';
import { integer, randomKey } from '../src/core/random.ts';
import { disposeState, startState } from '../src/core/state.ts';
import { trainMember } from '../src/core/train.ts';
import { parse } from '../src/protocol/parse.ts';
import { PlanSchema, type PlanInput } from '../src/protocol/plan.ts';
import { BEGINNING } from '../src/protocol/position.ts';
import type { EpochRow } from '../src/protocol/rows.ts';
import { openDataset } from '../src/run/trainer/data/open-dataset.ts';
import { openInput } from '../src/run/trainer/input/open-input.ts';
import { reportWords } from './report.ts';

const PROMISED = 0.05;
const CLASSES = 10;

interface Case {
  network: BuiltinName;
  size: number;
  stored: number;
  images: number;
  training: Omit<PlanInput['training'], 'optimizer'>;
}
const CASES: Record<string, Case> = {
  224: {
    network: 'resnet-18', size: 224, stored: 256, images: 160,
    training: { epochs: 1, batchSize: 16, augmentation: { resizedCrop: {}, flip: true, colorJitter: { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 } } },
  },
  32: { network: 'resnet-8', size: 32, stored: 32, images: 4096, training: { epochs: 1, batchSize: 64, augmentation: { cropPadding: 4, flip: true } } },
};

async function measure({ network: name, size, stored, images, training }: Case, threads: number, folder: string): Promise<boolean> {
  const files = { images: 'x', labels: 'y' };
  const plan = parse(PlanSchema, {
    name, model: { network: name }, method: { kind: 'fine-tuning' }, training: { ...training, optimizer: { learningRate: 0.01 } },
    data: { kind: 'idx', train: files, classes: Array.from({ length: CLASSES }, (_, label) => `${label}`), normalization: 'imagenet' },
  }, name);
  const data = openDataset({ records: { layout: { count: images, shape: [stored, stored, 3], values: 'pixels' }, file: writeRecords(path.join(folder, name), images, stored) }, labels: Int32Array.from({ length: images }, (_, image) => image % CLASSES), classes: CLASSES });
  const { augmentation, labelSmoothing, batchSize } = plan.training;
  const settings: InputSettings = { seed: 0, augmentation, labelSmoothing, normalization: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }, size: [size, size] };
  const beside = (): Input => openInput(data, settings, { batchSize, device: { kind: 'cpu' } });
  console.log(`\n${name}, ${size} x ${size}, batches of ${batchSize}, ${threads} threads`);
  console.log(`input alone, this thread    ${(await imagesPerSecond(inputInProcess(data, settings), images, batchSize)).toFixed(0)} images/s`);
  console.log(`input alone, a thread       ${(await imagesPerSecond(beside(), images, batchSize)).toFixed(0)} images/s`);
  const own = await trainOnce(inputInProcess(data, settings));
  console.log(`trained, this thread        ${own.imagesPerSecond.toFixed(1)} images/s, wait share ${percent(own.waitShare!)}`);
  const run = await trainOnce(beside());
  console.log(`trained, a thread beside    ${run.imagesPerSecond.toFixed(1)} images/s`);
  reportWords(`${name}, ${size} x ${size}, ${images} images from disk, augmented: share of training time spent waiting for images (without the thread beside)`, `${percent(run.waitShare!)} (${percent(own.waitShare!)}), promised at most ${percent(PROMISED)}`);
  return run.waitShare! <= PROMISED;

  async function trainOnce(input: Input): Promise<EpochRow> {
    const network = builtinNetwork(name, [size, size, 3], CLASSES);
    const [member] = membersOf(plan);
    const validation: Dataset = subset(data, Uint32Array.of(0, 1));
    const rows: EpochRow[] = [];
    const job = { member, network, training: plan.training, images, input, probeInput: null, validation, normalization: settings.normalization, evaluationBatchSize: 2, stepper: stepperOf(device, console.log) };
    const start = { state: startState(network, { ...member, headSeed: 1 }, null, 'new weights'), position: BEGINNING };
    const outcome = await trainMember(job, start, { onStep: (progress) => void rows.push(...progress.rows.filter((row) => row.kind === 'epoch')), shouldStop: () => false });
    disposeState(outcome.state);
    await input.close();
    return rows[0];
  }
}

/** Asked for as training does: as many ahead as the input makes. */
async function imagesPerSecond(input: Input, images: number, batchSize: number): Promise<number> {
  const positions = (batch: number) => Uint32Array.from({ length: batchSize }, (_, index) => (batch * batchSize + 7 * index) % images);
  await input.batch(0, positions(0)); // started and compiled from here on
  const batches = Math.ceil(images / batchSize);
  const startedMs = performance.now();
  const asked: Promise<unknown>[] = [];
  for (let batch = 0; batch < batches; batch++) {
    asked.push(input.batch(1, positions(batch)));
    if (asked.length > (input.ahead ?? 1)) await asked.shift();
  }
  await Promise.all(asked);
  const seconds = (performance.now() - startedMs) / 1000;
  await input.close();
  return (batches * batchSize) / seconds;
}

/** Smooth pictures under noise. */
function writeRecords(file: string, images: number, side: number): string {
  const descriptor = openSync(file, 'w');
  const key = randomKey(1, 'task');
  const noise = Uint8Array.from({ length: 65_536 }, (_, index) => integer(key, index, 40));
  for (let image = 0; image < images; image++) {
    writeSync(descriptor, Uint8Array.from({ length: side * side * 3 }, (_, index) => 100 + 60 * Math.sin((index + 999 * image) / (50 + (image % 7))) + noise[(index + image * 131) % noise.length]));
  }
  closeSync(descriptor);
  return file;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

const [threads, only] = [Number(process.argv[2] ?? 1), process.argv[3]];
const device = await startTensorflow({ threads });
console.log(device.description);
const folder = mkdtempSync(path.join(tmpdir(), 'starsse-bench-'));
try {
  for (const [name, settings] of Object.entries(CASES)) {
    if ((only === undefined || only === name) && !(await measure(settings, threads, folder))) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
