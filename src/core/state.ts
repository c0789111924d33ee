/** The state of training in memory and in files, and the state from which a member starts. */
import { StarsseError } from '../protocol/errors.ts';
import type { NetworkSpec } from '../protocol/network.ts';
import type { Member } from '../protocol/run.ts';
import type { TensorData } from '../protocol/tensor.ts';
import { initialWeights, withNewHead } from './initialise.ts';
import { parametersOf, type Parameter } from './network.ts';
import { freshSlots, slotName, trainedParameters } from './optimizer.ts';
import type { TrainState } from './step.ts';
import { allocate, checkTensors, readBack, weightsFrom } from './weights.ts';

/**
 * The state at a member's first step.
 * @param start tensors of the checkpoint or of the earlier member; null for no checkpoint, then all weights are new (from
 *   `headSeed`). With `resetOptimizer` false they hold the slots at the end of that member as well (`stateToData`).
 * @param what names the start in the error
 * @throws StarsseError mismatch
 */
export function startState(network: NetworkSpec, { name, headSeed, resetOptimizer }: Pick<Member, 'name' | 'headSeed' | 'resetOptimizer'>, start: readonly TensorData[] | null, what: string): TrainState {
  if (start === null && headSeed === null) throw new StarsseError('internal', `${name} starts from nothing and has no seed for new weights`);
  const tensors = headSeed === null ? start! : start === null ? initialWeights(network, headSeed) : withNewHead(start, network, headSeed);
  if (!resetOptimizer) return stateFrom(network, tensors, what);
  return { weights: weightsFrom(network, tensors, what), slots: freshSlots(network) };
}

/** Weights and slots as tensors of one file. */
export async function stateToData(network: NetworkSpec, { weights, slots }: TrainState): Promise<TensorData[]> {
  return [...(await readBack(parametersOf(network), weights)), ...(await readBack(slotParameters(network), slots))];
}

/** The state from a file of `stateToData`. @throws StarsseError mismatch, listing every tensor that does not fit */
export function stateFrom(network: NetworkSpec, tensors: readonly TensorData[], what: string): TrainState {
  const [weights, slots] = [parametersOf(network), slotParameters(network)];
  checkTensors([...weights, ...slots], tensors, `${what} is no training state of the network ${network.name}`);
  return { weights: allocate(weights, tensors), slots: allocate(slots, tensors) };
}

/** A slot lies in memory and in files as its weight does. */
function slotParameters(network: NetworkSpec): Parameter[] {
  return trainedParameters(network).map((parameter) => ({ ...parameter, name: slotName(parameter.name) }));
}

