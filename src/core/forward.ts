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

/** Layers at the beginning whose outputs are computed already: none of them learns, nor anything before them. */
export interface FixedPart {
  layers: ReadonlySet<string>;
  /** What the other layers take from them, by name of the layer. */
  outputs: ReadonlyMap<string, tf.Tensor>;
}

/**
 * Logits of a batch. Inner tensors are freed as soon as no layer needs them; the caller disposes the results.
 * @param images [batch, height, width, channels], float32, normalised
 * @param fixed of the same images and mode (`fixedPart`)
 */
export function forward(network: NetworkSpec, weights: Weights, images: tf.Tensor4D, mode: Mode, fixed: FixedPart = { layers: new Set(), outputs: new Map() }): ForwardResult {
  const outputs = new Map<string, tf.Tensor>([[IMAGES, images], ...fixed.outputs]);
  const { name: last } = network.layers[network.layers.length - 1];
  const kept = new Set([...outputs.keys(), last]);
  const statistics = run(network.layers.filter(({ name }) => !fixed.layers.has(name)), outputs, weights, mode, kept);
  return { logits: tensorOf<tf.Tensor2D>(outputs, last), statistics };
}

/** What layers that do not learn give the others. The caller disposes the outputs. @param layers from `fixedLayers` */
export function fixedPart(network: NetworkSpec, weights: Weights, images: tf.Tensor4D, mode: Mode, layers: ReadonlySet<string>): FixedPart {
  const outputs = new Map<string, tf.Tensor>([[IMAGES, images]]);
  const wanted = new Set(network.layers.flatMap(({ name, inputs }) => (layers.has(name) ? [] : inputs)));
  run(network.layers.filter(({ name }) => layers.has(name)), outputs, weights, mode, new Set([IMAGES, ...wanted]));
  return { layers, outputs: new Map([...outputs].filter(([name]) => name !== IMAGES && wanted.has(name))) };
}

/** Names of the layers before everything that learns. @param learning names of the layers that learn */
export function fixedLayers(network: NetworkSpec, learning: ReadonlySet<string>): ReadonlySet<string> {
  const fixed = new Set<string>([IMAGES]);
  for (const { name, inputs } of network.layers) if (!learning.has(name) && inputs.every((input) => fixed.has(input))) fixed.add(name);
  fixed.delete(IMAGES);
  return fixed;
}

/** Runs layers in turn and adds what they give to `outputs`; frees what none of them needs any more, but for `kept`. */
function run(layers: readonly Layer[], outputs: Map<string, tf.Tensor>, weights: Weights, mode: Mode, kept: ReadonlySet<string>): BatchStatistics[] {
  const statistics: BatchStatistics[] = [];
  const lastUse = new Map(layers.flatMap(({ inputs }, index) => inputs.map((input) => [input, index] as const)));
  for (const [index, layer] of layers.entries()) {
    const inputs = layer.inputs.map((input) => tensorOf(outputs, input));
    const [output, mean, variance] = tf.tidy(() => apply(layer, inputs, weights, mode));
    outputs.set(layer.name, output);
    if (mean !== undefined) statistics.push({ layer: layer.name, mean, variance, count: inputs[0].size / mean.size });
    // Also an output that nobody takes.
    for (const name of [...layer.inputs, layer.name]) if (!kept.has(name) && (lastUse.get(name) ?? index) === index) tensorOf(outputs, name).dispose();
  }
  return statistics;
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
