/** Layers that put numbers side by side. */
import * as tf from '@tensorflow/tfjs-core';
import { unfit, wantRank, type LayerOf, type LayerType } from './layer-type.ts';

/** Along the last axis. */
export const concatenate: LayerType<LayerOf<'concatenate'>> = {
  outputShape(_, inputs) {
    const places = inputs.map((shape) => shape.slice(0, -1).join());
    if (places.some((each) => each !== places[0])) throw unfit(`it joins ${inputs.map((shape) => `[${shape}]`).join(' and ')}`);
    return [...inputs[0].slice(0, -1), inputs.reduce((sum, shape) => sum + shape[shape.length - 1], 0)];
  },
  apply: (_, inputs) => tf.concat(inputs, inputs[0].rank - 1),
};

export const zeroPad: LayerType<LayerOf<'zero-pad'>> = {
  outputShape({ top, bottom, left, right }, [input]) {
    wantRank(input, 3);
    const [height, width, channels] = input;
    return [height + top + bottom, width + left + right, channels];
  },
  apply: ({ top, bottom, left, right }, [x]) => tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]),
};
