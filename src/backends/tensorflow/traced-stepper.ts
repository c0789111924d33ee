/** The training step as one call: recorded for each size of batch that a training has, its state in the graph. */
import { backend as currentBackend, dispose, scalar, type Scalar, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import { seenOf, uploadBatch } from '../../core/batch.ts';
import { foldedOf } from '../../core/fold.ts';
import { forward } from '../../core/forward.ts';
import { parametersOf } from '../../core/network.ts';
import { noiseOf } from '../../core/noise.ts';
import { normalisedOnDevice, upload } from '../../core/pixels.ts';
import type { Program } from '../../core/program.ts';
import { trainStep, type StepInputs, type StepState } from '../../core/step.ts';
import type { BatchSizes, Stepper } from '../../core/stepper.ts';
import { compileGraph, type GraphFunction } from './graph/compile.ts';

/**
 * Takes the state over.
 * @throws Error when the step cannot be recorded or loaded; the state is then still the caller's
 */
export function tracedStepper(program: Program, state: StepState, { steps, evaluations }: BatchSizes): Stepper {
  const weights = [...state.weights.keys()];
  const slots = [...state.slots.keys()];
  const variables = new Map([...state.weights, ...state.slots]);
  const functions = Object.fromEntries([
    ...steps.map((size) => [stepOf(size), stepFunction(program, weights, slots, size)] as const),
    ...evaluations.map((size) => [evaluationOf(size), evaluationFunction(program, weights, size)] as const),
  ]);
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
    step(batch, { learningRate, corrections, noise }, onCopied) {
      takeBack();
      const { images, targets, share } = uploadBatch(batch);
      try {
        onCopied?.();
        const inputs = [images, targets, ...(program.images.mixes ? [share] : []), learningRate, ...corrections, ...noise.values()];
        const [loss, correct] = graph.call(stepOf(batch.images.shape[0]), inputs);
        return { loss: loss as Scalar, correct: correct as Scalar };
      } finally {
        dispose([images, targets, share]);
      }
    },
    evaluate(pixels) {
      const images = upload(pixels);
      try {
        return graph.call(evaluationOf(pixels.shape[0]), [images])[0] as Tensor2D;
      } finally {
        images.dispose();
      }
    },
    get tensors() {
      return lent === null ? 0 : lent.weights.size + lent.slots.size;
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

function stepOf(batchSize: number): string {
  return `step${batchSize}`;
}

function evaluationOf(batchSize: number): string {
  return `evaluation${batchSize}`;
}

/** What a graph is given of images: bytes where they are normalised in it. */
export function imageInput({ network, images }: Pick<Program, 'network' | 'images'>, batchSize: number): GraphFunction['inputs'][number] {
  const shape = [batchSize, ...network.inputShape];
  return images.normalization === null ? shape : { bytes: shape };
}

function named(names: readonly string[], values: readonly Tensor[]): Map<string, Tensor> {
  return new Map(names.map((name, index) => [name, values[index]]));
}

function stepFunction(program: Program, weights: readonly string[], slots: readonly string[], batchSize: number): GraphFunction {
  const { network, optimizer, images } = program;
  const masks = noiseOf(network, batchSize, program.frozen);
  const corrections = optimizer.kind === 'adamw' ? 2 : 0;
  const statistics = parametersOf(network).filter(({ role, layer }) => role === 'statistic' && !program.frozen.has(layer.name));
  const changing = new Set([...program.learning, ...statistics].map(({ name }) => name));
  return {
    inputs: [imageInput(program, batchSize), [batchSize, network.classes], ...(images.mixes ? [[]] : []), [], ...Array.from({ length: corrections }, () => []), ...Array.from(masks.values(), ({ shape }) => shape)],
    run(variables, [pixels, targets, ...others]) {
      const share = images.mixes ? (others.shift() as Scalar) : scalar(1);
      const inputs: StepInputs = {
        learningRate: others[0] as Scalar,
        corrections: others.slice(1, 1 + corrections) as Scalar[],
        noise: new Map([...masks.keys()].map((layer, index) => [layer, others[1 + corrections + index]])),
      };
      const batch = seenOf({ images: pixels, targets: targets as Tensor2D, share }, [batchSize, ...network.inputShape], images);
      const { state, loss, correct } = trainStep(program, { weights: picked(variables, weights), slots: picked(variables, slots) }, batch, inputs);
      // What does not change needs no assignment.
      const changed = [...state.weights].filter(([name]) => changing.has(name));
      return { outputs: [loss, correct], updates: new Map([...changed, ...state.slots]) };
    },
  };
}

function evaluationFunction(program: Program, weights: readonly string[], batchSize: number): GraphFunction {
  const { network, images } = program;
  return {
    inputs: [imageInput(program, batchSize)],
    run(variables, [pixels]) {
      const { network: evaluated, fold } = foldedOf(network);
      const seen = normalisedOnDevice(pixels, [batchSize, ...network.inputShape], images.normalization);
      return { outputs: [forward(evaluated, fold(picked(variables, weights)), seen, { training: false }).logits], updates: new Map() };
    },
  };
}

function picked(variables: ReadonlyMap<string, Tensor>, names: readonly string[]): Map<string, Tensor> {
  return new Map(names.map((name) => [name, variables.get(name)!]));
}
