import type { TensorInfo } from '@tensorflow/tfjs-core';
import { floats, ints, type KernelCall } from './heap.ts';

/**
 * y[s] = sum of the rows x[i] with segmentIds[i] = s: the gradient of `gather`. Ids outside 0..numSegments-1 are dropped.
 * x is [...ids, ...row], of float32 or int32.
 */
export function unsortedSegmentSum(
  { inputs: { x, segmentIds }, attrs: { numSegments }, backend }: KernelCall<{ x: TensorInfo; segmentIds: TensorInfo }, { numSegments: number }>,
): TensorInfo {
  const rowShape = x.shape.slice(segmentIds.shape.length);
  const sums = backend.makeOutput([numSegments, ...rowShape], x.dtype);
  const view = x.dtype === 'int32' ? ints : floats;
  const from = view(backend, x);
  const to = view(backend, sums).fill(0);
  const length = rowShape.reduce((product, size) => product * size, 1);
  ints(backend, segmentIds).forEach((id, i) => {
    if (id < 0 || id >= numSegments) return;
    for (let k = 0; k < length; k++) to[id * length + k] += from[i * length + k];
  });
  return sums;
}
