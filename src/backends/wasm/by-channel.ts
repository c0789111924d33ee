/** Sums and linear functions by channel of tensors [..., c], read as rows of c channels, in double precision (assembly/by-channel.ts). */
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { addressOf, doubles, withScratch } from './heap.ts';
import { simd } from './simd.ts';

/** sums[c] = sum of y - shiftY[c] and products[c] = sum of (y - shiftY[c]) (x - shiftX[c]), over the rows. */
export function productsByChannel(backend: BackendWasm, x: TensorInfo, y: TensorInfo, shiftX: Float64Array, shiftY: Float64Array): { sums: Float64Array; products: Float64Array } {
  const channels = shiftX.length;
  const rows = util.sizeFromShape(x.shape) / channels;
  const sums = new Float64Array(channels);
  const products = new Float64Array(channels);
  withScratch(backend, Array.from({ length: 4 }, () => 8 * channels), (sumsAt, productsAt, shiftXAt, shiftYAt) => {
    for (const [at, values] of [[sumsAt, sums], [productsAt, products], [shiftXAt, shiftX], [shiftYAt, shiftY]] as const) doubles(backend, at, channels).set(values);
    simd().addProducts(addressOf(backend, x), addressOf(backend, y), rows, channels, shiftXAt, shiftYAt, sumsAt, productsAt);
    sums.set(doubles(backend, sumsAt, channels));
    products.set(doubles(backend, productsAt, channels));
  });
  return { sums, products };
}

/** A linear function of each channel; numbers by channel. */
export interface Linear {
  shift: Float64Array;
  factor: Float64Array;
  term: Float64Array;
  /** Also of another tensor. */
  other?: { values: TensorInfo; factor: Float64Array };
}

/** y = (x - shift) factor + term, and with another tensor z + z factor, into the tensor y. */
export function combineByChannel(backend: BackendWasm, x: TensorInfo, { shift, factor, term, other }: Linear, y: TensorInfo): void {
  const channels = shift.length;
  const rows = util.sizeFromShape(x.shape) / channels;
  withScratch(backend, Array.from({ length: 4 }, () => 8 * channels), (shiftAt, factorAt, termAt, otherAt) => {
    for (const [at, values] of [[shiftAt, shift], [factorAt, factor], [termAt, term], [otherAt, other?.factor ?? []]] as const) doubles(backend, at, channels).set(values);
    const [from, to] = [addressOf(backend, x), addressOf(backend, y)];
    if (other === undefined) simd().scaleChannels(from, rows, channels, shiftAt, factorAt, termAt, to);
    else simd().combineChannels(from, addressOf(backend, other.values), rows, channels, shiftAt, factorAt, otherAt, termAt, to);
  });
}
