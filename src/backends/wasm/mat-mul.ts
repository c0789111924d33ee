import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { callKernel, dispose, type KernelCall } from './heap.ts';
import { matMulPairByPair } from './mat-mul-batches.ts';

interface MatMulAttrs {
  transposeA: boolean;
  transposeB: boolean;
}

/**
 * a b with either side transposed on request. The stock kernel takes XNNPACK only for one pair of untransposed matrices
 * and a naive loop, up to 70 times slower, for the rest; so transpose first, then multiply.
 */
export function matMulThatTransposes(stock: KernelFunc): (call: KernelCall<{ a: TensorInfo; b: TensorInfo }, MatMulAttrs>) => TensorInfo {
  return ({ inputs: { a, b }, attrs: { transposeA, transposeB }, backend }) => {
    const left = transposeA ? callKernel(backend, 'Transpose', { x: a }, { perm: swapLast(a.shape.length) }) : a;
    const right = transposeB ? callKernel(backend, 'Transpose', { x: b }, { perm: swapLast(b.shape.length) }) : b;
    const product = matMulPairByPair(stock, backend, left, right);
    if (transposeA) dispose(backend, left);
    if (transposeB) dispose(backend, right);
    return product;
  };
}

/** [0, 1, ..., rank - 1] with the last two exchanged. */
function swapLast(rank: number): number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  axes.push(...axes.splice(-2).reverse());
  return axes;
}
