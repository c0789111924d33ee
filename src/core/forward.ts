/** A network's forward pass: a pure function of weights, images and noise. */
import * as tf from '@tensorflow/tfjs-core';
import { IMAGES, type Layer, type NetworkSpec } from '../protocol/network.ts';
import { batchNormTraining } from './kernels.ts';
import type { BatchStatistics } from './statistics.ts';
import { tensorOf, type Weights } from './weights.ts';

/** Random tensors by the name of the layer that uses them; made by `drawNoise`. */
export type Noise = ReadonlyMap<string, tf.Tensor>;
/** Training: batch norm by the batch's own statistics, dropout by `noise` or none if null. Otherwise running statistics and no dropout. */
export type Mode = { training: false } | { training: true; noise: Noise | null };

export interface ForwardResult {
  /** [batch, classes] */
  logits: tf.Tensor2D;
  /** What each batch norm saw, in the order of the layers; empty unless training. */
  statistics: BatchStatistics[];
}

/**
 * Logits of a batch. Inner tensors are freed as soon as no layer needs them; the caller disposes the results.
 * @param images [batch, height, width, channels], float32, normalised
 */
export function forward(network: NetworkSpec, weights: Weights, images: tf.Tensor4D, mode: Mode): ForwardResult {
  const outputs = new Map<string, tf.Tensor>([[IMAGES, images]]);
  const statistics: BatchStatistics[] = [];
  const { layers } = network;
  const lastUse = new Map(layers.flatMap(({ inputs }, index) => inputs.map((input) => [input, index] as const)));
  for (const [index, layer] of layers.entries()) {
    const inputs = layer.inputs.map((input) => tensorOf(outputs, input));
    const [output, mean, variance] = tf.tidy(() => apply(layer, inputs, weights, mode));
    outputs.set(layer.name, output);
    if (mean !== undefined) statistics.push({ layer: layer.name, mean, variance, count: inputs[0].size / mean.size });
    for (const input of layer.inputs) if (input !== IMAGES && lastUse.get(input) === index) tensorOf(outputs, input).dispose();
  }
  return { logits: tensorOf<tf.Tensor2D>(outputs, layers[layers.length - 1].name), statistics };
}

/** The layer's output; of a batch norm in training also mean and biased variance of the batch. */
function apply(layer: Layer, [x, second]: tf.Tensor[], weights: Weights, mode: Mode): tf.Tensor[] {
  const weight = (name: string) => tensorOf(weights, `${layer.name}.${name}`);
  switch (layer.kind) {
    case 'conv': {
      const y = convolve(x as tf.Tensor4D, weight('weight') as tf.Tensor4D, layer.stride, layer.padding);
      return [layer.bias ? tf.add(y, weight('bias')) : y];
    }
    case 'batch-norm': {
      const [scale, offset] = [weight('weight'), weight('bias')] as tf.Tensor1D[];
      if (mode.training) {
        const { y, mean, variance } = batchNormTraining(x, scale, offset, layer.epsilon);
        return [y, mean, variance];
      }
      const [mean, variance] = [weight('running_mean'), weight('running_var')] as tf.Tensor1D[];
      return [tf.batchNorm(x as tf.Tensor4D, mean, variance, offset, scale, layer.epsilon)];
    }
    case 'relu':
      return [tf.relu(x)];
    case 'add':
      return [tf.add(x, second)];
    case 'max-pool':
      return [tf.maxPool(x as tf.Tensor4D, layer.size, layer.stride, 'valid')];
    case 'global-average-pool':
      return [tf.mean(x, [1, 2])]; // [batch, channels]
    case 'flatten':
      return [tf.reshape(x, [x.shape[0], -1])];
    case 'dropout':
      return [mode.training && mode.noise !== null ? tf.mul(x, tensorOf(mode.noise, layer.name)) : x.clone()];
    case 'dense': {
      const y = tf.matMul(x as tf.Tensor2D, weight('weight') as tf.Tensor2D); // [batch, outputs]
      return [layer.bias ? tf.add(y, weight('bias')) : y];
    }
  }
}

/**
 * Convolution with `padding` zeros on every side, as in PyTorch. TensorFlow's 'same' pads more at the end than at the
 * beginning when the stride does not divide the size, so it stands in only where both agree; elsewhere zeros are added first.
 * Not the fused convolution: that one always computes the gradient of the images, which the first layer does not need.
 */
function convolve(x: tf.Tensor4D, filter: tf.Tensor4D, stride: number, padding: number): tf.Tensor4D {
  if (padding === 0) return tf.conv2d(x, filter, stride, 'valid');
  const [, height, width] = x.shape;
  const kernel = filter.shape[0];
  if ([height, width].every((length) => isSamePadding(length, kernel, stride, padding))) return tf.conv2d(x, filter, stride, 'same');
  const padded = tf.pad(x, [[0, 0], [padding, padding], [padding, padding], [0, 0]]);
  return tf.conv2d(padded, filter, stride, 'valid');
}

function isSamePadding(length: number, kernel: number, stride: number, padding: number): boolean {
  const steps = Math.ceil(length / stride);
  const total = Math.max((steps - 1) * stride + kernel - length, 0);
  return total === 2 * padding && steps === Math.floor((length + 2 * padding - kernel) / stride) + 1;
}
