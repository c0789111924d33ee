/** The training step as one call: recorded for each size of batch that a training has, its state in the graph. */
import { backend as currentBackend, dispose, scalar, type Scalar, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import { isOfKind, movedAverages } from '../../core/averages.ts';
import { seenOf, uploadBatch } from '../../core/batch.ts';
import { foldedOf } from '../../core/fold.ts';
import { parametersOf } from '../../core/network.ts';
import { noiseOf } from '../../core/noise.ts';
import { normalisedOnDevice, upload } from '../../core/pixels.ts';
import type { Program } from '../../core/program.ts';
import { trainStep, type StepInputs, type StepState } from '../../core/step.ts';
import type { BatchSizes, HeldState, ScalarFigures, Stepper } from '../../core/stepper.ts';
import { branchedLogits } from './branched-forward.ts';
import { compileGraph, type GraphFunction } from './graph/compile.ts';
import { byWholeBatch } from './whole-batch.ts';
import type { GraphPool } from './graph-pool.ts';
import { keepFigures, KeptFigures, keptVariables } from './kept-figures.ts';

/** Names of the variables, by what they are. */
type Names = Record<keyof HeldState, readonly string[]>;
const SWA = 'swa';
const EVALUATION = 'evaluation';

/**
 * Takes the state over.
 * @param pool has the graphs of steppers that are done, and gets this one's
 * @throws Error when the step cannot be recorded or loaded; the state is then still the caller's
 */
export function tracedStepper(program: Program, state: StepState & Partial<HeldState>, sizes: BatchSizes, pool?: GraphPool): Stepper<ScalarFigures> {
  return stepperOf(program, state, sizes, 0, pool) as Stepper<ScalarFigures>;
}

/**
 * The same for a GPU: a step is issued and not waited for, its figures stay in the graph.
 * @param figuresKept of so many steps; they must be read before so many more were taken
 */
export function issuingStepper(program: Program, state: StepState & Partial<HeldState>, sizes: BatchSizes, figuresKept: number, pool?: GraphPool): Stepper {
  return stepperOf(program, state, sizes, figuresKept, pool);
}

function stepperOf(program: Program, state: StepState & Partial<HeldState>, sizes: BatchSizes, figuresKept: number, pool?: GraphPool): Stepper {
  const { evaluations } = sizes;
  const { weights, slots, averages = new Map<string, Tensor>() } = state;
  const names: Names = { weights: [...weights.keys()], slots: [...slots.keys()], averages: [...averages.keys()] };
  const variables = new Map([...weights, ...slots, ...averages]);
  const places = figuresKept === 0 ? new Map<string, Tensor>() : keptVariables(figuresKept);
  const values = new Map([...variables, ...places]);
  const key = keyOf(program, names, sizes, figuresKept);
  const known = pool?.take(key) ?? null;
  known?.write(values);
  const graph = known ?? compileGraph(currentBackend() as NodeJSKernelBackend, values, functionsOf(program, names, sizes, figuresKept));
  const kept = figuresKept === 0 ? null : new KeptFigures(graph, figuresKept);
  dispose([...values.values()]);
  let lent: HeldState | null = null;
  const tensorsOf = (held: HeldState): Tensor[] => [...held.weights.values(), ...held.slots.values(), ...held.averages.values()];
  const takeBack = (): void => {
    if (lent !== null) dispose(tensorsOf(lent));
    lent = null;
  };
  const lend = (): HeldState => {
    if (lent === null) {
      const values = graph.read([...variables.keys()]);
      const of = (kind: keyof HeldState): Map<string, Tensor> => new Map(names[kind].map((name) => [name, values.shift()!]));
      lent = { weights: of('weights'), slots: of('slots'), averages: of('averages') };
    }
    return lent;
  };
  return {
    step(batch, { learningRate, corrections, noise, emaShare }, onCopied) {
      takeBack();
      const { images, targets, share } = uploadBatch(batch);
      const place = kept === null ? [] : [kept.nextPlace()];
      try {
        onCopied?.();
        const inputs = [images, targets, ...(program.images.mixes ? [share] : []), learningRate, ...corrections, ...noise.values(), ...(emaShare === undefined ? [] : [emaShare]), ...place];
        const [loss, correct] = graph.call(stepOf(batch.images.shape[0]), inputs);
        return kept?.take() ?? { loss: loss as Scalar, correct: correct as Scalar };
      } finally {
        dispose([images, targets, share, ...place]);
      }
    },
    moveSwa(share) {
      takeBack();
      const input = scalar(share);
      dispose([input, ...graph.call(SWA, [input])]);
    },
    evaluate: (pixels) =>
      byWholeBatch(pixels, Math.max(...evaluations), (whole) => {
        const images = upload(whole);
        try {
          return graph.call(EVALUATION, [images])[0] as Tensor2D;
        } finally {
          images.dispose();
        }
      }),
    get tensors() {
      return lent === null ? 0 : tensorsOf(lent).length;
    },
    lend,
    release() {
      const state = lend();
      lent = null;
      if (pool === undefined) graph.close();
      else pool.give(key, graph);
      return state;
    },
  };
}

function functionsOf(program: Program, names: Names, { steps, evaluations }: BatchSizes, figuresKept: number): Record<string, GraphFunction> {
  return Object.fromEntries([
    ...steps.map((size) => [stepOf(size), stepFunction(program, names, size, figuresKept)] as const),
    ...(evaluations.length === 0 ? [] : [[EVALUATION, evaluationFunction(program, names.weights, Math.max(...evaluations))] as const]),
    ...(names.averages.some((name) => isOfKind(name, 'swa')) ? [[SWA, swaFunction(names)] as const] : []),
  ]);
}

/** All that a graph depends on. */
function keyOf(program: Program, names: Names, sizes: BatchSizes, figuresKept: number): string {
  return JSON.stringify([program, names, sizes, figuresKept], (_, value: unknown) => (value instanceof Set ? [...(value as Set<unknown>)] : value));
}

function stepOf(batchSize: number): string {
  return `step${batchSize}`;
}

/** What a graph is given of images: bytes where they are normalised in it. */
export function imageInput({ network, images }: Pick<Program, 'network' | 'images'>, batchSize: number): GraphFunction['inputs'][number] {
  const shape = [batchSize, ...network.inputShape];
  return images.normalization === null ? shape : { bytes: shape };
}

function stepFunction(program: Program, { weights, slots, averages }: Names, batchSize: number, figuresKept: number): GraphFunction {
  const { network, optimizer, images } = program;
  const masks = noiseOf(network, batchSize, program.frozen);
  const corrections = optimizer.kind === 'adamw' ? 2 : 0;
  const statistics = parametersOf(network).filter(({ role, layer }) => role === 'statistic' && !program.frozen.has(layer.name));
  const changing = new Set([...program.learning, ...statistics].map(({ name }) => name));
  const followed = averages.some((name) => isOfKind(name, 'ema'));
  return {
    inputs: [imageInput(program, batchSize), [batchSize, network.classes], ...(images.mixes ? [[]] : []), [], ...Array.from({ length: corrections }, () => []), ...Array.from(masks.values(), ({ shape }) => shape), ...(followed ? [[]] : []), ...(figuresKept === 0 ? [] : [[figuresKept]])],
    run(variables, [pixels, targets, ...others]) {
      const place = figuresKept === 0 ? null : others.pop()!;
      const share = images.mixes ? (others.shift() as Scalar) : scalar(1);
      const inputs: StepInputs = {
        learningRate: others[0] as Scalar,
        corrections: others.slice(1, 1 + corrections) as Scalar[],
        noise: new Map([...masks.keys()].map((layer, index) => [layer, others[1 + corrections + index]])),
      };
      const batch = seenOf({ images: pixels, targets: targets as Tensor2D, share }, [batchSize, ...network.inputShape], images);
      const { state, loss, correct } = trainStep(program, { weights: picked(variables, weights), slots: picked(variables, slots) }, batch, inputs);
      // What does not change needs no assignment, nor does its average.
      const changed = new Map([...state.weights].filter(([name]) => changing.has(name)));
      const moved = followed ? movedAverages(picked(variables, averages), 'ema', changed, others[others.length - 1] as Scalar) : [];
      const updates = new Map([...changed, ...state.slots, ...moved]);
      if (place === null) return { outputs: [loss, correct], updates };
      return { outputs: [], updates: new Map([...updates, ...keepFigures(variables, place, { loss, correct })]) };
    },
  };
}

function swaFunction({ weights, averages }: Names): GraphFunction {
  return {
    inputs: [[]],
    run: (variables, [share]) => ({ outputs: [share.clone()], updates: new Map(movedAverages(picked(variables, averages), 'swa', picked(variables, weights), share as Scalar)) }),
  };
}

function evaluationFunction(program: Program, weights: readonly string[], batchSize: number): GraphFunction {
  const { network, images } = program;
  return {
    inputs: [imageInput(program, batchSize)],
    run(variables, [pixels]) {
      const { network: evaluated, fold } = foldedOf(network);
      const seen = normalisedOnDevice(pixels, [batchSize, ...network.inputShape], images.normalization);
      return { outputs: [branchedLogits(evaluated, fold(picked(variables, weights)), seen)], updates: new Map() };
    },
  };
}

function picked(variables: ReadonlyMap<string, Tensor>, names: readonly string[]): Map<string, Tensor> {
  return new Map(names.map((name) => [name, variables.get(name)!]));
}
