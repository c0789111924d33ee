/**
 * Optimizers, by PyTorch's rules. With g the gradient, w the weight, lr its learning rate (the step's times its factor):
 *
 * SGD (torch.optim.SGD without dampening):
 *   g <- g + weightDecay w;   v <- momentum v + g;   w <- w - lr v,   with Nesterov w - lr (g + momentum v)
 *   With fresh slots (v = 0) the first update without Nesterov is -lr (g + weightDecay w).
 *
 * AdamW (Loshchilov and Hutter 2019; torch.optim.AdamW), t counting from 1:
 *   w <- w - lr weightDecay w;   m <- beta1 m + (1 - beta1) g;   s <- beta2 s + (1 - beta2) g^2
 *   w <- w - lr / (1 - beta1^t) m / (sqrt(s) / sqrt(1 - beta2^t) + epsilon)
 *   What depends on t comes in as a number: it is worked out in double precision, and a recorded step does not repeat it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { adamwUpdate, sgdUpdate } from './kernels.ts';
import type { LearningWeight, OptimizerSettings, Program } from './program.ts';
import { tensorOf, type Weights } from './weights.ts';

/** What the optimizer remembers of each weight that learns, in its shape: `velocity/<weight>`, or `moment1/...` and `moment2/...`. */
export type Slots = ReadonlyMap<string, tf.Tensor>;
type Named = [name: string, tensor: tf.Tensor];

/** Numbers of one step. */
export interface StepRates {
  /** A scalar. */
  learningRate: tf.Scalar;
  /** Of AdamW: 1 / (1 - beta1^t) and 1 / sqrt(1 - beta2^t), scalars; of SGD none. */
  corrections: readonly tf.Scalar[];
}

const SLOTS: Record<OptimizerSettings['kind'], readonly string[]> = { sgd: ['velocity'], adamw: ['moment1', 'moment2'] };
/** Names of tensors in files that are slots. */
export const SLOT_NAME = /^(?:velocity|moment1|moment2)\/(.+)$/;

export function slotNames({ optimizer, learning }: Pick<Program, 'optimizer' | 'learning'>): string[] {
  return SLOTS[optimizer.kind].flatMap((slot) => learning.map(({ name }) => `${slot}/${name}`));
}

/** Slots of an optimizer that has not moved yet. */
export function freshSlots({ optimizer, learning }: Pick<Program, 'optimizer' | 'learning'>): Slots {
  return new Map(SLOTS[optimizer.kind].flatMap((slot) => learning.map(({ name, shape }): Named => [`${slot}/${name}`, tf.zeros([...shape])])));
}

/** The caller disposes the scalars. @param updates that the slots have seen before this one */
export function stepRates(optimizer: OptimizerSettings, learningRate: number, updates: number): StepRates {
  const rates = { learningRate: tf.scalar(learningRate), corrections: [] };
  if (optimizer.kind === 'sgd') return rates;
  const t = updates + 1;
  return { ...rates, corrections: [tf.scalar(1 / (1 - optimizer.beta1 ** t)), tf.scalar(1 / Math.sqrt(1 - optimizer.beta2 ** t))] };
}

/**
 * One update of everything that learns; new tensors, the old ones stay as they are. Runs in the caller's tidy.
 * @param gradients by name of the weight
 */
export function update(
  { optimizer, learning }: Pick<Program, 'optimizer' | 'learning'>,
  { weights, slots }: { weights: Weights; slots: Slots },
  gradients: ReadonlyMap<string, tf.Tensor>,
  { learningRate, corrections }: StepRates,
): { weights: Named[]; slots: Named[] } {
  const rates = new Map([...new Set(learning.map(({ rateFactor }) => rateFactor))].map((factor) => [factor, factor === 1 ? learningRate : (tf.mul(learningRate, factor) as tf.Scalar)]));
  const rule = optimizer.kind === 'sgd' ? sgd(optimizer, slots) : adamw(optimizer, slots, corrections, [...rates.values()]);
  const updated = learning.map((weight) => {
    const [moved, ...remembered] = tf.tidy(() => rule(weight, tensorOf(weights, weight.name), tensorOf(gradients, weight.name), rates.get(weight.rateFactor)!));
    return { name: weight.name, moved, remembered };
  });
  return {
    weights: updated.map(({ name, moved }) => [name, moved]),
    slots: SLOTS[optimizer.kind].flatMap((slot, place) => updated.map(({ name, remembered }): Named => [`${slot}/${name}`, remembered[place]])),
  };
}

/** The new weight, then its new slots. */
type Rule = (which: LearningWeight, weight: tf.Tensor, gradient: tf.Tensor, rate: tf.Scalar) => tf.Tensor[];

function sgd({ momentum, nesterov, weightDecay }: Extract<OptimizerSettings, { kind: 'sgd' }>, slots: Slots): Rule {
  const settings = { momentum: tf.scalar(momentum), minusDecay: tf.scalar(-weightDecay) };
  return ({ name, decays }, weight, gradient, rate) =>
    sgdUpdate({ weight, gradient, velocity: tensorOf(slots, `velocity/${name}`), rate, ...settings }, { decays: decays && weightDecay !== 0, nesterov });
}

function adamw({ beta1, beta2, epsilon, weightDecay }: Extract<OptimizerSettings, { kind: 'adamw' }>, slots: Slots, [first, correction]: readonly tf.Scalar[], rates: readonly tf.Scalar[]): Rule {
  const settings = { beta1: tf.scalar(beta1), rest1: tf.scalar(1 - beta1), beta2: tf.scalar(beta2), rest2: tf.scalar(1 - beta2), correction, epsilon: tf.scalar(epsilon) };
  const paces = new Map(rates.map((rate) => [rate, { pace: tf.mul<tf.Scalar>(rate, first), shrink: tf.sub<tf.Scalar>(1, tf.mul(rate, weightDecay)) }]));
  return ({ name, decays }, weight, gradient, rate) => {
    const moments = { moment1: tensorOf(slots, `moment1/${name}`), moment2: tensorOf(slots, `moment2/${name}`) };
    return adamwUpdate({ weight, gradient, ...moments, ...settings, ...paces.get(rate)! }, { decays: decays && weightDecay !== 0 });
  };
}

/** Global norm of the gradients, over all of them together: sqrt of the sum of squares, a scalar. */
function globalNorm(gradients: readonly tf.Tensor[]): tf.Scalar {
  const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
  return tf.sqrt(tf.sum(tf.stack(squares)));
}

/** Gradients scaled down to a global norm of at most `clipNorm`, by torch.nn.utils.clip_grad_norm_: g min(1, clipNorm / (norm + 1e-6)). */
export function clipped(gradients: readonly tf.Tensor[], clipNorm: number): tf.Tensor[] {
  const scale = tf.minimum(tf.div(clipNorm, tf.add(globalNorm(gradients), 1e-6)), 1);
  return gradients.map((gradient) => tf.mul(gradient, scale));
}
