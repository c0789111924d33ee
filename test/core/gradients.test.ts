import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { forward, type Noise } from '../../src/core/forward.ts';
import { useGradients } from '../../src/core/gradients.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { drawNoise } from '../../src/core/noise.ts';
import { trainedParameters } from '../../src/core/program.ts';
import { normal, randomKey } from '../../src/core/random.ts';
import { crossEntropy } from '../../src/core/step.ts';
import { tensorOf, weightsFrom, type Weights } from '../../src/core/weights.ts';
import { IMAGES, type NetworkSpec } from '../../src/protocol/network.ts';

/**
 * Compares the gradient along random directions with central differences of the loss. Weights are perturbed away from
 * their start, so that no scale is exactly 1 and no offset exactly 0.
 */
function checkGradients(network: NetworkSpec, batch: number, noise: Noise = new Map()): void {
  useGradients();
  tf.tidy(() => {
    const key = randomKey(5, 'task');
    const images = tf.tensor4d(Float32Array.from({ length: batch * network.inputShape.reduce((a, b) => a * b) }, (_, index) => normal(key, index)), [batch, ...network.inputShape]);
    const targets = tf.oneHot(tf.tensor1d(Array.from({ length: batch }, (_, index) => index % network.classes), 'int32'), network.classes, 1, 0, 'float32') as tf.Tensor2D;
    const names = trainedParameters(network).map(({ name }) => name);
    const start = weightsFrom(network, initialWeights(network, 3), 'test');
    const weights: Weights = new Map(Array.from(start, ([name, tensor]) => [name, tf.add(tensor, tf.mul(0.1, gaussian(tensor.shape, 1)))]));
    const loss = (at: Weights): tf.Scalar => crossEntropy(forward(network, at, images, { training: true, noise }).logits, targets);
    const gradients = tf.grads(() => loss(weights))(names.map((name) => tensorOf(weights, name)));
    for (const [index, name] of names.entries()) {
      const tensor = tensorOf(weights, name);
      const direction = gaussian(tensor.shape, 2 + index);
      const unit = tf.div(direction, tf.norm(direction));
      const analytic = tf.sum(tf.mul(gradients[index], unit)).dataSync()[0];
      const step = 5e-4; // small: a longer step crosses kinks of the relus
      const [above, below] = [step, -step].map((length) => loss(new Map([...weights, [name, tf.add(tensor, tf.mul(unit, length))]])).dataSync()[0]);
      const numeric = (above - below) / (2 * step);
      assert.ok(Math.abs(analytic - numeric) < 2e-3 + 0.02 * Math.abs(numeric), `${name}: ${analytic}, finite difference ${numeric}`);
    }
  });
}

function gaussian(shape: number[], seed: number): tf.Tensor {
  const key = randomKey(seed, 'task', 1);
  return tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => normal(key, index)), shape);
}

const shapes: [BuiltinName, [number, number, number]][] = [
  ['linear', [4, 4, 2]],
  ['mlp', [3, 3, 1]],
  ['small-cnn', [5, 4, 2]],
  ['resnet-8', [6, 5, 1]],
];
for (const [name, shape] of shapes) {
  test(`the gradient of ${name} agrees with finite differences`, () => {
    checkGradients(builtinNetwork(name, shape, 3), 3);
  });
}

test('the gradient through dropout agrees with finite differences', () => {
  const network: NetworkSpec = {
    name: 'dropout', inputShape: [2, 2, 1], classes: 3, head: 'fc2',
    layers: [
      { kind: 'flatten', name: 'flatten', inputs: [IMAGES] },
      { kind: 'dense', name: 'fc1', inputs: ['flatten'], outputs: 8, bias: true },
      { kind: 'dropout', name: 'drop', inputs: ['fc1'], rate: 0.5 },
      { kind: 'dense', name: 'fc2', inputs: ['drop'], outputs: 3, bias: false },
    ],
  };
  checkGradients(network, 4, drawNoise(network, 4, randomKey(1, 'noise', 0)));
});

test('gradients that a back end registered meanwhile do not come into force', () => {
  tf.registerGradient({ kernelName: 'Relu', inputsToSave: ['x'], gradFunc: (_, [x]) => ({ x: () => tf.zerosLike(x) }) });
  checkGradients(builtinNetwork('mlp', [2, 2, 1], 3), 3);
});
