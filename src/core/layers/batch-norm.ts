/** Batch norm over all axes but the last (Ioffe and Szegedy 2015). */
import * as tf from '@tensorflow/tfjs-core';
import { batchNormTraining } from '../kernels.ts';
import { vector, type LayerOf, type LayerType } from './layer-type.ts';

export const batchNorm: LayerType<LayerOf<'batch-norm'>> = {
  outputShape: (_, [input]) => input,
  parameters(layer, input) {
    const channels = input[input.length - 1];
    return [
      vector(layer, 'weight', channels, 1),
      vector(layer, 'bias', channels),
      { ...vector(layer, 'running_mean', channels), role: 'statistic' },
      { ...vector(layer, 'running_var', channels, 1), role: 'statistic' },
    ];
  },
  apply(layer, [x], { weight, mode, saw }) {
    const [scale, offset] = [weight('weight'), weight('bias')] as tf.Tensor1D[];
    if (mode.training && !mode.frozen?.has(layer.name)) {
      const { y, mean, variance } = batchNormTraining(x, scale, offset, layer.epsilon);
      saw(mean, variance);
      return y;
    }
    const [mean, variance] = [weight('running_mean'), weight('running_var')] as tf.Tensor1D[];
    if (!mode.training) return tf.batchNorm(x as tf.Tensor4D, mean, variance, offset, scale, layer.epsilon);
    // The same by operations that have a gradient.
    const factor = tf.mul(tf.rsqrt(tf.add(variance, layer.epsilon)), scale); // [channels]
    return tf.add(tf.mul(x, factor), tf.sub(offset, tf.mul(mean, factor)));
  },
};
