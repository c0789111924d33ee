/**
 * Networks as points of the space of weights, on the host: one array a parameter, in the order of `parametersOf` and in memory's
 * layouts, so that a sum of networks needs no transposition.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkSpec } from '../../protocol/network.ts';
import { floatsOf, floatTensor, type TensorData } from '../../protocol/tensor.ts';
import { fromDisk, toDisk } from '../layout.ts';
import { isHead, parametersOf } from '../network.ts';
import { checkWeights, type Weights } from '../weights.ts';

/** Trained weights and running statistics. Read only: networks share arrays. */
export type HostWeights = readonly Float32Array[];

/** @param what names the network in the error. @throws StarsseError mismatch */
export function hostWeights(network: NetworkSpec, tensors: readonly TensorData[], what = 'A snapshot'): HostWeights {
  checkWeights(network, tensors, what);
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  return parametersOf(network).map((parameter) => fromDisk(parameter, floatsOf(byName.get(parameter.name)!)));
}

/** The same as tensors of a file. */
export function hostWeightsToData(network: NetworkSpec, weights: HostWeights): TensorData[] {
  return parametersOf(network).map((parameter, index) => floatTensor(parameter.name, parameter.diskShape, toDisk(parameter, weights[index])));
}

/** The body of one network under the head of another. */
export function withHeadOf(network: NetworkSpec, body: HostWeights, head: HostWeights): HostWeights {
  return parametersOf(network).map((parameter, index) => (isHead(network, parameter) ? head[index] : body[index]));
}

/** Is the parameter trained? Running statistics are no directions of the space: they follow from the weights and the data. */
export function trainedParts(network: NetworkSpec): boolean[] {
  return parametersOf(network).map(({ role }) => role === 'trained');
}

/**
 * sum_k c_k W_k of every number, running statistics included, summed in double precision and rounded once: with the shares
 * (1 - a) and a of the same network twice it is that network.
 */
export function combine(sources: readonly HostWeights[], coefficients: readonly number[]): Float32Array[] {
  return sources[0].map((first, part) => {
    const result = new Float32Array(first.length);
    if (sources.length === 2) addTwo(result, first, coefficients[0], sources[1][part], coefficients[1]);
    else if (sources.length === 3) addThree(result, first, coefficients[0], sources[1][part], coefficients[1], sources[2][part], coefficients[2]);
    else result.set(first.map((value) => coefficients[0] * value));
    return result;
  });
}

function addTwo(result: Float32Array, a: Float32Array, shareOfA: number, b: Float32Array, shareOfB: number): void {
  for (let index = 0; index < result.length; index++) result[index] = shareOfA * a[index] + shareOfB * b[index];
}

function addThree(result: Float32Array, a: Float32Array, shareOfA: number, b: Float32Array, shareOfB: number, c: Float32Array, shareOfC: number): void {
  for (let index = 0; index < result.length; index++) result[index] = shareOfA * a[index] + shareOfB * b[index] + shareOfC * c[index];
}

/** In the back end's memory. The caller disposes them. */
export function toTensors(network: NetworkSpec, weights: HostWeights): Weights {
  return new Map(parametersOf(network).map(({ name, shape }, index) => [name, tf.tensor(weights[index], shape, 'float32')]));
}

/** <a - from, b - from> over the trained weights, in double precision; of a network without `from` <a, b>. */
export function innerProduct(network: NetworkSpec, a: HostWeights, b: HostWeights, from: HostWeights | null = null): number {
  let sum = 0;
  for (const [part, trained] of trainedParts(network).entries()) {
    if (!trained) continue;
    const [x, y] = [a[part], b[part]];
    const origin = from?.[part];
    if (origin === undefined) for (let index = 0; index < x.length; index++) sum += x[index] * y[index];
    else for (let index = 0; index < x.length; index++) sum += (x[index] - origin[index]) * (y[index] - origin[index]);
  }
  return sum;
}

/** |a - b| over the trained weights. */
export function distance(network: NetworkSpec, a: HostWeights, b: HostWeights): number {
  return Math.sqrt(innerProduct(network, a, a, b));
}

/** The largest difference of two numbers in the same place, trained or not. */
export function largestDifference(a: HostWeights, b: HostWeights): number {
  let largest = 0;
  for (const [part, x] of a.entries()) {
    const y = b[part];
    for (let index = 0; index < x.length; index++) largest = Math.max(largest, Math.abs(x[index] - y[index]));
  }
  return largest;
}
