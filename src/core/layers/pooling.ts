/** Images [height, width, channels] made smaller by what a window holds. */
import * as tf from '@tensorflow/tfjs-core';
import { wantRank, type LayerOf, type LayerType } from './layer-type.ts';
import { slide } from './window.ts';

/** The smallest finite float32: less than any number of an image, and no infinity that could become NaN. */
const LOWEST = -3.4028234663852886e38;

export const maxPool: LayerType<LayerOf<'max-pool'>> = {
  outputShape({ size, stride, padding }, [input]) {
    wantRank(input, 3);
    const [height, width, channels] = input;
    return [slide(height, size, stride, padding), slide(width, size, stride, padding), channels];
  },
  apply({ size, stride, padding }, [x]) {
    // TensorFlow's own kernel takes no numbers, and its 'same' is another padding where the stride does not divide the size.
    const images = padding === 0 ? x : tf.pad(x, [[0, 0], [padding, padding], [padding, padding], [0, 0]], LOWEST);
    return tf.maxPool(images as tf.Tensor4D, size, stride, 'valid');
  },
};

export const averagePool: LayerType<LayerOf<'average-pool'>> = {
  outputShape({ size, stride }, [input]) {
    wantRank(input, 3);
    const [height, width, channels] = input;
    return [slide(height, size, stride, 0), slide(width, size, stride, 0), channels];
  },
  apply: ({ size, stride }, [x]) => tf.avgPool(x as tf.Tensor4D, size, stride, 'valid'),
};

export const globalAveragePool: LayerType<LayerOf<'global-average-pool'>> = {
  outputShape({ keepDims }, [input]) {
    wantRank(input, 2, 3);
    const channels = input.slice(-1);
    return keepDims ? [...input.slice(0, -1).map(() => 1), ...channels] : channels;
  },
  apply: ({ keepDims }, [x]) => tf.mean(x, x.shape.slice(1, -1).map((_, place) => place + 1), keepDims),
};
