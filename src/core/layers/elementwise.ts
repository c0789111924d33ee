/** Layers that treat each number, or each pair of numbers, by itself. */
import * as tf from '@tensorflow/tfjs-core';
import { gelu } from '../transformer-kernels.ts';
import { unfit, type LayerOf, type LayerType } from './layer-type.ts';
import { sumOf } from './sums.ts';

export const relu: LayerType<LayerOf<'relu'>> = {
  outputShape: (_, [input]) => input,
  apply: (_, [x]) => tf.relu(x),
};

export const add: LayerType<LayerOf<'add'>> = {
  outputShape(_, [input, second]) {
    if (input.join() !== second.join()) throw unfit(`it adds [${input}] and [${second}]`);
    return input;
  },
  apply: (_, [x, second]) => sumOf(x, second),
};

export const multiply: LayerType<LayerOf<'multiply'>> = {
  outputShape(_, [input, second]) {
    const oneAChannel = input.map((length, axis) => (axis === input.length - 1 ? length : 1));
    if (input.join() !== second.join() && oneAChannel.join() !== second.join()) throw unfit(`it multiplies [${input}] and [${second}]`);
    return input;
  },
  apply: (_, [x, second]) => tf.mul(x, second),
};

export const activation: LayerType<LayerOf<'activation'>> = {
  outputShape: (_, [input]) => input,
  apply: ({ function: name }, [x]) => FUNCTIONS[name](x),
};

const FUNCTIONS: Record<LayerOf<'activation'>['function'], (x: tf.Tensor) => tf.Tensor> = {
  relu6: (x) => tf.relu6(x),
  gelu,
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  sigmoid: (x) => tf.sigmoid(x),
  tanh: (x) => tf.tanh(x),
  softmax: (x) => tf.softmax(x),
};

/** Fixed numbers: x scale + offset. */
export const rescale: LayerType<LayerOf<'rescale'>> = {
  outputShape({ scale, offset }, [input]) {
    const channels = input[input.length - 1];
    for (const { length } of [scale, offset]) if (length !== 1 && length !== channels) throw unfit(`it has ${length} numbers for ${channels} channels`);
    return input;
  },
  apply: ({ scale, offset }, [x]) => tf.add(tf.mul(x, tf.tensor1d(scale)), tf.tensor1d(offset)),
};
