import type { TensorInfo } from '@tensorflow/tfjs-core';
import { allocate, callKernel, dispose, floats, type KernelCall } from './heap.ts';

/**
 * Gradient of y = max(x, 0), from the output y alone: dx = dy step(y), with step(y) = 1 where y > 0, else 0.
 * Two of the stock SIMD loops beat one in JavaScript by far, since that one branches at random.
 */
export function reluGrad({ inputs: { dy, y }, backend }: KernelCall<{ dy: TensorInfo; y: TensorInfo }, object>): TensorInfo {
  const open = callKernel(backend, 'Step', { x: y }, { alpha: 0 });
  const dx = callKernel(backend, 'Multiply', { a: dy, b: open }, {});
  dispose(backend, open);
  return dx;
}

/** Gradient of y = min(max(x, 0), 6), from the output y: dx = dy where 0 < y < 6, else 0, without a branch. */
export function relu6Grad({ inputs, backend }: KernelCall<{ dy: TensorInfo; y: TensorInfo }, object>): TensorInfo {
  const gradient = allocate(backend, inputs.y.shape);
  const y = floats(backend, inputs.y);
  const dy = floats(backend, inputs.dy);
  const dx = floats(backend, gradient);
  for (let i = 0; i < dx.length; i++) dx[i] = dy[i] * (Number(y[i] > 0) & Number(y[i] < 6));
  return gradient;
}
