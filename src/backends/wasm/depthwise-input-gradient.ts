/** Gradient of a depthwise convolution with one output a channel with respect to its input, phase by phase (conv-phases.ts). */
import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { paddedConvAttrs } from './conv-geometry.ts';
import { phasesOf, type Phase } from './conv-phases.ts';
import { allocate, callKernel, dispose, floats } from './heap.ts';

/** @param dy [n, p, q, c] @param filter [i, j, c, 1] */
export function depthwiseInputGradient(dy: TensorInfo, filter: TensorInfo, info: backend_util.Conv2DInfo, backend: BackendWasm): TensorInfo {
  const phases = phasesOf(info);
  const gradientOf = (rows: Phase, columns: Phase): TensorInfo => phaseGradient(dy, flippedTaps(filter, rows.taps, columns.taps, backend), rows, columns, backend);
  if (info.strideHeight === 1 && info.strideWidth === 1 && phases.rows.length === 1 && phases.columns.length === 1) {
    return gradientOf(phases.rows[0], phases.columns[0]);
  }
  const parts = phases.rows.flatMap((rows) => phases.columns.map((columns) => ({ rows, columns, part: gradientOf(rows, columns) })));
  const dx = allocate(backend, info.inShape);
  const values = floats(backend, dx).fill(0);
  for (const { rows, columns, part: gradient } of parts) interleave(floats(backend, gradient), rows, columns, info, values);
  dispose(backend, ...parts.map(({ part: gradient }) => gradient));
  return dx;
}

/** [n, rows.count, columns.count, c]; the filter is used up. */
function phaseGradient(dy: TensorInfo, filter: TensorInfo, rows: Phase, columns: Phase, backend: BackendWasm): TensorInfo {
  const [batch, outHeight, outWidth, outChannels] = dy.shape;
  const whole = rows.to - rows.from === outHeight && columns.to - columns.from === outWidth;
  const read = whole
    ? dy
    : callKernel(backend, 'Slice', { x: dy }, { begin: [0, rows.from, columns.from, 0], size: [batch, rows.to - rows.from, columns.to - columns.from, outChannels] });
  const gradient = callKernel(backend, 'DepthwiseConv2dNative', { x: read, filter }, paddedConvAttrs(rows.padding, columns.padding));
  dispose(backend, filter);
  if (!whole) dispose(backend, read);
  return gradient;
}

/** The chosen taps of W [i, j, c, 1]. */
function flippedTaps(filter: TensorInfo, rows: number[], columns: number[], backend: BackendWasm): TensorInfo {
  const [, width, channels] = filter.shape;
  const flipped = allocate(backend, [rows.length, columns.length, channels, 1]);
  const from = floats(backend, filter);
  const to = floats(backend, flipped);
  for (const [place, tap] of rows.flatMap((i) => columns.map((j) => i * width + j)).entries()) {
    to.set(from.subarray(tap * channels, (tap + 1) * channels), place * channels);
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
