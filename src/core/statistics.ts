/** Running statistics of batch norm, by PyTorch's rule: running = (1 - m) running + m batch, with the unbiased variance. */
import * as tf from '@tensorflow/tfjs-core';
import { StarsseError } from '../protocol/errors.ts';
import type { NetworkSpec } from '../protocol/network.ts';
import { tensorOf, type Weights } from './weights.ts';

/** What one batch norm saw of one batch. */
export interface BatchStatistics {
  layer: string;
  /** [channels] */
  mean: tf.Tensor;
  /** Biased (divided by count), [channels]. */
  variance: tf.Tensor;
  /** Numbers a channel: batch x height x width. */
  count: number;
}

/** The running statistics after a batch, by name, new tensors. @throws StarsseError data-invalid for a single number a channel */
export function updatedStatistics(network: NetworkSpec, weights: Weights, batch: readonly BatchStatistics[]): [string, tf.Tensor][] {
  const momenta = new Map(network.layers.flatMap((layer) => (layer.kind === 'batch-norm' ? [[layer.name, layer.momentum]] : [])));
  return batch.flatMap(({ layer, mean, variance, count }): [string, tf.Tensor][] => {
    const momentum = momenta.get(layer)!;
    const towards = (name: string, seen: tf.Tensor, share: number): [string, tf.Tensor] => {
      const running = tensorOf(weights, `${layer}.${name}`);
      return [`${layer}.${name}`, tf.tidy(() => tf.add(tf.mul(running, 1 - momentum), tf.mul(seen, share)))];
    };
    return [towards('running_mean', mean, momentum), towards('running_var', variance, momentum * unbiased(count, layer))];
  });
}

/** Turns a biased variance of `count` numbers into the unbiased one. */
export function unbiased(count: number, layer: string): number {
  if (count < 2) {
    throw new StarsseError('data-invalid', `Batch norm ${layer}: one number a channel has no variance`, { hint: 'Use batches of more than one image.' });
  }
  return count / (count - 1);
}
