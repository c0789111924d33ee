/** Weights in memory (named tensors of the back end) and in files (PyTorch's names and layouts). */
import * as tf from '@tensorflow/tfjs-core';
import { StarsseError } from '../protocol/errors.ts';
import type { NetworkSpec } from '../protocol/network.ts';
import { floatsOf, floatTensor, type TensorData } from '../protocol/tensor.ts';
import { fromDisk, toDisk } from './layout.ts';
import { parametersOf } from './network.ts';

/** By name: every trained weight and running statistic of a network, in memory's layouts. Whoever holds it disposes it. */
export type Weights = ReadonlyMap<string, tf.Tensor>;

/** PyTorch counts batches beside the running statistics; nothing here depends on the count. */
const IGNORED = /\.num_batches_tracked$/;

/**
 * Tensors of a file as weights of a network.
 * @param what names the file in the error.
 * @throws StarsseError mismatch, listing every tensor that does not fit; nothing is allocated then.
 */
export function weightsFrom(network: NetworkSpec, tensors: readonly TensorData[], what: string): Weights {
  checkTensors(network, tensors, what);
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  return new Map(
    parametersOf(network).map((parameter) => {
      const values = fromDisk(parameter, floatsOf(byName.get(parameter.name)!));
      return [parameter.name, tf.tensor(values, parameter.shape, 'float32')];
    }),
  );
}

/** Weights as tensors of a file, in the order of the layers. */
export async function weightsToData(network: NetworkSpec, weights: Weights): Promise<TensorData[]> {
  return await Promise.all(
    parametersOf(network).map(async (parameter) => {
      const values = (await tensorOf(weights, parameter.name).data()) as Float32Array;
      return floatTensor(parameter.name, parameter.diskShape, toDisk(parameter, values));
    }),
  );
}

/** Do names, shapes and types fit the network? @throws StarsseError mismatch */
export function checkTensors(network: NetworkSpec, tensors: readonly TensorData[], what: string): void {
  const found = new Map(tensors.filter(({ name }) => !IGNORED.test(name)).map((tensor) => [tensor.name, tensor]));
  const problems: string[] = [];
  for (const { name, diskShape } of parametersOf(network)) {
    const tensor = found.get(name);
    found.delete(name);
    if (tensor === undefined) problems.push(`${name} is missing`);
    else if (tensor.shape.join() !== diskShape.join()) problems.push(`${name} is [${tensor.shape.join(', ')}], not [${diskShape.join(', ')}]`);
    else if (tensor.dtype !== 'F32') problems.push(`${name} is ${tensor.dtype}, not F32`);
  }
  for (const name of found.keys()) problems.push(`${name} is not part of the network`);
  if (problems.length > 0) {
    throw new StarsseError('mismatch', `${what} does not fit the network ${network.name}: ${problems.join('; ')}`, {
      hint: 'Use a checkpoint of the same network, or name the network that the checkpoint was made with.',
    });
  }
}

/** The tensor of that name. @throws StarsseError internal */
export function tensorOf<T extends tf.Tensor = tf.Tensor>(tensors: ReadonlyMap<string, tf.Tensor>, name: string): T {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new StarsseError('internal', `no tensor is called ${name}`);
  return tensor as T;
}

export function copyTensors(tensors: ReadonlyMap<string, tf.Tensor>): Map<string, tf.Tensor> {
  return new Map(Array.from(tensors, ([name, tensor]) => [name, tensor.clone()]));
}

export function disposeTensors(tensors: ReadonlyMap<string, tf.Tensor>): void {
  for (const tensor of tensors.values()) tensor.dispose();
}
