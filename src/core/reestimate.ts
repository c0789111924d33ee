/**
 * Batch-norm statistics for weights that were averaged or interpolated: one pass over the training images in training mode
 * with momentum b / (seen + b), that is the mean of the batches' statistics weighted by their images (unbiased variance of
 * each batch). Izmailov et al. 2018, "Averaging weights leads to wider optima", section 3.2.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkSpec } from '../protocol/network.ts';
import { batchesInOrder, plainBatches } from './batches.ts';
import type { Dataset } from './data.ts';
import type { EvaluationSettings } from './evaluate.ts';
import { parametersOf } from './network.ts';
import type { Runner } from './runner.ts';
import { unbiased, type BatchStatistics } from './statistics.ts';
import type { Weights } from './weights.ts';

/**
 * The same trained weights with fresh running statistics; new tensors throughout. Images are taken as they are, without
 * augmentation. The old running statistics have no influence, nor has the order of the batches.
 * @param runner has these weights loaded afterwards
 * @param batches which images go through together; by default `batchSize` each in the order of the dataset
 * @throws StarsseError data-invalid when a batch norm sees a single number a channel
 */
export async function reestimateStatistics(
  runner: Runner,
  network: NetworkSpec,
  weights: Weights,
  dataset: Dataset,
  { batchSize }: EvaluationSettings,
  { batches = batchesInOrder(dataset.labels.length, batchSize), onProgress }: { batches?: Uint32Array[]; onProgress?: (fraction: number) => void } = {},
): Promise<Weights> {
  // Sums in double precision by the name of the statistic: rounding does not depend on the order of the batches.
  const sums = new Map(parametersOf(network).flatMap(({ name, role, shape }) => (role === 'statistic' ? [[name, new Float64Array(shape[0])]] : [])));
  const images = batches.reduce((total, batch) => total + batch.length, 0);
  let done = 0;
  runner.load(weights);
  for await (const { positions, images: pixels } of plainBatches(dataset, batches, runner.normalization, network.inputShape)) {
    for (const { name, numbers, weight } of await onHost(runner.statistics(pixels), positions.length)) {
      const sum = sums.get(name)!;
      for (let channel = 0; channel < sum.length; channel++) sum[channel] += numbers[channel] * weight;
    }
    onProgress?.(++done / batches.length);
    await tf.nextFrame();
  }
  return new Map(
    Array.from(weights, ([name, tensor]) => {
      const sum = sums.get(name);
      return [name, sum === undefined ? tensor.clone() : tf.tensor1d(Float32Array.from(sum, (total) => total / images))];
    }),
  );
}

/** Mean and variance of every batch norm for one batch of `size` images; `weight` is what a number counts in the sum. Disposes them. */
async function onHost(statistics: BatchStatistics[], size: number): Promise<{ name: string; numbers: ArrayLike<number>; weight: number }[]> {
  try {
    const read = statistics.map(async ({ layer, mean, variance, count }) => [
      { name: `${layer}.running_mean`, numbers: await mean.data(), weight: size },
      { name: `${layer}.running_var`, numbers: await variance.data(), weight: size * unbiased(count, layer) },
    ]);
    return (await Promise.all(read)).flat();
  } finally {
    tf.dispose(statistics.flatMap(({ mean, variance }) => [mean, variance]));
  }
}
