/**
 * Self-attention within windows of a map (Liu et al. 2021, "Swin Transformer"): every other block shifts the windows by half,
 * so that information crosses their borders. As in timm, what the shift pushes out on one side comes in on the other, then
 * zeros fill the last windows; numbers that are no neighbours do not attend to each other, and an axis that one window covers
 * is not shifted.
 */
import * as tf from '@tensorflow/tfjs-core';
import { attended, checkHeads, projections } from './attention.ts';
import { wantRank, type LayerOf, type LayerType, type Parameter } from './layer-type.ts';
import { relativePositions, separation, windowsOf, type Windows } from './window-geometry.ts';

type WindowAttention = LayerOf<'window-attention'>;

export const windowAttention: LayerType<WindowAttention> = {
  outputShape({ heads }, [input]) {
    wantRank(input, 3);
    checkHeads(heads, input[2]);
    return input;
  },
  parameters(layer, [, , channels]) {
    const shape = [(2 * layer.window - 1) ** 2, layer.heads];
    const table: Parameter = {
      name: `${layer.name}.relative_position_bias_table`, layer, role: 'trained', shape, diskShape: shape, order: null, fanIn: 0,
      initialisation: { kind: 'normal', deviation: 0.02 },
    };
    return [table, ...projections(layer, channels)];
  },
  apply(layer, [x], { weight }) {
    const windows = windowsOf(layer, x.shape.slice(1));
    const bias = positionBias(layer, windows, weight('relative_position_bias_table'));
    return merge(attended(partition(x, windows), layer.heads, bias, weight), windows, x.shape);
  },
  macs(layer, [[height, width, channels]]) {
    const { rows, columns, size } = windowsOf(layer, [height, width]);
    const count = rows * columns * size * size;
    return count * channels * (4 * channels + 2 * size * size);
  },
};

/** What is added to the scores, [1 or windows, heads, size^2, size^2]: a number of the table for each relative position, far below 0 between parts that the shift brought together. */
function positionBias({ heads, window }: WindowAttention, windows: Windows, table: tf.Tensor): tf.Tensor {
  const count = window * window;
  const looked = tf.gather(table as tf.Tensor2D, tf.tensor1d(relativePositions(window), 'int32')); // [count^2, heads]
  const bias = tf.reshape(tf.transpose(looked, [1, 0]), [1, heads, count, count]);
  const apart = separation(windows);
  return apart === null ? bias : tf.add(bias, tf.tensor4d(apart, [windows.rows * windows.columns, 1, count, count]));
}

/** [batch, height, width, channels] -> [batch x windows, size^2, channels] */
function partition(x: tf.Tensor, { rows, columns, size, shift }: Windows): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const shifted = roll(roll(x, 1, shift[0]), 2, shift[1]);
  const [below, right] = [rows * size - height, columns * size - width];
  const padded = below === 0 && right === 0 ? shifted : tf.pad(shifted, [[0, 0], [0, below], [0, right], [0, 0]]);
  const cut = tf.transpose(tf.reshape(padded, [batch * rows, size, columns, size * channels]), [0, 2, 1, 3]);
  return tf.reshape(cut, [batch * rows * columns, size * size, channels]);
}

/** Undoes `partition`. */
function merge(tokens: tf.Tensor, { rows, columns, size, shift }: Windows, shape: number[]): tf.Tensor {
  const [batch, height, width, channels] = shape;
  const joined = tf.transpose(tf.reshape(tokens, [batch * rows, columns, size, size * channels]), [0, 2, 1, 3]);
  const padded = tf.reshape(joined, [batch, rows * size, columns * size, channels]);
  const cut = rows * size === height && columns * size === width ? padded : tf.slice(padded, [0, 0, 0, 0], shape as [number, number, number, number]);
  return roll(roll(cut, 1, -shift[0]), 2, -shift[1]);
}

/** Moves everything along an axis by `shift` towards the beginning, cyclically. */
function roll(x: tf.Tensor, axis: number, shift: number): tf.Tensor {
  const length = x.shape[axis];
  const first = (shift + length) % length;
  if (first === 0) return x;
  const part = (begin: number, size: number): tf.Tensor =>
    tf.slice(x, x.shape.map((_, each) => (each === axis ? begin : 0)), x.shape.map((whole, each) => (each === axis ? size : whole)));
  return tf.concat([part(first, length - first), part(0, first)], axis);
}
