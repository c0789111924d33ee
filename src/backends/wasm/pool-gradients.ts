/** Gradients of pooling over windows of an image [n, h, w, c]. Padding never counts: a window is its part on the image. */
import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { ConvAttrs } from './conv-geometry.ts';
import { allocate, floats, type KernelCall } from './heap.ts';

type PoolAttrs = ConvAttrs & { filterSize: number | [number, number] };

/** The whole dy of a window goes to its first largest value, in reading order. */
export function maxPoolGrad(
  { inputs, attrs, backend }: KernelCall<{ dy: TensorInfo; input: TensorInfo; output: TensorInfo }, PoolAttrs>,
): TensorInfo {
  const info = poolGeometry(inputs.input, attrs);
  const gradient = allocate(backend, inputs.input.shape);
  const x = floats(backend, inputs.input);
  const y = floats(backend, inputs.output);
  const dy = floats(backend, inputs.dy);
  const dx = floats(backend, gradient).fill(0);
  const channels = info.inChannels;
  const rowLength = info.inWidth * channels;
  forEachWindow(info, (first, height, width, output) => {
    for (let c = 0; c < channels; c++) {
      const max = y[output + c];
      search: for (let i = 0, row = first + c; i < height; i++, row += rowLength) {
        for (let j = 0, at = row; j < width; j++, at += channels) {
          if (x[at] === max) {
            dx[at] += dy[output + c];
            break search;
          }
        }
      }
    }
  });
  return gradient;
}

/** Each value of a window gets dy / (values in the window), as TensorFlow has it. */
export function avgPoolGrad({ inputs, attrs, backend }: KernelCall<{ dy: TensorInfo; input: TensorInfo }, PoolAttrs>): TensorInfo {
  const info = poolGeometry(inputs.input, attrs);
  const gradient = allocate(backend, inputs.input.shape);
  const dy = floats(backend, inputs.dy);
  const dx = floats(backend, gradient).fill(0);
  const channels = info.inChannels;
  const rowLength = info.inWidth * channels;
  forEachWindow(info, (first, height, width, output) => {
    const share = 1 / (height * width);
    for (let i = 0; i < height; i++) {
      let at = first + i * rowLength;
      for (let j = 0; j < width; j++) {
        for (let c = 0; c < channels; c++, at++) dx[at] += dy[output + c] * share;
      }
    }
  });
  return gradient;
}

function poolGeometry(input: TensorInfo, attrs: PoolAttrs): backend_util.Conv2DInfo {
  return backend_util.computePool2DInfo(input.shape as [number, number, number, number], attrs.filterSize, attrs.strides, 1, attrs.pad, attrs.dimRoundingMode);
}

/** Visits each window: where its part on the image starts, how high and wide it is, and where its output channels start. */
function forEachWindow(info: backend_util.Conv2DInfo, visit: (first: number, height: number, width: number, output: number) => void): void {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, padInfo, inChannels } = info;
  let output = 0;
  for (let n = 0; n < batchSize; n++) {
    for (let p = 0; p < outHeight; p++) {
      const top = Math.max(0, p * info.strideHeight - padInfo.top);
      const bottom = Math.min(inHeight, p * info.strideHeight - padInfo.top + filterHeight);
      for (let q = 0; q < outWidth; q++, output += inChannels) {
        const left = Math.max(0, q * info.strideWidth - padInfo.left);
        const right = Math.min(inWidth, q * info.strideWidth - padInfo.left + filterWidth);
        visit(((n * inHeight + top) * inWidth + left) * inChannels, bottom - top, right - left, output);
      }
    }
  }
}
