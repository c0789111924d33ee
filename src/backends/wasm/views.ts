/** Operations that only pass values on: cheaper forms than the stock ones, which copy whole tensors. */
import { slice_util, util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import { reshaped, type KernelCall } from './heap.ts';

/** The same values once more, shared: TensorFlow.js clones every tensor that it saves for a gradient. */
export function identityThatShares(stock: KernelFunc): (call: KernelCall<{ x: TensorInfo }, object>) => TensorInfo {
  return ({ inputs, backend }) =>
    inputs.x.dtype === 'string' ? (stock({ inputs, backend }) as TensorInfo) : reshaped(backend, inputs.x, inputs.x.shape);
}

/** A box out of a tensor, copied in runs as long as the whole inner axes allow. The gradient of padding. */
export function sliceInRuns(stock: KernelFunc): (call: KernelCall<{ x: TensorInfo }, { begin: number | number[]; size: number | number[] }>) => TensorInfo {
  return ({ inputs, attrs, backend }) => {
    const { x } = inputs;
    if (x.dtype === 'string') return stock({ inputs, attrs: { ...attrs }, backend }) as TensorInfo;
    const [begin, size] = slice_util.parseSliceParams(x as Parameters<typeof slice_util.parseSliceParams>[0], attrs.begin, attrs.size);
    const box = backend.makeOutput(size, x.dtype);
    if (util.sizeFromShape(size) === 0) return box;
    const from = backend.typedArrayFromHeap(x);
    const to = backend.typedArrayFromHeap(box);
    let axis = size.length - 1; // all axes behind this one are whole
    let run = size[axis] ?? 1;
    for (; axis > 0 && size[axis] === x.shape[axis]; axis--) run *= size[axis - 1];
    const strides = [...util.computeStrides(x.shape), 1];
    const index = begin.slice(0, Math.max(0, axis));
    const innerStart = begin.slice(index.length).reduce((sum, first, i) => sum + first * strides[index.length + i], 0);
    for (let position = 0; position < to.length; position += run) {
      const start = index.reduce((sum, at, i) => sum + at * strides[i], innerStart);
      to.set(from.subarray(start, start + run), position);
      for (let i = index.length - 1; i >= 0 && ++index[i] === begin[i] + size[i]; i--) index[i] = begin[i];
    }
    return box;
  };
}
