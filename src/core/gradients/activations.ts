/** Gradients of batch norm and of functions of single numbers; where the output suffices, from the output. */
import * as tf from '@tensorflow/tfjs-core';
import { batchNormTrainingGrad, relu6Grad, reluGrad } from '../kernels.ts';
import { gradient } from './gradient.ts';

export const ACTIVATION_GRADIENTS: tf.GradConfig[] = [
  gradient('BatchNormTraining', { inputs: ['x', 'scale'], outputs: [false, true, true] }, (dy, [x, scale, mean, variance], attrs) => {
    // The three results share most of their work: computed once, here, and handed out below.
    const [dx, dscale, doffset] = batchNormTrainingGrad(x, dy, scale, mean, variance, attrs.epsilon as number);
    return { x: () => dx, scale: () => dscale, offset: () => doffset };
  }),
  gradient('Relu', { outputs: [true] }, (dy, [y]) => ({ x: () => reluGrad(dy, y) })),
  gradient('Relu6', { outputs: [true] }, (dy, [y]) => ({ x: () => relu6Grad(dy, y) })),
  gradient('Sigmoid', { outputs: [true] }, (dy, [y]) => ({ x: () => tf.mul(dy, tf.mul(y, tf.sub(1, y))) })),
  gradient('Tanh', { outputs: [true] }, (dy, [y]) => ({ x: () => tf.mul(dy, tf.sub(1, tf.square(y))) })),
  gradient('Softmax', { outputs: [true] }, (dy, [y]) => ({
    logits: () => {
      const product = tf.mul(dy, y);
      return tf.sub(product, tf.mul(tf.sum(product, -1, true), y));
    },
  })),
];
