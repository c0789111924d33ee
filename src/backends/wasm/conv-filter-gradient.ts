import type { TensorInfo } from '@tensorflow/tfjs-core';
import { convGeometry, inputImages, slidingOf, type ConvAttrs } from './conv-geometry.ts';
import { addressOf, allocate, type KernelCall } from './heap.ts';
import { windowGradient } from './product.ts';

/**
 * Gradient of a convolution with respect to its filter, as a product of the windows of x with dy:
 *
 *   dW[i, j, c, o] = sum over n, p, q of x[n, p s + i - top, q s + j - left, c] dy[n, p, q, o]
 */
export function conv2DBackpropFilter(
  { inputs: { x, dy }, attrs, backend }: KernelCall<{ x: TensorInfo; dy: TensorInfo }, ConvAttrs & { filterShape: number[] }>,
): TensorInfo {
  const info = convGeometry(x.shape, attrs.filterShape, attrs, false);
  const gradient = allocate(backend, info.filterShape);
  windowGradient(backend, inputImages(addressOf(backend, x), info), slidingOf(info), addressOf(backend, dy), info.outChannels, addressOf(backend, gradient));
  return gradient;
}
