/**
 * New weights, as tensors of a file (PyTorch's layouts); a pure function of network and seed.
 *
 * Convolutions and inner dense layers: normal with variance 2 / fanIn (He et al. 2015, "Delving deep into rectifiers").
 * The head: uniform within +- 1 / sqrt(fanIn), PyTorch's default for a linear layer. Biases: 0, the head's as its weights.
 * Batch norm: scale 1, offset 0, running mean 0, running variance 1. Each kind of layer says what its tensors start as.
 */
import type { NetworkSpec } from '../protocol/network.ts';
import { floatTensor, type TensorData } from '../protocol/tensor.ts';
import { isHead, parametersOf, product, type Parameter } from './network.ts';
import { normal, randomKey, uniform, type Key } from './random.ts';

/** Weights for a start without a checkpoint. Their head is the one that `newHead` makes from the same seed. */
export function initialWeights(network: NetworkSpec, seed: number): TensorData[] {
  return parametersOf(network).map((parameter, place) =>
    isHead(network, parameter) ? headTensor(parameter, seed) : initialTensor(parameter, randomKey(seed, 'weights', place)),
  );
}

/** The head's tensors. @param seed `headSeed` of the member */
export function newHead(network: NetworkSpec, seed: number): TensorData[] {
  return parametersOf(network)
    .filter((parameter) => isHead(network, parameter))
    .map((parameter) => headTensor(parameter, seed));
}

/** The same tensors with another head. The head of `tensors`, of whatever size, is dropped. */
export function withNewHead(tensors: readonly TensorData[], network: NetworkSpec, headSeed: number): TensorData[] {
  const body = tensors.filter(({ name }) => !name.startsWith(`${network.head}.`));
  return [...body, ...newHead(network, headSeed)];
}

function headTensor({ name, diskShape, fanIn }: Parameter, seed: number): TensorData {
  const key = randomKey(seed, 'head', name.endsWith('.bias') ? 1 : 0);
  const bound = 1 / Math.sqrt(fanIn);
  return filled(name, diskShape, (index) => bound * (2 * uniform(key, index) - 1));
}

function initialTensor({ name, diskShape, fanIn, initialisation }: Parameter, key: Key): TensorData {
  switch (initialisation.kind) {
    case 'constant':
      return filled(name, diskShape, () => initialisation.value);
    case 'he':
      return filled(name, diskShape, (index) => Math.sqrt(2 / fanIn) * normal(key, index));
    case 'normal':
      return filled(name, diskShape, (index) => initialisation.deviation * normal(key, index));
  }
}

function filled(name: string, shape: number[], value: (index: number) => number): TensorData {
  return floatTensor(name, shape, Float32Array.from({ length: product(shape) }, (_, index) => value(index)));
}
