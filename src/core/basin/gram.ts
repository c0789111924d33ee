/**
 * Inner products of networks, tensor by tensor: all that distances, angles and principal components need. A tensor of each
 * network is in memory at a time, however many and however large the networks are.
 */

/** Inner products over some of the weights. */
export interface Gram {
  /** Of how many numbers. */
  parameters: number;
  /** <w_i - w_0, w_j - w_0> where 0 is the first network: small differences keep their digits. Its own row is 0. */
  displacements: number[][];
  /** <w_0, w_i - w_0>. */
  withFirst: number[];
  /** |w_0|^2. */
  first: number;
}

export function emptyGram(networks: number): Gram {
  return { parameters: 0, displacements: Array.from({ length: networks }, () => new Array<number>(networks).fill(0)), withFirst: new Array<number>(networks).fill(0), first: 0 };
}

/** Adds a tensor, which is given of every network in the same order of numbers. */
export function addToGram(gram: Gram, tensors: readonly Float32Array[]): void {
  const [first, ...others] = tensors;
  gram.parameters += first.length;
  gram.first += dot(first, first);
  const displacements = others.map((tensor) => Float64Array.from(tensor, (value, index) => value - first[index]));
  for (const [i, a] of displacements.entries()) {
    gram.withFirst[i + 1] += dot(first, a);
    for (const [j, b] of displacements.slice(0, i + 1).entries()) {
      const product = dot(a, b);
      gram.displacements[i + 1][j + 1] += product;
      if (i !== j) gram.displacements[j + 1][i + 1] += product;
    }
  }
}

/** Over the weights of several. */
export function sumOfGrams(grams: readonly Gram[]): Gram {
  const sum = emptyGram(grams[0].withFirst.length);
  for (const gram of grams) {
    sum.parameters += gram.parameters;
    sum.first += gram.first;
    for (const [i, row] of gram.displacements.entries()) {
      sum.withFirst[i] += gram.withFirst[i];
      for (const [j, value] of row.entries()) sum.displacements[i][j] += value;
    }
  }
  return sum;
}

/** The same of some of the networks, the first among them. @param kept positions, 0 first */
export function gramOf(gram: Gram, kept: readonly number[]): Gram {
  return {
    parameters: gram.parameters,
    first: gram.first,
    withFirst: kept.map((i) => gram.withFirst[i]),
    displacements: kept.map((i) => kept.map((j) => gram.displacements[i][j])),
  };
}

function dot(a: Float32Array | Float64Array, b: Float32Array | Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index] * b[index];
  return sum;
}
