/** Can these networks be mixed? Told from names, shapes and types alone, before any number is read. */
import { StarsseError } from '../../protocol/errors.ts';
import { isFloat } from './floats.ts';
import type { TensorInfo } from './rule.ts';

const INTEGERS = new Set(['BOOL', 'U8', 'I8', 'U16', 'I16', 'U32', 'I32', 'U64', 'I64']);

/** @throws StarsseError usage for no parent; mismatch, listing every tensor that differs */
export function checkAlike(parents: readonly { name: string; tensors: readonly TensorInfo[] }[]): void {
  if (parents.length === 0) throw new StarsseError('usage', 'A soup of no members', { hint: 'Choose at least one.' });
  const [first, ...others] = parents;
  const problems = first.tensors.flatMap(({ name, dtype }) => (isFloat(dtype) || INTEGERS.has(dtype) ? [] : [`${name} is ${dtype}, which cannot be averaged`]));
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
