import { util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { allocate, dispose, floats } from './heap.ts';

/** Multiplications of a pair of matrices below which a call of XNNPACK costs more than the naive loop. */
const WORTH_A_CALL = 2 ** 14;

/** [..., m, k] times [..., k, n] pair by pair: the stock kernel takes XNNPACK only for one pair, and a loop up to ten times slower for more. */
export function matMulPairByPair(stock: KernelFunc, backend: BackendWasm, a: TensorInfo, b: TensorInfo): TensorInfo {
  const multiply = (left: TensorInfo, right: TensorInfo): TensorInfo =>
    stock({ inputs: { a: left, b: right }, attrs: { transposeA: false, transposeB: false }, backend }) as TensorInfo;
  const lead = a.shape.slice(0, -2);
  const [m, k] = a.shape.slice(-2);
  const n = b.shape[b.shape.length - 1];
  const pairs = util.sizeFromShape(lead);
  if (pairs === 1 || m * k * n < WORTH_A_CALL || b.shape.slice(0, -2).join() !== lead.join()) return multiply(a, b);
  const products = allocate(backend, [...lead, m, n]);
  for (let pair = 0; pair < pairs; pair++) {
    const left = copyOf(backend, a, pair, [1, m, k]);
    // A new one for each pair: XNNPACK keeps what it made of the right side as long as that lives.
    const right = copyOf(backend, b, pair, [1, k, n]);
    const product = multiply(left, right);
    floats(backend, products).set(floats(backend, product), pair * m * n);
    dispose(backend, left, right, product);
  }
  return products;
}

/** The matrix at `place` of a batch. */
function copyOf(backend: BackendWasm, batch: TensorInfo, place: number, shape: number[]): TensorInfo {
  const matrix = allocate(backend, shape);
  const size = util.sizeFromShape(shape);
  floats(backend, matrix).set(floats(backend, batch).subarray(place * size, (place + 1) * size));
  return matrix;
}
