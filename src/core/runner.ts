/** Who runs a network forward again and again, with weights that change: op by op here, or a back end in its own way. */
import * as tf from '@tensorflow/tfjs-core';
import { StarsseError } from '../protocol/errors.ts';
import type { NetworkSpec } from '../protocol/network.ts';
import { foldedOf } from './fold.ts';
import { forward } from './forward.ts';
import type { Normalization } from './normalization.ts';
import { normalised, type Pixels } from './pixels.ts';
import type { BatchStatistics } from './statistics.ts';
import { disposeTensors, type Weights } from './weights.ts';

/** Whoever gives logits of images: a runner, or training with the weights that it has reached. */
export interface Evaluator {
  readonly network: NetworkSpec;
  readonly normalization: Normalization;
  /** Logits in evaluation mode, [batch, classes]; the caller disposes. */
  logits(images: Pixels): tf.Tensor2D;
}

/** A new size of batch is prepared when it first comes. */
export interface Runner extends Evaluator {
  /** Copies the weights in; from now on these are used. */
  load(weights: Weights): void;
  /** What each batch norm sees in training mode without noise, in the order of the layers; the caller disposes. */
  statistics(images: Pixels): BatchStatistics[];
  /** Frees the weights. */
  close(): void;
}
export type RunnerMaker = (network: NetworkSpec, normalization: Normalization) => Runner;

/** Runs op by op, on every back end. */
export function eagerRunner(network: NetworkSpec, normalization: Normalization): Runner {
  const { network: evaluated, fold } = foldedOf(network);
  let held: Weights | null = null;
  // Made when they are first asked for.
  let folded: Weights | null = null;
  const close = (): void => {
    for (const weights of [held, folded]) if (weights !== null) disposeTensors(weights);
    [held, folded] = [null, null];
  };
  const run = <R>(pixels: Pixels, use: (weights: Weights, images: tf.Tensor4D) => R): R => {
    if (held === null) throw new StarsseError('internal', `no weights of ${network.name} were loaded`);
    const images = normalised(pixels, normalization);
    try {
      return use(held, images);
    } finally {
      images.dispose();
    }
  };
  return {
    network,
    normalization,
    load(weights) {
      const copied = new Map(Array.from(weights, ([name, tensor]) => [name, tensor.clone()]));
      close();
      held = copied;
    },
    logits: (pixels) => run(pixels, (weights, images) => tf.tidy(() => forward(evaluated, (folded ??= kept(fold(weights))), images, { training: false }).logits)),
    statistics: (pixels) =>
      run(pixels, (weights, images) => {
        const { logits, statistics } = forward(network, weights, images, { training: true, noise: null });
        logits.dispose();
        return statistics;
      }),
    close,
  };
}

function kept(weights: Weights): Weights {
  for (const tensor of weights.values()) tf.keep(tensor);
  return weights;
}
