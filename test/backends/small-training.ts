/** A small training on whatever back end is current, for tests of back ends. */
import * as tf from '@tensorflow/tfjs-core';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { drawNoise } from '../../src/core/noise.ts';
import { freshSlots } from '../../src/core/optimizer.ts';
import { programOf } from '../../src/core/program.ts';
import { randomKey } from '../../src/core/random.ts';
import { disposeState } from '../../src/core/state.ts';
import { trainStep, type StepState } from '../../src/core/step.ts';
import { weightsFrom } from '../../src/core/weights.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';
import { mixedNetwork } from '../core/mixed-network.ts';
import { smallSwin } from '../core/small-swin.ts';
import { randomValues } from './against-cpu.ts';

/** `mixed` takes images [7, 6, 4]; `small-swin` shifts, pads and shrinks its windows on images of 32 x 32. */
export type SmallNetwork = BuiltinName | 'mixed' | 'small-swin';

export interface Training {
  /** One step; the loss before it. */
  step(): Promise<number>;
  /** Every weight and running statistic by name. */
  weights(): Promise<Map<string, Float32Array>>;
  dispose(): void;
}

const SWIN_STAGES = [{ channels: 6, blocks: 2, heads: 2 }, { channels: 12, blocks: 1, heads: 3 }];

function networkOf(name: SmallNetwork, inputShape: [number, number, number]): NetworkSpec {
  if (name === 'mixed') return mixedNetwork(10);
  return name === 'small-swin' ? smallSwin(inputShape, SWIN_STAGES) : builtinNetwork(name, inputShape, 10);
}

/** @param inputShape of images for a built-in network */
export function startTraining(name: SmallNetwork, inputShape: [number, number, number], batch: number, learningRate: number): Training {
  const network = networkOf(name, inputShape);
  const program = programOf(network, { optimizer: { kind: 'sgd', nesterov: false, momentum: 0.9, weightDecay: 1e-3 } });
  const images = tf.tensor4d(randomValues([batch, ...inputShape], 1).values as Float32Array, [batch, ...inputShape]);
  const targets = tf.tensor2d(Float32Array.from({ length: 10 * batch }, (_, i) => Number(i % 10 === (7 * Math.floor(i / 10)) % 10)), [batch, 10]);
  const rate = tf.scalar(learningRate);
  const noise = drawNoise(network, batch, randomKey(1, 'noise', 0));
  let state: StepState = { weights: weightsFrom(network, initialWeights(network, 1), name), slots: freshSlots(program) };
  return {
    async step() {
      const result = trainStep(program, state, { images, targets }, { learningRate: rate, corrections: [], noise });
      disposeState(state);
      state = result.state;
      const [loss] = await result.loss.data();
      tf.dispose([result.loss, result.correct]);
      return loss;
    },
    async weights() {
      const named = await Promise.all(Array.from(state.weights, async ([key, tensor]) => [key, Float32Array.from(await tensor.data())] as const));
      return new Map(named);
    },
    dispose() {
      disposeState(state);
      tf.dispose([images, targets, rate, ...noise.values()]);
    },
  };
}

/** Trains so many steps on one back end. */
export async function train(backend: string, name: SmallNetwork, inputShape: [number, number, number], steps: number): Promise<{ losses: number[]; weights: Map<string, Float32Array> }> {
  await tf.setBackend(backend);
  const training = startTraining(name, inputShape, 4, 0.05);
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) losses.push(await training.step());
  const weights = await training.weights();
  training.dispose();
  return { losses, weights };
}

/** The largest difference of two numbers of the same place, and where it is. */
export function furthest(a: Map<string, Float32Array>, b: Map<string, Float32Array>): { worst: number; where: string } {
  let result = { worst: 0, where: '' };
  for (const [name, values] of a) {
    const others = b.get(name)!;
    for (let i = 0; i < values.length; i++) {
      const difference = Math.abs(values[i] - others[i]);
      if (!(difference <= result.worst)) result = { worst: difference, where: `${name}[${i}]` };
    }
  }
  return result;
}
