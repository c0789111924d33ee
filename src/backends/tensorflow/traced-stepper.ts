/** The training step as one call: recorded for each size of batch that a training has, its state in the graph. */
import { backend as currentBackend, type Scalar, type Tensor, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import { parametersOf } from '../../core/network.ts';
import { noiseOf } from '../../core/noise.ts';
import type { Program } from '../../core/program.ts';
import { trainStep, type Batch, type StepInputs, type StepState } from '../../core/step.ts';
import type { Stepper } from '../../core/stepper.ts';
import { compileGraph, type GraphFunction } from './graph/compile.ts';

/**
 * Takes the state over. @param batchSizes images a step, the shorter last batch of an epoch included
 * @throws Error when the step cannot be recorded or loaded; the state is then still the caller's
 */
export function tracedStepper(program: Program, state: StepState, batchSizes: readonly number[]): Stepper {
  const weights = [...state.weights.keys()];
  const slots = [...state.slots.keys()];
  const variables = new Map([...state.weights, ...state.slots]);
  const functions = Object.fromEntries(batchSizes.map((size) => [nameOf(size), stepFunction(program, weights, slots, size)]));
  const graph = compileGraph(currentBackend() as NodeJSKernelBackend, variables, functions);
  for (const tensor of variables.values()) tensor.dispose();
  let lent: StepState | null = null;
  const takeBack = (): void => {
    if (lent !== null) for (const tensor of [...lent.weights.values(), ...lent.slots.values()]) tensor.dispose();
    lent = null;
  };
  const lend = (): StepState => {
    if (lent === null) {
      const values = graph.read([...weights, ...slots]);
      lent = { weights: named(weights, values), slots: named(slots, values.slice(weights.length)) };
    }
    return lent;
  };
  return {
    step({ images, targets }, { learningRate, corrections, noise }) {
      takeBack();
      const [loss, correct] = graph.call(nameOf(images.shape[0]), [images, targets, learningRate, ...corrections, ...noise.values()]);
      return { loss: loss as Scalar, correct: correct as Scalar };
    },
    lend,
    release() {
      const state = lend();
      lent = null;
      graph.close();
      return state;
    },
  };
}

function nameOf(batchSize: number): string {
  return `step${batchSize}`;
}

function named(names: readonly string[], values: readonly Tensor[]): Map<string, Tensor> {
  return new Map(names.map((name, index) => [name, values[index]]));
}

function stepFunction(program: Program, weights: readonly string[], slots: readonly string[], batchSize: number): GraphFunction {
  const { network, optimizer } = program;
  const masks = noiseOf(network, batchSize, program.frozen);
  const corrections = optimizer.kind === 'adamw' ? 2 : 0;
  const statistics = parametersOf(network).filter(({ role, layer }) => role === 'statistic' && !program.frozen.has(layer.name));
  const changing = new Set([...program.learning, ...statistics].map(({ name }) => name));
  return {
    inputs: [[batchSize, ...network.inputShape], [batchSize, network.classes], [], ...Array.from({ length: corrections }, () => []), ...Array.from(masks.values(), ({ shape }) => shape)],
    run(variables, [images, targets, learningRate, ...others]) {
      const pick = (names: readonly string[]) => new Map(names.map((name) => [name, variables.get(name)!]));
      const inputs: StepInputs = {
        learningRate: learningRate as Scalar,
        corrections: others.slice(0, corrections) as Scalar[],
        noise: new Map([...masks.keys()].map((layer, index) => [layer, others[corrections + index]])),
      };
      const batch: Batch = { images: images as Tensor4D, targets: targets as Tensor2D };
      const { state, loss, correct } = trainStep(program, { weights: pick(weights), slots: pick(slots) }, batch, inputs);
      // What does not change needs no assignment.
      const changed = [...state.weights].filter(([name]) => changing.has(name));
      return { outputs: [loss, correct], updates: new Map([...changed, ...state.slots]) };
    },
  };
}
