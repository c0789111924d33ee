/**
 * The training step: one pure function of weights, optimizer slots, batch, rates and noise. A back end may run it op by op,
 * as here, or record it once and replay it: it reads nothing else and changes nothing.
 */
import * as tf from '@tensorflow/tfjs-core';
import { fixedPart, forward, type ForwardResult, type Noise } from './forward.ts';
import { useGradients } from './gradients.ts';
import { clipped, update, type Slots, type StepRates } from './optimizer.ts';
import type { Program } from './program.ts';
import { updatedStatistics } from './statistics.ts';
import { tensorOf, type Weights } from './weights.ts';

/** What a step changes. Whoever holds it disposes it. */
export interface StepState {
  weights: Weights;
  slots: Slots;
}
export interface Batch {
  /** [batch, height, width, channels], float32, normalised */
  images: tf.Tensor4D;
  /** [batch, classes], float32, each row a distribution over the classes */
  targets: tf.Tensor2D;
}
/** Numbers and masks that are new in every step. */
export interface StepInputs extends StepRates {
  noise: Noise;
  /** Of the new weights in an EMA, 1 - decay, where the stepper has one. */
  emaShare?: tf.Scalar;
}
export interface StepResult {
  /** Shares no tensor with the old state. */
  state: StepState;
  /** Mean cross-entropy of the batch before the update, nats, a scalar. */
  loss: tf.Scalar;
  /** Images whose likeliest class was the target's before the update, a scalar. */
  correct: tf.Scalar;
}

/** One step. The caller disposes the old state, the batch, the inputs and the results. */
export function trainStep(program: Program, state: StepState, batch: Batch, inputs: StepInputs): StepResult {
  useGradients();
  const { learning, clipNorm, accumulate } = program;
  const { weights, slots, loss, correct } = tf.tidy(() => {
    const slope = accumulate === 1 ? slopeOf(program, state.weights, batch, inputs.noise) : slopeByParts(program, state.weights, batch, inputs.noise);
    const gradients = clipNorm === null ? slope.gradients : clipped(slope.gradients, clipNorm);
    const updated = update(program, state, new Map(learning.map(({ name }, index) => [name, gradients[index]])), inputs);
    const changed = new Map([...updated.weights, ...slope.statistics]);
    // What is frozen stays what it is.
    const next = Array.from(state.weights, ([name, old]): [string, tf.Tensor] => [name, changed.get(name) ?? old.clone()]);
    return { weights: next, slots: updated.slots, loss: slope.loss, correct: slope.correct };
  });
  return { state: { weights: new Map(weights), slots: new Map(slots) }, loss, correct };
}

/** What a batch, or a part of one, says. */
interface Slope {
  /** In the order of `program.learning`. */
  gradients: tf.Tensor[];
  /** New running statistics by name. */
  statistics: [string, tf.Tensor][];
  /** Mean over the images. */
  loss: tf.Scalar;
  correct: tf.Scalar;
}

/** @param running the running statistics to go on from, among others */
function slopeOf({ network, learning, frozen, fixed }: Program, weights: Weights, { images, targets }: Batch, noise: Noise, running: Weights = weights): Slope {
  const passes: ForwardResult[] = [];
  const mode = { training: true, noise, frozen } as const;
  const start = fixedPart(network, weights, images, mode, fixed);
  try {
    const { value: loss, grads } = tf.valueAndGrads(() => {
      const pass = forward(network, weights, images, mode, start);
      // What leaves this function beside the loss would be freed at its end.
      for (const tensor of sideOutputs(pass)) tf.keep(tensor);
      passes.push(pass);
      return crossEntropy(pass.logits, targets);
    })(learning.map(({ name }) => tensorOf(weights, name)));
    const [{ logits, statistics }] = passes;
    return { gradients: grads, statistics: updatedStatistics(network, running, statistics), loss: loss as tf.Scalar, correct: countCorrect(logits, targets) };
  } finally {
    for (const pass of passes) tf.dispose(sideOutputs(pass));
    tf.dispose([...start.outputs.values()]);
  }
}

/** The batch in parts, one after the other, each weighted by its images: the mean over all. Batch norm's statistics move once a part. */
function slopeByParts(program: Program, weights: Weights, { images, targets }: Batch, noise: Noise): Slope {
  const count = images.shape[0];
  let sum: Slope | null = null;
  for (const { start, size } of partsOf(count, program.accumulate)) {
    const before = sum as Slope | null;
    sum = tf.tidy(() => {
      const cut = <T extends tf.Tensor>(tensor: T): T => tf.slice(tensor, start, size);
      const running = before === null ? weights : new Map([...weights, ...before.statistics]);
      const masks = new Map(Array.from(noise, ([layer, mask]) => [layer, cut(mask)]));
      const part = slopeOf(program, weights, { images: cut(images), targets: cut(targets) }, masks, running);
      const add = <T extends tf.Tensor>(old: T | undefined, more: T): T => (old === undefined ? more.clone() : tf.add(old, more));
      const share = tf.scalar(size / count);
      return {
        gradients: part.gradients.map((gradient, index) => add(before?.gradients[index], tf.mul(gradient, share))),
        statistics: part.statistics,
        loss: add(before?.loss, tf.mul(part.loss, share)),
        correct: add(before?.correct, part.correct),
      };
    });
    if (before !== null) tf.dispose([before.gradients, before.statistics.map(([, tensor]) => tensor), before.loss, before.correct]);
  }
  return sum!;
}

/** A batch cut into at most so many parts of sizes that differ by one at most. */
export function partsOf(images: number, parts: number): { start: number; size: number }[] {
  const count = Math.min(images, parts);
  const starts = Array.from({ length: count + 1 }, (_, part) => Math.floor((part * images) / count));
  return Array.from({ length: count }, (_, part) => ({ start: starts[part], size: starts[part + 1] - starts[part] }));
}

/**
 * Mean of -sum_c target_c log softmax(logits)_c, nats, a scalar; its gradient is (softmax(logits) - targets) / batch.
 * @param logits [batch, classes]
 * @param targets [batch, classes], rows that sum to 1
 */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  const [batch] = logits.shape;
  const operation = tf.customGrad((input, save) => {
    const logProbabilities = tf.logSoftmax(input as tf.Tensor2D); // [batch, classes]
    (save as tf.GradSaveFunc)([logProbabilities, targets]);
    return {
      value: tf.mul(tf.sum(tf.mul(logProbabilities, targets)), -1 / batch),
      gradFunc: (dy: tf.Tensor, [logP, wanted]: tf.Tensor[]) => tf.mul(tf.sub(tf.exp(logP), wanted), tf.div(dy, batch)),
    };
  });
  return operation(logits) as tf.Scalar;
}

function countCorrect(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  return tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), tf.argMax(targets, 1)), 'float32'));
}

function sideOutputs({ logits, statistics }: ForwardResult): tf.Tensor[] {
  return [logits, ...statistics.flatMap(({ mean, variance }) => [mean, variance])];
}
