/**
 * SGD with momentum and weight decay, by PyTorch's rule (torch.optim.SGD without dampening or Nesterov):
 *   g <- g + weightDecay w;   v <- momentum v + g;   w <- w - learningRate v
 * All trained weights decay, batch norm's included, as in the authors' runs. With fresh slots (v = 0) the first update is
 * -learningRate (g + weightDecay w).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkSpec } from '../protocol/network.ts';
import type { Plan } from '../protocol/plan.ts';
import { parametersOf, type Parameter } from './network.ts';
import { tensorOf, type Weights } from './weights.ts';

export type OptimizerSettings = Pick<Plan['training']['optimizer'], 'momentum' | 'weightDecay'>;
/** What the optimizer remembers: `velocity/<weight>` for every trained weight, in its shape. */
export type Slots = ReadonlyMap<string, tf.Tensor>;

export function trainedParameters(network: NetworkSpec): Parameter[] {
  return parametersOf(network).filter(({ role }) => role === 'trained');
}

export function slotName(parameter: string): string {
  return `velocity/${parameter}`;
}

/** Slots of an optimizer that has not moved yet. */
export function freshSlots(network: NetworkSpec): Slots {
  return new Map(trainedParameters(network).map(({ name, shape }) => [slotName(name), tf.zeros(shape)]));
}

/**
 * One update; new tensors, the old ones stay as they are.
 * @param gradients by name of the weight
 * @param learningRate a scalar
 */
export function update(
  { momentum, weightDecay }: OptimizerSettings,
  { weights, slots }: { weights: Weights; slots: Slots },
  gradients: ReadonlyMap<string, tf.Tensor>,
  learningRate: tf.Tensor,
): { weights: [string, tf.Tensor][]; slots: [string, tf.Tensor][] } {
  const [momentumTensor, decayTensor] = [tf.scalar(momentum), tf.scalar(weightDecay)];
  const updated = Array.from(gradients, ([name, gradient]) => {
    const weight = tensorOf(weights, name);
    const velocity = tensorOf(slots, slotName(name));
    const [newWeight, newVelocity] = tf.tidy(() => {
      const decayed = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(weight, decayTensor));
      const moved = tf.add(tf.mul(velocity, momentumTensor), decayed);
      return [tf.sub(weight, tf.mul(moved, learningRate)), moved];
    });
    return { name, newWeight, newVelocity };
  });
  momentumTensor.dispose();
  decayTensor.dispose();
  return {
    weights: updated.map(({ name, newWeight }) => [name, newWeight]),
    slots: updated.map(({ name, newVelocity }) => [slotName(name), newVelocity]),
  };
}
