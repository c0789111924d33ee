import { util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import { addressOf, allocate, floats, type KernelCall } from './heap.ts';
import { multiplyMatrices } from './product.ts';

interface MatMulAttrs {
  transposeA: boolean;
  transposeB: boolean;
}

/**
 * a b with either side transposed on request, for each pair of a batch. The stock kernel takes XNNPACK only for one pair of untransposed
 * matrices and a naive loop, up to 70 times slower, for the rest. Batches that are broadcast in part go the stock way.
 */
export function matMul(stock: KernelFunc): (call: KernelCall<{ a: TensorInfo; b: TensorInfo }, MatMulAttrs>) => TensorInfo {
  return ({ inputs: { a, b }, attrs, backend }) => {
    const { transposeA, transposeB } = attrs;
    const [leadA, leadB] = [a, b].map(({ shape }) => shape.slice(0, -2));
    const [pairsA, pairsB] = [leadA, leadB].map((lead) => util.sizeFromShape(lead));
    const isPlain = a.dtype === 'float32' && b.dtype === 'float32' && (leadA.join() === leadB.join() || (leadA.length === leadB.length && (pairsA === 1 || pairsB === 1)));
    if (!isPlain) return stock({ inputs: { a, b }, attrs: { ...attrs }, backend }) as TensorInfo;
    const [rowsA, columnsA] = a.shape.slice(-2);
    const [rowsB, columnsB] = b.shape.slice(-2);
    const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
    const n = transposeB ? rowsB : columnsB;
    const product = allocate(backend, [...(pairsA === 1 ? leadB : leadA), m, n]);
    if (k === 0) floats(backend, product).fill(0);
    else multiplyMatrices(backend, { address: addressOf(backend, a), transposed: transposeA, pairs: pairsA }, { address: addressOf(backend, b), transposed: transposeB, pairs: pairsB }, [m, k, n], addressOf(backend, product));
    return product;
  };
}
