/** Layers that treat each number, or each pair of numbers, by itself. */
import * as tf from '@tensorflow/tfjs-core';
import { unfit, type LayerOf, type LayerType } from './layer-type.ts';

export const relu: LayerType<LayerOf<'relu'>> = {
  outputShape: (_, [input]) => input,
  apply: (_, [x]) => tf.relu(x),
};

export const add: LayerType<LayerOf<'add'>> = {
  outputShape(_, [input, second]) {
    if (input.join() !== second.join()) throw unfit(`it adds [${input}] and [${second}]`);
    return input;
  },
  apply: (_, [x, second]) => tf.add(x, second),
};
