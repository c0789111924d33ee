/** Validation in the graph of training: by the weights that it has reached, which stay where they are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../../src/backends/choose.ts';
import { tracedStepper } from '../../src/backends/tensorflow/traced-stepper.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { forward } from '../../src/core/forward.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { freshSlots, stepRates } from '../../src/core/optimizer.ts';
import { normalised, type Pixels } from '../../src/core/pixels.ts';
import { programOf } from '../../src/core/program.ts';
import { disposeState } from '../../src/core/state.ts';
import type { Stepper } from '../../src/core/stepper.ts';
import { weightsFrom } from '../../src/core/weights.ts';
import { somePixels } from './some-pixels.ts';

await startBackend('tensorflow', { threads: 1 });
const normalization = { mean: [0.4, 0.5, 0.6], std: [0.2, 0.25, 0.3] };
const network = builtinNetwork('resnet-8', [8, 8, 3], 5);
const program = programOf(network, { optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 1e-3 }, images: { normalization, mixes: true } });

async function logitsOf(stepper: Stepper, images: Pixels): Promise<Float32Array> {
  const logits = stepper.evaluate(images);
  assert.deepEqual(logits.shape, [images.shape[0], 5]);
  const numbers = Float32Array.from(await logits.data());
  logits.dispose();
  return numbers;
}

/** What the lent weights give op by op. */
function expected(stepper: Stepper, images: Pixels): Float32Array {
  const { weights } = stepper.lend();
  return tf.tidy(() => forward(network, weights, normalised(images, normalization), { training: false }).logits.dataSync<'float32'>().slice());
}

async function stepOf(stepper: Stepper, step: number): Promise<void> {
  const rates = stepRates(program.optimizer, 0.05, step);
  const targets = Float32Array.from({ length: 20 }, (_, index) => Number(index % 5 === Math.floor(index / 5)));
  const { loss, correct } = stepper.step({ images: somePixels([4, 8, 8, 3]), targets, share: 0.8 }, { ...rates, noise: new Map() });
  await loss.data();
  for (const tensor of [loss, correct, rates.learningRate, ...rates.corrections]) tensor.dispose();
}

test('after each step the logits of whole and of short batches are those of the weights of now; nothing is read back for them', async () => {
  const held = tf.memory().numTensors;
  const stepper = tracedStepper(program, { weights: weightsFrom(network, initialWeights(network, 1), 'test'), slots: freshSlots(program) }, { steps: [4], evaluations: [6, 2] });
  let before: Float32Array | null = null;
  for (let step = 0; step < 3; step++) {
    await stepOf(stepper, step);
    const found = await Promise.all([6, 2].map(async (size) => await logitsOf(stepper, somePixels([size, 8, 8, 3]))));
    assert.equal(stepper.tensors, 0);
    for (const [index, size] of [6, 2].entries()) {
      const wanted = expected(stepper, somePixels([size, 8, 8, 3]));
      for (const [place, value] of wanted.entries()) assert.ok(Math.abs(value - found[index][place]) < 1e-5 * Math.max(1, Math.abs(value)), `step ${step}: ${found[index][place]}, not ${value}`);
    }
    if (before !== null) assert.notDeepEqual(found[0], before);
    before = found[0];
  }
  disposeState(stepper.release());
  assert.equal(tf.memory().numTensors, held);
});
