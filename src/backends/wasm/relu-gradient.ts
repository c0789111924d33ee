import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { addressOf, allocate, type KernelCall } from './heap.ts';
import { simd } from './simd.ts';

type GradCall = KernelCall<{ dy: TensorInfo; y: TensorInfo }, object>;

/** Gradient of y = max(x, 0), from the output: dx = dy where y > 0, else 0. */
export function reluGrad(call: GradCall): TensorInfo {
  return passBelow(Infinity, call);
}

/** Gradient of y = min(max(x, 0), 6), from the output: dx = dy where 0 < y < 6, else 0. */
export function relu6Grad(call: GradCall): TensorInfo {
  return passBelow(6, call);
}

function passBelow(high: number, { inputs: { dy, y }, backend }: GradCall): TensorInfo {
  const dx = allocate(backend, y.shape);
  simd().passWhere(addressOf(backend, dy), addressOf(backend, y), util.sizeFromShape(y.shape), 0, high, addressOf(backend, dx));
  return dx;
}
