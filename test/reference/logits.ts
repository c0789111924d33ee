import * as tf from '@tensorflow/tfjs-core';
import { forward } from '../../src/core/forward.ts';
import { disposeTensors, weightsFrom } from '../../src/core/weights.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';
import type { TensorData } from '../../src/protocol/tensor.ts';

/** What a network makes of images in PyTorch's order, [n, channels, height, width], on the current back end. @returns [n, classes], flat */
export async function logitsOf(network: NetworkSpec, tensors: readonly TensorData[], images: Float32Array): Promise<Float32Array> {
  const [height, width, channels] = network.inputShape;
  const weights = weightsFrom(network, tensors, 'test');
  const batch = tf.tidy(() => tf.transpose(tf.tensor4d(images, [images.length / (height * width * channels), channels, height, width]), [0, 2, 3, 1]));
  const { logits } = forward(network, weights, batch, { training: false });
  const values = (await logits.data()) as Float32Array;
  tf.dispose([batch, logits]);
  disposeTensors(weights);
  return values;
}

export function worstDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  return Array.from(expected).reduce((worst, value, index) => Math.max(worst, Math.abs(value - actual[index])), 0);
}
