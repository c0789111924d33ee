/**
 * The operations that training needs and TensorFlow.js lacks or decomposes into dozens of small ones. Each is a kernel,
 * which every back end registers in its own form; their gradients are in `gradients.ts`.
 *
 *   BatchNormTraining     x, scale, offset; epsilon             -> y, mean, variance (biased)
 *   BatchNormTrainingGrad x, dy, scale, mean, variance; epsilon -> dx, dscale, doffset
 *   ReluGrad              dy, y                                 -> dx
 *   Relu6Grad             dy, y                                 -> dx
 *   SgdUpdate             weight, gradient, velocity, rates    -> weight, velocity
 *   AdamwUpdate           weight, gradient, two moments, rates -> weight, two moments
 */
import * as tf from '@tensorflow/tfjs-core';

export interface BatchNormOutputs {
  /** [..., channels] */
  y: tf.Tensor;
  /** Of this batch, [channels]. */
  mean: tf.Tensor;
  /** Of this batch, biased, [channels]. */
  variance: tf.Tensor;
}

/**
 * Batch norm by the batch's own statistics (Ioffe and Szegedy 2015): y = scale (x - mean) / sqrt(variance + epsilon) + offset.
 * @param x [..., channels]
 * @param scale [channels]
 * @param offset [channels]
 */
export function batchNormTraining(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon: number): BatchNormOutputs {
  const [y, mean, variance] = tf.engine().runKernel<tf.Tensor[]>('BatchNormTraining', { x, scale, offset }, { epsilon });
  return { y, mean, variance };
}

/** Gradient of `batchNormTraining` with respect to x, scale and offset. @param dy [..., channels] */
export function batchNormTrainingGrad(x: tf.Tensor, dy: tf.Tensor, scale: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor, epsilon: number): tf.Tensor[] {
  return tf.engine().runKernel<tf.Tensor[]>('BatchNormTrainingGrad', { x, dy, scale, mean, variance }, { epsilon });
}

/** dy where the output y of a relu is above 0, else 0; one operation where TensorFlow.js takes three of the input. */
export function reluGrad(dy: tf.Tensor, y: tf.Tensor): tf.Tensor {
  return tf.engine().runKernel('ReluGrad', { dy, y });
}

/** dy where the output y of a relu6 is above 0 and below 6, else 0. */
export function relu6Grad(dy: tf.Tensor, y: tf.Tensor): tf.Tensor {
  return tf.engine().runKernel('Relu6Grad', { dy, y });
}

export interface SgdInputs {
  weight: tf.Tensor;
  gradient: tf.Tensor;
  velocity: tf.Tensor;
  /** Learning rate, momentum and weight decay times -1: scalars. */
  rate: tf.Scalar;
  momentum: tf.Scalar;
  minusDecay: tf.Scalar;
}

/** One update by the rule of `optimizer.ts`, each operation rounded by itself. @returns the new weight and the new velocity */
export function sgdUpdate(inputs: SgdInputs, rule: { decays: boolean; nesterov: boolean }): tf.Tensor[] {
  return tf.engine().runKernel<tf.Tensor[]>('SgdUpdate', { ...inputs }, rule);
}

export interface AdamwInputs {
  weight: tf.Tensor;
  gradient: tf.Tensor;
  moment1: tf.Tensor;
  moment2: tf.Tensor;
  /** All others are scalars; the rests are 1 less the betas. */
  beta1: tf.Scalar;
  rest1: tf.Scalar;
  beta2: tf.Scalar;
  rest2: tf.Scalar;
  /** What the second moment's root is multiplied by. */
  correction: tf.Scalar;
  epsilon: tf.Scalar;
  /** The learning rate times the first moment's correction. */
  pace: tf.Scalar;
  /** 1 less the learning rate times the weight decay. */
  shrink: tf.Scalar;
}

/** One update by the rule of `optimizer.ts`, each operation rounded by itself. @returns the new weight and the new moments */
export function adamwUpdate(inputs: AdamwInputs, rule: { decays: boolean }): tf.Tensor[] {
  return tf.engine().runKernel<tf.Tensor[]>('AdamwUpdate', { ...inputs }, rule);
}
