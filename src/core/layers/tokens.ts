/** Layers that make tokens [count, channels] of images, and add to them or take from them. */
import * as tf from '@tensorflow/tfjs-core';
import type { Layer } from '../../protocol/network.ts';
import { wantRank, type LayerOf, type LayerType, type Parameter } from './layer-type.ts';

/** [height, width, channels] -> [height x width, channels]. */
export const tokens: LayerType<LayerOf<'tokens'>> = {
  outputShape(_, [input]) {
    wantRank(input, 3);
    const [height, width, channels] = input;
    return [height * width, channels];
  },
  apply(_, [x]) {
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    return tf.reshape(x, [batch, height * width, channels]);
  },
};

/** One trained token before the others. */
export const classToken: LayerType<LayerOf<'class-token'>> = {
  outputShape(_, [input]) {
    wantRank(input, 2);
    return [input[0] + 1, input[1]];
  },
  // Practically 0, as timm starts it.
  parameters: (layer, [, channels]) => [table(layer, layer.parameter, [1, 1, channels], 1e-6)],
  apply({ parameter }, [x], { tensor }) {
    const [batch, , channels] = x.shape;
    return tf.concat([tf.add(tf.zeros([batch, 1, channels!]), tensor(parameter)), x], 1);
  },
};

/** A trained table of the same shape is added. */
export const position: LayerType<LayerOf<'position'>> = {
  outputShape(_, [input]) {
    wantRank(input, 2);
    return input;
  },
  parameters: (layer, input) => [table(layer, layer.parameter, [1, ...input], 0.02)],
  apply: ({ parameter }, [x], { tensor }) => tf.add(x, tensor(parameter)),
};

/** [count, channels] -> [channels]. */
export const firstToken: LayerType<LayerOf<'first-token'>> = {
  outputShape(_, [input]) {
    wantRank(input, 2);
    return [input[1]];
  },
  apply(_, [x]) {
    const [batch, , channels] = x.shape as [number, number, number];
    return tf.reshape(tf.slice(x, [0, 0, 0], [batch, 1, channels]), [batch, channels]);
  },
};

function table(layer: Layer, name: string, shape: number[], deviation: number): Parameter {
  return { name, layer, role: 'trained', shape, diskShape: shape, order: null, fanIn: 0, initialisation: { kind: 'normal', deviation } };
}
