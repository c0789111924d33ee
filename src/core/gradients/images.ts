/** Gradients of what slides over images [batch, height, width, channels]. */
import * as tf from '@tensorflow/tfjs-core';
import { gradient } from './gradient.ts';

export const IMAGE_GRADIENTS: tf.GradConfig[] = [
  convolution('Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'),
  convolution('DepthwiseConv2dNative', 'DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'),
  gradient('MaxPool', { inputs: ['x'], outputs: [true] }, (dy, [input, output], attrs) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs;
    return { x: () => tf.engine().runKernel('MaxPoolGrad', { dy, input, output }, { filterSize, strides, pad, dimRoundingMode }) };
  }),
  gradient('AvgPool', { inputs: ['x'] }, (dy, [input], attrs) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs;
    return { x: () => tf.engine().runKernel('AvgPoolGrad', { dy, input }, { filterSize, strides, pad, dimRoundingMode }) };
  }),
];

function convolution(kernel: string, inputKernel: string, filterKernel: string): tf.GradConfig {
  return gradient(kernel, { inputs: ['x', 'filter'] }, (dy, [x, filter], attrs) => {
    const { strides, pad, dataFormat, dimRoundingMode, dilations } = attrs;
    const common = { strides, pad, dataFormat, dimRoundingMode, dilations };
    return {
      x: () => tf.engine().runKernel(inputKernel, { dy, filter }, { ...common, inputShape: x.shape }),
      filter: () => tf.engine().runKernel(filterKernel, { x, dy }, { ...common, filterShape: filter.shape }),
    };
  });
}
