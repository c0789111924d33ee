/**
 * Filter-normalised random directions (Li et al. 2018, "Visualizing the loss landscape of neural nets", section 4): normal numbers,
 * each filter scaled to the norm of the network's filter, so that the scale of the weights does not matter. Biases, scales and other
 * vectors stay where they are, as in the authors' code.
 */
import type { NetworkSpec } from '../../protocol/network.ts';
import { fromDisk, toDisk } from '../layout.ts';
import { parametersOf, product } from '../network.ts';
import { normal, randomKey } from '../random.ts';
import type { HostWeights } from './host-weights.ts';

/** @param which the first, second, ... direction of a seed */
export function randomDirection(network: NetworkSpec, weights: HostWeights, seed: number, which: number): HostWeights {
  return parametersOf(network).map((parameter, part) => {
    const { role, diskShape } = parameter;
    if (role !== 'trained' || diskShape.length < 2) return new Float32Array(weights[part].length);
    // In files the first axis counts the filters, or the units of a dense layer.
    const own = toDisk(parameter, weights[part]);
    const key = randomKey(seed, 'basin', which, part);
    const direction = Float32Array.from(own, (_, index) => normal(key, index));
    const size = product(diskShape.slice(1));
    for (let start = 0; start < own.length; start += size) scale(direction.subarray(start, start + size), own.subarray(start, start + size));
    return fromDisk(parameter, direction);
  });
}

/** Gives a filter of the direction the norm of the network's. */
function scale(direction: Float32Array, like: Float32Array): void {
  const factor = norm(like) / (norm(direction) || 1);
  for (let index = 0; index < direction.length; index++) direction[index] *= factor;
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/** Random weights whose tensors each have the length of the network's tensor, so that the whole has the length of its trained weights. */
export function noiseDirection(network: NetworkSpec, weights: HostWeights, seed: number, draw: number): HostWeights {
  return parametersOf(network).map(({ role }, part) => {
    if (role !== 'trained') return new Float32Array(weights[part].length);
    const key = randomKey(seed, 'basin', 1000 + draw, part);
    const direction = weights[part].map((_, index) => normal(key, index));
    scale(direction, weights[part]);
    return direction;
  });
}
