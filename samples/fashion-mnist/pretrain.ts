/**
 * Makes rotation.safetensors: `npm run sample:pretrain [epochs] [file]`.
 *
 * Self-supervised pre-training (Gidaris, Singh, Komodakis: "Unsupervised representation learning by predicting image
 * rotations", ICLR 2018): each unlabelled image is turned by 0, 90, 180 or 270 degrees, and the network says by how much. No
 * label and none of the sample's labelled or test images is seen. Every number is a function of the seed, so on a CPU at the
 * same number of threads the file comes out the same.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { startTensorflow } from '../../src/backends/tensorflow/start.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { freshSlots } from '../../src/core/optimizer.ts';
import { programOf } from '../../src/core/program.ts';
import { integer, permutation, randomKey } from '../../src/core/random.ts';
import { disposeState } from '../../src/core/state.ts';
import { trainStep, type StepState } from '../../src/core/step.ts';
import { weightsFrom, weightsToData } from '../../src/core/weights.ts';
import { learningRateAt } from '../../src/protocol/schedule.ts';
import { writeSafetensors } from '../../src/run/safetensors-file.ts';

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const BATCH = 64;
const SEED = 1;
const [MEAN, STD] = [0.286, 0.353];
const [epochs, file] = [Number(process.argv[2] ?? 3), process.argv[3] ?? fileURLToPath(new URL('rotation.safetensors', import.meta.url))];
const cycle = { epochs, learningRate: 0.1, schedule: 'cosine', warmupEpochs: 0 } as const;

const pixels = readFileSync(new URL('data/unlabelled-images-idx3-ubyte', import.meta.url)).subarray(16);
const count = pixels.length / PIXELS;
const device = await startTensorflow({ threads: 2 });
console.log(`${count} unlabelled images, ${epochs} epochs, ${device.description}`);

const network = builtinNetwork('resnet-8', [SIDE, SIDE, 1], 4);
const program = programOf(network, { optimizer: { kind: 'sgd', nesterov: false, momentum: 0.9, weightDecay: 5e-4 } });
let state: StepState = { weights: weightsFrom(network, initialWeights(network, SEED), 'new weights'), slots: freshSlots(program) };
for (let epoch = 0; epoch < epochs; epoch++) {
  const order = permutation(randomKey(SEED, 'order', epoch), count);
  const turns = randomKey(SEED, 'augmentation', epoch);
  const learningRate = tf.scalar(learningRateAt(cycle, epoch, 1));
  let [loss, correct, seen] = [0, 0, 0];
  for (let first = 0; first + BATCH <= count; first += BATCH) {
    const batch = rotatedBatch(order.subarray(first, first + BATCH), (index) => integer(turns, index, 4));
    const result = trainStep(program, state, batch, { learningRate, corrections: [], noise: new Map() });
    disposeState(state);
    state = result.state;
    loss += (await result.loss.data())[0] * BATCH;
    correct += (await result.correct.data())[0];
    seen += BATCH;
    tf.dispose([batch.images, batch.targets, result.loss, result.correct]);
  }
  learningRate.dispose();
  console.log(`epoch ${epoch + 1}/${epochs}  loss ${(loss / seen).toFixed(4)}  rotations right ${((100 * correct) / seen).toFixed(1)} %`);
}
await writeSafetensors(file, await weightsToData(network, state.weights), {
  network: 'resnet-8',
  task: 'rotation of 0, 90, 180 or 270 degrees',
  data: `${count} unlabelled Fashion-MNIST images`,
  recipe: `${epochs} epochs, batch ${BATCH}, SGD momentum 0.9, weight decay 5e-4, learning rate 0.1 cosine, seed ${SEED}`,
});
console.log(file);

/** Normalised images [batch, 28, 28, 1], each turned by its number of quarter turns, which is its label. */
function rotatedBatch(indices: Uint32Array, turnsOf: (index: number) => number): { images: tf.Tensor4D; targets: tf.Tensor2D } {
  const values = new Float32Array(indices.length * PIXELS);
  const labels = new Int32Array(indices.length);
  indices.forEach((index, place) => {
    labels[place] = turnsOf(index);
    for (let row = 0; row < SIDE; row++) {
      for (let column = 0; column < SIDE; column++) {
        const value = pixels[index * PIXELS + sourcePixel(labels[place], row, column)];
        values[place * PIXELS + row * SIDE + column] = (value / 255 - MEAN) / STD;
      }
    }
  });
  return { images: tf.tensor4d(values, [indices.length, SIDE, SIDE, 1]), targets: tf.tidy(() => tf.oneHot(tf.tensor1d(labels, 'int32'), 4, 1, 0, 'float32') as tf.Tensor2D) };
}

/** Where the pixel of an image turned counter-clockwise comes from. */
function sourcePixel(quarterTurns: number, row: number, column: number): number {
  const last = SIDE - 1;
  switch (quarterTurns) {
    case 0:
      return row * SIDE + column;
    case 1:
      return column * SIDE + (last - row);
    case 2:
      return (last - row) * SIDE + (last - column);
    default:
      return (last - column) * SIDE + row;
  }
}
