import * as tf from '@tensorflow/tfjs-core';
import { builtinNetwork } from '../src/core/builtin.ts';
import { initialWeights } from '../src/core/initialise.ts';
import { parameterCount } from '../src/core/network.ts';
import { freshSlots } from '../src/core/optimizer.ts';
import { programOf } from '../src/core/program.ts';
import { disposeState } from '../src/core/state.ts';
import { trainStep, type StepState } from '../src/core/step.ts';
import { weightsFrom } from '../src/core/weights.ts';

/** A ResNet-8 as this project trains it: `trainStep`, whose batch norm and relu gradients are single native operations. */
export function fusedStep(batch: number): { weights: number; step(): Promise<void> } {
  const network = builtinNetwork('resnet-8', [32, 32, 3], 10);
  const program = programOf(network, { optimizer: { kind: 'sgd', nesterov: false, momentum: 0.9, weightDecay: 0 } });
  const images = tf.randomNormal<tf.Rank.R4>([batch, 32, 32, 3], 0, 1, 'float32', 1);
  const targets = tf.oneHot(tf.tensor1d(Int32Array.from({ length: batch }, (_, i) => i % 10), 'int32'), 10, 1, 0, 'float32') as tf.Tensor2D;
  const learningRate = tf.scalar(0.05);
  let state: StepState = { weights: weightsFrom(network, initialWeights(network, 1), 'initial weights'), slots: freshSlots(program) };
  return {
    weights: parameterCount(network),
    async step() {
      const result = trainStep(program, state, { images, targets }, { learningRate, corrections: [], noise: new Map() });
      await result.loss.data();
      disposeState(state);
      tf.dispose([result.loss, result.correct]);
      state = result.state;
    },
  };
}
