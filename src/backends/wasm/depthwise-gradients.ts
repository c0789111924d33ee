/**
 * Gradients of a depthwise convolution, where output channel c m + k = filter [i, j, c, k] over input channel c:
 *
 *   y[n, p, q, c m + k] = sum over i, j of x[n, p s + i - top, q s + j - left, c] W[i, j, c, k]
 */
import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import { convGeometry, type ConvAttrs } from './conv-geometry.ts';
import { depthwiseInputGradient } from './depthwise-input-gradient.ts';
import { allocate, floats, type KernelCall } from './heap.ts';

/** dW[i, j, c, k] = sum over n, p, q of x[n, p s + i - top, q s + j - left, c] dy[n, p, q, c m + k], in double precision. */
export function depthwiseConv2dNativeBackpropFilter(
  { inputs, attrs, backend }: KernelCall<{ x: TensorInfo; dy: TensorInfo }, ConvAttrs & { filterShape: number[] }>,
): TensorInfo {
  const info = convGeometry(inputs.x.shape, attrs.filterShape, attrs, true);
  const gradient = allocate(backend, info.filterShape);
  const x = floats(backend, inputs.x);
  const dy = floats(backend, inputs.dy);
  const { inChannels, outChannels } = info;
  const multiplier = outChannels / inChannels;
  const sums = new Float64Array(info.filterHeight * info.filterWidth * outChannels);
  if (multiplier === 1) addProducts(info, x, dy, sums);
  else forEachTap(info, (tap, pixel, output) => {
    let sum = tap * outChannels;
    let from = output * outChannels;
    for (let c = 0; c < inChannels; c++) {
      const value = x[pixel * inChannels + c];
      for (let k = 0; k < multiplier; k++) sums[sum++] += value * dy[from++];
    }
  });
  floats(backend, gradient).set(sums);
  return gradient;
}

/** The sums for one output a channel, the usual case, in a loop without another one inside. */
function addProducts(info: backend_util.Conv2DInfo, x: Float32Array, dy: Float32Array, sums: Float64Array): void {
  const channels = info.inChannels;
  forEachTap(info, (tap, pixel, output) => {
    const [sum, value, from] = [tap * channels, pixel * channels, output * channels];
    for (let c = 0; c < channels; c++) sums[sum + c] += x[value + c] * dy[from + c];
  });
}

/** dx[n, h, w, c] = sum over k and the taps that reach (h, w) of dy[n, p, q, c m + k] W[i, j, c, k]; with m = 1 depthwise convolutions of dy. */
export function depthwiseConv2dNativeBackpropInput(
  { inputs, attrs, backend }: KernelCall<{ dy: TensorInfo; filter: TensorInfo }, ConvAttrs & { inputShape: number[] }>,
): TensorInfo {
  const info = convGeometry(attrs.inputShape, inputs.filter.shape, attrs, true);
  if (info.inChannels === info.outChannels) {
    return depthwiseInputGradient(inputs.dy, inputs.filter, info, backend);
  }
  const gradient = allocate(backend, info.inShape);
  const dy = floats(backend, inputs.dy);
  const filter = floats(backend, inputs.filter);
  const dx = floats(backend, gradient).fill(0);
  const { inChannels, outChannels } = info;
  const multiplier = outChannels / inChannels;
  forEachTap(info, (tap, pixel, output) => {
    let weight = tap * outChannels;
    let from = output * outChannels;
    for (let c = 0; c < inChannels; c++) {
      let sum = 0;
      for (let k = 0; k < multiplier; k++) sum += dy[from++] * filter[weight++];
      dx[pixel * inChannels + c] += sum;
    }
  });
  return gradient;
}

/** Visits each tap (i, j) of each output pixel (n, p, q) that lies on the image; all three come as flat numbers. */
function forEachTap(info: backend_util.Conv2DInfo, visit: (tap: number, pixel: number, output: number) => void): void {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, padInfo } = info;
  for (let n = 0; n < batchSize; n++) {
    for (let p = 0; p < outHeight; p++) {
      const top = p * info.strideHeight - padInfo.top;
      for (let q = 0; q < outWidth; q++) {
        const left = q * info.strideWidth - padInfo.left;
        const output = (n * outHeight + p) * outWidth + q;
        for (let i = Math.max(0, -top); i < Math.min(filterHeight, inHeight - top); i++) {
          for (let j = Math.max(0, -left); j < Math.min(filterWidth, inWidth - left); j++) {
            visit(i * filterWidth + j, (n * inHeight + top + i) * inWidth + left + j, output);
          }
        }
      }
    }
  }
}
