/**
 * Gradients of convolutions that are padded by numbers, for the back end 'tensorflow': of the padded images. TensorFlow.js refuses them, and
 * TensorFlow's own are not oneDNN's.
 */
import { pad, slice, tidy, type KernelFunc, type NamedAttrMap, type Tensor, type backend_util } from '@tensorflow/tfjs-core';
import { replaceKernel } from './replace-kernel.ts';

type Kernel = Parameters<KernelFunc>[0];

/** In place of the stock Conv2DBackpropInput and Conv2DBackpropFilter. */
export function registerConvolutionGradients(): void {
  replace('Conv2DBackpropFilter', (stock, { inputs, attrs, backend }, margins) => {
    const x = pad(inputs.x as Tensor, margins);
    return stock({ inputs: { ...inputs, x }, attrs: { ...attrs, pad: 'valid' }, backend });
  });
  replace('Conv2DBackpropInput', (stock, { inputs, attrs, backend }, margins) => {
    const shape = attrs!.inputShape as number[];
    const inputShape = shape.map((length, axis) => margins[axis][0] + length + margins[axis][1]);
    const dx = stock({ inputs, attrs: { ...attrs, pad: 'valid', inputShape }, backend });
    return slice(dx as Tensor, margins.map(([before]) => before), shape);
  });
}

function replace(kernelName: string, padded: (stock: KernelFunc, call: Kernel, margins: [number, number][]) => ReturnType<KernelFunc>): void {
  replaceKernel(kernelName, (stock) => (call) => {
    const margins = marginsOf(call.attrs);
    return margins === null ? stock(call) : tidy(() => padded(stock, call, margins) as Tensor);
  });
}

/** Before and after each axis; null where they are not given as numbers. */
function marginsOf(attrs: NamedAttrMap | undefined): backend_util.ExplicitPadding | null {
  const margins = attrs?.pad as unknown;
  return Array.isArray(margins) ? (margins as backend_util.ExplicitPadding) : null;
}
