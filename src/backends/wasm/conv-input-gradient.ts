import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { convGeometry, paddedConvAttrs, type ConvAttrs } from './conv-geometry.ts';
import { allocate, callKernel, dispose, floats, type KernelCall } from './heap.ts';

/**
 * Gradient of a convolution with respect to its input:
 *
 *   dx[n, h, w, c] = sum over o and the taps with p s + i = h + top, q s + j = w + left of dy[n, p, q, o] W[i, j, c, o]
 *
 * The rows h with (h + top) mod s = a meet only the taps i = a, a + s, ...; so for each phase a (and b of the columns)
 * dx is an ordinary convolution of dy with that part of the flipped filter, channels exchanged, and the phases are
 * interleaved. No zeros are inserted, so a strided layer costs as much as its forward pass. Stride 1 is the one phase.
 * (The sub-pixel form of a transposed convolution; Shi et al. 2016, arXiv 1609.07009.)
 */
export function conv2DBackpropInput(
  { inputs: { dy, filter }, attrs, backend }: KernelCall<{ dy: TensorInfo; filter: TensorInfo }, ConvAttrs & { inputShape: number[] }>,
): TensorInfo {
  const info = convGeometry(attrs.inputShape, filter.shape, attrs, false);
  return inputGradient(dy, info, 'Conv2D', (rows, columns) => flippedTaps(filter, rows, columns, backend), backend);
}

/**
 * The gradient phase by phase.
 * @param kernel the convolution that a phase is
 * @param part makes the chosen taps of the flipped filter into a filter for it
 */
export function inputGradient(
  dy: TensorInfo, info: backend_util.Conv2DInfo, kernel: 'Conv2D' | 'DepthwiseConv2dNative', part: (rows: number[], columns: number[]) => TensorInfo, backend: BackendWasm,
): TensorInfo {
  const rowPhases = phases(info.inHeight, info.outHeight, info.filterHeight, info.strideHeight, info.padInfo.top);
  const columnPhases = phases(info.inWidth, info.outWidth, info.filterWidth, info.strideWidth, info.padInfo.left);
  const gradientOf = (rows: Phase, columns: Phase): TensorInfo => phaseGradient(dy, kernel, part(rows.taps, columns.taps), rows, columns, backend);
  if (info.strideHeight === 1 && info.strideWidth === 1 && rowPhases.length === 1 && columnPhases.length === 1) {
    return gradientOf(rowPhases[0], columnPhases[0]);
  }
  const parts = rowPhases.flatMap((rows) => columnPhases.map((columns) => ({ rows, columns, part: gradientOf(rows, columns) })));
  const dx = allocate(backend, info.inShape);
  const values = floats(backend, dx).fill(0);
  for (const { rows, columns, part: gradient } of parts) interleave(floats(backend, gradient), rows, columns, info, values);
  dispose(backend, ...parts.map(({ part: gradient }) => gradient));
  return dx;
}

/** One residue class of input positions along one axis: positions first, first + stride, ... (count of them). */
interface Phase {
  first: number;
  count: number;
  /** Taps of the filter that meet these positions, in the order in which the convolution needs them. */
  taps: number[];
  /** What of dy the convolution reads, [from, to), and the zeros before and behind. */
  from: number;
  to: number;
  padding: [number, number];
}

/** The phases that at least one tap and one output meet; all other positions have the gradient 0. */
function phases(inSize: number, outSize: number, filterSize: number, stride: number, pad: number): Phase[] {
  return Array.from({ length: Math.min(stride, filterSize) }, (_, residue): Phase => {
    const taps: number[] = [];
    for (let tap = residue; tap < filterSize; tap += stride) taps.unshift(tap);
    const t0 = Math.max(0, Math.ceil((pad - residue) / stride)); // position = stride t + residue - pad
    const first = stride * t0 + residue - pad;
    const count = Math.max(0, Math.ceil((inSize - first) / stride));
    // Position number u reads dy[t0 + u - taps + 1 ... t0 + u].
    const start = t0 - taps.length + 1;
    const end = t0 + count;
    const from = Math.max(0, start);
    const to = Math.min(outSize, end);
    return { first, count, taps, from, to, padding: [from - start, end - to] };
  }).filter(({ count, from, to }) => count > 0 && to > from);
}

/** [n, rows.count, columns.count, c]; the filter is used up. */
function phaseGradient(dy: TensorInfo, kernel: string, filter: TensorInfo, rows: Phase, columns: Phase, backend: BackendWasm): TensorInfo {
  const [batch, outHeight, outWidth, outChannels] = dy.shape;
  const whole = rows.to - rows.from === outHeight && columns.to - columns.from === outWidth;
  const read = whole
    ? dy
    : callKernel(backend, 'Slice', { x: dy }, { begin: [0, rows.from, columns.from, 0], size: [batch, rows.to - rows.from, columns.to - columns.from, outChannels] });
  const gradient = callKernel(backend, kernel, { x: read, filter }, paddedConvAttrs(rows.padding, columns.padding));
  dispose(backend, filter);
  if (!whole) dispose(backend, read);
  return gradient;
}

/** The chosen taps of W [i, j, c, o] as a filter [i, j, o, c]. */
function flippedTaps(filter: TensorInfo, rows: number[], columns: number[], backend: BackendWasm): TensorInfo {
  const [, width, inChannels, outChannels] = filter.shape;
  const flipped = allocate(backend, [rows.length, columns.length, outChannels, inChannels]);
  const from = floats(backend, filter);
  const to = floats(backend, flipped);
  let position = 0;
  for (const i of rows) {
    for (const j of columns) {
      const start = (i * width + j) * inChannels * outChannels;
      for (let o = 0; o < outChannels; o++) {
        for (let c = 0; c < inChannels; c++, position++) to[position] = from[start + c * outChannels + o];
      }
    }
  }
  return flipped;
}

function interleave(part: Float32Array, rows: Phase, columns: Phase, info: backend_util.Conv2DInfo, dx: Float32Array): void {
  const channels = info.inChannels;
  let position = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let u = 0; u < rows.count; u++) {
      const row = (n * info.inHeight + rows.first + u * info.strideHeight) * info.inWidth;
      for (let v = 0; v < columns.count; v++) {
        const start = (row + columns.first + v * info.strideWidth) * channels;
        for (let c = 0; c < channels; c++, position++) dx[start + c] = part[position];
      }
    }
  }
}
