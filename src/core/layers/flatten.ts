import * as tf from '@tensorflow/tfjs-core';
import type { LayerOf, LayerType } from './layer-type.ts';

/** [height, width, channels] -> [height x width x channels]. */
export const flatten: LayerType<LayerOf<'flatten'>> = {
  outputShape: (_, [input]) => [input.reduce((a, b) => a * b, 1)],
  apply: (_, [x]) => tf.reshape(x, [x.shape[0], -1]),
};
