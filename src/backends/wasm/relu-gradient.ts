import type { TensorInfo } from '@tensorflow/tfjs-core';
import { allocate, floats, type KernelCall } from './heap.ts';

/**
 * Gradient of y = max(x, 0), from the output y alone: dx = dy where y > 0, else 0.
 * Stock TensorFlow.js computes step(x), casts and multiplies: three passes instead of one.
 */
export function reluGrad({ inputs: { dy, y }, backend }: KernelCall<{ dy: TensorInfo; y: TensorInfo }, object>): TensorInfo {
  const dx = allocate(backend, dy.shape);
  const dyValues = floats(backend, dy);
  const yValues = floats(backend, y);
  const dxValues = floats(backend, dx);
  for (let i = 0; i < dxValues.length; i++) dxValues[i] = yValues[i] > 0 ? dyValues[i] : 0;
  return dx;
}
