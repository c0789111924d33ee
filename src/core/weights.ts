/** Weights in memory (named tensors of the back end) and in files (PyTorch's names and layouts). */
import * as tf from '@tensorflow/tfjs-core';
import { StarsseError } from '../protocol/errors.ts';
import type { NetworkSpec } from '../protocol/network.ts';
import { floatsOf, floatTensor, type TensorData } from '../protocol/tensor.ts';
import { fromDisk, toDisk } from './layout.ts';
import { parametersOf, type Parameter } from './network.ts';

/** By name: every trained weight and running statistic of a network, in memory's layouts. Whoever holds it disposes it. */
export type Weights = ReadonlyMap<string, tf.Tensor>;

/** What files may hold beside weights: PyTorch's count of batches, on which nothing here depends, optimizer slots and averages. */
const BESIDE_WEIGHTS = /\.num_batches_tracked$|^(velocity|moment1|moment2|swa|ema)\/|^optimizer\.updates$/;

export function isBesideWeights(name: string): boolean {
  return BESIDE_WEIGHTS.test(name);
}

/**
 * Tensors of a file as weights of a network. Optimizer slots among them are passed over.
 * @param what names the file in the error.
 * @throws StarsseError mismatch, listing every tensor that does not fit; nothing is allocated then.
 */
export function weightsFrom(network: NetworkSpec, tensors: readonly TensorData[], what: string): Weights {
  checkWeights(network, tensors, what);
  return allocate(parametersOf(network), tensors);
}

/** Do names, shapes and types fit the network? @throws StarsseError mismatch */
export function checkWeights(network: NetworkSpec, tensors: readonly TensorData[], what: string): void {
  checkTensors(parametersOf(network), tensors.filter(({ name }) => !isBesideWeights(name)), `${what} does not fit the network ${network.name}`);
}

/** Tensors in memory of the given parameters, which `tensors` were checked to hold. */
export function allocate(parameters: readonly Parameter[], tensors: readonly TensorData[]): Map<string, tf.Tensor> {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  return new Map(
    parameters.map((parameter) => [parameter.name, tf.tensor(fromDisk(parameter, floatsOf(byName.get(parameter.name)!)), parameter.shape, 'float32')]),
  );
}

/** Weights as tensors of a file, in the order of the layers. */
export async function weightsToData(network: NetworkSpec, weights: Weights): Promise<TensorData[]> {
  return await readBack(parametersOf(network), weights);
}

export async function readBack(parameters: readonly Parameter[], tensors: ReadonlyMap<string, tf.Tensor>): Promise<TensorData[]> {
  return await Promise.all(
    parameters.map(async (parameter) => {
      const values = (await tensorOf(tensors, parameter.name).data()) as Float32Array;
      return floatTensor(parameter.name, parameter.diskShape, toDisk(parameter, values));
    }),
  );
}

/** Exactly these parameters, in the layouts of files? @throws StarsseError mismatch, listing every tensor that does not fit */
export function checkTensors(parameters: readonly Parameter[], tensors: readonly TensorData[], complaint: string): void {
  const found = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const problems: string[] = [];
  for (const { name, diskShape } of parameters) {
    const tensor = found.get(name);
    found.delete(name);
    if (tensor === undefined) problems.push(`${name} is missing`);
    else if (tensor.shape.join() !== diskShape.join()) problems.push(`${name} is [${tensor.shape.join(', ')}], not [${diskShape.join(', ')}]`);
    else if (tensor.dtype !== 'F32') problems.push(`${name} is ${tensor.dtype}, not F32`);
  }
  for (const name of found.keys()) problems.push(`${name} is not part of it`);
  if (problems.length > 0) {
    throw new StarsseError('mismatch', `${complaint}: ${problems.join('; ')}`, { hint: 'Use weights of the same network, or name the network that they were made with.' });
  }
}

/** The tensor of that name. @throws StarsseError internal */
export function tensorOf<T extends tf.Tensor = tf.Tensor>(tensors: ReadonlyMap<string, tf.Tensor>, name: string): T {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new StarsseError('internal', `no tensor is called ${name}`);
  return tensor as T;
}

export function disposeTensors(tensors: ReadonlyMap<string, tf.Tensor>): void {
  for (const tensor of tensors.values()) tensor.dispose();
}
