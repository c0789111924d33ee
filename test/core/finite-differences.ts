import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { forward, type Noise } from '../../src/core/forward.ts';
import { useGradients } from '../../src/core/gradients.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { trainedParameters } from '../../src/core/program.ts';
import { normal, randomKey } from '../../src/core/random.ts';
import { crossEntropy } from '../../src/core/step.ts';
import { tensorOf, weightsFrom, type Weights } from '../../src/core/weights.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';

/**
 * Compares the gradient along random directions with central differences of the loss. Weights are perturbed away from
 * their start, so that no scale is exactly 1 and no offset exactly 0.
 */
export function checkGradients(network: NetworkSpec, batch: number, noise: Noise = new Map()): void {
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
