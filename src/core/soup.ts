/**
 * Soups: one network whose weights are the average of its parents' (Wortsman et al. 2022, "Model soups"). On tensors of
 * files. The running statistics are averaged as well, which is the naive variant: re-estimate them (`reestimate.ts`).
 */
import { StarsseError } from '../protocol/errors.ts';
import type { TensorData } from '../protocol/tensor.ts';

export interface Ingredient {
  name: string;
  tensors: readonly TensorData[];
}

/**
 * The mean of every floating-point tensor, summed in double precision; integer tensors are the first parent's.
 * @returns tensors in the first parent's order
 * @throws StarsseError usage for no parent, mismatch (before any work) when names, shapes or types differ
 */
export function uniformSoup(parents: readonly Ingredient[]): TensorData[] {
  if (parents.length === 0) throw new StarsseError('usage', 'A soup of no members', { hint: 'Choose at least one.' });
  checkAlike(parents);
  const byName = parents.map(({ tensors }) => new Map(tensors.map((tensor) => [tensor.name, tensor])));
  return parents[0].tensors.map((tensor) => ({ ...tensor, data: average(byName.map((tensors) => tensors.get(tensor.name)!)) }));
}

/** (1 - a) A + a B for every floating-point tensor; integer tensors are A's. @throws StarsseError mismatch */
export function interpolate(a: Ingredient, b: Ingredient, [shareOfA, shareOfB]: [number, number]): TensorData[] {
  checkAlike([a, b]);
  const others = new Map(b.tensors.map((tensor) => [tensor.name, tensor]));
  return a.tensors.map((tensor) => ({ ...tensor, data: weightedSum([tensor, others.get(tensor.name)!], [shareOfA, shareOfB]) }));
}

function average(tensors: readonly TensorData[]): Uint8Array {
  return weightedSum(tensors, tensors.map(() => 1), tensors.length);
}

/** (w1 x1 + w2 x2 + ...) / divisor. */
function weightedSum(tensors: readonly TensorData[], weights: readonly number[], divisor = 1): Uint8Array {
  const [{ dtype, data }] = tensors;
  const numbers = FLOATS[dtype];
  if (numbers === undefined) return data.slice();
  const sources = tensors.map((tensor) => numbers(tensor.data.slice().buffer));
  const sum = new Float64Array(sources[0].length);
  for (const [source, values] of sources.entries()) {
    for (let index = 0; index < sum.length; index++) sum[index] += weights[source] * values[index];
  }
  const result = sources[0];
  for (let index = 0; index < sum.length; index++) result[index] = sum[index] / divisor;
  return new Uint8Array(result.buffer);
}

const FLOATS: Record<string, ((bytes: ArrayBuffer) => Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>) | undefined> = {
  F32: (bytes) => new Float32Array(bytes),
  F64: (bytes) => new Float64Array(bytes),
};
const INTEGERS = new Set(['BOOL', 'U8', 'I8', 'U16', 'I16', 'U32', 'I32', 'U64', 'I64']);

function checkAlike(parents: readonly Ingredient[]): void {
  const [first, ...others] = parents;
  const problems = first.tensors.flatMap(({ name, dtype }) =>
    FLOATS[dtype] === undefined && !INTEGERS.has(dtype) ? [`${name} is ${dtype}, which cannot be averaged yet`] : [],
  );
  for (const other of others) {
    const found = new Map(other.tensors.map((tensor) => [tensor.name, tensor]));
    for (const { name, dtype, shape } of first.tensors) {
      const tensor = found.get(name);
      found.delete(name);
      if (tensor === undefined) problems.push(`${other.name} has no ${name}`);
      else if (tensor.dtype !== dtype) problems.push(`${name} is ${dtype} in ${first.name} and ${tensor.dtype} in ${other.name}`);
      else if (tensor.shape.join() !== shape.join()) problems.push(`${name} is [${shape.join(', ')}] in ${first.name} and [${tensor.shape.join(', ')}] in ${other.name}`);
    }
    for (const name of found.keys()) problems.push(`${first.name} has no ${name}`);
  }
  if (problems.length > 0) {
    throw new StarsseError('mismatch', `Cannot average ${parents.map(({ name }) => name).join(', ')}: ${problems.join('; ')}`, { hint: 'Average snapshots of one network only.' });
  }
}
