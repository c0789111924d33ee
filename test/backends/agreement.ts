/** Trains a network op by op and as one call, to compare; for the tests and for bench/agreement.ts. */
import * as tf from '@tensorflow/tfjs-core';
import { tracedStepper } from '../../src/backends/tensorflow/traced-stepper.ts';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { drawNoise } from '../../src/core/noise.ts';
import { freshSlots, SLOT_NAME, stepRates } from '../../src/core/optimizer.ts';
import type { Pixels } from '../../src/core/pixels.ts';
import { programOf, type ProgramSettings } from '../../src/core/program.ts';
import { randomKey } from '../../src/core/random.ts';
import { disposeState } from '../../src/core/state.ts';
import { eagerStepper, type ScalarFigures, type StepperMaker } from '../../src/core/stepper.ts';
import { weightsFrom } from '../../src/core/weights.ts';
import { floatsOf, floatTensor, type TensorData } from '../../src/protocol/tensor.ts';
import { randomValues } from './against-cpu.ts';

export const SGD = { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 5e-4 } as const satisfies ProgramSettings['optimizer'];
export const ADAMW: ProgramSettings['optimizer'] = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05 };
export const CLASSES = 5;

export interface Case {
  network: BuiltinName;
  side: number;
  steps: number;
  settings: ProgramSettings;
  learningRate?: number;
}

/** Losses and the last state of a training on batches of 4, the last of every three of 3. */
async function trained(make: StepperMaker<ScalarFigures>, { network: name, side, steps, settings, learningRate = 1e-3 }: Case): Promise<{ losses: number[]; state: Map<string, Float32Array> }> {
  const network = builtinNetwork(name, [side, side, 3], CLASSES, { dropout: 0.2, dropPath: /^(vit|swin)/.test(name) ? 0.1 : 0 });
  const program = programOf(network, settings);
  const stepper = make(program, { weights: weightsFrom(network, tame(initialWeights(network, 1)), name), slots: freshSlots(program) }, { steps: [4, 3], evaluations: [] });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const size = step % 3 === 2 ? 3 : 4;
    const images: Pixels = { data: randomValues([size, side, side, 3], step).values as Float32Array, shape: [size, side, side, 3] };
    const targets = Float32Array.from({ length: size * CLASSES }, (_, i) => (i % CLASSES === (3 * Math.floor(i / CLASSES) + step) % CLASSES ? 0.92 : 0.02));
    const rates = stepRates(program.optimizer, learningRate, step);
    const noise = drawNoise(network, size, randomKey(7, 'noise', step), program.frozen);
    const { loss, correct } = stepper.step({ images, targets, share: 1 }, { ...rates, noise });
    losses.push((await loss.data())[0]);
    tf.dispose([loss, correct, rates.learningRate, ...rates.corrections, ...noise.values()]);
  }
  const last = stepper.release();
  const state = new Map<string, Float32Array>();
  for (const [key, tensor] of [...last.weights, ...last.slots]) state.set(key, Float32Array.from(await tensor.data()));
  disposeState(last);
  return { losses, state };
}

/** New deep residual networks blow rounding up in their gradient; ones that are nearly the identity do not. */
function tame(tensors: TensorData[]): TensorData[] {
  return tensors.map((tensor) => (tensor.name.endsWith('bn3.weight') ? floatTensor(tensor.name, tensor.shape, floatsOf(tensor).map(() => 0.1)) : tensor));
}

export interface Disagreement {
  /** Largest difference of losses, nats. */
  loss: number;
  /** Of weights and statistics, relative to the largest number of their tensor where that is above 1. */
  weight: number;
  /** Of the optimizer's slots, alike: gradients, which carry the rounding of a whole pass. */
  slot: number;
}

/** How far steps as one call and op by op come apart. */
export async function disagreement(each: Case): Promise<Disagreement> {
  const [eager, traced] = [await trained(eagerStepper, each), await trained(tracedStepper, each)];
  const worst: Disagreement = { loss: 0, weight: 0, slot: 0 };
  for (const [index, loss] of eager.losses.entries()) worst.loss = Math.max(worst.loss, Math.abs(loss - traced.losses[index]));
  for (const [key, values] of eager.state) {
    const kind = SLOT_NAME.test(key) ? 'slot' : 'weight';
    worst[kind] = Math.max(worst[kind], furthestPlace(key, values, traced.state.get(key)!).difference);
  }
  return worst;
}

/** Relative to the largest number of the tensor where that is above 1. */
function furthestPlace(key: string, values: Float32Array, others: Float32Array): { place: number; difference: number } {
  const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  const result = { place: 0, difference: 0 };
  for (let place = 0; place < values.length; place++) {
    // Attention does not depend on the bias of its keys: their gradient is rounding alone, of which AdamW makes whole steps.
    if (key.endsWith('qkv.bias') && Math.floor((3 * place) / values.length) === 1) continue;
    const difference = Math.abs(values[place] - others[place]) / scale;
    if (!(difference <= result.difference)) Object.assign(result, { place, difference });
  }
  return result;
}
