/**
 * Networks as evaluation needs them: a batch norm by its running statistics is an affine map of each channel, so that of a
 * convolution before it is put into the convolution's own numbers. With r = weight / sqrt(running_var + epsilon):
 * filter' = filter r, bias' = (bias - running_mean) r + offset. Exact but for rounding, padding with zeros included.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Layer, NetworkSpec } from '../protocol/network.ts';
import type { LayerOf } from './layers/layer-type.ts';
import { parametersOf } from './network.ts';
import { tensorOf, type Weights } from './weights.ts';

export interface Folded {
  /** Without the batch norms that were folded; each of the others by its old name. */
  network: NetworkSpec;
  /** Weights of the folded network, all of them new tensors. */
  fold(weights: Weights): Weights;
}

const known = new WeakMap<NetworkSpec, Folded>();

/** For evaluation only. Worked out once a network. */
export function foldedOf(network: NetworkSpec): Folded {
  let folded = known.get(network);
  if (folded === undefined) known.set(network, (folded = fold(network)));
  return folded;
}

function fold(network: NetworkSpec): Folded {
  const pairs = pairsOf(network.layers);
  const convolutions = new Map(pairs.map(({ conv, norm }) => [conv.name, norm]));
  const gone = new Map(pairs.map(({ conv, norm }) => [norm.name, conv.name]));
  const layers = network.layers
    .filter(({ name }) => !gone.has(name))
    .map((layer) => {
      const inputs = layer.inputs.map((input) => gone.get(input) ?? input);
      return { ...layer, inputs, ...(convolutions.has(layer.name) ? { bias: true } : {}) } as Layer;
    });
  const evaluated: NetworkSpec = { ...network, layers };
  return {
    network: evaluated,
    fold: (weights) =>
      new Map(
        parametersOf(evaluated).map(({ name, layer, shape }) => {
          const norm = convolutions.get(layer.name);
          if (norm === undefined) return [name, tensorOf(weights, name).clone()];
          return [name, tf.tidy(() => (name === `${layer.name}.weight` ? foldedFilter(weights, name, norm, shape) : foldedBias(weights, name, norm)))];
        }),
      ),
  };
}

/** Convolutions that nobody but a batch norm takes. */
function pairsOf(layers: readonly Layer[]): { conv: LayerOf<'conv'>; norm: LayerOf<'batch-norm'> }[] {
  return layers.flatMap((norm) => {
    if (norm.kind !== 'batch-norm') return [];
    const conv = layers.find(({ name }) => name === norm.inputs[0]);
    const users = layers.filter(({ inputs }) => inputs.includes(norm.inputs[0])).length;
    return conv?.kind === 'conv' && users === 1 ? [{ conv, norm }] : [];
  });
}

/** @param shape [kernel, kernel, inner, outputs], or [kernel, kernel, channels, multiplier] of a depthwise one */
function foldedFilter(weights: Weights, name: string, norm: LayerOf<'batch-norm'>, shape: readonly number[]): tf.Tensor {
  const factor = factorOf(weights, norm);
  const [, , inner, outer] = shape;
  return tf.mul(tensorOf(weights, name), factor.size === outer ? factor : tf.reshape(factor, [inner, outer]));
}

function foldedBias(weights: Weights, name: string, norm: LayerOf<'batch-norm'>): tf.Tensor {
  const mean = tensorOf(weights, `${norm.name}.running_mean`);
  const bias = weights.get(name);
  const centred = bias === undefined ? tf.neg(mean) : tf.sub(bias, mean);
  return tf.add(tf.mul(centred, factorOf(weights, norm)), tensorOf(weights, `${norm.name}.bias`));
}

/** [channels] */
function factorOf(weights: Weights, norm: LayerOf<'batch-norm'>): tf.Tensor {
  return tf.mul(tensorOf(weights, `${norm.name}.weight`), tf.rsqrt(tf.add(tensorOf(weights, `${norm.name}.running_var`), norm.epsilon)));
}
