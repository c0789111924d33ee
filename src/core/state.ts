/** The state of training in memory and in files, and the state from which a member starts. */
import { StarsseError } from '../protocol/errors.ts';
import type { NetworkSpec } from '../protocol/network.ts';
import type { Member } from '../protocol/run.ts';
import { floatsOf, floatTensor, type TensorData } from '../protocol/tensor.ts';
import { AVERAGE_NAME, type Averages } from './averages.ts';
import { initialWeights, withNewHead } from './initialise.ts';
import { parametersOf, type Parameter } from './network.ts';
import { freshSlots, SLOT_NAME, slotNames, type Slots } from './optimizer.ts';
import type { Program } from './program.ts';
import type { StepState } from './step.ts';
import { allocate, checkTensors, disposeTensors, readBack, weightsFrom, type Weights } from './weights.ts';

/** All that training goes on from, beside its position. Whoever holds it disposes it. */
export interface TrainState extends StepState {
  /** Steps that the slots have seen. */
  updates: number;
  averages: Averages;
}

/** In files, the updates that the optimizer has made: F32 [1], exact below 2^24. */
const UPDATES = 'optimizer.updates';

/** Weights with an optimizer that has not moved. The state takes the weights over. */
export function freshState(weights: Weights, slots: Slots = new Map()): TrainState {
  return { weights, slots, updates: 0, averages: new Map() };
}

/**
 * The state at a member's first step. Where the optimizer is reset it has no slots yet: `trainMember` makes them.
 * @param start tensors of the checkpoint or of the earlier member; null for no checkpoint, then all weights are new (from
 *   `headSeed`). With `resetOptimizer` false they hold the slots at the end of that member as well (`stateToData`).
 * @param what names the start in the error
 * @throws StarsseError mismatch
 */
export function startState(network: NetworkSpec, { name, headSeed, resetOptimizer }: Pick<Member, 'name' | 'headSeed' | 'resetOptimizer'>, start: readonly TensorData[] | null, what: string): TrainState {
  if (start === null && headSeed === null) throw new StarsseError('internal', `${name} starts from nothing and has no seed for new weights`);
  const tensors = headSeed === null ? start! : start === null ? initialWeights(network, headSeed) : withNewHead(start, network, headSeed);
  if (resetOptimizer) return freshState(weightsFrom(network, tensors, what));
  if (!tensors.some((tensor) => SLOT_NAME.test(tensor.name))) {
    throw new StarsseError('mismatch', `${what} has no optimizer slots, with which ${name} would go on`, { hint: 'Set method.cycle.resetOptimizer to true.' });
  }
  return stateFrom(network, tensors.filter((tensor) => !AVERAGE_NAME.test(tensor.name)), what);
}

/** Everything as tensors of one file. */
export async function stateToData(network: NetworkSpec, { weights, slots, updates, averages }: TrainState): Promise<TensorData[]> {
  return [
    ...(await readBack(parametersOf(network), weights)),
    ...(await readBack(alongside(network, slots.keys(), SLOT_NAME), slots)),
    ...(await readBack(alongside(network, averages.keys(), AVERAGE_NAME), averages)),
    ...(updates === 0 ? [] : [floatTensor(UPDATES, [1], Float32Array.of(updates))]),
  ];
}

/** The state from a file of `stateToData`. @throws StarsseError mismatch, listing every tensor that does not fit */
export function stateFrom(network: NetworkSpec, tensors: readonly TensorData[], what: string): TrainState {
  const names = tensors.map(({ name }) => name);
  const weights = parametersOf(network);
  const [slots, averages] = [SLOT_NAME, AVERAGE_NAME].map((pattern) => alongside(network, names, pattern));
  const named = tensors.filter(({ name }) => name !== UPDATES);
  checkTensors([...weights, ...slots, ...averages], named, `${what} is no training state of the network ${network.name}`);
  const updates = tensors.find(({ name }) => name === UPDATES);
  return {
    weights: allocate(weights, named),
    slots: allocate(slots, named),
    averages: allocate(averages, named),
    updates: updates === undefined ? 0 : floatsOf(updates)[0],
  };
}

/** What a state must hold for a program to go on with it. @throws StarsseError mismatch, listing the slots that do not fit */
export function checkSlots(program: Program, { slots }: StepState, who: string): void {
  const expected = slotNames(program);
  const missing = expected.filter((name) => !slots.has(name)).map((name) => `${name} is missing`);
  const surplus = [...slots.keys()].filter((name) => !expected.includes(name)).map((name) => `${name} is not part of it`);
  if (missing.length + surplus.length === 0) return;
  throw new StarsseError('mismatch', `The optimizer slots of ${who} do not fit its training: ${[...missing, ...surplus].slice(0, 10).join('; ')}`, {
    hint: 'Go on with the optimizer and the frozen layers with which the slots were made, or start afresh.',
  });
}

/** The state with a fresh optimizer; the old slots are disposed. */
export function withFreshSlots(state: TrainState, program: Program): TrainState {
  disposeTensors(state.slots);
  return { ...state, slots: freshSlots(program), updates: 0 };
}

export function disposeState({ weights, slots, averages }: StepState & Partial<Pick<TrainState, 'averages'>>): void {
  disposeTensors(weights);
  disposeTensors(slots);
  if (averages !== undefined) disposeTensors(averages);
}

/** A slot or an average lies in memory and in files as its weight does. Names of no weight are left out. */
function alongside(network: NetworkSpec, names: Iterable<string>, pattern: RegExp): Parameter[] {
  const parameters = new Map(parametersOf(network).map((parameter) => [parameter.name, parameter]));
  return [...names].flatMap((name) => {
    const parameter = parameters.get(pattern.exec(name)?.[1] ?? '');
    return parameter === undefined ? [] : [{ ...parameter, name }];
  });
}
