import { backend_util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import type { ConvAttrs } from './conv-geometry.ts';
import type { KernelCall } from './heap.ts';

/**
 * The stock convolution, told in numbers how far to pad. Left to itself, XNNPACK works out 'same' in unsigned integers,
 * which wrap round where the stride is larger than the filter, and the result is wrong (6x6, filter 2x2, stride 3).
 */
export function convThatPadsInNumbers(stock: KernelFunc, depthwise: boolean): (call: KernelCall<{ x: TensorInfo; filter: TensorInfo }, ConvAttrs>) => TensorInfo {
  return ({ inputs, attrs, backend }) => {
    if (attrs.pad !== 'same') return stock({ inputs, attrs: { ...attrs }, backend }) as TensorInfo;
    const { top, bottom, left, right } = backend_util.computeConv2DInfo(
      inputs.x.shape as [number, number, number, number], inputs.filter.shape as [number, number, number, number],
      attrs.strides, attrs.dilations ?? 1, attrs.pad, attrs.dimRoundingMode, depthwise, backend_util.convertConv2DDataFormat(attrs.dataFormat ?? 'NHWC'),
    ).padInfo;
    return stock({ inputs, attrs: { ...attrs, pad: [[0, 0], [top, bottom], [left, right], [0, 0]] }, backend }) as TensorInfo;
  };
}
