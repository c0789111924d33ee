/**
 * What a point of a plane costs beside its forward passes: `node scripts/node24.mjs bench/plane.ts`. A point is a sum of three networks, batch-norm statistics from 500
 * images, loss and error of 500 others, as `starsse plane` measures it; bare passes are the same images through the same runner, already in batches. The way of
 * a training through the space of weights is timed beside its epochs. Native TensorFlow where it is installed, else WASM.
 */
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../src/backends/choose.ts';
import { runnerOf } from '../src/backends/runner.ts';
import { combine, hostWeights, toTensors } from '../src/core/basin/host-weights.ts';
import { measureOf } from '../src/core/basin/measure.ts';
import { planeThrough } from '../src/core/basin/plane.ts';
import { Trajectory } from '../src/core/basin/trajectory.ts';
import { batchesInOrder, plainBatches } from '../src/core/batches.ts';
import { builtinNetwork } from '../src/core/builtin.ts';
import { datasetInMemory, type Dataset } from '../src/core/data.ts';
import { initialWeights } from '../src/core/initialise.ts';
import type { Pixels } from '../src/core/pixels.ts';
import { integer, randomKey } from '../src/core/random.ts';
import { disposeTensors } from '../src/core/weights.ts';
import { findLibrary } from '../src/backends/tensorflow/library.ts';
import { inTurn, reportRatio } from './report.ts';

const IMAGES = 500;
const BATCH = 100;
const ROUNDS = 7;
const MOST = 1.15;
/** An epoch takes at least so many times as long; here it has as many images as a plane's point, which is few. */
const LEAST_OF_EPOCH = 50;

const normalization = { mean: [0.5], std: [0.25] };
const backend = findLibrary('cpu') === null ? 'wasm' : 'tensorflow';
const device = await startBackend(backend, { threads: 1 });
console.log(device.description);
for (const name of ['resnet-8', 'resnet-20'] as const) await measure(name);
process.exit();

async function measure(name: 'resnet-8' | 'resnet-20'): Promise<void> {
  const network = builtinNetwork(name, [32, 32, 3], 10);
  const corners = [1, 2, 3].map((seed) => hostWeights(network, initialWeights(network, seed)));
  const plane = planeThrough(network, corners, ['1', '2', '3']);
  const [statistics, test] = [data(1), data(2)];
  const runner = runnerOf(device, console.log)(network, normalization);
  const point = measureOf({ runner, network, statistics, sets: { test }, batchSize: BATCH });
  const [forStatistics, forTest] = [await batchesOf(statistics), await batchesOf(test)];
  let column = 0;
  const ours = async (): Promise<number> => await timed(async () => void (await point(combine(corners, plane.coefficients((column += 0.1), 0.3)))));
  const bare = async (): Promise<number> =>
    await timed(async () => {
      for (const pixels of forStatistics) {
        const seen = runner.statistics(pixels).flatMap(({ mean, variance }) => [mean, variance]);
        await Promise.all(seen.map(async (tensor) => await tensor.data()));
        tf.dispose(seen);
      }
      for (const pixels of forTest) {
        const logits = runner.logits(pixels);
        await logits.data();
        logits.dispose();
      }
    });
  const rounds = await inTurn(ROUNDS, [ours, bare]);
  reportRatio(`a point of a plane of ${name}, 32 x 32, ${IMAGES} + ${IMAGES} images, ${backend}, 1 thread: its time / bare forward passes`, rounds.map(([own, other]) => own / other), { atMost: MOST });
  runner.close();

  const weights = toTensors(network, corners[0]);
  const way = new Trajectory(network, 1, () => Promise.resolve({ start: corners[1], pretrained: { weights: corners[1], hasHead: false }, member1: corners[2] }), { read: () => Promise.resolve(null), write: () => Promise.resolve() });
  await way.at(0, false, () => weights);
  const looks = await inTurn(ROUNDS, [async () => await timed(async () => void (await way.at(1, false, () => weights)))]);
  // A training step is about three forward passes.
  const epochs = rounds.map(([, other]) => (3 * other) / 2);
  reportRatio(`the way of a training of ${name} measured after an epoch of ${IMAGES} images: time of the epoch, as three forward passes an image / its own`, looks.map(([own], round) => epochs[round] / own), { atLeast: LEAST_OF_EPOCH });
  disposeTensors(weights);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

async function batchesOf(dataset: Dataset): Promise<Pixels[]> {
  const batches: Pixels[] = [];
  for await (const { images } of plainBatches(dataset, batchesInOrder(IMAGES, BATCH), normalization, [32, 32])) batches.push(images);
  return batches;
}

function data(seed: number): Dataset {
  const key = randomKey(seed, 'task');
  return datasetInMemory({
    examples: Uint8Array.from({ length: IMAGES * 32 * 32 * 3 }, (_, index) => integer(key, index, 256)), labels: Int32Array.from({ length: IMAGES }, (_, image) => image % 10), shape: [32, 32, 3], classes: 10,
  });
}
