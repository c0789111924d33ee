/**
 * The training step: one pure function of weights, optimizer slots, batch, learning rate and noise. A back end may run it
 * op by op, as here, or record it once and replay it: it reads nothing else and changes nothing.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkSpec } from '../protocol/network.ts';
import { forward, type ForwardResult, type Noise } from './forward.ts';
import { useGradients } from './gradients.ts';
import { trainedParameters, update, type OptimizerSettings, type Slots } from './optimizer.ts';
import { updatedStatistics } from './statistics.ts';
import { disposeTensors, tensorOf, type Weights } from './weights.ts';

/** What does not change from step to step. */
export interface Program {
  network: NetworkSpec;
  optimizer: OptimizerSettings;
}
/** What a step changes. Whoever holds it disposes it. */
export interface TrainState {
  weights: Weights;
  slots: Slots;
}
export interface Batch {
  /** [batch, height, width, channels], float32, normalised */
  images: tf.Tensor4D;
  /** [batch], int32 */
  labels: tf.Tensor1D;
}
export interface StepResult {
  /** Shares no tensor with the old state. */
  state: TrainState;
  /** Mean cross-entropy of the batch before the update, nats, a scalar. */
  loss: tf.Scalar;
  /** Images of the batch classified right before the update, a scalar. */
  correct: tf.Scalar;
}

/** One step. The caller disposes the old state, the batch and the results. @param learningRate a scalar */
export function trainStep({ network, optimizer }: Program, state: TrainState, { images, labels }: Batch, learningRate: tf.Scalar, noise: Noise): StepResult {
  useGradients();
  const names = trainedParameters(network).map(({ name }) => name);
  const passes: ForwardResult[] = [];
  try {
    const result = tf.tidy(() => {
      const { value: loss, grads } = tf.valueAndGrads(() => {
        const pass = forward(network, state.weights, images, { training: true, noise });
        // What leaves this function beside the loss would be freed at its end.
        for (const tensor of sideOutputs(pass)) tf.keep(tensor);
        passes.push(pass);
        return crossEntropy(pass.logits, labels);
      })(names.map((name) => tensorOf(state.weights, name)));
      const [{ logits, statistics }] = passes;
      const gradients = new Map(names.map((name, index) => [name, grads[index]]));
      const { weights, slots } = update(optimizer, state, gradients, learningRate);
      weights.push(...updatedStatistics(network, state.weights, statistics));
      return { weights, slots, loss: loss as tf.Scalar, correct: countCorrect(logits, labels) };
    });
    return { state: { weights: new Map(result.weights), slots: new Map(result.slots) }, loss: result.loss, correct: result.correct };
  } finally {
    for (const pass of passes) tf.dispose(sideOutputs(pass));
  }
}

/**
 * Mean of -log softmax(logits)[label], nats, a scalar; its gradient is (softmax(logits) - one-hot(label)) / batch.
 * @param logits [batch, classes]
 * @param labels [batch], int32
 */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  const [batch, classes] = logits.shape;
  const operation = tf.customGrad((input, save) => {
    const x = input as tf.Tensor2D;
    const chosen = tf.cast(tf.oneHot(labels, classes), 'float32'); // [batch, classes]
    const logProbabilities = tf.logSoftmax(x); // [batch, classes]
    (save as tf.GradSaveFunc)([logProbabilities, chosen]);
    return {
      value: tf.div(tf.sum(tf.mul(logProbabilities, chosen)), -batch),
      gradFunc: (dy: tf.Tensor, [logP, oneHot]: tf.Tensor[]) => tf.mul(tf.sub(tf.exp(logP), oneHot), tf.div(dy, batch)),
    };
  });
  return operation(logits) as tf.Scalar;
}

function countCorrect(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  return tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'float32'));
}

function sideOutputs({ logits, statistics }: ForwardResult): tf.Tensor[] {
  return [logits, ...statistics.flatMap(({ mean, variance }) => [mean, variance])];
}

export function disposeState({ weights, slots }: TrainState): void {
  disposeTensors(weights);
  disposeTensors(slots);
}
