import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { convGeometry, paddedConvAttrs, type ConvAttrs } from './conv-geometry.ts';
import { allocate, callKernel, dispose, floats, reshaped, type KernelCall } from './heap.ts';

/** Up to this many taps times channels, their columns are built faster than XNNPACK takes dy in as a filter. */
const MOST_COLUMNS = 36;

/**
 * Gradient of a convolution with respect to its filter:
 *
 *   dW[i, j, c, o] = sum over n, p, q of x[n, p s + i - top, q s + j - left, c] dy[n, p, q, o]
 *
 * Read with the batch as channels and the channels as batch, this is one convolution of x^T [c, h, w, n] with the
 * filter dy^T [p, q, n, o], dilated by the forward stride s; XNNPACK does it. For 1x1 filters and for images of few
 * channels it is one matrix product instead.
 */
export function conv2DBackpropFilter(
  { inputs: { x, dy }, attrs, backend }: KernelCall<{ x: TensorInfo; dy: TensorInfo }, ConvAttrs & { filterShape: number[] }>,
): TensorInfo {
  const info = convGeometry(x.shape, attrs.filterShape, attrs, false);
  const taps = info.filterHeight * info.filterWidth;
  return taps === 1 || taps * info.inChannels <= MOST_COLUMNS ? asMatrixProduct(x, dy, info, backend) : asConvolution(x, dy, info, backend);
}

/** dW [i j c, o] = columns [i j c, n p q] dy [n p q, o], where row (i, j, c) of the columns is what tap (i, j) sees of channel c. */
function asMatrixProduct(x: TensorInfo, dy: TensorInfo, info: backend_util.Conv2DInfo, backend: BackendWasm): TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const pixels = batchSize * outHeight * outWidth;
  const columns = allocate(backend, [filterHeight * filterWidth * inChannels, pixels]);
  const from = floats(backend, x);
  const to = floats(backend, columns).fill(0);
  for (let n = 0, firstPixel = 0; n < batchSize; n++) {
    for (let p = 0; p < outHeight; p++, firstPixel += outWidth) {
      for (let i = 0; i < filterHeight; i++) {
        const h = p * strideHeight + i - padInfo.top;
        if (h < 0 || h >= inHeight) continue;
        for (let j = 0; j < filterWidth; j++) {
          const firstColumn = Math.max(0, Math.ceil((padInfo.left - j) / strideWidth));
          const endColumn = Math.min(outWidth, Math.ceil((inWidth + padInfo.left - j) / strideWidth));
          for (let c = 0; c < inChannels; c++) {
            const row = ((i * filterWidth + j) * inChannels + c) * pixels + firstPixel;
            let at = ((n * inHeight + h) * inWidth + firstColumn * strideWidth + j - padInfo.left) * inChannels + c;
            for (let q = firstColumn; q < endColumn; q++, at += strideWidth * inChannels) to[row + q] = from[at];
          }
        }
      }
    }
  }
  const rows = reshaped(backend, dy, [pixels, info.outChannels]);
  const product = callKernel(backend, 'BatchMatMul', { a: columns, b: rows }, { transposeA: false, transposeB: false });
  dispose(backend, columns, rows);
  return { ...product, shape: info.filterShape };
}

function asConvolution(x: TensorInfo, dy: TensorInfo, info: backend_util.Conv2DInfo, backend: BackendWasm): TensorInfo {
  const { padInfo, filterHeight, filterWidth, inChannels, outChannels } = info;
  // Rows below the last that a filter reaches: taken off the padding first; what is left comes out as taps to drop.
  const spareRows = info.inHeight + padInfo.top + padInfo.bottom - ((info.outHeight - 1) * info.strideHeight + filterHeight);
  const spareColumns = info.inWidth + padInfo.left + padInfo.right - ((info.outWidth - 1) * info.strideWidth + filterWidth);
  const bottom = Math.max(0, padInfo.bottom - spareRows);
  const right = Math.max(0, padInfo.right - spareColumns);
  const tapRows = filterHeight + spareRows - (padInfo.bottom - bottom);
  const tapColumns = filterWidth + spareColumns - (padInfo.right - right);

  const images = callKernel(backend, 'Transpose', { x }, { perm: [3, 1, 2, 0] }); // [c, h, w, n]
  const filter = callKernel(backend, 'Transpose', { x: dy }, { perm: [1, 2, 0, 3] }); // [p, q, n, o]
  const attrs = paddedConvAttrs([padInfo.top, bottom], [padInfo.left, right], [info.strideHeight, info.strideWidth]);
  const taps = callKernel(backend, 'Conv2D', { x: images, filter }, attrs); // [c, tapRows, tapColumns, o]
  dispose(backend, images, filter);

  const gradient = allocate(backend, info.filterShape); // [i, j, c, o]
  const from = floats(backend, taps);
  const to = floats(backend, gradient);
  let position = 0;
  for (let i = 0; i < filterHeight; i++) {
    for (let j = 0; j < filterWidth; j++) {
      for (let c = 0; c < inChannels; c++, position += outChannels) {
        const start = ((c * tapRows + i) * tapColumns + j) * outChannels;
        for (let o = 0; o < outChannels; o++) to[position + o] = from[start + o];
      }
    }
  }
  dispose(backend, taps);
  return gradient;
}
