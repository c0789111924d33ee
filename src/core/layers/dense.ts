/** Affine maps of the last axis. */
import * as tf from '@tensorflow/tfjs-core';
import { vector, type LayerOf, type LayerType, type Parameter } from './layer-type.ts';
import { withBias } from './sums.ts';

export const dense: LayerType<LayerOf<'dense'>> = {
  outputShape: ({ outputs }, [input]) => [...input.slice(0, -1), outputs],
  parameters(layer, input, flattened) {
    const { outputs, bias } = layer;
    const fanIn = input[input.length - 1];
    const weight: Parameter = {
      name: `${layer.name}.weight`, layer, role: 'trained', fanIn,
      // Over tokens and maps only transformers have dense layers; timm starts theirs so.
      initialisation: input.length === 1 ? { kind: 'he' } : { kind: 'normal', deviation: 0.02 },
      shape: [fanIn, outputs],
      diskShape: [outputs, fanIn],
      order: flattened?.length === 3 && input.length === 1 ? channelsFirst(outputs, flattened) : { shape: [outputs, fanIn], axes: [1, 0] },
    };
    return bias ? [weight, { ...vector(layer, 'bias', outputs), fanIn }] : [weight];
  },
  apply({ bias, outputs }, [x], { weight }) {
    const rows = x.rank === 2 ? x : tf.reshape(x, [-1, x.shape[x.rank - 1]]); // [n, in]
    const product = tf.matMul(rows as tf.Tensor2D, weight('weight') as tf.Tensor2D); // [n, outputs]
    const y = bias ? withBias(product, weight('bias')) : product;
    return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
  },
  macs: ({ outputs }, [input]) => input.reduce((a, b) => a * b, 1) * outputs,
};

/** PyTorch flattens channels first. */
function channelsFirst(outputs: number, [height, width, channels]: number[]): Parameter['order'] {
  return { shape: [outputs, channels, height, width], axes: [2, 3, 1, 0] };
}
