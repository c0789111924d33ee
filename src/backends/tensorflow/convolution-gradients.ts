/**
 * Gradients of convolutions for the back end 'tensorflow'. Operations of our own where there are some; else those of convolutions that
 * are padded by numbers are of the padded images: TensorFlow.js refuses them, and TensorFlow's own are not oneDNN's.
 */
import { backend_util, pad, slice, tidy, type KernelFunc, type NamedAttrMap, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import { owns } from './own-operations.ts';
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
  replaceKernel('Conv2DBackpropFilter', (stock) => (call) => own('StarsseFilterGradient', call) ?? stock(call));
  replaceKernel('Conv2DBackpropInput', (stock) => (call) => own('StarsseInputGradient', call) ?? stock(call));
}

/** Numbers of the largest filter that stays in the caches of a processor while its gradient is summed. */
const LARGEST_FILTER = 600_000;

interface ConvolutionAttrs {
  strides: number | [number, number];
  pad: Parameters<typeof backend_util.computeConv2DInfo>[4];
  dataFormat: string;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  filterShape?: [number, number, number, number];
  inputShape?: [number, number, number, number];
}

/** Of images or of a filter by an operation of our own; null where TensorFlow's is taken. */
function own(operation: 'StarsseFilterGradient' | 'StarsseInputGradient', { inputs, attrs, backend }: Kernel): Tensor | null {
  const { strides, pad: padding, dataFormat, dimRoundingMode, filterShape, inputShape } = attrs as unknown as ConvolutionAttrs;
  const { x, filter, dy } = inputs as unknown as Record<'x' | 'filter' | 'dy', Tensor4D>;
  const taps = filterShape ?? filter.shape;
  if (!owns(operation) || dataFormat !== 'NHWC' || dy.dtype !== 'float32' || taps.reduce((size, length) => size * length, 1) > LARGEST_FILTER) return null;
  const { strideHeight: stride, strideWidth, inHeight, inWidth, inChannels, outChannels, padInfo } = backend_util.computeConv2DInfo(inputShape ?? x.shape, taps, strides, 1, padding, dimRoundingMode);
  if (stride !== strideWidth) return null;
  const call = (numbers: Record<string, number>, given: Tensor[]): Tensor => {
    const native = backend as NodeJSKernelBackend;
    const all = { ...numbers, stride, top: padInfo.top, left: padInfo.left };
    return native.executeSingleOutput(operation, Object.entries(all).map(([name, value]) => ({ name, type: native.binding.TF_ATTR_INT, value })), given);
  };
  if (operation === 'StarsseFilterGradient') return outChannels % 8 === 0 ? call({ height: taps[0], width: taps[1] }, [x, dy]) : null;
  // Without a stride TensorFlow's is as fast.
  return stride > 1 && inChannels % 8 === 0 ? call({ height: inHeight, width: inWidth }, [filter, dy]) : null;
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
