/** A short training of the residual network on whatever back end is current, for tests that compare its end state. */
import * as tf from '@tensorflow/tfjs-core';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { freshSlots } from '../../src/core/optimizer.ts';
import { programOf } from '../../src/core/program.ts';
import { disposeState } from '../../src/core/state.ts';
import { trainStep, type StepState } from '../../src/core/step.ts';
import { weightsFrom } from '../../src/core/weights.ts';
import { floatTensor, type TensorData } from '../../src/protocol/tensor.ts';
import { randomValues } from './against-cpu.ts';

/** Weights, running statistics and optimizer slots after so many steps on one batch of images [side, side, 3]. */
export async function trainedState({ steps, batch, side }: { steps: number; batch: number; side: number }): Promise<TensorData[]> {
  const network = builtinNetwork('resnet-8', [side, side, 3], 10);
  const program = programOf(network, { optimizer: { kind: 'sgd', nesterov: false, momentum: 0.9, weightDecay: 1e-4 } });
  const images = tf.tensor4d(randomValues([batch, side, side, 3], 1).values as Float32Array, [batch, side, side, 3]);
  const targets = tf.tensor2d(Float32Array.from({ length: 10 * batch }, (_, index) => Number(index % 10 === Math.floor(index / 10) % 10)), [batch, 10]);
  const learningRate = tf.scalar(0.05);
  let state: StepState = { weights: weightsFrom(network, initialWeights(network, 1), 'test'), slots: freshSlots(program) };
  for (let step = 0; step < steps; step++) {
    const result = trainStep(program, state, { images, targets }, { learningRate, corrections: [], noise: new Map() });
    disposeState(state);
    tf.dispose([result.loss, result.correct]);
    state = result.state;
  }
  const tensors = [...state.weights, ...state.slots];
  const data = await Promise.all(tensors.map(async ([name, tensor]) => floatTensor(name, tensor.shape, Float32Array.from(await tensor.data()))));
  disposeState(state);
  tf.dispose([images, targets, learningRate]);
  return data;
}
