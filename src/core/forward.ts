/** A network's forward pass: a pure function of weights, images and noise. */
import * as tf from '@tensorflow/tfjs-core';
import { IMAGES, type Layer, type NetworkSpec } from '../protocol/network.ts';
import type { Mode } from './layers/layer-type.ts';
import { layerType } from './layers/layer-types.ts';
import type { BatchStatistics } from './statistics.ts';
import { tensorOf, type Weights } from './weights.ts';

export type { Mode } from './layers/layer-type.ts';

/** Random tensors by the name of the layer that uses them; made by `drawNoise`. */
export type Noise = ReadonlyMap<string, tf.Tensor>;

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
function apply(layer: Layer, inputs: tf.Tensor[], weights: Weights, mode: Mode): tf.Tensor[] {
  const seen: tf.Tensor[] = [];
  const output = layerType(layer).apply(layer, inputs, {
    weight: (name) => tensorOf(weights, `${layer.name}.${name}`),
    tensor: (name) => tensorOf(weights, name),
    mode,
    saw: (mean, variance) => seen.push(mean, variance),
  });
  return [output, ...seen];
}
