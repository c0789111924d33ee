/** The gradient of the mean loss of fixed images at any point of the space of weights, its batch norms going by their running statistics. */
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkSpec } from '../../protocol/network.ts';
import { batchesInOrder, plainBatches } from '../batches.ts';
import type { Dataset } from '../data.ts';
import { forward } from '../forward.ts';
import { useGradients } from '../gradients.ts';
import { parametersOf } from '../network.ts';
import type { Normalization } from '../normalization.ts';
import { normalised } from '../pixels.ts';
import { crossEntropy } from '../step.ts';
import { disposeTensors, tensorOf, type Weights } from '../weights.ts';
import { toTensors, trainedParts, type HostWeights } from './host-weights.ts';

export interface LossGradient {
  /** Mean cross-entropy, nats. */
  loss: number;
  /** With respect to the trained weights, in the order of `flatOf`. */
  gradient: Float32Array;
}

export interface LossGradientSettings {
  network: NetworkSpec;
  normalization: Normalization;
  dataset: Dataset;
  batchSize: number;
  /** Called after every batch; what it throws ends the work. */
  onBatch?: () => void;
}

/** Op by op, on every back end: no noise, no augmentation. */
export function lossGradientOf({ network, normalization, dataset, batchSize, onBatch }: LossGradientSettings): (weights: HostWeights) => Promise<LossGradient> {
  const learning = parametersOf(network).flatMap(({ name, role }) => (role === 'trained' ? [name] : []));
  const images = dataset.labels.length;
  return async (point) => {
    useGradients();
    const weights = toTensors(network, point);
    let sum: tf.Tensor[] = [];
    try {
      for await (const { positions, images: pixels } of plainBatches(dataset, batchesInOrder(images, batchSize), normalization, network.inputShape)) {
        const labels = Int32Array.from(positions, (position) => dataset.labels[position]);
        const before = sum;
        sum = tf.tidy(() => {
          const share = positions.length / images;
          const part = slope(network, weights, learning, normalised(pixels, normalization), labels).map((tensor) => tf.mul(tensor, share));
          return before.length === 0 ? part : part.map((tensor, index) => tf.add(before[index], tensor));
        });
        tf.dispose(before);
        onBatch?.();
        await tf.nextFrame();
      }
      const [[loss], ...gradients] = await Promise.all(sum.map(async (tensor) => (await tensor.data()) as Float32Array));
      return { loss, gradient: joined(gradients) };
    } finally {
      tf.dispose(sum);
      disposeTensors(weights);
    }
  };
}

/** The trained weights as one array, in the order of `parametersOf`. */
export function flatOf(network: NetworkSpec, weights: HostWeights): Float32Array {
  const trained = trainedParts(network);
  return joined(weights.filter((_, part) => trained[part]));
}

/** The network with other trained weights. @param flat of `flatOf`'s order */
export function withTrained(network: NetworkSpec, weights: HostWeights, flat: Float32Array): HostWeights {
  const trained = trainedParts(network);
  let start = 0;
  return weights.map((own, part) => (trained[part] ? flat.subarray(start, (start += own.length)) : own));
}

/** Loss and gradients of a batch. */
function slope(network: NetworkSpec, weights: Weights, learning: string[], images: tf.Tensor4D, labels: Int32Array): tf.Tensor[] {
  const targets = tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), network.classes), 'float32') as tf.Tensor2D;
  const frozen = new Set(network.layers.map(({ name }) => name));
  const { value, grads } = tf.valueAndGrads(() => crossEntropy(forward(network, weights, images, { training: true, noise: null, frozen }).logits, targets))(
    learning.map((name) => tensorOf(weights, name)),
  );
  return [value, ...grads];
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}
