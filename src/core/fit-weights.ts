/** Weights of a checkpoint, of timm or torchvision or our own, as the tensors of a network. */
import { StarsseError } from '../protocol/errors.ts';
import type { NetworkSpec } from '../protocol/network.ts';
import type { TensorData } from '../protocol/tensor.ts';
import { asFloat32 } from './fit-weights/floats.ts';
import { mobilenetTensors } from './fit-weights/mobilenet.ts';
import { transformerTensors } from './fit-weights/transformers.ts';
import { newHead } from './initialise.ts';
import { isHead, parametersOf } from './network.ts';
import { isBesideWeights } from './weights.ts';

export interface FitOptions {
  /** Seed of a new head, which takes the place of the checkpoint's, of whatever size; null keeps the checkpoint's. */
  headSeed: number | null;
  /** Names the file in the error. */
  what: string;
}

/**
 * Exactly the tensors of the network, under its names, in the layouts of files, F32: names of timm and torchvision are
 * translated, other floating-point types converted, counts of batches and optimizer slots passed over.
 * @throws StarsseError mismatch, listing every tensor that is missing, of another shape or type, or left over, and another number of classes
 */
export function fitWeights(network: NetworkSpec, tensors: readonly TensorData[], { headSeed, what }: FitOptions): TensorData[] {
  // PyTorch puts `module.` before every name where a network was trained on several GPUs.
  const weights = tensors.filter(({ name }) => !isBesideWeights(name)).map((tensor) => asFloat32({ ...tensor, name: tensor.name.replace(/^module\./, '') }));
  const named = translated(network, weights);
  const isOfHead = ({ name }: { name: string }): boolean => name.startsWith(`${network.head}.`);
  const kept = headSeed === null ? named : [...named.filter((tensor) => !isOfHead(tensor)), ...newHead(network, headSeed)];
  return checked(network, kept, what);
}

/** The checkpoint of another library under the names of ours. */
function translated(network: NetworkSpec, tensors: TensorData[]): TensorData[] {
  switch (network.name) {
    case 'mobilenet-v2':
      return mobilenetTensors(tensors);
    default:
      return transformerTensors(network, tensors);
  }
}

/** In the order of the network. */
function checked(network: NetworkSpec, tensors: readonly TensorData[], what: string): TensorData[] {
  const found = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const missing: string[] = [];
  const shapes: string[] = [];
  const types: string[] = [];
  let classes: number | null = null;
  const fitting = parametersOf(network).flatMap((parameter) => {
    const { name, diskShape } = parameter;
    const tensor = found.get(name);
    found.delete(name);
    if (tensor === undefined) missing.push(name);
    else if (tensor.shape.join() !== diskShape.join()) {
      if (isHead(network, parameter) && tensor.shape[0] !== network.classes) classes = tensor.shape[0];
      else shapes.push(`${name} is [${tensor.shape.join(', ')}], not [${diskShape.join(', ')}]`);
    } else if (tensor.dtype !== 'F32') types.push(`${name} is ${tensor.dtype}`);
    return tensor === undefined ? [] : [tensor];
  });
  const problems = [
    classes === null ? '' : `it is of ${String(classes)} classes, not ${network.classes}`,
    listed('missing', missing),
    listed('of another shape', shapes),
    listed('not of a floating-point type', types),
    listed('left over', [...found.keys()]),
  ].filter((problem) => problem !== '');
  if (problems.length === 0) return fitting;
  throw new StarsseError('mismatch', `${what} does not fit the network ${network.name}: ${problems.join('; ')}`, {
    hint: classes !== null && problems.length === 1
      ? 'Let the method begin with a new head, or use data of as many classes.'
      : 'Use weights of the same network (of timm, torchvision or StarSSE), or name the network that they were made with.',
  });
}

function listed(problem: string, names: string[]): string {
  return names.length === 0 ? '' : `${problem} (${names.length}): ${names.join(', ')}`;
}
