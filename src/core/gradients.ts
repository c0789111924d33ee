/**
 * Gradients of the kernels that `forward.ts` runs.
 *
 * The Node build of tfjs-core comes without any; the package that has them all brings five more. These are few, and chosen
 * for speed: `ReluGrad` from the output, and the three gradients of a batch norm from one kernel.
 */
import * as tf from '@tensorflow/tfjs-core';
import { gradient } from './gradients/gradient.ts';
import { TRANSFORMER_GRADIENTS } from './gradients/transformer.ts';
import { batchNormTrainingGrad, reluGrad } from './kernels.ts';

/** Makes these gradients the ones in force; back ends loaded meanwhile may have registered others. */
export function useGradients(): void {
  for (const gradient of GRADIENTS) if (tf.getGradient(gradient.kernelName) !== gradient) tf.registerGradient(gradient);
}

const GRADIENTS: tf.GradConfig[] = [
  ...TRANSFORMER_GRADIENTS,
  gradient('BatchNormTraining', { inputs: ['x', 'scale'], outputs: [false, true, true] }, (dy, [x, scale, mean, variance], attrs) => {
    // The three results share most of their work: computed once, here, and handed out below.
    const [dx, dscale, doffset] = batchNormTrainingGrad(x, dy, scale, mean, variance, attrs.epsilon as number);
    return { x: () => dx, scale: () => dscale, offset: () => doffset };
  }),
  gradient('Relu', { outputs: [true] }, (dy, [y]) => ({ x: () => reluGrad(dy, y) })),
  gradient('Conv2D', { inputs: ['x', 'filter'] }, (dy, [x, filter], attrs) => {
    const { strides, pad, dataFormat, dimRoundingMode } = attrs;
    const common = { strides, pad, dataFormat, dimRoundingMode };
    return {
      x: () => tf.engine().runKernel('Conv2DBackpropInput', { dy, filter }, { ...common, inputShape: x.shape }),
      filter: () => tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, { ...common, filterShape: filter.shape }),
    };
  }),
  gradient('MaxPool', { inputs: ['x'], outputs: [true] }, (dy, [input, output], attrs) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs;
    return { x: () => tf.engine().runKernel('MaxPoolGrad', { dy, input, output }, { filterSize, strides, pad, dimRoundingMode }) };
  }),
  gradient('PadV2', { inputs: ['x'] }, (dy, [x], attrs) => ({
    x: () => tf.slice(dy, (attrs.paddings as [number, number][]).map(([before]) => before), x.shape),
  })),
  gradient('Mean', { inputs: ['x'] }, (dy, [x], attrs) => ({
    x: () => {
      const axes = attrs.axis as number[];
      const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
      return tf.mul(tf.reshape(dy, kept), tf.fill(x.shape, dy.size / x.size));
    },
  })),
  gradient('Reshape', { inputs: ['x'] }, (dy, [x]) => ({ x: () => tf.reshape(dy, x.shape) })),
  gradient('BatchMatMul', { inputs: ['a', 'b'] }, (dy, [a, b]) => ({
    // of the plain product; forward.ts transposes neither side
    a: () => tf.matMul(dy, b, false, true),
    b: () => tf.matMul(a, dy, true, false),
  })),
  gradient('Add', { inputs: ['a', 'b'] }, (dy, [a, b]) => ({ a: () => summedTo(a, dy), b: () => summedTo(b, dy) })),
  gradient('Multiply', { inputs: ['a', 'b'] }, (dy, [a, b]) => ({
    a: () => summedTo(a, tf.mul(dy, b)),
    b: () => summedTo(b, tf.mul(dy, a)),
  })),
];

/** Undoes the broadcast of an operand: the sum over the axes along which it was repeated. Never `dy` itself: both operands may end up with it. */
function summedTo(operand: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  if (operand.shape.join() === dy.shape.join()) return dy.clone();
  const added = dy.rank - operand.rank;
  const axes = dy.shape.flatMap((length, axis) => (axis < added || operand.shape[axis - added] !== length ? [axis] : []));
  return tf.reshape(tf.sum(dy, axes), operand.shape);
}
