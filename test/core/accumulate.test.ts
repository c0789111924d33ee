import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { drawNoise } from '../../src/core/noise.ts';
import { clipped, freshSlots } from '../../src/core/optimizer.ts';
import { programOf } from '../../src/core/program.ts';
import { randomKey } from '../../src/core/random.ts';
import { partsOf, trainStep, type StepResult } from '../../src/core/step.ts';
import { weightsFrom } from '../../src/core/weights.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';

const optimizer = { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 0.1 } as const;

function stepOf(network: NetworkSpec, accumulate: number, images: number): StepResult {
  const program = programOf(network, { optimizer, accumulate });
  const state = { weights: weightsFrom(network, initialWeights(network, 1), 'test'), slots: freshSlots(program) };
  const batch = {
    images: tf.randomNormal<tf.Rank.R4>([images, ...network.inputShape], 0, 1, 'float32', 4),
    targets: tf.oneHot(tf.tensor1d(Array.from({ length: images }, (_, image) => image % network.classes), 'int32'), network.classes, 1, 0, 'float32') as tf.Tensor2D,
  };
  return trainStep(program, state, batch, { learningRate: tf.scalar(0.3), corrections: [], noise: drawNoise(network, images, randomKey(1, 'noise', 0)) });
}

test('a batch is cut into parts that differ by one image at most', () => {
  const sizes = (images: number, parts: number) => partsOf(images, parts).map(({ size }) => size);
  assert.deepEqual(sizes(10, 4), [2, 3, 2, 3]);
  assert.deepEqual(sizes(3, 8), [1, 1, 1]);
  assert.deepEqual(sizes(7, 1), [7]);
  assert.deepEqual(partsOf(10, 4).map(({ start }) => start), [0, 2, 5, 7]);
});

test('without batch norm, a batch in parts gives the step of the whole batch within rounding, with dropout as well', () => {
  for (const network of [builtinNetwork('small-cnn', [4, 4, 1], 3), builtinNetwork('mlp', [4, 4, 1], 3, { dropout: 0.4 })]) {
    const whole = stepOf(network, 1, 10);
    for (const parts of [2, 3, 10]) {
      const cut = stepOf(network, parts, 10);
      assert.ok(Math.abs(cut.loss.dataSync()[0] - whole.loss.dataSync()[0]) < 1e-6);
      assert.equal(cut.correct.dataSync()[0], whole.correct.dataSync()[0]);
      for (const [name, tensor] of whole.state.weights) {
        const difference = tf.max(tf.abs(tf.sub(tensor, cut.state.weights.get(name)!))).dataSync()[0];
        assert.ok(difference < 2e-6, `${name} in ${parts} parts: ${difference}`);
      }
    }
  }
});

test('with batch norm, each part moves the running statistics once, in order', () => {
  const network = builtinNetwork('resnet-8', [4, 4, 1], 3);
  const cut = stepOf(network, 2, 6);
  const whole = stepOf(network, 1, 6);
  const [before, once, twice] = [0, whole, cut].map((result) => (result === 0 ? 1 : (result as StepResult).state.weights.get('bn1.running_var')!.dataSync()[3]));
  // The stem's statistics do not depend on other images: two moves of a tenth go about twice as far from 1 as one.
  assert.ok(Math.abs((twice - before) / (once - before) - 1.9) < 0.35, `${before} ${once} ${twice}`);
});

test('nothing of the parts is left', () => {
  const network = builtinNetwork('small-cnn', [4, 4, 1], 3);
  const count = (accumulate: number) => {
    const held = tf.memory().numTensors;
    stepOf(network, accumulate, 6);
    return tf.memory().numTensors - held;
  };
  assert.equal(count(3), count(1));
});

test('gradients longer than the norm are scaled to it, shorter ones stay', () => {
  const gradients = [tf.tensor1d([3, 0]), tf.tensor2d([[4]])];
  assert.deepEqual(clipped(gradients, 1).map((tensor) => [...tensor.dataSync()].map((value) => Number(value.toFixed(5)))), [[0.6, 0], [0.8]]);
  assert.deepEqual(clipped(gradients, 6).map((tensor) => [...tensor.dataSync()]), [[3, 0], [4]]);
});
