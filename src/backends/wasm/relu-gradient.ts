import type { TensorInfo } from '@tensorflow/tfjs-core';
import { callKernel, dispose, type KernelCall } from './heap.ts';

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
