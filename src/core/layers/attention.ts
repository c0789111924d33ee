/** Self-attention of all tokens (Vaswani et al. 2017). Weights are named as in timm: qkv gives queries, keys and values at once, proj mixes the heads. */
import * as tf from '@tensorflow/tfjs-core';
import type { Layer } from '../../protocol/network.ts';
import { attention as attend } from '../transformer-kernels.ts';
import { unfit, vector, wantRank, type ApplyContext, type LayerOf, type LayerType, type Parameter } from './layer-type.ts';
import { withBias } from './sums.ts';

export const attention: LayerType<LayerOf<'attention'>> = {
  outputShape({ heads }, [input]) {
    wantRank(input, 2);
    checkHeads(heads, input[1]);
    return input;
  },
  parameters: (layer, [, channels]) => projections(layer, channels),
  apply: ({ heads }, [x], { weight }) => attended(x, heads, null, weight),
  macs: (_, [[count, channels]]) => count * channels * (4 * channels + 2 * count),
};

/** The weights of both maps, for attention of any kind over so many channels. */
export function projections(layer: Layer, channels: number): Parameter[] {
  return [...affine(layer, 'qkv', channels, 3 * channels), ...affine(layer, 'proj', channels, channels)];
}

/** @throws StarsseError file-invalid */
export function checkHeads(heads: number, channels: number): void {
  if (channels % heads !== 0) throw unfit(`${channels} channels are not ${heads} equal heads`);
}

/**
 * Tokens [n, tokens, channels] -> the same shape.
 * @param bias as `attention` of transformer-kernels.ts takes it
 */
export function attended(x: tf.Tensor, heads: number, bias: tf.Tensor | null, weight: ApplyContext['weight']): tf.Tensor {
  const [batch, count, channels] = x.shape as [number, number, number];
  const map = (rows: tf.Tensor, name: string): tf.Tensor => withBias(tf.matMul(rows, weight(`${name}.weight`)), weight(`${name}.bias`));
  const qkv = map(tf.reshape(x, [batch * count, channels]), 'qkv');
  const mixed = attend(tf.reshape(qkv, [batch, count, 3 * channels]), bias, heads);
  return tf.reshape(map(tf.reshape(mixed, [batch * count, channels]), 'proj'), [batch, count, channels]);
}

function affine(layer: Layer, name: string, inputs: number, outputs: number): Parameter[] {
  const weight: Parameter = {
    name: `${layer.name}.${name}.weight`, layer, role: 'trained', fanIn: inputs, initialisation: { kind: 'normal', deviation: 0.02 },
    shape: [inputs, outputs],
    diskShape: [outputs, inputs],
    order: { shape: [outputs, inputs], axes: [1, 0] },
  };
  return [weight, { ...vector(layer, `${name}.bias`, outputs), fanIn: inputs }];
}
