/** Layers that set some of their input to 0 while training, and nothing else. */
import * as tf from '@tensorflow/tfjs-core';
import type { Layer } from '../../protocol/network.ts';
import type { ApplyContext, LayerOf, LayerType } from './layer-type.ts';

/** Single numbers (Srivastava et al. 2014). */
export const dropout: LayerType<LayerOf<'dropout'>> = {
  outputShape: (_, [input]) => input,
  apply: masked,
  noise: ({ rate }, input) => ({ shape: input, rate }),
};

/** Whole examples: stochastic depth of a residual branch (Huang et al. 2016). */
export const dropPath: LayerType<LayerOf<'drop-path'>> = {
  outputShape: (_, [input]) => input,
  apply: masked,
  noise: ({ rate }, input) => ({ shape: input.map(() => 1), rate }),
};

function masked(layer: Layer, [x]: tf.Tensor[], { mode }: ApplyContext): tf.Tensor {
  const mask = mode.training ? mode.noise?.get(layer.name) : undefined;
  return mask === undefined ? x.clone() : tf.mul(x, mask);
}
