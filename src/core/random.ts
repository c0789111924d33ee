/**
 * Counter-based random numbers: each is a pure function of its key and index, so order never matters, nothing has to be
 * saved to resume, and any number can be drawn again.
 *
 * The generator is Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2,
 * 3", SC 2011): a block cipher without secrets. A 64-bit key and a 64-bit counter give 64 random bits by additions,
 * rotations and xors only, which JavaScript's 32-bit integers compute exactly on every platform.
 */

/** What randomness is used for. Uses never share numbers, whatever the seed. The numbers are fixed for ever: runs depend on them. */
const STREAMS = { weights: 1, head: 2, order: 3, augmentation: 4, noise: 5, split: 6, folds: 7, bootstrap: 8, task: 9, crop: 10, color: 11, operations: 12, erasing: 13, mix: 14, subsets: 15, corruption: 16, basin: 20, soup: 21 } as const;
export type Stream = keyof typeof STREAMS;

/** A 64-bit key, as two 32-bit words. */
export type Key = readonly [number, number];

const PARITY = 0x1bd11bda;

/**
 * Threefry-2x32-20: one block of two random 32-bit words (unsigned) written to `out[0]` and `out[1]`. After each four rounds the key comes
 * in again, its three words in turn. Written out, since a loop over the rotations takes 2.7 times as long.
 */
export function threefry(key: Key, counter0: number, counter1: number, out: Uint32Array): void {
  const key0 = key[0] | 0;
  const key1 = key[1] | 0;
  const key2 = key0 ^ key1 ^ PARITY;
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  x0 = (x0 + key1) | 0;
  x1 = (x1 + key2 + 1) | 0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
  x0 = (x0 + key2) | 0;
  x1 = (x1 + key0 + 2) | 0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  x0 = (x0 + key0) | 0;
  x1 = (x1 + key1 + 3) | 0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
  x0 = (x0 + key1) | 0;
  x1 = (x1 + key2 + 4) | 0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  x0 = (x0 + key2) | 0;
  x1 = (x1 + key0 + 5) | 0;
  out[0] = x0;
  out[1] = x1;
}

const block = new Uint32Array(2);

/**
 * The key of one use: a seed, a stream, and the place in the run, for example (member seed, 'order', epoch).
 * A member enters by its seed: members with the same seed see the same data in the same order.
 */
export function randomKey(seed: number, stream: Stream, ...place: number[]): Key {
  let key: Key = [seed, STREAMS[stream]];
  for (const [depth, index] of place.entries()) {
    threefry(key, index, depth, block);
    key = [block[0], block[1]];
  }
  return key;
}

/** A number in [0, 1), with 53 random bits. */
export function uniform(key: Key, index: number): number {
  threefry(key, index, 0, block);
  return ((block[0] >>> 5) * 2 ** 26 + (block[1] >>> 6)) / 2 ** 53;
}

/** A standard normal number (Box-Muller). */
export function normal(key: Key, index: number): number {
  threefry(key, index, 1, block);
  const radius = Math.sqrt(-2 * Math.log((block[0] + 1) / 2 ** 32)); // in (0, 1]: the logarithm is finite
  return radius * Math.cos((2 * Math.PI * block[1]) / 2 ** 32);
}

/** An integer in 0 .. bound-1. */
export function integer(key: Key, index: number, bound: number): number {
  return Math.floor(uniform(key, index) * bound);
}

/** A random order of 0 .. count-1 (Fisher-Yates). */
export function permutation(key: Key, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = integer(key, last, last + 1);
    const kept = order[last];
    order[last] = order[other];
    order[other] = kept;
  }
  return order;
}

/**
 * Gamma(shape, 1), as a logarithm, which is finite however small the shape is (Marsaglia and Tsang 2000, "A simple method for
 * generating gamma variables"; a shape below 1 by its section 6).
 * @param first the first index; which others are used depends on the draws, never above `first + 2 GAMMA_TRIES`
 */
function logGamma(key: Key, first: number, shape: number): number {
  if (shape < 1) return logGamma(key, first + 1, shape + 1) + Math.log(1 - uniform(key, first)) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (let attempt = 0; attempt < GAMMA_TRIES; attempt++) {
    const index = first + 1 + attempt;
    const x = normal(key, index);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - uniform(key, index)) < 0.5 * x * x + d * (1 - v + Math.log(v))) return Math.log(d * v);
  }
  return Math.log(d); // its mode; more than 95 of 100 tries are taken, so this is not seen
}

const GAMMA_TRIES = 60;

/** Beta(alpha, alpha), in 0 .. 1. @param first the first index; uses none from `first + 128` on */
export function beta(key: Key, first: number, alpha: number): number {
  return 1 / (1 + Math.exp(logGamma(key, first + 64, alpha) - logGamma(key, first, alpha)));
}
