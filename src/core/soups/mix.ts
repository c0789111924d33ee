/** Soups of networks in memory. */
import type { TensorData } from '../../protocol/tensor.ts';
import { checkAlike } from './alike.ts';
import { decodeFloats, encodeFloats, floatsFor, isFloat } from './floats.ts';
import type { SoupRule } from './rule.ts';

export interface Ingredient {
  name: string;
  tensors: readonly TensorData[];
}

/**
 * Every floating-point tensor by the rule; integer tensors are the first parent's.
 * @returns tensors in the first parent's order, with memory of their own
 * @throws StarsseError usage for no parent, mismatch (before any work) when names, shapes or types differ
 */
export function mixTensors(rule: SoupRule, parents: readonly Ingredient[]): TensorData[] {
  checkAlike(parents);
  const byName = parents.map(({ tensors }) => new Map(tensors.map((tensor) => [tensor.name, tensor])));
  const stretchOf = ({ name, dtype }: TensorData) => byName.map((tensors) => decodeFloats(dtype, tensors.get(name)!.data));
  for (let pass = 0; pass < rule.looks; pass++) {
    for (const tensor of parents[0].tensors) if (isFloat(tensor.dtype)) rule.look?.(pass, tensor, stretchOf(tensor));
  }
  return parents[0].tensors.map((tensor) => {
    if (!isFloat(tensor.dtype)) return { ...tensor, data: tensor.data.slice() };
    const stretch = stretchOf(tensor);
    const result = floatsFor(tensor.dtype, stretch[0].length);
    rule.mix(tensor, stretch, 0, result);
    return { ...tensor, data: encodeFloats(tensor.dtype, result) };
  });
}
