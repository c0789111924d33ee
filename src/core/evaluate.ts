/** Predictions of a network: forward passes in evaluation mode, batch after batch. */
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkSpec } from '../protocol/network.ts';
import { makeBatch, normalizedValues, type Normalization } from './batches.ts';
import type { Dataset } from './data.ts';
import { forward } from './forward.ts';
import type { Predictions } from './metrics.ts';
import type { Weights } from './weights.ts';

export interface EvaluationSettings {
  normalization: Normalization;
  batchSize: number;
}

/**
 * Logits of every image, [images, classes], in the order of the dataset. Lets the event loop run after each batch.
 * @param onProgress called with the share that is done, 0..1
 */
export async function predict(
  network: NetworkSpec,
  weights: Weights,
  dataset: Dataset,
  { normalization, batchSize }: EvaluationSettings,
  onProgress?: (fraction: number) => void,
): Promise<Predictions> {
  const { labels, shape } = dataset;
  const { classes } = network;
  const values = normalizedValues(normalization, shape[2]);
  const all = new Float32Array(labels.length * classes);
  for (let start = 0; start < labels.length; start += batchSize) {
    const end = Math.min(start + batchSize, labels.length);
    const positions = Uint32Array.from({ length: end - start }, (_, index) => start + index);
    const logits = tf.tidy(() => forward(network, weights, makeBatch(dataset, positions, values).images, { training: false }).logits);
    all.set(await logits.data(), start * classes);
    logits.dispose();
    onProgress?.(end / labels.length);
    await tf.nextFrame();
  }
  return { logits: all, labels, classes };
}
