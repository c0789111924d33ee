/** Gradients of the kernels of transformers (transformer-kernels.ts) and of looking up rows of a table. */
import * as tf from '@tensorflow/tfjs-core';
import { attentionGrad, geluGrad, layerNormGrad } from '../transformer-kernels.ts';
import { gradient } from './gradient.ts';

export const TRANSFORMER_GRADIENTS: tf.GradConfig[] = [
  gradient('LayerNorm', { inputs: ['x', 'scale'], outputs: [false, true, true] }, (dy, [x, scale, mean, variance], attrs) => {
    const [dx, dscale, doffset] = layerNormGrad(x, dy, scale, mean, variance, attrs.epsilon as number);
    return { x: () => dx, scale: () => dscale, offset: () => doffset };
  }),
  gradient('Gelu', { inputs: ['x'] }, (dy, [x]) => ({ x: () => geluGrad(x, dy) })),
  gradient('GatherV2', { inputs: ['x', 'indices'] }, (dy, [x, indices]) => ({
    // of rows of a matrix, the only use here
    x: () => tf.unsortedSegmentSum(dy, indices as tf.Tensor1D, x.shape[0]),
  })),
  gradient('Attention', { inputs: ['qkv'], outputs: [true, true] }, (dy, [qkv, y, weights], attrs) => {
    const [dqkv, dbias] = attentionGrad(qkv, weights, y, dy, attrs.heads as number, attrs.groups as number);
    return { qkv: () => dqkv, bias: () => dbias };
  }),
];
