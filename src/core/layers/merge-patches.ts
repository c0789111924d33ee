import * as tf from '@tensorflow/tfjs-core';
import { wantRank, type LayerOf, type LayerType } from './layer-type.ts';

/**
 * [height, width, channels] -> [height / 2, width / 2, 4 x channels]: the four neighbours in Swin's order, down before right
 * (Liu et al. 2021). A row or column of zeros completes an odd size.
 */
export const mergePatches: LayerType<LayerOf<'merge-patches'>> = {
  outputShape(_, [input]) {
    wantRank(input, 3);
    const [height, width, channels] = input;
    return [Math.ceil(height / 2), Math.ceil(width / 2), 4 * channels];
  },
  apply(_, [x]) {
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    const even = height % 2 === 0 && width % 2 === 0 ? x : tf.pad(x, [[0, 0], [0, height % 2], [0, width % 2], [0, 0]]);
    const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)];
    const neighbours = tf.transpose(tf.reshape(even, [batch * rows, 2, columns, 2, channels]), [0, 2, 3, 1, 4]); // right, down, channels
    return tf.reshape(neighbours, [batch, rows, columns, 4 * channels]);
  },
};
